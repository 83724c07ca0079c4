"""What the official SDKs need; these checks are collected only when `--models-client` names the SDK.

A check without a parameter, or with that of a namespace alone, is for the synchronous client in Python.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pytest

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import Finding, Response, counted, page_of, shown
from pytest_models_contract.client.sdk.calls import Answer, Call
from pytest_models_contract.client.variant import Variant
from pytest_models_contract.client.verdict import Check, Unexercised, Violation
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.evidence.listed import known, several, third
from pytest_models_contract.evidence.plan import NO_MODEL, special_ids
from pytest_models_contract.spec import rfc3339

if TYPE_CHECKING:
    from pytest_models_contract.client.sdk.every import Sdks

cites = pytest.mark.models_cites
SDK = "clients#/$defs/anthropic_sdk"
sdk = pytest.mark.models_only_with("anthropic-sdk", typescript="typescript-sdk")
each_sdk = pytest.mark.parametrize(
    "models_sdk", [pytest.param("sync", id=pytest.HIDDEN_PARAM), "async", "typescript"]
)
each_list = pytest.mark.parametrize(
    ("models_sdk", "models_namespace"),
    [
        pytest.param("sync", "models", id="models"),
        pytest.param("sync", "beta", id="beta"),
        pytest.param("async", "models", id="async"),
        pytest.param("async", "beta", id="async-beta"),
        pytest.param("typescript", "models", id="typescript"),
        pytest.param("typescript", "beta", id="typescript-beta"),
    ],
)


# --- lists ----------------------------------------------------------------------------------------


@sdk
@cites(SDK)
@each_list
def test_sdk_lists_every_model(
    models_sdk: str,
    models_namespace: str,
    models_sdks: Sdks,
    models_evidence: Evidence,
    models_check: Check,
) -> None:
    """The SDK's automatic paging lists every model once, in its own and in its beta namespace."""
    ids = known(models_evidence)
    call = _list("iterate", len(ids), namespace=models_namespace, limit=third(ids))
    _judge_ids(models_sdks.ask(models_sdk, call), ids, models_check)


@sdk
@cites(SDK)
@each_sdk
def test_sdk_pages_backward(
    models_sdk: str, models_sdks: Sdks, models_evidence: Evidence, models_check: Check
) -> None:
    """The SDK's automatic paging from `before_id` lists every model before it once."""
    ids = several(models_evidence)
    call = _list("iterate", len(ids) - 1, before_id=ids[-1], limit=third(ids))
    _judge_ids(models_sdks.ask(models_sdk, call), ids[:-1], models_check, any_order=True)


@sdk
@cites(SDK)
@each_sdk
def test_sdk_pages_forward(
    models_sdk: str, models_sdks: Sdks, models_evidence: Evidence, models_check: Check
) -> None:
    """The SDK's automatic paging from `after_id` lists every model after it once."""
    ids = several(models_evidence)
    call = _list("iterate", len(ids) - 1, after_id=ids[0], limit=third(ids))
    _judge_ids(models_sdks.ask(models_sdk, call), ids[1:], models_check)


@sdk
@cites(SDK)
@each_sdk
def test_sdk_turns_pages(
    models_sdk: str, models_sdks: Sdks, models_evidence: Evidence, models_check: Check
) -> None:
    """Page by page, as long as there is a next one, the SDK gives every model once."""
    ids = known(models_evidence)
    call = _list("turn", len(ids), limit=third(ids))
    _judge_ids(models_sdks.ask(models_sdk, call), ids, models_check)


@sdk
@cites(SDK)
@each_sdk
def test_sdk_limits_a_page(
    models_sdk: str, models_sdks: Sdks, models_evidence: Evidence, models_check: Check
) -> None:
    """A page of the SDK has the first models of the list, as many as its `limit`."""
    ids = known(models_evidence, whole=False)
    call = _list("page", len(ids), limit=third(ids))
    _judge_ids(models_sdks.ask(models_sdk, call), ids[: third(ids)], models_check)


@sdk
@cites(SDK)
@each_sdk
def test_sdk_keeps_created_at(
    models_sdk: str, models_sdks: Sdks, models_evidence: Evidence, models_check: Check
) -> None:
    """The SDK gives each model the `created_at` that the list has, and it is a date."""
    ids = known(models_evidence)
    answer = models_sdks.ask(models_sdk, _list("iterate", len(ids), limit=third(ids)))
    dates = {model["id"]: model.get("created_at") for model in models_evidence.models}
    listed = [model for model in answer.models if model.id in dates]
    wrong = [model for model in listed if not _same_date(model.created_at, dates[model.id])]

    def changed(response: Response) -> Finding | None:
        if answer.error:
            return response.finding(answer.error, "models")
        if not wrong:
            return None
        seen = f"created_at {shown(wrong[0].created_at)} in {counted(len(wrong))}"
        expected = f"the date {shown(dates[wrong[0].id])}"
        own, where = _place(answer, wrong[0].id)
        return own.finding(seen, expected, where)

    models_check.judge(
        answer.responses[-1:], changed, what="listing", if_none="no request was sent", compares=True
    )


# --- single models --------------------------------------------------------------------------------


@sdk
@cites(SDK)
@each_sdk
def test_sdk_retrieves(
    models_sdk: str, models_sdks: Sdks, models_evidence: Evidence, models_check: Check
) -> None:
    """The SDK retrieves a model by its id."""
    first = known(models_evidence, whole=False)[0]
    answer = models_sdks.ask(models_sdk, Call("retrieve", model=first))
    _judge_models([(first, answer)], "", models_check)


