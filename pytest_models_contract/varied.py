"""The same question asked in another way (betas, version, key): the answer is held to the plain one's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pytest_models_contract.exchange import Reply, page_of
from pytest_models_contract.revision import Revision
from pytest_models_contract.survey import Survey
from pytest_models_contract.verdict import Check, Finding, Level, Unexercised
from pytest_models_contract.words import contrast, difference

_NOT_FOUND = "no listed model could be retrieved: see retrieve/listed_models_are_found"


def two_pages(survey: Survey) -> list[dict[str, Any]]:
    """The question that every client begins with, and one that it goes on with."""
    if not survey.crawl:
        raise Unexercised(survey.nothing)
    first: dict[str, Any] = {}
    if len(survey.ids) < 2 or survey.muddled:
        return [first]
    return [first, {"limit": 1, "after_id": survey.ids[-3:][0]}]


def judge_varied(
    endpoint: str,
    varied: dict[str, Any],
    survey: Survey,
    check: Check,
    later: dict[str, Any] | None = None,
) -> None:
    """The varied question is answered as the plain one: the same model, or the same pages.

    `later` varies the question after a cursor, otherwise than the first one.
    """
    if endpoint == "list":
        _judge_list([varied, later or varied], survey, check)
    else:
        judge_retrieved(lambda found: survey.api.retrieve(found, **varied), survey, check)


def _judge_list(varied: Sequence[dict[str, Any]], survey: Survey, check: Check) -> None:
    def unlike(pair: tuple[Reply, Reply]) -> Finding | None:
        plain, reply = pair
        if survey.alike(plain, reply):
            return None
        page, other = page_of(reply), page_of(plain)
        mild = page and other and page.ids == other.ids and not problem(reply, survey.revision)
        seen, expected = contrast(reply, plain, survey.revision)
        level: Level | None = "should" if mild else None
        return reply.finding(seen, f"{expected}, as in the plain list", level=level)

    pairs = [
        (survey.api.list(**window), survey.api.list(**window, **way))
        for window, way in zip(two_pages(survey), varied, strict=False)
    ]
    check.judge(pairs, unlike, what="answers", otherwise="", compares=True)


def judge_retrieved(retrieve: Callable[[str], Reply], survey: Survey, check: Check) -> None:
    """`retrieve(id)` answers as asked plainly: the same model."""

    def unlike(model: str) -> Finding | None:
        reply = retrieve(model)
        if not reply.ok or _id(reply) != model:
            return reply.finding(
                f"status {reply.status}", "the model, as when asked plainly", model
            )
        if survey.same(model, reply.json):
            return None
        listed = survey.models[survey.position[model]]
        valid = survey.revision.validator("model_info#").is_valid(reply.json)
        seen, expected = difference(reply.json, listed, survey.revision)
        return reply.finding(seen, expected, model, level="should" if valid else None)

    found = _first_found(survey)
    check.judge(found, unlike, what="model", otherwise=_NOT_FOUND, compares=True)


def _first_found(survey: Survey) -> list[str]:
    """The first listed model, where it can be retrieved at all, as it is listed."""
    first = [(found, survey.api.retrieve(found)) for found in survey.ids[:1]]
    return [found for found, reply in first if reply.ok and survey.same(found, reply.json)]


def _id(reply: Reply) -> Any:
    return reply.json.get("id") if isinstance(reply.json, dict) else None


def problem(reply: Reply, revision: Revision) -> str:
    """Why the answer is no list that keeps the schema, or the empty string."""
    page = page_of(reply)
    if page is None or reply.status != 200:
        return f"status {reply.status}" + (" without a page" if reply.ok and not page else "")
    broken = next(iter(revision.validator("model_list#").iter_errors(reply.json)), None)
    return (
        f"/{'/'.join(map(str, broken.absolute_path))} is not as the schema has it" if broken else ""
    )
