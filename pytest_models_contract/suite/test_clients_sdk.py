"""What the official SDKs need; these checks are collected only when `--models-client` names the SDK."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

import pytest

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import Finding, Page, Response, counted, page_of
from pytest_models_contract.client.redact import visible
from pytest_models_contract.client.sdk import anthropic_client
from pytest_models_contract.client.verdict import Check, NotJudged, Unexercised, Violation
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.evidence.pagination import MOST_PAGES
from pytest_models_contract.evidence.plan import NO_MODEL

cites = pytest.mark.models_cites
anthropic_sdk = pytest.mark.models_only_with("anthropic-sdk")
SDK = "clients#/$defs/anthropic_sdk"
HABITS = "clients#/$defs/paging_habits"
T = TypeVar("T")
_OURS = (NotJudged, Unexercised)


@anthropic_sdk
@cites(SDK)
@pytest.mark.parametrize("models_namespace", ["models", "beta"])
def test_sdk_lists_every_model(
    models_namespace: str, models_evidence: Evidence, models_api: ModelsAPI, models_check: Check
) -> None:
    """The SDK's automatic paging lists every model once, in its own and in its beta namespace."""
    ids = _known(models_evidence)

    def listed(client: Any) -> Any:
        models = client.models if models_namespace == "models" else client.beta.models
        return models.list(limit=_third(ids))

    _judge_ids(listed, ids, models_api, models_check)


@anthropic_sdk
@cites(SDK)
def test_sdk_pages_backward(
    models_evidence: Evidence, models_api: ModelsAPI, models_check: Check
) -> None:
    """The SDK's automatic paging from `before_id` lists every model before it once."""
    ids = _known(models_evidence)
    if len(ids) < 2:
        raise Unexercised("with one model there is nothing before a cursor")

    def listed(client: Any) -> Any:
        return client.models.list(before_id=ids[-1], limit=_third(ids))

    _judge_ids(listed, ids[:-1], models_api, models_check, any_order=True)


@anthropic_sdk
@cites(SDK)
def test_sdk_retrieves(
    models_evidence: Evidence, models_api: ModelsAPI, models_check: Check
) -> None:
    """The SDK retrieves a model by its id."""
    first = _known(models_evidence, whole=False)[0]
    _judge_ids(lambda client: [client.models.retrieve(first)], [first], models_api, models_check)


@anthropic_sdk
@cites(SDK)
def test_sdk_raises_not_found(models_api: ModelsAPI, models_check: Check) -> None:
    """A 404 for an unknown model becomes the SDK's `NotFoundError`."""
    import anthropic

    responses: list[Response] = []

    def no_not_found_error(response: Response) -> Finding | None:
        client = anthropic_client(models_api, responses)
        try:
            _through_sdk(lambda: client.models.retrieve(NO_MODEL))
        except anthropic.NotFoundError:
            return None
        except _OURS:
            raise
        except Exception as error:  # the SDK may raise anything over the response
            seen = type(error).__name__
        else:
            seen = "a model"
        return [response, *responses][-1].finding(seen, "NotFoundError")

    unknown = models_api.retrieve(NO_MODEL)
    models_check.judge(
        [unknown] if unknown.status == 404 else [],
        no_not_found_error,
        what="response",
        if_none=f"a request for an unknown model gets status {unknown.status}",
    )