@sdk
@cites(SDK)
@each_sdk
def test_sdk_retrieves_in_beta(
    models_sdk: str, models_sdks: Sdks, models_evidence: Evidence, models_check: Check
) -> None:
    """The SDK retrieves a model by its id in its beta namespace."""
    first = known(models_evidence, whole=False)[0]
    answer = models_sdks.ask(models_sdk, Call("retrieve", "beta", model=first))
    _judge_models([(first, answer)], "", models_check)


@sdk
@cites(SDK)
@each_sdk
def test_sdk_retrieves_odd_ids(
    models_sdk: str, models_sdks: Sdks, models_evidence: Evidence, models_check: Check
) -> None:
    """The SDK retrieves models whose ids need encoding in a path: a slash, a blank, a percent sign."""
    odd = special_ids(known(models_evidence, whole=False))
    pairs = [(own, models_sdks.ask(models_sdk, Call("retrieve", model=own))) for own in odd]
    _judge_models(pairs, "no listed id needs encoding", models_check)


@pytest.mark.models_only_with("anthropic-sdk", "alias", typescript="typescript-sdk")
@cites(SDK)
@each_sdk
def test_sdk_retrieves_by_alias(
    models_sdk: str,
    models_sdks: Sdks,
    models_aliases: Sequence[tuple[str, str]],
    models_check: Check,
) -> None:
    """The SDK retrieves a model by each alias, and gets it under its own id."""
    pairs = [
        (expected, models_sdks.ask(models_sdk, Call("retrieve", model=alias)))
        for alias, expected in models_aliases
    ]
    _judge_models(pairs, "no alias was given", models_check)


# --- errors ---------------------------------------------------------------------------------------


@sdk
@cites(SDK)
@each_sdk
def test_sdk_raises_not_found(
    models_sdk: str, models_sdks: Sdks, models_api: ModelsAPI, models_check: Check
) -> None:
    """A 404 for an unknown model becomes the SDK's `NotFoundError`."""
    plain = models_api.retrieve(NO_MODEL)
    if plain.status != 404:
        raise Unexercised(f"a request for an unknown model gets status {plain.status}")
    answer = models_sdks.ask(models_sdk, Call("retrieve", model=NO_MODEL))
    _judge_error(answer, "NotFoundError", "a model", plain, models_check)


@sdk
@cites(SDK)
@each_sdk
def test_sdk_raises_authentication_error(
    models_sdk: str, models_sdks: Sdks, models_api: ModelsAPI, models_check: Check
) -> None:
    """A 401 for a wrong key becomes the SDK's `AuthenticationError`."""
    plain = models_api.list(variant=Variant(auth="wrong"))
    if plain.status != 401:
        raise Unexercised(f"a request with a wrong key gets status {plain.status}")
    answer = models_sdks.ask(models_sdk, Call("page", wrong_key=True))
    _judge_error(answer, "AuthenticationError", "the list", plain, models_check)


def _list(do: Any, count: int, *, namespace: Any = "models", **query: str | int) -> Call:
    """A call for a list of so many models; one too many is enough to stop."""
    return Call(do, namespace, tuple(query.items()), most=count + 1)


def _judge_ids(
    answer: Answer, expected: Sequence[str], check: Check, *, any_order: bool = False
) -> None:
    """The SDK gets these ids, each once, and raises no error."""
    wanted = f"{counted(len(expected))}, each once"
    if answer.error:
        raise Violation([answer.responses[-1].finding(answer.error, wanted)])
    met = answer.ids

    def unlike(response: Response) -> Finding | None:
        if met == list(expected) or (any_order and sorted(met) == sorted(expected)):
            return None
        return response.finding(f"{counted(len(met))}, {len(set(met))} of them different", wanted)

    responses = answer.responses[-1:]
    check.judge(responses, unlike, what="listing", if_none="no request was sent", compares=True)


def _judge_models(pairs: Sequence[tuple[str, Answer]], if_none: str, check: Check) -> None:
    """The SDK gets the model of each id."""

    def another(pair: tuple[str, Answer]) -> Finding | None:
        own, answer = pair
        if answer.ids == [own]:
            return None
        seen = answer.error or f"the model {shown(answer.ids[0])}"
        return answer.responses[-1].finding(seen, f"the model {shown(own)}", own)

    check.judge(pairs, another, what="models", if_none=if_none, compares=True)


def _place(answer: Answer, own: str) -> tuple[Response, str]:
    """The response that has the model, and the pointer of its date."""
    pages = [page for response in answer.responses if (page := page_of(response))]
    found = ((page, page.ids.index(own)) for page in pages if own in page.ids)
    page, place = next(found)
    return page.response, f"/data/{place}/created_at"


def _judge_error(answer: Answer, name: str, instead: str, plain: Response, check: Check) -> None:
    """The SDK raises this error; `instead` is what it gives without one."""

    def other(response: Response) -> Finding | None:
        return None if answer.error == name else response.finding(answer.error or instead, name)

    check.judge([plain, *answer.responses][-1:], other, what="response", if_none="")


def _same_date(given: Any, listed: Any) -> bool:
    """Whether both are dates of the same moment; those of Python end at microseconds."""
    instants = [
        rfc3339.instant(each) if isinstance(each, str) else None for each in (given, listed)
    ]
    moments = {own and (own.second, own.leap, own.fraction[:6].rstrip("0")) for own in instants}
    return len(moments) == 1 and None not in moments
