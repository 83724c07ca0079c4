"""One model at a time: every listed model can be retrieved, and is the same there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import pytest

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import (
    Finding,
    Response,
    counted,
    model_id,
    page_of,
    shown,
)
from pytest_models_contract.client.requests import LIST, model_request
from pytest_models_contract.client.verdict import Check, Unexercised
from pytest_models_contract.evidence.diagnoses.known_formats import model_format
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.evidence.not_retrieved import why_no_id, why_not_found
from pytest_models_contract.evidence.page_rules import media_type_not_json
from pytest_models_contract.evidence.pagination import answered
from pytest_models_contract.evidence.plan import PLAIN_ID
from pytest_models_contract.evidence.stages import filtered
from pytest_models_contract.evidence.unusual import UNKNOWN_IDS, unknown_ids
from pytest_models_contract.evidence.wording import difference, differing

cites = pytest.mark.models_cites
RETRIEVE = "model_info#/$defs/retrieve"


@cites(RETRIEVE)
def test_listed_models_are_found(models_evidence: Evidence, models_check: Check) -> None:
    """Every listed model can be retrieved by its id."""
    plain = [found for found in models_evidence.sample if PLAIN_ID.fullmatch(found)]
    if_none = "every listed id needs encoding: see retrieve/ids_that_need_encoding_are_found"
    _judge_found(plain, if_none, models_evidence, models_check)


@cites(RETRIEVE)
def test_ids_that_need_encoding_are_found(models_evidence: Evidence, models_check: Check) -> None:
    """A listed id with a slash, a colon, a space or the like is found when it is percent-encoded."""
    special = [found for found in models_evidence.sample if not PLAIN_ID.fullmatch(found)]
    plain = [found for found in models_evidence.sample if PLAIN_ID.fullmatch(found)]
    if special and plain and all(_not_found(pair) for pair in _retrieved(plain, models_evidence)):
        raise Unexercised("no listed id is found at all: see retrieve/listed_models_are_found")
    if_none = "no listed id needs encoding"
    _judge_found(special, if_none, models_evidence, models_check)


@cites(RETRIEVE)
def test_model_equals_its_list_entry(models_evidence: Evidence, models_check: Check) -> None:
    """A retrieved model equals its entry in the list."""

    def differs(response: Response) -> Finding | None:
        listed = models_evidence.models[models_evidence.position[response.json["id"]]]
        if models_evidence.same(response.json["id"], response.json):
            return None
        found = response.json["id"]
        if other := model_format(response.json):
            expected = "the model as in the list"
            return response.finding(f"the model in {other.name}", expected, found, hint=other.hint)
        seen, expected = difference(response.json, listed, models_evidence.comparable)
        return response.finding(seen, expected, found)

    models_check.judge(
        [
            response
            for found, response in _retrieved(models_evidence.sample, models_evidence)
            if response.ok
            and model_id(response.json) == found
            and found in models_evidence.position
        ],
        differs,
        what="models",
        if_none=models_evidence.why_no_models
        if models_evidence.other_format
        else why_not_found(models_evidence),
        compares=True,
    )


@cites("list_params#/properties/lifecycle")
def test_retired_model_equals_its_list_entry(
    models_evidence: Evidence, models_api: ModelsAPI, models_check: Check
) -> None:
    """A retired model, where it can be retrieved, equals its entry in the list of retired models."""
    page = page_of(filtered(["retired"], models_evidence))
    listed = page.data[-1] if page and page.data else None
    required = (own for own in models_evidence.revision.properties if own.required)
    name = model_id(listed) if all(own.met_by(listed) for own in required) else None

    def differs(response: Response) -> Finding | None:
        found = differing(response.json, listed, models_evidence.comparable)
        return response.finding(*found, name or "") if found else None

    found = [models_api.retrieve(name)] if name else []
    models_check.judge(
        [response for response in found if response.ok and model_id(response.json) == name],
        differs,
        what="models",
        if_none="no retired model that is listed as it should be could be retrieved",
        compares=True,
    )


@cites("model_list#/$defs/content_type")
def test_content_type(models_evidence: Evidence, models_check: Check) -> None:
    """A model has the content type `application/json`."""
    _judge_format(media_type_not_json, models_evidence, models_check)


@cites("model_info#")
def test_strict_json(models_evidence: Evidence, models_check: Check) -> None:
    """A model is one JSON object in UTF-8, without NaN and without duplicate keys."""

    def not_strict(response: Response) -> Finding | None:
        problem = response.json_problem or (
            "" if isinstance(response.json, dict) else "JSON that is not an object"
        )
        return response.finding(problem, "one JSON object in UTF-8") if problem else None

    _judge_format(not_strict, models_evidence, models_check)


@cites("model_info#/$defs/unknown_model")
@pytest.mark.parametrize("models_unknown", UNKNOWN_IDS)
def test_unknown_id_is_refused(
    models_unknown: str, models_evidence: Evidence, models_api: ModelsAPI, models_check: Check
) -> None:
    """An id that names no model is refused with a 4xx and never gets a model."""
    if not (models_evidence.crawl or models_evidence.other_format):
        raise Unexercised(models_evidence.why_no_models)

    def served(response: Response) -> Finding | None:
        if 400 <= response.status < 500:
            return None
        found = model_id(response.json)
        seen = response.status_text + (f" with the model {found}" if found else "")
        return response.finding(seen, "a 4xx, such as 404 not_found_error")

    models_check.judge(
        [models_api.retrieve(name) for name in unknown_ids(models_unknown, models_evidence)],
        served,
        what="response",
        if_none=why_no_id(models_evidence) or "no two listed ids have a common prefix",
    )


@cites("model_info#/$defs/alias")
@pytest.mark.models_only_with("alias")
def test_alias_resolves(
    models_alias: tuple[str, str],
    models_evidence: Evidence,
    models_api: ModelsAPI,
    models_check: Check,
) -> None:
    """An alias gets the model it stands for, under that model's own id."""
    alias, expected = models_alias

    def wrong_model(response: Response) -> Finding | None:
        found = model_id(response.json) if response.ok else None
        if found != expected:
            return response.finding(
                f"id {shown(found)}" if found else response.status_text, f"id {shown(expected)}"
            )
        own = models_api.retrieve(expected)
        known = models_evidence.comparable
        if known.project(own.json) == known.project(response.json):
            return None
        return response.finding(*difference(response.json, own.json, known), alias)

    models_check.judge(
        [models_api.retrieve(alias)], wrong_model, what="response", if_none="", compares=True
    )


