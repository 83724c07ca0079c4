"""Refusals: their status, their body, the key, and that no answer repeats it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any

import pytest

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import ABSENT, Finding, Reply, Variant, shown
from pytest_models_contract.client.redact import Redactor
from pytest_models_contract.client.verdict import Check, Unexercised
from pytest_models_contract.client.wire import WRONG_KEY
from pytest_models_contract.evidence.gathering import Survey
from pytest_models_contract.evidence.pagination import answered
from pytest_models_contract.evidence.plan import NO_MODEL, ODD_NAME, UNKNOWN
from pytest_models_contract.evidence.response_formats import foreign_error
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.suite.test_limit import MALFORMED, REFUSED, ROBUST, server_error

cites = pytest.mark.models_cites
LIMITS = tuple(REFUSED.values())
ODD: dict[str, Callable[[ModelsAPI, str, str], Reply]] = {
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
    reply = models_api.retrieve(NO_MODEL)
    _judge_refusals([reply], 404, "not_found_error", models_check)


@cites("error#/$defs/invalid_request", level="should")
def test_limit_out_of_range_is_an_invalid_request(
    models_api: ModelsAPI, models_check: Check
) -> None:
    """A `limit` out of range is refused with 400 and `invalid_request_error`."""
    replies = [models_api.list(limit=value) for value in LIMITS]
    _judge_refusals(replies, 400, "invalid_request_error", models_check)


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
    models_key: str, models_survey: Survey, models_api: ModelsAPI, models_check: Check
) -> None:
    """A model asked for without a key, or with a wrong one, is refused with 401 as the list is."""
    known = next((found for found in models_survey.ids), NO_MODEL)
    if not models_api.retrieve(known).ok:
        raise Unexercised("no model can be retrieved with the key either")
    _judge_key(
        [models_api.retrieve(known, variant=way) for way in _ways(models_key, models_api)],
        models_check,
    )


@cites("error#", level="should")
def test_body_is_an_error_object(
    models_survey: Survey, models_api: ModelsAPI, models_check: Check
) -> None:
    """A refusal's body is JSON with `type` "error" and an `error` of `type` and `message`."""

    def unlike(reply: Reply) -> Finding | None:
        expected = '{"type": "error", "error": {"type", "message"}, "request_id"}'
        if reply.json_problem or reply.media_type != "application/json":
            return reply.finding(
                reply.json_problem or reply.media_type or "no content-type", expected
            )
        error = reply.json.get("error") if isinstance(reply.json, dict) else None
        told = isinstance(error, dict) and all(
            isinstance(error.get(k), str) for k in ("type", "message")
        )
        if told and reply.json.get("type") == "error":
            return None
        return reply.finding(foreign_error(reply.json) or shown(reply.json), expected)

    _judge_bodies(unlike, models_survey, models_api, models_check)


@cites("error#/properties/request_id", level="should")
def test_body_names_the_request(
    models_survey: Survey, models_api: ModelsAPI, models_check: Check
) -> None:
    """A refusal's body has `request_id`: null, or what the header `request-id` says."""

    def nameless(reply: Reply) -> Finding | None:
        if not isinstance(reply.json, dict) or "error" not in reply.json:
            return None
        told, header = reply.json.get("request_id", ABSENT), reply.header("request-id")
        if told is None or (isinstance(told, str) and header in {told, None}):
            return None
        expected = (
            f"the header's request-id, {header}" if isinstance(told, str) else "a string or null"
        )
        return reply.finding(shown(told), expected, "/request_id")

    _judge_bodies(nameless, models_survey, models_api, models_check)


@cites("error#/$defs/status_types", level="should")
def test_type_belongs_to_the_status(
    models_survey: Survey, models_api: ModelsAPI, models_revision: Revision, models_check: Check
) -> None:
    """A refusal's error type is the one that belongs to its status."""

    def stranger(reply: Reply) -> Finding | None:
        expected = models_revision.error_types.get(reply.status)
        seen = _error_type(reply)
        if seen is None or expected is None or seen == expected:
            return None
        return reply.finding(f"{shown(seen)} with {reply.status}", expected, "/error/type")

    _judge_bodies(stranger, models_survey, models_api, models_check)


@cites(ROBUST)
@pytest.mark.parametrize("models_oddity", list(ODD))
def test_odd_question_is_no_server_error(
    models_oddity: str, models_survey: Survey, models_check: Check
) -> None:
    """What the reference is silent about may be refused or served, never answered with a 5xx."""
    reply = _odd(models_oddity, models_survey)
    models_check.judge([reply], server_error, what="answer", otherwise="")


