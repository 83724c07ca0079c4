"""The page size: its default, its bounds, and what lies outside them."""

from __future__ import annotations

import pytest

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import Finding, Page, Reply, counted, page_of, shown
from pytest_models_contract.client.verdict import Check, Unexercised
from pytest_models_contract.evidence.expected_pages import expected_ids, is_whole
from pytest_models_contract.evidence.gathering import Survey
from pytest_models_contract.spec.revision import Revision

cites = pytest.mark.models_cites
LIMIT = "list_params#/properties/limit"
ROBUST = "list_params#/$defs/robust"
REFUSED = {"0": "0", "-1": "-1", "1001": "1001", "huge": str(2**64 + 5), "word": "abc"}
MALFORMED = {"fraction": "1.5", "tail": "5abc", "empty": "", "exponent": "1e2", "digits": "\u0665"}


@cites(LIMIT)
def test_default(models_survey: Survey, models_revision: Revision, models_check: Check) -> None:
    """Without `limit` a page holds 20 models while that many are left, with a cursor or without."""
    default = models_revision.limit.default
    models_check.judge(
        [page for page in models_survey.pages if page.limit is None],
        lambda page: _off_limit(page, default, models_survey),
        what="pages",
        otherwise=models_survey.nothing,
        compares=True,
    )
    if len(models_survey.ids) <= default:
        raise Unexercised(f"it takes more than {default} models to show the default")


@cites(LIMIT)
def test_minimum_is_honoured(
    models_survey: Survey, models_revision: Revision, models_check: Check
) -> None:
    """The smallest `limit`, 1, is honoured."""
    _judge_bound(models_revision.limit.minimum, models_survey, models_check)


@cites(LIMIT)
def test_maximum_is_honoured(
    models_survey: Survey, models_revision: Revision, models_check: Check
) -> None:
    """The largest `limit`, 1000, is honoured."""
    _judge_bound(models_revision.limit.maximum, models_survey, models_check)


@cites(LIMIT)
def test_page_is_never_longer_than_limit(models_survey: Survey, models_check: Check) -> None:
    """No page holds more models than `limit` asks for."""
    models_check.judge(
        [page for page in models_survey.pages if page.limit],
        lambda page: (
            page.reply.finding(counted(len(page)), f"at most {counted(page.limit)}")
            if page.limit and len(page) > page.limit
            else None
        ),
        what="pages",
        otherwise=models_survey.nothing,
    )


@cites(LIMIT)
def test_page_is_never_shorter_while_more_exist(models_survey: Survey, models_check: Check) -> None:
    """No page holds fewer models than `limit` while more are left, with a cursor or without."""
    models_check.judge(
        [page for page in models_survey.pages if page.limit],
        lambda page: _too_short(page, models_survey),
        what="pages",
        otherwise=models_survey.nothing,
        compares=True,
    )


@cites(LIMIT)
@pytest.mark.parametrize("models_limit", list(REFUSED))
def test_refuses(
    models_limit: str, models_api: ModelsAPI, models_survey: Survey, models_check: Check
) -> None:
    """A `limit` out of range, or not a number, is refused with a 4xx: not served, not clamped, no 5xx."""
    _judge_refusal(REFUSED[models_limit], models_api, models_survey, models_check)


@cites(LIMIT)
def test_refuses_after_a_cursor(
    models_api: ModelsAPI, models_survey: Survey, models_revision: Revision, models_check: Check
) -> None:
    """A `limit` out of range is refused beside a cursor as well."""
    if models_survey.muddled or not models_survey.ids:
        raise Unexercised(models_survey.nothing)
    beyond = models_revision.limit.maximum + 1
    replies = [models_api.list(after_id=models_survey.ids[0], limit=beyond)]
    models_check.judge(
        replies if not _served(models_api.list(limit=beyond)) else [],
        _served,
        what="answer",
        otherwise=f"limit={beyond} is not refused without a cursor either",
    )


@cites(ROBUST)
@pytest.mark.parametrize("models_limit", list(MALFORMED))
def test_malformed_is_no_server_error(
    models_limit: str, models_api: ModelsAPI, models_check: Check
) -> None:
    """A malformed `limit` is never answered with a 5xx."""
    reply = models_api.list(limit=MALFORMED[models_limit])
    models_check.judge([reply], server_error, what="answer", otherwise="")


@cites(LIMIT, level="should")
@pytest.mark.parametrize("models_limit", list(MALFORMED))
def test_malformed_is_refused(
    models_limit: str, models_api: ModelsAPI, models_survey: Survey, models_check: Check
) -> None:
    """A malformed `limit` is refused with a 4xx."""
    _judge_refusal(MALFORMED[models_limit], models_api, models_survey, models_check)


def server_error(reply: Reply) -> Finding | None:
    """A 5xx, or a connection closed in place of an answer, which no question deserves."""
    return reply.finding(reply.told, "any answer but a 5xx") if reply.failed else None


def no_answer(reply: Reply, survey: Survey) -> Finding | None:
    """A 5xx, or a success that is no page as the others are, where a refusal would do as well."""
    usual = survey.crawl and is_whole(survey.crawl[0], survey.revision)
    page = page_of(reply)
    if not reply.ok or not usual or (page and is_whole(page, survey.revision)):
        return server_error(reply)
    return reply.finding(shown(reply.json), "a 4xx, or a page with its whole envelope")


def _judge_refusal(value: str, api: ModelsAPI, survey: Survey, check: Check) -> None:
    if not (survey.crawl or survey.foreign):
        raise Unexercised(survey.nothing)
    check.judge([api.list(limit=value)], _served, what="answer", otherwise="")


def _served(reply: Reply) -> Finding | None:
    if 400 <= reply.status < 500:
        return None
    page = page_of(reply)
    seen = reply.told + (f" with {counted(len(page))}" if page else "")
    return reply.finding(seen, "a 4xx, as 400 invalid_request_error")


def _judge_bound(bound: int, survey: Survey, check: Check) -> None:
    """A bound is refused, or answered with another number of models than it asks for.

    Why a cursor is refused is not judged here.
    """
    allowed = f"a page of up to {counted(bound)}"

    def unlike(reply: Reply) -> Finding | None:
        page = page_of(reply)
        if not reply.ok:
            by_cursor = reply.question.value("after_id") or reply.question.value("before_id")
            return None if by_cursor else reply.finding(reply.told, allowed)
        return _off_limit(page, bound, survey) if page else None

    check.judge(
        [reply for reply in survey.replies if reply.question.value("limit") == str(bound)],
        unlike,
        what="answers",
        otherwise=survey.nothing,
        compares=True,
    )


def _off_limit(page: Page, limit: int, survey: Survey) -> Finding | None:
    """A page of more models than the limit, or of fewer while more are left."""
    if len(page) > limit:
        return page.reply.finding(counted(len(page)), f"at most {counted(limit)}")
    return _too_short(page, survey)


def _too_short(page: Page, survey: Survey) -> Finding | None:
    expected = expected_ids(page, survey)
    if expected is None or len(page) >= len(expected) or _may_end_here(page, survey):
        return None
    left = f"{counted(len(expected))}, as more are left"
    return page.reply.finding(counted(len(page)), left)


def _may_end_here(page: Page, survey: Survey) -> bool:
    """Where the list goes on unread, nobody knows how long its last pages should be."""
    return survey.open_end and not page.backward
