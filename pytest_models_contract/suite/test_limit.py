"""The page size: its default, its bounds, and values outside them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import Finding, Page, Response, counted, page_of, shown
from pytest_models_contract.client.naming import odd_digits
from pytest_models_contract.client.verdict import Check, Unexercised
from pytest_models_contract.evidence.expected_pages import expected_ids, is_whole
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.evidence.odd_responses import broken_page, unlike_the_list
from pytest_models_contract.evidence.unusual import MALFORMED, REFUSED, beyond_the_limit
from pytest_models_contract.spec.revision import Revision

cites = pytest.mark.models_cites
LIMIT = "list_params#/properties/limit"
ROBUST = "list_params#/$defs/robust"


@cites(LIMIT)
def test_default(models_evidence: Evidence, models_revision: Revision, models_check: Check) -> None:
    """Without `limit` a page has 20 models if that many are left, with a cursor or without."""
    default = models_revision.limit.default
    models_check.judge(
        [page for page in models_evidence.pages if page.limit is None],
        lambda page: _off_limit(page, default, models_evidence),
        what="pages",
        if_none=models_evidence.why_no_models,
        compares=True,
    )
    if len(models_evidence.ids) <= default:
        raise Unexercised(f"only a list of more than {default} models shows the default")


@cites(LIMIT)
def test_minimum_is_honoured(
    models_evidence: Evidence, models_revision: Revision, models_check: Check
) -> None:
    """The smallest `limit`, 1, is honoured."""
    _judge_bound(models_revision.limit.minimum, models_evidence, models_check)


@cites(LIMIT)
def test_maximum_is_honoured(
    models_evidence: Evidence, models_revision: Revision, models_check: Check
) -> None:
    """The largest `limit`, 1000, is honoured."""
    _judge_bound(models_revision.limit.maximum, models_evidence, models_check)


@cites(LIMIT)
def test_page_is_never_longer_than_limit(models_evidence: Evidence, models_check: Check) -> None:
    """No page has more models than `limit` says."""
    models_check.judge(
        [page for page in models_evidence.pages if page.limit],
        lambda page: (
            page.response.finding(counted(len(page)), f"at most {counted(page.limit)}")
            if page.limit and len(page) > page.limit
            else None
        ),
        what="pages",
        if_none=models_evidence.why_no_models,
    )


@cites(LIMIT)
def test_page_is_never_shorter_while_more_exist(
    models_evidence: Evidence, models_check: Check
) -> None:
    """No page has fewer models than `limit` while more are left, with a cursor or without."""
    models_check.judge(
        [page for page in models_evidence.pages if page.limit],
        lambda page: _too_short(page, models_evidence),
        what="pages",
        if_none=models_evidence.why_no_models,
        compares=True,
    )


@cites(LIMIT)
@pytest.mark.parametrize("models_limit", list(REFUSED))
def test_refuses(
    models_limit: str, models_api: ModelsAPI, models_evidence: Evidence, models_check: Check
) -> None:
    """A `limit` that is out of range, or not a number, is refused with a 4xx."""
    _judge_refusal(REFUSED[models_limit], models_api, models_evidence, models_check)


@cites(LIMIT)
def test_refuses_after_a_cursor(
    models_api: ModelsAPI, models_evidence: Evidence, models_revision: Revision, models_check: Check
) -> None:
    """A `limit` out of range is refused together with a cursor as well."""
    beyond = models_revision.limit.maximum + 1
    responses = [models_api.ask(request) for request in beyond_the_limit(models_evidence)]
    if not responses:
        raise Unexercised(models_evidence.why_no_models)
    models_check.judge(
        responses if not _served(models_api.list(limit=beyond)) else [],
        _served,
        what="response",
        if_none=f"limit={beyond} is not refused without a cursor either",
    )


@cites(ROBUST)
@pytest.mark.parametrize("models_limit", list(MALFORMED))
def test_malformed_is_no_server_error(
    models_limit: str, models_api: ModelsAPI, models_evidence: Evidence, models_check: Check
) -> None:
    """A malformed `limit` never gets a 5xx, nor a page unlike the others."""
    response = models_api.list(limit=MALFORMED[models_limit])
    judge_odd(response, models_evidence, models_check)


@cites(LIMIT, level="should")
@pytest.mark.parametrize("models_limit", list(MALFORMED))
def test_malformed_is_refused(
    models_limit: str, models_api: ModelsAPI, models_evidence: Evidence, models_check: Check
) -> None:
    """A malformed `limit` is refused with a 4xx."""
    _judge_refusal(MALFORMED[models_limit], models_api, models_evidence, models_check)


def server_error(response: Response) -> Finding | None:
    """A 5xx, or a connection closed without a response: wrong for any request."""
    if not response.failed:
        return None
    hint = odd_digits(response.request.query)
    return response.finding(response.status_text, "any response but a 5xx", hint=hint)


def judge_odd(response: Response, evidence: Evidence, check: Check) -> None:
    """Judge the response to an unusual list request: a refusal, or a page like the others."""
    check.judge(
        [response],
        partial(neither_refusal_nor_page, evidence=evidence),
        what="response",
        if_none="",
        compares=response.ok,
    )


def neither_refusal_nor_page(response: Response, evidence: Evidence) -> Finding | None:
    """A 5xx, or a success that is not a page like the others."""
    usual = evidence.crawl and is_whole(evidence.crawl[0], evidence.revision)
    page = page_of(response)
    if not response.ok or not usual:
        return server_error(response)
    if page is None or not is_whole(page, evidence.revision):
        expected = "a 4xx, or a page with its complete envelope"
        return replace(response.finding(shown(response.json), expected), settled=True)
    return broken_page(response, evidence) or unlike_the_list(page, evidence)


def _judge_refusal(value: str, api: ModelsAPI, evidence: Evidence, check: Check) -> None:
    if not (evidence.crawl or evidence.other_format):
        raise Unexercised(evidence.why_no_models)
    check.judge([api.list(limit=value)], _served, what="response", if_none="")


def _served(response: Response) -> Finding | None:
    if 400 <= response.status < 500:
        return None
    page = page_of(response)
    seen = response.status_text + (f" with {counted(len(page))}" if page else "")
    hint = odd_digits(response.request.query)
    return response.finding(seen, "a 4xx, such as 400 invalid_request_error", hint=hint)


def _judge_bound(bound: int, evidence: Evidence, check: Check) -> None:
    """The responses with this limit: not refused, and with as many models as it says.

    A refusal of a request with a cursor is not judged here.
    """
    allowed = f"a page of up to {counted(bound)}"

    def unlike(response: Response) -> Finding | None:
        page = page_of(response)
        if not response.ok:
            by_cursor = response.request.value("after_id") or response.request.value("before_id")
            return None if by_cursor else response.finding(response.status_text, allowed)
        return _off_limit(page, bound, evidence) if page else None

    check.judge(
        [
            response
            for response in evidence.responses
            if response.request.value("limit") == str(bound)
        ],
        unlike,
        what="responses",
        if_none=evidence.why_no_models,
        compares=not evidence.changing,
    )


def _off_limit(page: Page, limit: int, evidence: Evidence) -> Finding | None:
    """A page of more models than the limit, or of fewer while more are left."""
    if len(page) > limit:
        found = page.response.finding(counted(len(page)), f"at most {counted(limit)}")
        return replace(found, settled=True)
    return _too_short(page, evidence)


def _too_short(page: Page, evidence: Evidence) -> Finding | None:
    expected = None if evidence.changing else expected_ids(page, evidence)
    if expected is None or len(page) >= len(expected):
        return None
    left = f"{counted(len(expected))}, as more are left"
    return page.response.finding(counted(len(page)), left)
