"""Cursors: both directions, borders, walks, and that the same question has the same answer."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import pytest

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import Finding, Page, Request, Response, page_of
from pytest_models_contract.client.verdict import Check, NotJudged, Unexercised, Violation
from pytest_models_contract.evidence import expected_pages
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.evidence.pagination import any_is_new
from pytest_models_contract.evidence.plan import UNKNOWN
from pytest_models_contract.evidence.wording import contrast, said, some
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.suite.test_limit import ROBUST, no_answer

cites = pytest.mark.models_cites
AFTER = "list_params#/properties/after_id"
BEFORE = "list_params#/properties/before_id"
HAS_MORE = "model_list#/properties/has_more"
STABLE = "model_list#/$defs/stable"


@cites("model_list#/$defs/newest_first")
def test_without_a_cursor_the_page_starts_at_the_first_model(
    models_evidence: Evidence, models_check: Check
) -> None:
    """Without a cursor the page holds the first models of the list, whatever its size."""
    pages = [page for page in models_evidence.pages if not page.after_id and not page.backward]
    expected_pages.judge_window(pages, models_evidence, models_check)


@cites(AFTER)
def test_after_id_starts_after_the_cursor(models_evidence: Evidence, models_check: Check) -> None:
    """`after_id` gives the models that follow the cursor at once, the cursor itself left out."""
    _judge_cursor("after_id", models_evidence, models_check)


@cites(BEFORE)
def test_before_id_ends_before_the_cursor(models_evidence: Evidence, models_check: Check) -> None:
    """`before_id` gives the nearest models before the cursor, newest first, the cursor left out."""
    _judge_cursor("before_id", models_evidence, models_check)


@cites(AFTER)
def test_after_the_last_model_the_page_is_empty(
    models_evidence: Evidence, models_check: Check
) -> None:
    """After the last model comes an empty page without more, not an error: the Java SDK asks it."""
    last = [] if models_evidence.end_not_reached else models_evidence.ids[-1:]
    expected_pages.judge_end("after_id", last, models_evidence, models_check)


@cites(BEFORE)
def test_before_the_first_model_the_page_is_empty(
    models_evidence: Evidence, models_check: Check
) -> None:
    """Before the first model comes an empty page without more, not an error: Ruby and PHP ask it."""
    expected_pages.judge_end("before_id", models_evidence.ids[:1], models_evidence, models_check)


@cites(AFTER)
def test_walking_forward_yields_every_model_once(
    models_evidence: Evidence, models_check: Check
) -> None:
    """Following `last_id` page by page meets every model once, in order, and comes to an end."""
    expected_pages.judge_walks(False, models_evidence, models_check)


@cites(BEFORE)
def test_walking_backward_yields_every_model_once(
    models_evidence: Evidence, models_check: Check
) -> None:
    """Following `first_id` from the last model back meets every model once, and comes to an end."""
    expected_pages.judge_walks(True, models_evidence, models_check)


@cites(HAS_MORE)
def test_has_more_forward(models_evidence: Evidence, models_check: Check) -> None:
    """Going forward, `has_more` is true exactly when older models follow the page."""
    expected_pages.judge_has_more(False, models_evidence, models_check)


@cites(HAS_MORE)
def test_has_more_backward(models_evidence: Evidence, models_check: Check) -> None:
    """Going backward, `has_more` is true exactly when newer models precede the page."""
    expected_pages.judge_has_more(True, models_evidence, models_check)


@cites(BEFORE)
def test_before_id_undoes_after_id(
    models_evidence: Evidence, models_api: ModelsAPI, models_check: Check
) -> None:
    """Going back from a page by its `first_id` leads to the page before it."""
    steps = [
        pair
        for walk in models_evidence.walks
        if not walk.backward
        for pair in expected_pages.following_pages(walk)
    ]

    def lands_elsewhere(step: tuple[Page, Page]) -> Finding | None:
        response = models_api.list(before_id=step[1].ids[0], limit=step[0].limit)
        back = page_of(response)
        # How many come back is the limit's business.
        if back and back.data and back.ids == step[0].ids[-len(back) :]:
            return None
        return response.finding(
            said(back, response), f"{some(step[0].ids)}: the page that was left"
        )

    models_check.judge(
        steps[-1:],
        lands_elsewhere,
        what="step",
        if_none="the walks made no second page"
        if models_evidence.crawl
        else models_evidence.why_no_models,
        compares=True,
    )


@cites(STABLE)
def test_repeating_a_request_repeats_the_answer(
    models_evidence: Evidence, models_api: ModelsAPI, models_revision: Revision, models_check: Check
) -> None:
    """The same question, asked again, has the same answer."""
    if not models_evidence.crawl:
        raise Unexercised(models_evidence.why_no_models)
    ids = [] if models_evidence.unusable_ids else models_evidence.ids[:1]
    # A limit that no earlier reading asked for: its first answer cannot come from a memory of the server's.
    bounds, models = models_revision.limit, len(models_evidence.ids)
    least = models if bounds.default < models < bounds.maximum - 9 else bounds.default + 1
    unasked = least + models_api.readings
    responses = [
        models_api.list(limit=unasked),
        *(models_api.list(after_id=found) for found in ids),
        *(models_api.retrieve(found) for found in ids),
    ]
    if any_is_new(models_evidence.models):
        time.sleep(1.1)  # a clock that stands in for the date shows whole seconds

    def changed(first: Response) -> Finding | None:
        second = models_api.ask(replace(first.request, again=1))
        if models_evidence.same_response(first, second):
            return None
        third = models_api.ask(replace(first.request, again=2))
        there_and_back = models_evidence.same_response(first, third)
        return _mistaken(second, first, "at first", models_evidence, settled=there_and_back)

    models_check.judge(responses, changed, what="requests", if_none="", compares=True)


@cites(STABLE)
def test_requests_at_the_same_moment_get_their_own_answers(
    models_evidence: Evidence, models_api: ModelsAPI, models_check: Check
) -> None:
    """Questions asked at the same moment are each answered as when asked alone."""
    most = models_evidence.revision.limit.default
    alone = [page.response for page in models_evidence.pages if 0 < len(page) <= most]
    if len(alone) < 2:
        raise Unexercised(
            "one page cannot be mistaken for another" if alone else models_evidence.why_no_models
        )
    alone = alone[:: max(1, len(alone) // 4)][:4]
    alone += [
        response
        for found in dict.fromkeys([*models_evidence.ids[:1], *models_evidence.ids[-1:]])
        if (response := models_api.retrieve(found)).ok
    ]
    together = [replace(response.request, again=9) for response in alone]
    try:
        # Two first: of more, a server that takes one connection at a time would leave too many waiting.
        responses = [*_at_once(together[:2], models_api), *_at_once(together[2:], models_api)]
    except NotJudged as lost:
        if not (lost.busy or lost.stalled):
            raise
        why = "429" if lost.busy else "the others wait in vain"
        raise Unexercised(f"the server takes one question at a time ({why})") from None

    def mistaken(pair: tuple[Response, Response]) -> Finding | None:
        before, now = pair
        if models_evidence.same_response(before, now):
            return None
        alone_again = models_api.send_again(before.request)
        if models_evidence.same_response(now, alone_again):
            return None  # the list has changed since the first answer
        settled = models_evidence.same_response(before, alone_again)
        return _mistaken(now, before, "when asked alone", models_evidence, settled=settled)

    models_check.judge(
        list(zip(alone, responses, strict=True)),
        mistaken,
        what="requests",
        if_none="",
        compares=True,
    )


def _at_once(requests: Sequence[Request], api: ModelsAPI) -> list[Response]:
    with ThreadPoolExecutor(max(1, len(requests))) as pool:
        return list(pool.map(api.ask, requests))


def _mistaken(
    response: Response, right: Response, when: str, evidence: Evidence, *, settled: bool
) -> Finding:
    seen, expected = contrast(response, right, evidence.revision)
    return Finding(response, seen, f"{expected}, as {when}", settled=settled)


@cites(ROBUST)
@pytest.mark.parametrize("models_cursor", list(UNKNOWN))
def test_unknown_cursor_is_no_server_error(
    models_cursor: str, models_evidence: Evidence, models_api: ModelsAPI, models_check: Check
) -> None:
    """A cursor that names no model may be refused or served with a page, never answered with a 5xx."""
    response = models_api.list(**UNKNOWN[models_cursor])
    models_check.judge(
        [response], partial(no_answer, evidence=models_evidence), what="response", if_none=""
    )


@cites(ROBUST)
def test_both_cursors_are_no_server_error(
    models_evidence: Evidence, models_api: ModelsAPI, models_check: Check
) -> None:
    """Both cursors at once may be refused or served with a page, never answered with a 5xx."""
    if not models_evidence.ids:
        raise Unexercised(models_evidence.why_no_models)
    response = models_api.list(after_id=models_evidence.ids[0], before_id=models_evidence.ids[-1])
    models_check.judge(
        [response], partial(no_answer, evidence=models_evidence), what="response", if_none=""
    )


def _judge_cursor(name: str, evidence: Evidence, check: Check) -> None:
    """Every answer to a question with this cursor, but at the border, where the page is empty."""
    border = evidence.ids[-1:] if name == "after_id" else evidence.ids[:1]
    responses = [
        response
        for response in evidence.responses
        if response.request.value(name) and response.request.value(name) not in border
    ]
    refused = [response for response in responses if not response.ok]
    if refused:
        expected = "a page: the cursor is the id of a listed model"
        findings = [response.finding(response.status_text, expected) for response in refused]
        raise Violation(findings, len(responses), compares=True)
    expected_pages.judge_window(
        [page for response in responses if (page := page_of(response))], evidence, check
    )
