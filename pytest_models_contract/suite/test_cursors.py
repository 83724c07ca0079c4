"""Cursors: both directions, borders, walks, and that the same question has the same answer."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import pytest

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import Finding, Page, Question, Reply, page_of
from pytest_models_contract.client.verdict import Check, NotJudged, Unexercised, Violation
from pytest_models_contract.evidence import expected_pages
from pytest_models_contract.evidence.gathering import Survey
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
    models_survey: Survey, models_check: Check
) -> None:
    """Without a cursor the page holds the first models of the list, whatever its size."""
    pages = [page for page in models_survey.pages if not page.after_id and not page.backward]
    expected_pages.judge_window(pages, models_survey, models_check)


@cites(AFTER)
def test_after_id_starts_after_the_cursor(models_survey: Survey, models_check: Check) -> None:
    """`after_id` gives the models that follow the cursor at once, the cursor itself left out."""
    _judge_cursor("after_id", models_survey, models_check)


@cites(BEFORE)
def test_before_id_ends_before_the_cursor(models_survey: Survey, models_check: Check) -> None:
    """`before_id` gives the nearest models before the cursor, newest first, the cursor left out."""
    _judge_cursor("before_id", models_survey, models_check)


@cites(AFTER)
def test_after_the_last_model_the_page_is_empty(models_survey: Survey, models_check: Check) -> None:
    """After the last model comes an empty page without more, not an error: the Java SDK asks it."""
    last = [] if models_survey.open_end else models_survey.ids[-1:]
    expected_pages.judge_border("after_id", last, models_survey, models_check)


@cites(BEFORE)
def test_before_the_first_model_the_page_is_empty(
    models_survey: Survey, models_check: Check
) -> None:
    """Before the first model comes an empty page without more, not an error: Ruby and PHP ask it."""
    expected_pages.judge_border("before_id", models_survey.ids[:1], models_survey, models_check)


@cites(AFTER)
def test_walking_forward_yields_every_model_once(
    models_survey: Survey, models_check: Check
) -> None:
    """Following `last_id` page by page meets every model once, in order, and comes to an end."""
    expected_pages.judge_walks(False, models_survey, models_check)


@cites(BEFORE)
def test_walking_backward_yields_every_model_once(
    models_survey: Survey, models_check: Check
) -> None:
    """Following `first_id` from the last model back meets every model once, and comes to an end."""
    expected_pages.judge_walks(True, models_survey, models_check)


@cites(HAS_MORE)
def test_has_more_forward(models_survey: Survey, models_check: Check) -> None:
    """Going forward, `has_more` is true exactly when older models follow the page."""
    expected_pages.judge_has_more(False, models_survey, models_check)


@cites(HAS_MORE)
def test_has_more_backward(models_survey: Survey, models_check: Check) -> None:
    """Going backward, `has_more` is true exactly when newer models precede the page."""
    expected_pages.judge_has_more(True, models_survey, models_check)


@cites(BEFORE)
def test_before_id_undoes_after_id(
    models_survey: Survey, models_api: ModelsAPI, models_check: Check
) -> None:
    """Going back from a page by its `first_id` leads to the page before it."""
    steps = [
        pair
        for walk in models_survey.walks
        if not walk.backward
        for pair in expected_pages.neighbours(walk)
    ]

    def lands_elsewhere(step: tuple[Page, Page]) -> Finding | None:
        reply = models_api.list(before_id=step[1].ids[0], limit=step[0].limit)
        back = page_of(reply)
        # How many come back is the limit's business.
        if back and back.data and back.ids == step[0].ids[-len(back) :]:
            return None
        return reply.finding(said(back, reply), f"{some(step[0].ids)}: the page that was left")

    models_check.judge(
        steps[-1:],
        lands_elsewhere,
        what="step",
        otherwise="the walks made no second page" if models_survey.crawl else models_survey.nothing,
        compares=True,
    )


@cites(STABLE)
def test_repeating_a_request_repeats_the_answer(
    models_survey: Survey, models_api: ModelsAPI, models_revision: Revision, models_check: Check
) -> None:
    """The same question, asked again, has the same answer."""
    if not models_survey.crawl:
        raise Unexercised(models_survey.nothing)
    ids = [] if models_survey.muddled else models_survey.ids[:1]
    # A limit that no earlier reading asked for: its first answer cannot come from a memory of the server's.
    bounds, models = models_revision.limit, len(models_survey.ids)
    least = models if bounds.default < models < bounds.maximum - 9 else bounds.default + 1
    unasked = least + models_api.readings
    replies = [
        models_api.list(limit=unasked),
        *(models_api.list(after_id=found) for found in ids),
        *(models_api.retrieve(found) for found in ids),
    ]
    if any_is_new(models_survey.models):
        time.sleep(1.1)  # a clock that stands in for the date shows whole seconds

    def changed(first: Reply) -> Finding | None:
        second = models_api.ask(replace(first.question, again=1))
        if models_survey.alike(first, second):
            return None
        third = models_api.ask(replace(first.question, again=2))
        there_and_back = models_survey.alike(first, third)
        return _mistaken(second, first, "at first", models_survey, settled=there_and_back)

    models_check.judge(replies, changed, what="questions", otherwise="", compares=True)


@cites(STABLE)
def test_requests_at_the_same_moment_get_their_own_answers(
    models_survey: Survey, models_api: ModelsAPI, models_check: Check
) -> None:
    """Questions asked at the same moment are each answered as when asked alone."""
    most = models_survey.revision.limit.default
    alone = [page.reply for page in models_survey.pages if 0 < len(page) <= most]
    if len(alone) < 2:
        raise Unexercised(
            "one page cannot be mistaken for another" if alone else models_survey.nothing
        )
    alone = alone[:: max(1, len(alone) // 4)][:4]
    alone += [
        reply
        for found in dict.fromkeys([*models_survey.ids[:1], *models_survey.ids[-1:]])
        if (reply := models_api.retrieve(found)).ok
    ]
    together = [replace(reply.question, again=9) for reply in alone]
    try:
        # Two first: of more, a server that takes one connection at a time would leave too many waiting.
        replies = [*_at_once(together[:2], models_api), *_at_once(together[2:], models_api)]
    except NotJudged as lost:
        if not (lost.busy or lost.stalled):
            raise
        why = "429" if lost.busy else "the others wait in vain"
        raise Unexercised(f"the server takes one question at a time ({why})") from None

    def mistaken(pair: tuple[Reply, Reply]) -> Finding | None:
        before, now = pair
        if models_survey.alike(before, now):
            return None
        alone_again = models_api.afresh(before.question)
        if models_survey.alike(now, alone_again):
            return None  # the list has changed since the first answer
        settled = models_survey.alike(before, alone_again)
        return _mistaken(now, before, "when asked alone", models_survey, settled=settled)

    models_check.judge(
        list(zip(alone, replies, strict=True)),
        mistaken,
        what="questions",
        otherwise="",
        compares=True,
    )


def _at_once(questions: Sequence[Question], api: ModelsAPI) -> list[Reply]:
    with ThreadPoolExecutor(max(1, len(questions))) as pool:
        return list(pool.map(api.ask, questions))


def _mistaken(reply: Reply, right: Reply, when: str, survey: Survey, *, settled: bool) -> Finding:
    seen, expected = contrast(reply, right, survey.revision)
    return Finding(reply, seen, f"{expected}, as {when}", settled=settled)


@cites(ROBUST)
@pytest.mark.parametrize("models_cursor", list(UNKNOWN))
def test_unknown_cursor_is_no_server_error(
    models_cursor: str, models_survey: Survey, models_api: ModelsAPI, models_check: Check
) -> None:
    """A cursor that names no model may be refused or served with a page, never answered with a 5xx."""
    reply = models_api.list(**UNKNOWN[models_cursor])
    models_check.judge(
        [reply], partial(no_answer, survey=models_survey), what="answer", otherwise=""
    )


@cites(ROBUST)
def test_both_cursors_are_no_server_error(
    models_survey: Survey, models_api: ModelsAPI, models_check: Check
) -> None:
    """Both cursors at once may be refused or served with a page, never answered with a 5xx."""
    if not models_survey.ids:
        raise Unexercised(models_survey.nothing)
    reply = models_api.list(after_id=models_survey.ids[0], before_id=models_survey.ids[-1])
    models_check.judge(
        [reply], partial(no_answer, survey=models_survey), what="answer", otherwise=""
    )


def _judge_cursor(name: str, survey: Survey, check: Check) -> None:
    """Every answer to a question with this cursor, but at the border, where the page is empty."""
    border = survey.ids[-1:] if name == "after_id" else survey.ids[:1]
    replies = [
        reply
        for reply in survey.replies
        if reply.question.value(name) and reply.question.value(name) not in border
    ]
    refused = [reply for reply in replies if not reply.ok]
    if refused:
        expected = "a page: the cursor is the id of a listed model"
        findings = [reply.finding(reply.told, expected) for reply in refused]
        raise Violation(findings, len(replies), compares=True)
    expected_pages.judge_window(
        [page for reply in replies if (page := page_of(reply))], survey, check
    )
