"""An exploration from request to finding: who is reported, who is not, and what ends it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from conformant.moving import Moving
from judging import KEY

from pytest_models_contract.client import bounds
from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.verdict import Unexercised
from pytest_models_contract.evidence.explore import exploring
from pytest_models_contract.evidence.explore.explored import Explored
from pytest_models_contract.evidence.explore.exploring import Bound
from pytest_models_contract.evidence.explore.outcome import Found, Outcome, merged
from pytest_models_contract.evidence.explore.windows import Single, Window
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.fake import Ask, Fake, Request, Response
from pytest_models_contract.fake.faults import FAULTS
from pytest_models_contract.fake.faults.kit import is_list, is_page, with_data
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.target.applications import Wsgi
from pytest_models_contract.target.targets import IN_PROCESS

Fault = Callable[[Ask, Request], Response]
HUNDRED = Bound(requests=100)


def evidence_of(app: Any, **options: Any) -> Evidence:
    transport = app if isinstance(app, httpx.BaseTransport) else Wsgi(app)
    return Evidence(ModelsAPI(IN_PROCESS, transport, key=KEY, **options), Revision.load())


def explored(app: Any, bound: Bound = HUNDRED, seed: int = 1, **options: Any) -> Outcome:
    return Explored(evidence_of(app, **options), bound, seed).outcome


def faulty(*faults: Fault | str, models: int = 27) -> Fake:
    named = [FAULTS[each] if isinstance(each, str) else each for each in faults]
    return Fake(models, key=KEY, faults=named)


def found(outcome: Outcome) -> Found:
    [one] = outcome.found.values()
    return one


def shorter_when(is_so: Callable[[Request], bool]) -> Fault:
    """Pages that hold one model less, for such requests."""

    def fault(ask: Ask, request: Request) -> Response:
        response = ask(request)
        if not is_so(request) or not is_page(response):
            return response
        return with_data(response, response.body["data"][:-1])

    return fault


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


def test_what_was_wrong_once_is_noted_and_not_reported() -> None:
    outcome = explored(faulty(shorter_when(lambda request: request.number == 40)))
    assert outcome.found == {}
    assert outcome.wrong["page"] == 0
    [note] = outcome.notes
    assert "was wrong once" in note


def test_responses_that_change_all_the_time_end_it() -> None:
    outcome = explored(faulty(shorter_when(lambda request: request.number % 10 == 0)))
    assert outcome.found == {}
    assert outcome.requests < 100
    assert outcome.notes[-1].endswith("responses are wrong now and right the next time")


@pytest.mark.parametrize("moment", [10, 30, 60])
def test_a_changing_catalogue_ends_it(moment: int) -> None:
    own = Fake().models
    after = [{**own[0], "id": "claude-next", "created_at": "2026-12-01T00:00:00Z"}, *own]
    outcome = explored(Moving(Fake(own, key=KEY), Fake(after, key=KEY), moment))
    assert outcome.found == {}
    [note] = outcome.notes
    assert note.endswith("the catalogue changed while it was explored")
    assert f"after {outcome.requests} requests" in note


class Busy(httpx.BaseTransport):
    """A server that answers some requests with 429."""

    def __init__(self, retry_after: str, is_busy: Callable[[int], bool]) -> None:
        self._server = Wsgi(faulty())
        self._retry_after, self._is_busy, self.number = retry_after, is_busy, 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.number += 1
        if self._is_busy(self.number):
            return httpx.Response(429, headers={"retry-after": self._retry_after})
        return self._server.handle_request(request)


def test_a_rate_limit_is_waited_out() -> None:
    server = Busy("0.05", lambda number: number in (30, 60))
    started = time.monotonic()
    outcome = explored(server)
    assert (outcome.requests, outcome.notes) == (100, [])
    assert time.monotonic() - started > 0.1


def test_a_long_rate_limit_ends_it() -> None:
    server = Busy("3600", lambda number: number > 40)
    outcome = explored(server)
    [note] = outcome.notes
    assert "the server responded with 429" in note
    assert server.number < 50


def test_a_slow_server_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exploring, "SLOW", 0.004)

    def late(ask: Ask, request: Request) -> Response:
        time.sleep(0.005)
        return ask(request)

    outcome = explored(faulty(late))
    assert outcome.requests == exploring.TRIAL
    [note] = outcome.notes
    assert "--models-explore 60s bounds the time instead" in note


class Broken(httpx.BaseTransport):
    """A server that closes the connection, or is gone, for some requests."""

    def __init__(self, error: Callable[[int, httpx.Request], Exception | None]) -> None:
        self._server, self._error, self.number = Wsgi(faulty()), error, 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.number += 1
        if error := self._error(self.number, request):
            raise error
        return self._server.handle_request(request)


def test_a_server_that_is_gone_ends_it() -> None:
    gone = httpx.ConnectError("refused")
    outcome = explored(Broken(lambda number, _: gone if number > 50 else None))
    [note] = outcome.notes
    assert "cannot connect" in note
    assert outcome.found == {}


@pytest.mark.slow
def test_a_connection_closed_at_some_requests_is_found() -> None:
    def error(_: int, request: httpx.Request) -> Exception | None:
        closed = 5 <= int(request.url.params.get("limit", 20)) <= 9
        return httpx.ReadError("closed") if closed else None

    one = found(explored(Broken(error), Bound(requests=40)))
    assert one.seen == "the server closed the connection without a response"
    assert one.when == "limits 5 to 9 give no response; 4 and 10 are right"


def test_what_was_found_is_stated_though_the_server_goes() -> None:
    fake, state = faulty("limit_capped_silently_at[20]"), {"left": 60}

    class Leaving(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            state["left"] -= 1
            if state["left"] < 0:
                raise httpx.ConnectError("refused")
            return Wsgi(fake).handle_request(request)

    outcome = explored(Leaving())
    assert found(outcome).seen.startswith("20 models")
    assert "cannot connect" in outcome.notes[-1]


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
