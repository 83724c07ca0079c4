"""Cursors: both directions, list ends, walks, and that the same request has the same response."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import chain

import pytest

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import Finding, Page, Request, Response, page_of
from pytest_models_contract.client.verdict import Check, NotJudged, Unexercised
from pytest_models_contract.evidence import expected_pages
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.evidence.notes import one_after_the_other
from pytest_models_contract.evidence.pagination import any_is_new
from pytest_models_contract.evidence.plan import UNKNOWN, asked_again
from pytest_models_contract.evidence.wording import against, contrast
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.suite.test_limit import ROBUST, judge_odd

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
    """`after_id` gives the models that directly follow the cursor, without the cursor itself."""
    _judge_cursor("after_id", models_evidence, models_check)


@cites(BEFORE)
def test_before_id_ends_before_the_cursor(models_evidence: Evidence, models_check: Check) -> None:
    """`before_id` gives the nearest models before the cursor, newest first, without the cursor itself."""
    _judge_cursor("before_id", models_evidence, models_check)


@cites(AFTER)
def test_after_the_last_model_the_page_is_empty(
    models_evidence: Evidence, models_check: Check
) -> None:
    """The page after the last model is empty, with `has_more` false: the Java SDK requests it."""
    last = [] if models_evidence.end_not_reached else models_evidence.ids[-1:]
    expected_pages.judge_end("after_id", last, models_evidence, models_check)


@cites(BEFORE)
def test_before_the_first_model_the_page_is_empty(
    models_evidence: Evidence, models_check: Check
) -> None:
    """The page before the first model is empty, with `has_more` false: the Ruby and PHP SDKs request it."""
    expected_pages.judge_end("before_id", models_evidence.ids[:1], models_evidence, models_check)


@cites(AFTER)
def test_walking_forward_yields_every_model_once(
    models_evidence: Evidence, models_check: Check
) -> None:
    """A walk forward by `last_id` finds every model once, in order, and ends."""
    expected_pages.judge_walks(False, models_evidence, models_check)


@cites(BEFORE)
def test_walking_backward_yields_every_model_once(
    models_evidence: Evidence, models_check: Check
) -> None:
    """A walk backward by `first_id` from the last model finds every model once, and ends."""
    expected_pages.judge_walks(True, models_evidence, models_check)


@cites(HAS_MORE)
def test_has_more_forward(models_evidence: Evidence, models_check: Check) -> None:
    """Forward, `has_more` is true exactly when older models follow the page."""
    expected_pages.judge_has_more(False, models_evidence, models_check)


@cites(HAS_MORE)
def test_has_more_backward(models_evidence: Evidence, models_check: Check) -> None:
    """Backward, `has_more` is true exactly when newer models precede the page."""
    expected_pages.judge_has_more(True, models_evidence, models_check)


@cites(BEFORE)
def test_before_id_undoes_after_id(
    models_evidence: Evidence, models_api: ModelsAPI, models_check: Check
) -> None:
    """From a page, `before_id` with its `first_id` leads to the page before it."""
    step = expected_pages.last_step(models_evidence)

    def not_the_page_before(step: tuple[Page, Page]) -> Finding | None:
        response = models_api.ask(expected_pages.page_before(step))
        back = page_of(response)
        # The checks of `limit` judge how many models come back.
        if back and back.data and back.ids == step[0].ids[-len(back) :]:
            return None
        seen, expected = against(back, response, step[0].ids)
        return response.finding(seen, f"{expected}: the page before")

    models_check.judge(
        [step] if step else [],
        not_the_page_before,
        what="step",
        if_none="no walk has a second page"
        if models_evidence.crawl
        else models_evidence.why_no_models,
        compares=True,
    )


@cites(STABLE)
def test_repeating_a_request_repeats_the_answer(
    models_evidence: Evidence, models_api: ModelsAPI, models_revision: Revision, models_check: Check
) -> None:
    """The same request, sent again, gets the same response."""
    if not models_evidence.crawl:
        raise Unexercised(models_evidence.why_no_models)
    usable = not models_evidence.unusable_ids
    ids = models_evidence.ids[:1] if usable else []
    late = asked_again(models_evidence.sample) if usable else []
    if not models_evidence.steadiness:
        _judge_unsteady(models_evidence, models_check)
        return
    # A limit that no earlier reading used: its first response cannot come from a cache of the server.
    bounds, models = models_revision.limit, len(models_evidence.ids)
    least = models if bounds.default < models < bounds.maximum - 9 else bounds.default + 1
    unused = least + models_api.readings
    responses = [
        models_api.list(limit=unused),
        *(models_api.list(after_id=found) for found in ids),
        *(models_api.retrieve(found) for found in late),
    ]
    if any_is_new(models_evidence.models):
        time.sleep(1.1)  # a server that sends its clock as the date may send whole seconds

    def changed(first: Response) -> Finding | None:
        second = models_api.ask(replace(first.request, again=1))
        if models_evidence.same_response(first, second):
            return None
        third = models_api.ask(replace(first.request, again=2))
        changed_back = models_evidence.same_response(first, third)
        return _difference(second, first, "at first", models_evidence, settled=changed_back)

    models_check.judge(responses, changed, what="requests", if_none="", compares=True)


def _judge_unsteady(evidence: Evidence, check: Check) -> None:
    """The plainest question was answered otherwise each time it was asked."""

    for first, other in filter(None, [evidence.steadiness.pages]):
        seen, expected = contrast(other.response, first.response, evidence.revision)
        finding = Finding(other.response, seen, f"{expected}, as at first")
        check.conclude([finding], 1, what="requests", if_none="")


@cites(STABLE)
def test_requests_at_the_same_moment_get_their_own_answers(
    models_evidence: Evidence, models_api: ModelsAPI, models_check: Check
) -> None:
    """Requests sent at the same moment get the same responses as when sent alone."""
    if models_evidence.changing:
        raise Unexercised(models_evidence.changing)
    most = models_evidence.revision.limit.default
    alone = [page.response for page in models_evidence.pages if 0 < len(page) <= most]
    if len(alone) < 2:
        raise Unexercised(
            "the list has only one page: nothing can be mixed up"
            if alone
            else models_evidence.why_no_models
        )
    alone = alone[:: max(1, len(alone) // 4)][:4]
    alone += [
        response
        for found in dict.fromkeys([*models_evidence.named[:1], *models_evidence.named[-1:]])
        if (response := models_api.retrieve(found)).ok
    ]
    together = [replace(response.request, again=9) for response in alone]
    try:
        # Two first: with more, a server of one connection at a time would keep too many waiting.
        groups = [_at_once(part, models_api) for part in (together[:2], together[2:])]
    except NotJudged as lost:
        if not (lost.busy or lost.stalled):
            raise
        why = "status 429" if lost.busy else "the other requests time out"
        raise Unexercised(f"the server handles one request at a time ({why})") from None
    models_evidence.noted = list(one_after_the_other(alone, groups))

    def mixed_up(pair: tuple[Response, Response]) -> Finding | None:
        before, now = pair
        if models_evidence.same_response(before, now):
            return None
        alone_again = models_api.send_again(before.request)
        if models_evidence.same_response(now, alone_again):
            return None  # the list has changed since the first response
        settled = models_evidence.same_response(before, alone_again)
        return _difference(now, before, "when sent alone", models_evidence, settled=settled)

    models_check.judge(
        list(zip(alone, chain(*groups), strict=True)),
        mixed_up,
        what="requests",
        if_none="",
        compares=True,
    )


def _at_once(requests: Sequence[Request], api: ModelsAPI) -> list[Response]:
    with ThreadPoolExecutor(max(1, len(requests))) as pool:
        return list(pool.map(api.ask, requests))


def _difference(
    response: Response, right: Response, when: str, evidence: Evidence, *, settled: bool
) -> Finding:
    seen, expected = contrast(response, right, evidence.comparable)
    return Finding(response, seen, f"{expected}, as {when}", settled=settled)


@cites(ROBUST)
@pytest.mark.parametrize("models_cursor", list(UNKNOWN))
def test_unknown_cursor_is_no_server_error(
    models_cursor: str, models_evidence: Evidence, models_api: ModelsAPI, models_check: Check
) -> None:
    """A cursor that names no model may get a refusal or a page, never a 5xx."""
    response = models_api.list(**UNKNOWN[models_cursor])
    judge_odd(response, models_evidence, models_check)


@cites(ROBUST)
def test_both_cursors_are_no_server_error(
    models_evidence: Evidence, models_api: ModelsAPI, models_check: Check
) -> None:
    """Both cursors at once may get a refusal or a page, never a 5xx."""
    named = models_evidence.named
    if not named:
        raise Unexercised(models_evidence.why_no_models)
    response = models_api.list(after_id=named[0], before_id=named[-1])
    judge_odd(response, models_evidence, models_check)


def _judge_cursor(name: str, evidence: Evidence, check: Check) -> None:
    """Judge the responses with this cursor, except at the list end, where the page is empty."""
    list_end = evidence.ids[-1:] if name == "after_id" else evidence.ids[:1]
    responses = [
        response
        for response in evidence.responses
        if response.request.value(name) and response.request.value(name) not in list_end
    ]
    refused = [response for response in responses if not response.ok]
    if refused:
        expected = "a page: the cursor is the id of a listed model"
        findings = [response.finding(response.status_text, expected) for response in refused]
        check.conclude(findings, len(responses), what="responses", if_none="", compares=True)
    expected_pages.judge_window(
        [page for response in responses if (page := page_of(response))], evidence, check
    )
