"""Refusals: their status, their body, the key, and that no answer repeats it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any

import pytest

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import ABSENT, Finding, Response, Variant, shown
from pytest_models_contract.client.redact import Redactor
from pytest_models_contract.client.verdict import Check, Unexercised
from pytest_models_contract.client.wire import WRONG_KEY
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.evidence.pagination import answered
from pytest_models_contract.evidence.plan import NO_MODEL, ODD_NAME, UNKNOWN
from pytest_models_contract.evidence.response_formats import error_format
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.suite.test_limit import MALFORMED, REFUSED, ROBUST, server_error

cites = pytest.mark.models_cites
LIMITS = tuple(REFUSED.values())
ODD: dict[str, Callable[[ModelsAPI, str, str], Response]] = {
    "unknown_parameter": lambda api, _, __: api.list(extra=[("models_contract", "1")]),
    "no_version": lambda api, _, __: api.list(variant=Variant(version="")),
    "unknown_beta": lambda api, _, __: api.list(
        variant=Variant(betas=("no-such-beta-2000-01-01",))
    ),
    "empty_cursor": lambda api, _, __: api.list(after_id=""),
    "odd_cursor": lambda api, _, __: api.list(after_id=ODD_NAME),
    "crossed_cursors": lambda api, first, last: api.list(after_id=last, before_id=first),
}
KEYS = {"no_key": Variant(auth="none"), "wrong_key": Variant(auth="wrong")}


@cites("error#/$defs/not_found", level="should")
def test_unknown_model_is_not_found(models_api: ModelsAPI, models_check: Check) -> None:
    """An unknown model is refused with 404 and `not_found_error`."""
    response = models_api.retrieve(NO_MODEL)
    _judge_refusals([response], 404, "not_found_error", models_check)


@cites("error#/$defs/invalid_request", level="should")
def test_limit_out_of_range_is_an_invalid_request(
    models_api: ModelsAPI, models_check: Check
) -> None:
    """A `limit` out of range is refused with 400 and `invalid_request_error`."""
    responses = [models_api.list(limit=value) for value in LIMITS]
    _judge_refusals(responses, 400, "invalid_request_error", models_check)


@cites("error#/$defs/authentication", level="should")
@pytest.mark.parametrize("models_key", list(KEYS))
def test_list_wants_the_key(models_key: str, models_api: ModelsAPI, models_check: Check) -> None:
    """A list asked without a key, or with a wrong one, is refused with 401 `authentication_error`."""
    if not models_api.list().ok:
        raise Unexercised("the list is not given with the key either")
    _judge_key(
        [models_api.list(variant=way) for way in _ways(models_key, models_api)], models_check
    )


@cites("error#/$defs/authentication", level="should")
@pytest.mark.parametrize("models_key", list(KEYS))
def test_retrieve_wants_the_key(
    models_key: str, models_evidence: Evidence, models_api: ModelsAPI, models_check: Check
) -> None:
    """A model asked for without a key, or with a wrong one, is refused with 401 as the list is."""
    known = next((found for found in models_evidence.ids), NO_MODEL)
    if not models_api.retrieve(known).ok:
        raise Unexercised("no model can be retrieved with the key either")
    _judge_key(
        [models_api.retrieve(known, variant=way) for way in _ways(models_key, models_api)],
        models_check,
    )


@cites("error#", level="should")
def test_body_is_an_error_object(
    models_evidence: Evidence, models_api: ModelsAPI, models_check: Check
) -> None:
    """A refusal's body is JSON with `type` "error" and an `error` of `type` and `message`."""

    def unlike(response: Response) -> Finding | None:
        expected = '{"type": "error", "error": {"type", "message"}, "request_id"}'
        if response.json_problem or response.media_type != "application/json":
            return response.finding(
                response.json_problem or response.media_type or "no content-type", expected
            )
        error = response.json.get("error") if isinstance(response.json, dict) else None
        told = isinstance(error, dict) and all(
            isinstance(error.get(k), str) for k in ("type", "message")
        )
        if told and response.json.get("type") == "error":
            return None
        return response.finding(error_format(response.json) or shown(response.json), expected)

    _judge_bodies(unlike, models_evidence, models_api, models_check)


@cites("error#/properties/request_id", level="should")
def test_body_names_the_request(
    models_evidence: Evidence, models_api: ModelsAPI, models_check: Check
) -> None:
    """A refusal's body has `request_id`: null, or what the header `request-id` says."""

    def nameless(response: Response) -> Finding | None:
        if not isinstance(response.json, dict) or "error" not in response.json:
            return None
        told, header = response.json.get("request_id", ABSENT), response.header("request-id")
        if told is None or (isinstance(told, str) and header in {told, None}):
            return None
        expected = (
            f"the header's request-id, {header}" if isinstance(told, str) else "a string or null"
        )
        return response.finding(shown(told), expected, "/request_id")

    _judge_bodies(nameless, models_evidence, models_api, models_check)


@cites("error#/$defs/status_types", level="should")
def test_type_belongs_to_the_status(
    models_evidence: Evidence, models_api: ModelsAPI, models_revision: Revision, models_check: Check
) -> None:
    """A refusal's error type is the one that belongs to its status."""

    def stranger(response: Response) -> Finding | None:
        expected = models_revision.error_types.get(response.status)
        seen = _error_type(response)
        if seen is None or expected is None or seen == expected:
            return None
        return response.finding(f"{shown(seen)} with {response.status}", expected, "/error/type")

    _judge_bodies(stranger, models_evidence, models_api, models_check)