@cites("error#/$defs/no_key_echo")
def test_no_answer_repeats_the_key(
    models_survey: Survey, models_api: ModelsAPI, models_check: Check
) -> None:
    """No answer, good or bad, repeats the key that was sent."""
    refusals(models_survey, models_api)
    for found in models_survey.ids[:1]:
        models_api.retrieve(found)
    keys = {key: Redactor([key]) for key in (models_api.key, WRONG_KEY) if key}
    told = list(models_api.exchanges)

    @cache
    def common(key: str) -> bool:
        """Whether the key is a word like others, which answers hold whoever asks: no proof."""
        unasked = (reply for reply in told if reply.key != key)
        return key in _words(models_survey) or any(_shows(keys[key], reply) for reply in unasked)

    def repeated(reply: Reply) -> Finding | None:
        if not _shows(keys[reply.key], reply) or common(reply.key):
            return None
        return reply.finding("the key that was sent", "an answer without it")

    models_check.judge(
        [reply for reply in told if reply.key in keys],
        repeated,
        what="answers",
        otherwise=models_survey.no_key,
    )


def _judge_refusals(replies: list[Reply], status: int, kind: str, check: Check) -> None:
    def otherwise_refused(reply: Reply) -> Finding | None:
        if reply.status == status and _error_type(reply) in {kind, None}:
            return None
        return reply.finding(
            f"{reply.status} {_error_type(reply) or ''}".strip(), f"{status} {kind}"
        )

    check.judge(
        [reply for reply in replies if 400 <= reply.status < 500],
        otherwise_refused,
        what="refusals",
        otherwise="nothing was refused",
    )


def _ways(name: str, api: ModelsAPI) -> list[Variant]:
    """A wrong key is tried both ways, where there is a right one to tell it from."""
    other = [Variant(auth="wrong-other-way")] if name == "wrong_key" and api.key else []
    return [KEYS[name], *other]


def _judge_key(replies: list[Reply], check: Check) -> None:
    def let_in(reply: Reply) -> Finding | None:
        if reply.status == 401 and _error_type(reply) in {"authentication_error", None}:
            return None
        refused = f"{reply.told} {_error_type(reply) or ''}".removeprefix("status ").strip()
        seen = "taken" if reply.ok else refused
        return reply.finding(seen, "401 authentication_error")

    check.judge(replies, let_in, what="answers", otherwise="")


def _judge_bodies(finding: Any, survey: Survey, api: ModelsAPI, check: Check) -> None:
    told = refusals(survey, api, _framework_questions(survey, api))
    refused = [reply for reply in told if 400 <= reply.status < 500]
    check.judge(refused, finding, what="refusals", otherwise="nothing was refused")


def refusals(
    survey: Survey, api: ModelsAPI, more: Sequence[Callable[[], Reply]] = ()
) -> list[Reply]:
    """The questions of the suite that deserve a refusal, or may get one, as far as they are answered."""
    known = next((found for found in survey.ids), NO_MODEL)
    asks: list[Callable[[], Reply]] = [
        lambda: api.retrieve(NO_MODEL),
        *(partial(api.list, limit=value) for value in LIMITS),
        *(partial(api.list, variant=variant) for variant in KEYS.values()),
        *(partial(api.retrieve, known, variant=variant) for variant in KEYS.values()),
        *(partial(api.list, **window) for window in UNKNOWN.values()),
        *more,
    ]
    return answered(api.ahead(asks))


def _framework_questions(survey: Survey, api: ModelsAPI) -> list[Callable[[], Reply]]:
    """What a framework may refuse in words of its own, before the server hears of it."""
    return [
        lambda: api.retrieve(ODD_NAME),
        *(partial(api.list, limit=value) for value in MALFORMED.values()),
        *(partial(_odd, name, survey) for name in ODD),
    ]


def _odd(name: str, survey: Survey) -> Reply:
    ids = survey.ids or [NO_MODEL]
    return ODD[name](survey.api, ids[0], ids[-1])


def _error_type(reply: Reply) -> str | None:
    error = reply.json.get("error") if isinstance(reply.json, dict) else None
    kind = error.get("type") if isinstance(error, dict) else None
    return kind if isinstance(kind, str) else None


def _words(survey: Survey) -> str:
    """What answers are made of: the words of the revision, and how models are called."""
    models = (model for model in survey.models if isinstance(model, dict))
    called = [(model.get("id"), model.get("display_name")) for model in models]
    return json.dumps([dict(survey.revision.schemas), called], ensure_ascii=False)


def _shows(finder: Redactor, reply: Reply) -> bool:
    headers = "\n".join(f"{name}: {value}" for name, value in reply.headers)
    return finder.finds(headers) or finder.finds(reply.body.decode("utf-8", "replace"))
