"""One model at a time: what is listed can be retrieved, and is the same there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice, pairwise
from os.path import commonprefix
from string import ascii_letters, digits

import pytest

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import Finding, Reply, model_id, shown
from pytest_models_contract.client.verdict import Check, Unexercised
from pytest_models_contract.evidence.gathering import Survey
from pytest_models_contract.evidence.pagination import answered
from pytest_models_contract.evidence.plan import NO_MODEL, ODD_NAME, PLAIN_ID
from pytest_models_contract.evidence.wording import difference
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.suite.test_model_list import media_type_not_json

cites = pytest.mark.models_cites
RETRIEVE = "model_info#/$defs/retrieve"


@cites(RETRIEVE)
def test_listed_models_are_found(models_survey: Survey, models_check: Check) -> None:
    """Every listed model can be retrieved by its id."""
    plain = [found for found in models_survey.sample if PLAIN_ID.fullmatch(found)]
    otherwise = "every listed id needs encoding: see retrieve/ids_that_need_encoding_are_found"
    _judge_found(plain, otherwise, models_survey, models_check)


@cites(RETRIEVE)
def test_ids_that_need_encoding_are_found(models_survey: Survey, models_check: Check) -> None:
    """An id with a slash, a colon, a blank or the like reaches its model when percent-encoded."""
    odd = [found for found in models_survey.sample if not PLAIN_ID.fullmatch(found)]
    otherwise = "no listed id needs encoding"
    _judge_found(odd, otherwise, models_survey, models_check)


@cites(RETRIEVE)
def test_model_equals_its_list_entry(
    models_survey: Survey, models_revision: Revision, models_check: Check
) -> None:
    """A retrieved model says what its list entry says."""

    def differs(reply: Reply) -> Finding | None:
        listed = models_survey.models[models_survey.position[reply.json["id"]]]
        if models_survey.same(reply.json["id"], reply.json):
            return None
        return reply.finding(*difference(reply.json, listed, models_revision), reply.json["id"])

    models_check.judge(
        [
            reply
            for found, reply in _retrieved(models_survey.sample, models_survey)
            if reply.ok and model_id(reply.json) == found
        ],
        differs,
        what="models",
        otherwise="no listed model was found" if models_survey.ids else models_survey.nothing,
        compares=True,
    )


@cites("model_list#/$defs/content_type")
def test_content_type(models_survey: Survey, models_check: Check) -> None:
    """A model comes as `application/json`."""
    _judge_dress(media_type_not_json, models_survey, models_check)


@cites("model_info#")
def test_strict_json(models_survey: Survey, models_check: Check) -> None:
    """A model is one JSON object in UTF-8, without NaN and without a key given twice."""

    def not_strict(reply: Reply) -> Finding | None:
        problem = reply.json_problem or (
            "" if isinstance(reply.json, dict) else "JSON that is no object"
        )
        return reply.finding(problem, "one JSON object in UTF-8") if problem else None

    _judge_dress(not_strict, models_survey, models_check)


@cites("model_info#/$defs/unknown_model")
@pytest.mark.parametrize("models_unknown", ["name", "tail", "head", "odd", "word"])
def test_unknown_id_is_refused(
    models_unknown: str, models_survey: Survey, models_api: ModelsAPI, models_check: Check
) -> None:
    """An id that names no model is refused with a 4xx, never answered with a model."""
    if not (models_survey.crawl or models_survey.foreign):
        raise Unexercised(models_survey.nothing)
    unknown = {
        "name": [NO_MODEL],
        "tail": [f"{found}-{NO_MODEL}" for found in models_survey.ids[-1:]],
        "head": list(islice(_heads(models_survey), 1)),
        "odd": [ODD_NAME],
        "word": ["constructor"],  # what every object of JavaScript has
    }[models_unknown]

    def served(reply: Reply) -> Finding | None:
        if 400 <= reply.status < 500:
            return None
        found = model_id(reply.json)
        seen = reply.told + (f" with the model {found}" if found else "")
        return reply.finding(seen, "a 4xx, as 404 not_found_error")

    models_check.judge(
        [models_api.retrieve(name) for name in unknown],
        served,
        what="answer",
        otherwise="no two listed ids begin alike" if models_survey.ids else models_survey.nothing,
    )


@cites("model_info#/$defs/alias")
@pytest.mark.models_only_with("alias")
def test_alias_resolves(
    models_alias: tuple[str, str],
    models_api: ModelsAPI,
    models_revision: Revision,
    models_check: Check,
) -> None:
    """An alias is answered with the model it stands for, under that model's own id."""
    alias, expected = models_alias

    def elsewhere(reply: Reply) -> Finding | None:
        found = model_id(reply.json) if reply.ok else None
        if found != expected:
            return reply.finding(
                f"id {shown(found)}" if found else reply.told, f"id {shown(expected)}"
            )
        own = models_api.retrieve(expected)
        if models_revision.project(own.json) == models_revision.project(reply.json):
            return None
        return reply.finding(*difference(reply.json, own.json, models_revision), alias)

    models_check.judge(
        [models_api.retrieve(alias)], elsewhere, what="answer", otherwise="", compares=True
    )


def _judge_found(ids: Sequence[str], otherwise: str, survey: Survey, check: Check) -> None:
    def not_found(pair: tuple[str, Reply]) -> Finding | None:
        found, reply = pair
        if reply.status != 200:
            return reply.finding(reply.told, "status 200 with the model", found)
        if reply.json_problem or model_id(reply.json) == found:
            return None
        seen = model_id(reply.json)
        return reply.finding(
            f"the model {shown(seen)}" if seen else shown(reply.json),
            f"the model {shown(found)}",
            found,
        )

    check.judge(
        _retrieved(ids, survey),
        not_found,
        what="models",
        otherwise=otherwise if survey.ids else survey.nothing,
        compares=True,
    )


def _judge_dress(fault: object, survey: Survey, check: Check) -> None:
    replies = [
        reply
        for _, reply in _retrieved(survey.sample, survey)
        if reply.ok and (reply.header("content-type") or not survey.scrubbed)
    ]
    otherwise = "no listed model was found" if survey.ids else survey.nothing
    check.judge(replies, fault, what="answers", otherwise=otherwise)  # type: ignore[arg-type]


def _retrieved(ids: Sequence[str], survey: Survey) -> list[tuple[str, Reply]]:
    return answered(survey.api.ahead([partial(_pair, found, survey) for found in ids]))


def _pair(found: str, survey: Survey) -> tuple[str, Reply]:
    return found, survey.api.retrieve(found)


def _heads(survey: Survey) -> Iterator[str]:
    """What two ids begin with, up to a separator: an abbreviation of neither, and no alias ends so."""
    for pair in pairwise(sorted(filter(PLAIN_ID.fullmatch, survey.sample))):
        head = commonprefix(pair).rstrip(ascii_letters + digits)  # noqa: RUF071 - ids, not paths
        if head and head not in survey.position:
            yield head