@cites(ROBUST)
@pytest.mark.parametrize("models_oddity", list(ODD))
def test_odd_question_is_no_server_error(
    models_oddity: str, models_evidence: Evidence, models_check: Check
) -> None:
    """What the reference is silent about may be refused or served, never answered with a 5xx."""
    response = _odd(models_oddity, models_evidence)
    models_check.judge([response], server_error, what="response", if_none="")


@cites("error#/$defs/no_key_echo")
def test_no_answer_repeats_the_key(
    models_evidence: Evidence, models_api: ModelsAPI, models_check: Check
) -> None:
    """No answer, good or bad, repeats the key that was sent."""
    refusals(models_evidence, models_api)
    for found in models_evidence.ids[:1]:
        models_api.retrieve(found)
    keys = {key: Redactor([key]) for key in (models_api.key, WRONG_KEY) if key}
    told = list(models_api.exchanges)

    @cache
    def common(key: str) -> bool:
        """Whether the key is a word like others, which answers hold whoever asks: no proof."""
        unasked = (response for response in told if response.key != key)
        return key in _words(models_evidence) or any(
            _shows(keys[key], response) for response in unasked
        )

    def repeated(response: Response) -> Finding | None:
        if not _shows(keys[response.key], response) or common(response.key):
            return None
        return response.finding("the key that was sent", "an answer without it")

    models_check.judge(
        [response for response in told if response.key in keys],
        repeated,
        what="responses",
        if_none=models_evidence.no_key,
    )


def _judge_refusals(responses: list[Response], status: int, kind: str, check: Check) -> None:
    def otherwise_refused(response: Response) -> Finding | None:
        if response.status == status and _error_type(response) in {kind, None}:
            return None
        return response.finding(
            f"{response.status} {_error_type(response) or ''}".strip(), f"{status} {kind}"
        )

    check.judge(
        [response for response in responses if 400 <= response.status < 500],
        otherwise_refused,
        what="refusals",
        if_none="nothing was refused",
    )


def _ways(name: str, api: ModelsAPI) -> list[Variant]:
    """A wrong key is tried both ways, where there is a right one to tell it from."""
    other = [Variant(auth="wrong-other-way")] if name == "wrong_key" and api.key else []
    return [KEYS[name], *other]


def _judge_key(responses: list[Response], check: Check) -> None:
    def let_in(response: Response) -> Finding | None:
        if response.status == 401 and _error_type(response) in {"authentication_error", None}:
            return None
        refused = f"{response.status_text} {_error_type(response) or ''}".removeprefix(
            "status "
        ).strip()
        seen = "taken" if response.ok else refused
        return response.finding(seen, "401 authentication_error")

    check.judge(responses, let_in, what="responses", if_none="")


def _judge_bodies(finding: Any, evidence: Evidence, api: ModelsAPI, check: Check) -> None:
    told = refusals(evidence, api, _framework_requests(evidence, api))
    refused = [response for response in told if 400 <= response.status < 500]
    check.judge(refused, finding, what="refusals", if_none="nothing was refused")


def refusals(
    evidence: Evidence, api: ModelsAPI, more: Sequence[Callable[[], Response]] = ()
) -> list[Response]:
    """The questions of the suite that deserve a refusal, or may get one, as far as they are answered."""
    known = next((found for found in evidence.ids), NO_MODEL)
    asks: list[Callable[[], Response]] = [
        lambda: api.retrieve(NO_MODEL),
        *(partial(api.list, limit=value) for value in LIMITS),
        *(partial(api.list, variant=variant) for variant in KEYS.values()),
        *(partial(api.retrieve, known, variant=variant) for variant in KEYS.values()),
        *(partial(api.list, **window) for window in UNKNOWN.values()),
        *more,
    ]
    return answered(api.ahead(asks))


def _framework_requests(evidence: Evidence, api: ModelsAPI) -> list[Callable[[], Response]]:
    """What a framework may refuse in words of its own, before the server hears of it."""
    return [
        lambda: api.retrieve(ODD_NAME),
        *(partial(api.list, limit=value) for value in MALFORMED.values()),
        *(partial(_odd, name, evidence) for name in ODD),
    ]


def _odd(name: str, evidence: Evidence) -> Response:
    ids = evidence.ids or [NO_MODEL]
    return ODD[name](evidence.api, ids[0], ids[-1])


def _error_type(response: Response) -> str | None:
    error = response.json.get("error") if isinstance(response.json, dict) else None
    kind = error.get("type") if isinstance(error, dict) else None
    return kind if isinstance(kind, str) else None


def _words(evidence: Evidence) -> str:
    """What answers are made of: the words of the revision, and how models are called."""
    models = (model for model in evidence.models if isinstance(model, dict))
    called = [(model.get("id"), model.get("display_name")) for model in models]
    return json.dumps([dict(evidence.revision.schemas), called], ensure_ascii=False)


def _shows(finder: Redactor, response: Response) -> bool:
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers)
    return finder.finds(headers) or finder.finds(response.body.decode("utf-8", "replace"))
