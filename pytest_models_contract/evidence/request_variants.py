"""The same question asked in another way (betas, version, key): the answer is held to the plain one's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pytest_models_contract.client.exchange import Finding, Reply, page_of
from pytest_models_contract.client.verdict import Check, Unexercised
from pytest_models_contract.evidence import ways
from pytest_models_contract.evidence.gathering import Survey
from pytest_models_contract.evidence.wording import contrast, difference
from pytest_models_contract.spec.revision import Level, Revision

_NOT_FOUND = "no listed model could be retrieved: see retrieve/listed_models_are_found"


def judge_varied(endpoint: str, way: str, survey: Survey, check: Check) -> None:
    """The question asked that way is answered as the plain one: the same model, or the same pages."""
    if endpoint == "list":
        _judge_list(way, survey, check)
    else:
        judge_retrieved(way, survey, check)


def pairs(name: str, survey: Survey) -> Iterator[tuple[Reply, Reply]]:
    """The plain and the other answer to what every client begins with, and to what it goes on with."""
    if not survey.crawl:
        raise Unexercised(survey.nothing)
    way = survey.other_ways[name]
    yield survey.api.list(), survey.api.list(**way.arguments)
    if way.window:
        reply = survey.api.list(**way.window, **ways.beside_a_cursor(name, survey))
        yield ways.plain_page(reply, way.window, survey), reply


def _judge_list(way: str, survey: Survey, check: Check) -> None:
    def unlike(pair: tuple[Reply, Reply]) -> Finding | None:
        plain, reply = pair
        if survey.alike(plain, reply):
            return None
        page, other = page_of(reply), page_of(plain)
        mild = page and other and page.ids == other.ids and not problem(reply, survey.revision)
        seen, expected = contrast(reply, plain, survey.revision)
        level: Level | None = "should" if mild else None
        return reply.finding(seen, f"{expected}, as in the plain list", level=level)

    check.judge(list(pairs(way, survey)), unlike, what="answers", otherwise="", compares=True)


def judge_retrieved(name: str, survey: Survey, check: Check) -> None:
    """A model asked for that way is answered as when asked for plainly."""
    way = survey.other_ways[name]

    def unlike(model: str) -> Finding | None:
        reply = survey.api.retrieve(model, **way.arguments)
        if not reply.ok or _id(reply) != model:
            return reply.finding(reply.told, "the model, as when asked plainly", model)
        if survey.same(model, reply.json):
            return None
        listed = survey.models[survey.position[model]]
        valid = survey.revision.validator("model_info#").is_valid(reply.json)
        seen, expected = difference(reply.json, listed, survey.revision)
        return reply.finding(seen, expected, model, level="should" if valid else None)

    found = [way.model] if way.model and _is_found(way.model, survey) else []
    check.judge(found, unlike, what="model", otherwise=_NOT_FOUND, compares=True)


def _is_found(model: str, survey: Survey) -> bool:
    """Whether the model can be retrieved at all, as it is listed."""
    reply = ways.model(survey, model)
    return reply.ok and survey.same(model, reply.json)


def _id(reply: Reply) -> Any:
    return reply.json.get("id") if isinstance(reply.json, dict) else None


def problem(reply: Reply, revision: Revision) -> str:
    """Why the answer is no list that keeps the schema, or the empty string."""
    page = page_of(reply)
    if page is None or reply.status != 200:
        return reply.told + (" without a page" if reply.ok and not page else "")
    broken = next(iter(revision.validator("model_list#").iter_errors(reply.json)), None)
    return (
        f"/{'/'.join(map(str, broken.absolute_path))} is not as the schema has it" if broken else ""
    )