@anthropic_sdk
@cites(HABITS)
@pytest.mark.parametrize("models_habit", ["java", "ruby_php", "csharp"])
def test_paging_habit(
    models_habit: str, models_evidence: Evidence, models_api: ModelsAPI, models_check: Check
) -> None:
    """Paging as the other SDKs do it (Java, Ruby and PHP, C#) ends, and repeats or misses no model."""
    ids = _known(models_evidence)
    limit = _third(ids)
    walk, expected = {
        "java": (_java, ids),
        "ruby_php": (_ruby_php, ids[:-1]),
        "csharp": (_csharp, None),
    }[models_habit]
    pages = list(walk(models_api, ids, limit))
    met = [found for page in pages for found in page.ids]

    def wrong_walk(page: Page) -> Finding | None:
        if len(pages) >= MOST_PAGES:
            return page.response.finding(f"no end after {MOST_PAGES} pages", "an end")
        if twice := len(met) - len(set(met)):
            return page.response.finding(f"{counted(twice)} met twice", "each model once")
        lost = [found for found in expected or [] if found not in set(met)]
        if not lost:
            return None
        return page.response.finding(f"{counted(len(lost))} lost, such as {lost[0]}", "every model")

    models_check.judge(
        pages[-1:], wrong_walk, what="walk", if_none="there is no page", compares=True
    )


def _java(api: ModelsAPI, _: Sequence[str], limit: int) -> Iterator[Page]:
    """Until an empty page, whatever `has_more` says."""
    cursor = None
    for _turn in range(MOST_PAGES):
        page = api.page(limit=limit, after_id=cursor)
        yield page
        cursor = page.envelope.get("last_id")
        if not page.data or not cursor:
            return


def _ruby_php(api: ModelsAPI, ids: Sequence[str], limit: int) -> Iterator[Page]:
    """Backward by `first_id` while `has_more`."""
    cursor = ids[-1]
    for _turn in range(MOST_PAGES):
        page = api.page(limit=limit, before_id=cursor)
        yield page
        cursor = page.envelope.get("first_id") or ""
        if not page.has_more or not cursor:
            return


def _csharp(api: ModelsAPI, ids: Sequence[str], limit: int) -> Iterator[Page]:
    """Forward by `last_id` while `has_more`, with the given `before_id`: both cursors may be refused."""
    cursor = None
    for _turn in range(MOST_PAGES):
        response = api.list(limit=limit, before_id=ids[-1], after_id=cursor)
        page = page_of(response)
        if page is None:
            return
        yield page
        cursor = page.envelope.get("last_id")
        if not page.has_more or not cursor:
            return


def _judge_ids(
    listed: Callable[[Any], Any],
    expected: Sequence[str],
    api: ModelsAPI,
    check: Check,
    *,
    any_order: bool = False,
) -> None:
    """The SDK gets these ids, each once, and raises no error."""
    responses: list[Response] = []
    client = anthropic_client(api, responses)
    wanted = f"{counted(len(expected))}, each once"
    try:
        models = _through_sdk(lambda: list(islice(listed(client), len(expected) + 1)))
        met = [str(model.id) for model in models]
    except _OURS:
        raise
    except Exception as error:  # the SDK may raise anything over the responses
        if not responses:
            raise Unexercised(_not_sent(error)) from None
        raise Violation([responses[-1].finding(type(error).__name__, wanted)]) from None

    def unlike(response: Response) -> Finding | None:
        if met == list(expected) or (any_order and sorted(met) == sorted(expected)):
            return None
        return response.finding(f"{counted(len(met))}, {len(set(met))} of them different", wanted)

    check.judge(responses[-1:], unlike, what="listing", if_none="nothing was sent", compares=True)


def _not_sent(error: Exception) -> str:
    """Why there is no response: the SDK refuses some ids, such as `..`, and very long ones."""
    return visible(f"the SDK refuses such an id: {type(error).__name__}: {error}", 200)


def _third(ids: Sequence[str]) -> int:
    return max(1, min(1000, len(ids) // 3))


def _through_sdk(call: Callable[[], T]) -> T:
    """What the call returns or raises; an exception of our own client is taken out of the SDK's."""
    try:
        return call()
    except Exception as error:
        if isinstance(error.__cause__, _OURS):
            raise error.__cause__ from None
        raise


def _known(evidence: Evidence, *, whole: bool = True) -> list[str]:
    if why := evidence.changing or (whole and evidence.unfinished):
        raise Unexercised(why)
    if not evidence.ids or evidence.unusable_ids:
        raise Unexercised(evidence.why_no_models)
    return evidence.ids