@cites("model_list#/$defs/expected")
@pytest.mark.models_only_with("expect")
def test_expected_model_is_listed_and_found(
    models_expected: str, models_evidence: Evidence, models_api: ModelsAPI, models_check: Check
) -> None:
    """A model that the option names is listed, and is found by its id."""

    def lacking(response: Response) -> Finding | None:
        if response.request.path == LIST:
            listed = f"{counted(len(models_evidence.named))}, without it"
            return (
                None
                if models_expected in models_evidence.named
                else response.finding(listed, f"the model {models_expected} in the list")
            )
        if response.status == 200 and model_id(response.json) == models_expected:
            return None
        return response.finding(response.status_text, f"status 200 with {models_expected}")

    opening = models_evidence.opening
    has_list = models_evidence.crawl or models_evidence.other_format
    listed = [opening] if opening and has_list else []
    if not listed:
        raise Unexercised(models_evidence.why_no_models)
    models_check.judge(
        [*listed, models_api.retrieve(models_expected)],
        lacking,
        what="responses",
        if_none="",
        compares=True,
    )


def _judge_found(ids: Sequence[str], if_none: str, evidence: Evidence, check: Check) -> None:
    check.judge(
        _retrieved(ids, evidence),
        _not_found,
        what="models",
        if_none=why_no_id(evidence) or if_none,
        compares=True,
    )


def _not_found(pair: tuple[str, Response]) -> Finding | None:
    found, response = pair
    if response.status != 200:
        return response.finding(response.status_text, "status 200 with the model", found)
    if response.json_problem or model_id(response.json) == found:
        return None
    seen = model_id(response.json)
    return response.finding(
        f"the model {shown(seen)}" if seen else shown(response.json),
        f"the model {shown(found)}",
        found,
    )


def _judge_format(
    finding: Callable[[Response], Finding | None], evidence: Evidence, check: Check
) -> None:
    responses = [response for _, response in _retrieved(evidence.sample, evidence) if response.ok]
    typed = [
        response
        for response in responses
        if response.header("content-type") or not evidence.scrubbed
    ]
    if_none = "the recording has no content-type" if responses else why_not_found(evidence)
    check.judge(typed, finding, what="responses", if_none=if_none)


def _retrieved(ids: Sequence[str], evidence: Evidence) -> list[tuple[str, Response]]:
    evidence.api.send_ahead([model_request(found) for found in ids])
    return answered(partial(_pair, found, evidence) for found in ids)


def _pair(found: str, evidence: Evidence) -> tuple[str, Response]:
    return found, evidence.api.retrieve(found)
