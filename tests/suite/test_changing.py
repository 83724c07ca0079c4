"""Servers whose answers change: text once, nothing is compared, the rest is judged, few requests are sent."""

from __future__ import annotations

import random
from typing import Any

import pytest
from conformant.kit import altered, models_of, on_copy
from conformant.moving import Moving
from judging import ALONE, Verdict, fake, judged, judged_alone

from pytest_models_contract.evidence.steadiness import CHANGING
from pytest_models_contract.fake import Ask, Fake, Request, Response
from pytest_models_contract.fake.faults import FAULTS

REPEATING = "cursors/repeating_a_request_repeats_the_answer"
COMPARES = {
    "order/newest_first",
    "limit/default",
    "cursors/after_id_starts_after_the_cursor",
    "cursors/walking_forward_yields_every_model_once",
    "cursors/requests_at_the_same_moment_get_their_own_answers",
    "retrieve/model_equals_its_list_entry",
    "headers/beta_query_is_accepted[list]",
}
JUDGED_ALONE = {
    "model_list/status",
    "model_list/has_more",
    "model_info/capabilities",
    "limit/refuses[0]",
    "limit/page_is_never_longer_than_limit",
    "retrieve/unknown_id_is_refused[name]",
    "headers/request_id_on_every_answer",
    "errors/list_wants_the_key[no_key]",
    "errors/body_is_an_error_object",
}


def violated(found: dict[str, Verdict]) -> set[str]:
    return {check for check, seen in found.items() if seen.verdict == "violated"}


def shuffled(seed: int) -> Any:
    dice = random.Random(seed)  # noqa: S311 - no secret hangs on it

    @on_copy
    def shuffle(_: Request, response: Response) -> None:
        if response.status == 200 and "data" in response.body:
            models = response.body["data"]
            dice.shuffle(models)
            response.body["first_id"], response.body["last_id"] = models[0]["id"], models[-1]["id"]

    return shuffle


def invented(seed: int) -> Any:
    dice = random.Random(seed)  # noqa: S311 - no secret hangs on it

    @on_copy
    def invent(_: Request, response: Response) -> None:
        if response.status == 200 and "data" in response.body:
            models = response.body["data"][: dice.randint(1, 6)]
            for model in models:
                model["id"] = f"model-{dice.getrandbits(60)}"
            ends = {"first_id": models[0]["id"], "last_id": models[-1]["id"]}
            response.body.update(data=models, has_more=dice.choice([True, False]), **ends)

    return invent


@pytest.mark.parametrize(
    "fault", [invented(1), shuffled(1), FAULTS["each_list_is[of-fewer-models]"]]
)
@pytest.mark.parametrize("revision", ["2026-04-16", "2026-11-24"])
def test_a_list_that_changes_each_time_is_reported_once(fault: Any, revision: str) -> None:
    server = fake(fault, revision=revision)
    found = judged(server, revision, only=ALONE)
    limits = {"limit/minimum_is_honoured", "limit/page_is_never_longer_than_limit"}
    assert violated(found) - limits == {REPEATING}
    assert {found[check].why for check in COMPARES} == {CHANGING}
    assert {found[check].verdict for check in JUDGED_ALONE - limits} == {"holds"}
    assert not [check for check, seen in found.items() if seen.verdict == "error"]
    assert len(server.requests) <= 100


@pytest.mark.parametrize("count", [4, 8])
def test_a_short_list_in_another_order_each_time_is_reported(count: int) -> None:
    assert violated(judged(fake(shuffled(count), models=count), only=ALONE, aliases={})) == {
        REPEATING
    }


def test_what_one_answer_shows_is_violated_all_the_same() -> None:
    def served(ask: Ask, request: Request) -> Response:
        response = ask(request)
        limit = request.get("limit") not in {None, "1", "2", "1000"}
        return (
            ask(Request(request.method, request.path, (), request.headers)) if limit else response
        )

    found = judged(altered(served, shuffled(3)), only=ALONE)
    refused = {check for check in found if check.startswith("limit/refuses[")}
    assert violated(found) >= {REPEATING, *refused}


@pytest.mark.parametrize("client", ["sdk_lists_every_model[models]", "paging_habit[java]"])
def test_no_client_walks_a_list_that_changes_each_time(client: str) -> None:
    server = fake(invented(2))
    seen, _ = judged_alone(f"clients/{client}", server)
    assert (seen.verdict, seen.why) == ("unexercised", CHANGING)
    assert len(server.requests) < 10


@pytest.mark.parametrize("fault", ["dates_of_today", "created_at_is_now"])
def test_a_clock_in_place_of_a_date_is_reported_once(fault: str) -> None:
    found = judged(fake(FAULTS[fault]), only=ALONE)
    assert violated(found) == {REPEATING}
    assert "created_at: " in found[REPEATING].why
    assert (
        found["order/newest_first"].why
        == f"`created_at` changes with each response: see {REPEATING}"
    )
    paging = [seen for check, seen in found.items() if check.startswith("cursors/")]
    assert {seen.verdict for seen in paging} == {"holds", "violated"}


def test_unknown_properties_never_count_as_a_difference() -> None:
    @on_copy
    def stamped(request: Request, response: Response) -> None:
        for model in models_of(response):
            model["served_at"] = request.number

    assert violated(judged(altered(stamped), only=ALONE)) == set()


@pytest.mark.parametrize("moment", [1, 2, 3, 4])
def test_one_release_while_the_list_is_asked_for_again_is_no_change_each_time(moment: int) -> None:
    own = Fake().models
    newest = {**own[0], "id": "claude-next", "created_at": "2026-12-01T00:00:00Z"}
    server = Moving(altered(models=list(own)), altered(models=[newest, *own]), moment)
    found = judged(server, only=ALONE)
    assert {check for check in violated(found) if found[check].level == "must"} == set()
