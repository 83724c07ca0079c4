"""Refusals: their status, their body, the key, and that no response repeats it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from typing import Any

import pytest

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.credentials import always_sent
from pytest_models_contract.client.exchange import ABSENT, Finding, Request, Response, shown
from pytest_models_contract.client.requests import LIST
from pytest_models_contract.client.verdict import Check, Unexercised
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.evidence.key_leaks import LONG, KeyLeaks
from pytest_models_contract.evidence.odd_responses import broken_model, broken_page
from pytest_models_contract.evidence.pagination import answered
from pytest_models_contract.evidence.plan import NO_MODEL
from pytest_models_contract.evidence.response_formats import error_format
from pytest_models_contract.evidence.unusual import (
    KEYS,
    UNDEFINED,
    key_variants,
    lists_without_the_key,
    out_of_range,
    refusals,
    refused_by_frameworks,
    undefined,
    unknown_workspace,
)
from pytest_models_contract.evidence.wording import under
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.suite.test_limit import ROBUST, judge_odd, server_error

cites = pytest.mark.models_cites
SAME_LIST = {"unknown_parameter", "empty_cursor", "odd_cursor", "crossed_cursors"}
"""The unusual requests that get models of the list, if they get a page at all."""


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
    responses = [models_api.ask(request) for request in out_of_range()]
    _judge_refusals(responses, 400, "invalid_request_error", models_check)


@cites("error#/$defs/authentication", level="should")
@pytest.mark.parametrize("models_key", list(KEYS))
def test_list_wants_the_key(
    models_key: str, models_evidence: Evidence, models_api: ModelsAPI, models_check: Check
) -> None:
    """A list request without a key, or with a wrong one, gets 401 `authentication_error`."""
    if not models_api.list().ok:
        raise Unexercised("the list cannot be read with the key either")
    requests = lists_without_the_key(models_key, models_evidence)
    _judge_key([models_api.ask(request) for request in requests], models_api, models_check)


@cites("error#/$defs/authentication", level="should")
@pytest.mark.parametrize("models_key", list(KEYS))
def test_retrieve_wants_the_key(
    models_key: str, models_evidence: Evidence, models_api: ModelsAPI, models_check: Check
) -> None:
    """A request for a model without a key, or with a wrong one, gets 401 `authentication_error`."""
    known = next(iter(models_evidence.named), NO_MODEL)
    if not models_api.retrieve(known).ok:
        raise Unexercised("no model can be retrieved with the key either")
    variants = key_variants(models_key, models_evidence)
    responses = [models_api.retrieve(known, variant=variant) for variant in variants]
    _judge_key(responses, models_api, models_check)


@cites("error#", level="should")
def test_body_is_an_error_object(models_evidence: Evidence, models_check: Check) -> None:
    """The body of a refusal is JSON with `type` "error" and an `error` of `type` and `message`."""

    def unlike(response: Response) -> Finding | None:
        expected = '{"type": "error", "error": {"type", "message"}, "request_id"}'
        if response.json_problem:
            return response.finding(response.json_problem, expected)
        if response.media_type != "application/json":
            media_type = response.media_type
            seen = f"content-type {media_type}" if media_type else "no content-type"
            return response.finding(seen, f"{expected} as application/json")
        error = response.json.get("error") if isinstance(response.json, dict) else None
        complete = isinstance(error, dict) and all(
            isinstance(error.get(k), str) for k in ("type", "message")
        )
        if complete and response.json.get("type") == "error":
            return None
        return response.finding(error_format(response.json) or shown(response.json), expected)

    _judge_bodies(unlike, models_evidence, models_check)


@cites("error#/properties/request_id", level="should")
def test_body_names_the_request(models_evidence: Evidence, models_check: Check) -> None:
    """The body of a refusal has `request_id`: null, or the value of the header `request-id`."""

    def wrong_request_id(response: Response) -> Finding | None:
        if not isinstance(response.json, dict) or "error" not in response.json:
            return None
        found, header = response.json.get("request_id", ABSENT), response.header("request-id")
        if found is None or (isinstance(found, str) and header in {found, None}):
            return None
        expected = (
            f"the header's request-id, {header}" if isinstance(found, str) else "a string or null"
        )
        return response.finding(under("request_id", found), expected, "/request_id")

    _judge_bodies(wrong_request_id, models_evidence, models_check)


@cites("error#/$defs/status_types", level="should")
def test_type_belongs_to_the_status(
    models_evidence: Evidence, models_revision: Revision, models_check: Check
) -> None:
    """The error type of a refusal is the one that belongs to its status."""

    def wrong_type(response: Response) -> Finding | None:
        expected = models_revision.error_types.get(response.status)
        seen = _error_type(response)
        if seen is None or expected is None or seen == expected:
            return None
        return response.finding(f"{shown(seen)} with {response.status}", expected, "/error/type")

    _judge_bodies(wrong_type, models_evidence, models_check)


@cites(ROBUST)
@pytest.mark.parametrize("models_oddity", list(UNDEFINED))
def test_odd_question_is_no_server_error(
    models_oddity: str, models_evidence: Evidence, models_check: Check
) -> None:
    """A request that the reference does not define may be refused or served, but never gets a 5xx."""
    response = models_evidence.api.ask(undefined(models_oddity, models_evidence))
    if models_oddity in SAME_LIST:
        judge_odd(response, models_evidence, models_check)
    elif models_oddity == "no_version":  # some servers choose the API by this header
        models_check.judge([response], server_error, what="response", if_none="")
    else:
        _judge_alone(response, models_evidence, models_check)


@cites("list_params#/$defs/workspace_header")
@pytest.mark.parametrize("models_endpoint", ["list", "retrieve"])
def test_unknown_workspace_is_no_server_error(
    models_endpoint: str, models_evidence: Evidence, models_check: Check
) -> None:
    """A request for a workspace that the key does not have may be refused or served, but never gets a 5xx."""
    response = models_evidence.api.ask(unknown_workspace(models_endpoint, models_evidence))
    if models_endpoint == "list":
        _judge_alone(response, models_evidence, models_check)
    else:  # what a model of another workspace is, nobody says
        models_check.judge([response], server_error, what="response", if_none="")


@cites("error#/$defs/no_key_echo")
def test_no_answer_repeats_the_key(
    models_evidence: Evidence, models_api: ModelsAPI, models_check: Check
) -> None:
    """No response repeats the key that was sent, or shows the right key to a request with another one."""
    leaks, responses = _key_leaks(models_evidence, models_api)
    models_check.judge(responses, leaks.whole, what="responses", if_none=models_evidence.no_key)


@cites("error#/$defs/no_part_of_the_key", level="should")
def test_no_answer_shows_a_part_of_the_key(
    models_evidence: Evidence, models_api: ModelsAPI, models_check: Check
) -> None:
    """No response shows a hash or the base64 of a long key, or 8 characters in a row after its first 13."""
    leaks, responses = _key_leaks(models_evidence, models_api)
    models_check.judge(
        [response for response in responses if len(response.key) >= LONG],
        leaks.part,
        what="responses",
        if_none=models_evidence.no_key,
    )


def _key_leaks(evidence: Evidence, api: ModelsAPI) -> tuple[KeyLeaks, list[Response]]:
    """What the responses so far show of keys, and the responses to judge."""
    ask_to_be_refused(evidence)
    for found in evidence.named[:1]:
        api.retrieve(found)
    responses = list(api.exchanges)
    wrong = {each.key for each in responses if each.request.variant.wrong}
    keys = [key for key in (api.key, *wrong, api.wire.second_key) if key]
    asked = [each for each in responses if each.key in keys or (not each.key and api.key)]
    return KeyLeaks(responses, api.key, keys, _words(evidence)), asked


def _judge_alone(response: Response, evidence: Evidence, check: Check) -> None:
    """Judge a response that may differ from the plain one: a refusal, or a page or a model that is right."""

    def wrong(response: Response) -> Finding | None:
        if response.request.path == LIST:
            return server_error(response) or broken_page(response, evidence)
        return server_error(response) or broken_model(response, evidence)

    check.judge([response], wrong, what="response", if_none="")


def _judge_refusals(responses: list[Response], status: int, kind: str, check: Check) -> None:
    def another_refusal(response: Response) -> Finding | None:
        if response.status == status and _error_type(response) in {kind, None}:
            return None
        return response.finding(
            f"{response.status} {_error_type(response) or ''}".strip(), f"{status} {kind}"
        )

    check.judge(
        [response for response in responses if 400 <= response.status < 500],
        another_refusal,
        what="refusals",
        if_none="no request was refused",
    )


def _judge_key(responses: list[Response], api: ModelsAPI, check: Check) -> None:
    others = ", ".join(always_sent(api.wire.headers))
    if others and any(response.ok for response in responses):
        raise Unexercised(f"the extra header {others} was sent as well, and may be the key")

    def not_unauthorized(response: Response) -> Finding | None:
        if response.status == 401 and _error_type(response) in {"authentication_error", None}:
            return None
        refused = f"{response.status_text} {_error_type(response) or ''}".removeprefix(
            "status "
        ).strip()
        seen = "accepted" if response.ok else refused
        return response.finding(seen, "401 authentication_error")

    check.judge(responses, not_unauthorized, what="responses", if_none="")


def _judge_bodies(finding: Any, evidence: Evidence, check: Check) -> None:
    responses = ask_to_be_refused(evidence, refused_by_frameworks(evidence))
    refused = [response for response in responses if 400 <= response.status < 500]
    check.judge(refused, finding, what="refusals", if_none="no request was refused")


def ask_to_be_refused(evidence: Evidence, more: Sequence[Request] = ()) -> list[Response]:
    """The responses to the requests that must or may be refused, and to `more`."""
    asked = [*refusals(evidence), *more]
    evidence.api.send_ahead(asked)
    return answered(partial(evidence.api.ask, request) for request in asked)


def _error_type(response: Response) -> str | None:
    error = response.json.get("error") if isinstance(response.json, dict) else None
    kind = error.get("type") if isinstance(error, dict) else None
    return kind if isinstance(kind, str) else None


def _words(evidence: Evidence) -> str:
    """The words that responses consist of: those of the revision, and the ids and names of models."""
    models = (model for model in evidence.models if isinstance(model, dict))
    names = [(model.get("id"), model.get("display_name")) for model in models]
    known = [dict(evidence.revision.schemas), names, evidence.named]
    return json.dumps(known, ensure_ascii=False)
