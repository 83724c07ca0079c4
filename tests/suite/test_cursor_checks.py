"""What the checks of cursors judge, what they request, and what they leave to other checks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from conformant.kit import altered, models_of, on_copy, refused, without
from conformant_variants import CONFORMANT
from judging import KEY, Verdict, fake, judged_alone

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.verdict import Check, Violation
from pytest_models_contract.evidence import expected_pages
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.evidence.pagination import Walk
from pytest_models_contract.fake import Ask, Fake, Request, Response
from pytest_models_contract.fake.faults import FAULTS
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.suite import test_cursors as cursors
from pytest_models_contract.suite import test_limit as limit
from pytest_models_contract.target.applications import Wsgi
from pytest_models_contract.target.targets import IN_PROCESS

IDS = [model["id"] for model in Fake().models]


def seen(check: str, *alterations: Any) -> Verdict:
    return judged_alone(f"cursors/{check}", altered(*alterations))[0]


# --- walks ----------------------------------------------------------------------------------------

LONG = [f"model-{n}" for n in range(300)]


@pytest.mark.parametrize(
    ("met", "expected", "text"),
    [
        (["a", "b"], ["a", "b", "c"], "1 of 3 models lost: c"),
        (["a", "x"], ["a"], "1 model: x, which do not belong to this walk"),
        (["a", "b"] * 2, ["a", "b"], "2 models listed twice"),
        (["a", "c", "b"], ["a", "b", "c"], "another order, from c on"),
        (["c", "a", "b"], ["c", "b", "a"], "another order, from a on"),
        ([*LONG[:298], LONG[299], LONG[298]], LONG, "another order, from model-299 on"),
    ],
)
def test_the_problem_of_a_walk_is_described(
    met: Sequence[str], expected: Sequence[str], text: str
) -> None:
    copies = ["".join(list(found)) for found in met]
    assert expected_pages._lost_or_repeated(copies, expected) == text


def test_a_walk_that_is_refused_later_says_after_how_many_pages() -> None:
    def refuses_later(ask: Ask, request: Request) -> Response:
        return refused(400) if request.get("after_id") in IDS[9:] else ask(request)

    result = seen("walking_forward_yields_every_model_once", refuses_later)
    assert result.why == "status 400 after 2 pages; expected a page"


@pytest.mark.parametrize("backward", [False, True])
def test_a_walk_from_a_model_meets_the_models_beyond_it(backward: bool) -> None:
    api = ModelsAPI(IN_PROCESS, Wsgi(fake()), key=KEY)
    place = {"before_id" if backward else "after_id": IDS[3]}
    response = api.page(limit=30, **place).response
    whole = Walk(30, IDS[3], backward, [response], "")
    assert expected_pages.wrong_walk(whole, Evidence(api, Revision.load())) is None
    api.close()


@pytest.mark.parametrize(("has_more", "why"), [(False, ""), (True, "has_more true")])
def test_only_newer_models_come_before_the_first_page(has_more: bool, why: str) -> None:
    api = ModelsAPI(IN_PROCESS, Wsgi(fake()), key=KEY)
    since = api.page(before_id=IDS[1])
    assert since.ids == IDS[:1]
    evidence: Any = SimpleNamespace(ids=IDS[1:], position={own: n for n, own in enumerate(IDS[1:])})
    page = replace(since, envelope={**since.envelope, "has_more": has_more})
    result = expected_pages.wrong_has_more(page, evidence)
    assert (result.seen if result else "") == why
    api.close()


@on_copy
def shorter_backward(request: Request, response: Response) -> None:
    if request.get("before_id"):
        del models_of(response)[:3]


@on_copy
def shorter_forward(request: Request, response: Response) -> None:
    if request.get("after_id"):
        del models_of(response)[3:]


def unread(fault: Any, check: Callable[[Evidence, Check], None]) -> None:
    """Judge a faulty server as if its list continued beyond what was read."""
    api = ModelsAPI(IN_PROCESS, Wsgi(fake(fault)), key=KEY)
    evidence = Evidence(api, Revision.load())
    vars(evidence)["end_not_reached"] = True
    try:
        check(evidence, Check())
    finally:
        api.close()


def test_forward_walks_may_end_early_where_the_end_was_not_reached() -> None:
    unread(FAULTS["after_skips_a_model"], cursors.test_walking_forward_yields_every_model_once)
    with pytest.raises(Violation, match="lost"):
        unread(
            FAULTS["before_gives_the_first_models[always]"],
            cursors.test_walking_backward_yields_every_model_once,
        )


@pytest.mark.parametrize("alteration", [shorter_forward, shorter_backward])
def test_pages_hold_the_known_models_where_the_end_was_not_reached(alteration: Any) -> None:
    with pytest.raises(Violation):
        unread(alteration, limit.test_page_is_never_shorter_while_more_exist)


def test_an_empty_list_has_no_ends() -> None:
    result, _ = judged_alone("cursors/after_the_last_model_the_page_is_empty", fake(models=0))
    assert result.why == "the catalogue is empty"


# --- one cursor alone -----------------------------------------------------------------------------


def test_a_fault_at_the_second_model_as_cursor_is_caught() -> None:
    def none_before(ask: Ask, request: Request) -> Response:
        return refused(400) if request.get("before_id") == IDS[1] else ask(request)

    result = seen("before_id_ends_before_the_cursor", none_before)
    assert result.why == "status 400; expected a page: the cursor is the id of a listed model"


def test_a_cursor_that_is_refused_once_is_not_a_violation() -> None:
    times: list[Request] = []

    def none_before_at_first(ask: Ask, request: Request) -> Response:
        if request.get("before_id") != IDS[1]:
            return ask(request)
        times.append(request)
        return refused(400) if len(times) == 1 else ask(request)

    assert seen("before_id_ends_before_the_cursor", none_before_at_first).verdict == "holds"


@pytest.mark.parametrize("has_more", [1, None, "yes"])
@pytest.mark.parametrize(
    ("check", "name", "cursor"),
    [
        ("after_the_last_model_the_page_is_empty", "after_id", IDS[-1]),
        ("before_the_first_model_the_page_is_empty", "before_id", IDS[0]),
    ],
)
def test_the_type_of_has_more_is_not_judged_at_the_list_end(
    check: str, name: str, cursor: str, has_more: Any
) -> None:
    @on_copy
    def with_has_more(request: Request, response: Response) -> None:
        if request.get(name) == cursor:
            response.body["has_more"] = has_more

    assert seen(check, with_has_more).verdict == "holds"


def longer_backward(ask: Ask, request: Request) -> Response:
    return ask(without(request, "limit") if request.get("before_id") else request)


@pytest.mark.parametrize("alteration", [shorter_backward, longer_backward])
@pytest.mark.parametrize("check", ["before_id_undoes_after_id", "before_id_ends_before_the_cursor"])
def test_the_number_of_models_is_judged_by_the_checks_of_limit(check: str, alteration: Any) -> None:
    assert seen(check, alteration).verdict == "holds"


def test_both_cursors_enclose_the_most_models() -> None:
    server = fake()
    judged_alone("cursors/both_cursors_are_no_server_error", server)
    assert server.asked[-1].query == (("after_id", IDS[0]), ("before_id", IDS[-1]))


# --- the same request again -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("models", "readings"), [(21, 2), (22, 2), (27, 9), (115, 3), (1000, 1), (1010, 1)]
)
def test_each_reading_repeats_a_limit_not_used_before(models: int, readings: int) -> None:
    server = fake(models=models)
    api = ModelsAPI(IN_PROCESS, Wsgi(server), key=KEY)
    evidence = Evidence(api, Revision.load())
    earlier: set[str | None] = set()
    for _ in range(readings):
        _ = evidence.responses
        cursors.test_repeating_a_request_repeats_the_answer(
            evidence, api, evidence.revision, Check()
        )
        repeated = server.asked[-3].get("limit")
        assert repeated
        assert 1 <= int(repeated) <= 1000
        assert repeated not in earlier
        earlier |= {request.get("limit") for request in server.asked}
        evidence.forget()
    api.close()


def test_a_few_requests_are_repeated_and_a_few_sent_at_once() -> None:
    assert seen("repeating_a_request_repeats_the_answer").why == "3 requests"
    assert seen("requests_at_the_same_moment_get_their_own_answers").why == "6 requests"


def test_a_clock_instead_of_a_date_has_time_to_change(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("time.sleep", pauses.append)
    check = "cursors/repeating_a_request_repeats_the_answer"
    assert judged_alone(check, fake())[0].verdict == "holds"
    assert pauses == []
    assert judged_alone(check, CONFORMANT["released_this_second"]())[0].verdict == "holds"
    assert len(pauses) == 2  # for the list, and for what this check asks
    assert all(1 < pause < 2 for pause in pauses)


# --- has_more ------------------------------------------------------------------------------------


def first_page_before(ask: Ask, request: Request) -> Response:
    """`before_id` gets the first page, whose `has_more` is true of that page."""
    if request.get("before_id"):
        request = replace(request, query=(("limit", request.get("limit") or "20"),))
    return ask(request)


def test_has_more_is_not_judged_on_pages_of_wrong_models() -> None:
    assert seen("before_id_ends_before_the_cursor", first_page_before).verdict == "violated"
    verdict = seen("has_more_backward", first_page_before)
    assert verdict.verdict == "unexercised"
    assert verdict.why == (
        "no page backward has the models that it should: see"
        " cursors/before_id_ends_before_the_cursor"
    )


def test_has_more_is_judged_on_the_pages_that_are_right() -> None:
    def forgets_a_late_cursor(ask: Ask, request: Request) -> Response:
        late = request.get("before_id") == IDS[-1]
        return (first_page_before if late else FAULTS["has_more_is[false]"])(ask, request)

    assert seen("before_id_ends_before_the_cursor", forgets_a_late_cursor).verdict == "violated"
    verdict = seen("has_more_backward", forgets_a_late_cursor)
    assert (verdict.verdict, verdict.why) == ("violated", "has_more false; expected true")
