"""An exploration from request to finding: who is reported, who is not, and what ends it."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from explored_servers import HUNDRED, evidence_of, explored, faulty, found, shorter_when

from pytest_models_contract.client import bounds
from pytest_models_contract.client.verdict import Unexercised
from pytest_models_contract.evidence.explore.explored import Explored
from pytest_models_contract.evidence.explore.exploring import Bound
from pytest_models_contract.evidence.explore.outcome import Outcome, merged
from pytest_models_contract.evidence.explore.windows import Single, Window
from pytest_models_contract.fake import Ask, Fake, Request, Response
from pytest_models_contract.fake.faults.kit import is_list, with_data


def test_a_conformant_server_is_explored_to_the_bound() -> None:
    app = faulty()
    outcome = explored(app)
    assert (outcome.requests, outcome.found, outcome.notes) == (100, {}, [])
    assert len(outcome.limits) > 20
    assert len(outcome.places) == 27
    assert (
        outcome.progress(27)
        == f"100 requests, {len(outcome.limits)} limits, 100 % of the places as cursors"
    )
    assert len(app.asked) == 100 + 4  # and the reading of the catalogue


def test_the_same_seed_sends_the_same_requests() -> None:
    apps = [faulty() for _ in range(3)]
    for app, seed in zip(apps, (7, 7, 8), strict=True):
        explored(app, seed=seed)
    same, again, other = (list(app.asked) for app in apps)
    assert same == again
    assert same != other


def test_the_simplest_request_is_found_and_what_it_is_about() -> None:
    outcome = explored(faulty("limit_capped_silently_at[5]"))
    one = found(outcome)
    assert str(one.request) == "GET /v1/models?limit=6&after_id=claude-opus-5"
    assert (one.seen[:8], one.expected[:8]) == ("5 models", "6 models")
    assert one.when == "limits from 6 give 5 models; 5 is right"
    assert outcome.wrong["page"] > 1
    assert one.before == ()


@pytest.mark.slow
def test_a_request_that_spoils_the_next_one_is_named() -> None:
    app = faulty("narrow_sequence[page-after-its-model]", models=240)
    one = found(explored(app, Bound(requests=400)))
    assert [str(each).count("/v1/models/") for each in one.before] == [1]
    assert one.when == "wrong only after a request for the same model alone; alone it is right"


def test_what_is_wrong_the_first_time_alone_is_found() -> None:
    is_first = shorter_when(lambda request: request.count == 1 and bool(request.get("after_id")))
    app = faulty(is_first, models=240)
    evidence = evidence_of(app)
    evidence.crawl  # noqa: B018 - read before the fault shows
    one = found(Explored(evidence, HUNDRED, 1).outcome)
    assert one.when == "only the first request at a place is wrong; the same again is right"


@pytest.mark.slow
def test_other_rules_are_found_beside_the_first() -> None:
    outcome = explored(
        faulty(
            "limit_capped_silently_at[20]",
            "has_more_is[true-backwards]",
            "second_retrieve_is[renamed]",
        )
    )
    assert {"page", "envelope"} <= set(outcome.found)


def test_seconds_bound_it() -> None:
    started = time.monotonic()
    outcome = explored(faulty(), Bound(seconds=0.3))
    assert outcome.requests > 0
    assert outcome.notes == []
    assert 0.3 <= time.monotonic() - started < 10


def test_every_window_of_a_small_catalogue() -> None:
    app = faulty(models=3)
    outcome = explored(app, Bound())
    assert (outcome.windows, outcome.models) == (7 * (4 + 6), 3)
    assert len({(request.path, request.query) for request in app.asked}) == 7 * 10 + 3 + 2


def test_the_bounds_of_the_run_are_not_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    evidence = evidence_of(faulty())
    assert len(evidence.ids) == 27
    monkeypatch.setattr(bounds, "MOST_REQUESTS", 50)
    monkeypatch.setattr(bounds, "PATIENCE", 0)
    assert Explored(evidence, Bound(requests=150), 1).outcome.requests == 150
    assert evidence.api.dead == ""


def test_nothing_is_kept_of_the_responses() -> None:
    evidence = evidence_of(faulty())
    exploration = Explored(evidence, HUNDRED, 1)
    assert exploration.space.size == 27
    exchanges = len(evidence.api.exchanges)
    assert exploration.outcome.requests == evidence.api.passed == 100
    assert len(evidence.api.exchanges) == exchanges


@pytest.mark.parametrize(
    ("app", "why"),
    [
        (faulty(models=0), "the catalogue is empty"),
        (faulty("model_twice_on_a_page"), "an id is twice on a page"),
        (faulty("list_content_type_is[html]", "list_redirects[307]"), "got status 307"),
    ],
)
def test_a_catalogue_that_is_no_measure_is_not_explored(app: Fake, why: str) -> None:
    with pytest.raises(Unexercised, match=why):
        explored(app)


def test_a_list_without_an_end_is_not_explored() -> None:
    def endless(ask: Ask, request: Request) -> Response:
        response = ask(request)
        if not is_list(request):
            return response
        models = [
            {**each, "id": f"{each['id']}-{request.number}"} for each in response.body["data"]
        ]
        longer = with_data(response, models)
        return replace(longer, body={**longer.body, "has_more": True})

    with pytest.raises(Unexercised, match="the end of the list was not reached"):
        explored(
            faulty(lambda ask, request: endless(lambda own: ask(replace(own, query=())), request))
        )


def test_a_catalogue_of_one_model_is_explored() -> None:
    outcome = explored(faulty(models=1), Bound(requests=60))
    assert (outcome.requests, outcome.found) == (60, {})


def test_parts_are_merged() -> None:
    one, two = Outcome(), Outcome(notes=["ended"])
    one.count(Window("after_id", 3, 7))
    two.count(Window("before_id", 4, 7))
    two.count(Single(9))
    two.wrong["page"] = 1
    whole = merged([one, two, Outcome(notes=["ended"])])
    assert (whole.windows, whole.models, whole.limits, whole.places) == (2, 1, {7}, {3, 4})
    assert (whole.wrong["page"], whole.notes) == (1, ["ended"])
