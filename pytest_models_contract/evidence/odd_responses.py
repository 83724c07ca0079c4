"""What a success must be that comes to an unusual request: a page or a model like those of plain requests.

What plain responses break as well is not judged here: it is reported already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from pytest_models_contract.client.exchange import (
    Finding,
    Page,
    Response,
    counted,
    model_id,
    page_of,
    shown,
)
from pytest_models_contract.client.pool import equal
from pytest_models_contract.client.variant import PLAIN
from pytest_models_contract.evidence import page_rules
from pytest_models_contract.evidence.wording import difference
from pytest_models_contract.spec.json_schema import first_break

if TYPE_CHECKING:
    from pytest_models_contract.evidence.gathering import Evidence

Rule = Callable[[Response], Finding | None]


def _of_page(rule: Callable[..., Finding | None], *more: Any) -> Rule:
    def of_response(response: Response) -> Finding | None:
        page = page_of(response)
        return rule(page, *more) if page else None

    return of_response


FORM: tuple[Rule, ...] = (page_rules.status_not_200, page_rules.media_type_not_json)
PAGE: tuple[Rule, ...] = (
    *FORM,
    page_rules.not_strict_json,
    page_rules.other_format,
    page_rules.data_not_objects,
    _of_page(page_rules.not_the_end, "first_id", 0),
    _of_page(page_rules.not_the_end, "last_id", -1),
    _of_page(page_rules.has_more_no_boolean),
    _of_page(page_rules.repeated_id),
)


def broken_page(
    response: Response, evidence: Evidence, others: Iterable[Response] = ()
) -> Finding | None:
    """What is wrong with a page by itself: its form, its envelope, its models, how many they are.

    A rule that one of the `others` breaks, or a plain page, does not count.
    """
    if not (response.ok and evidence.crawl):
        return None
    schema: tuple[Rule, ...] = (partial(_illegal, pointer="model_list#", evidence=evidence),)
    if evidence.revision.validator("model_list#").is_valid(_what_is_new(response, evidence)):
        schema = ()
    rules = (*PAGE, *schema, _of_page(_too_long, evidence))
    plain = [own for own in (*others, *evidence.responses) if own.ok]
    return _settled(_first_broken(rules, response, plain))


def broken_model(response: Response, evidence: Evidence) -> Finding | None:
    """What is wrong with a model by itself, where the plain request gets it as it should."""
    plain = evidence.api.ask(replace(response.request, variant=PLAIN)) if response.ok else None
    if plain is None or not plain.ok:
        return None
    another = partial(_another, expected=model_id(plain.json))
    schema = partial(_illegal, pointer="model_info#", evidence=evidence)
    return _first_broken((*FORM, page_rules.invalid_json, another, schema), response, [plain])


def unlike_the_list(page: Page, evidence: Evidence) -> Finding | None:
    """A page on which a model differs from the list, or the order does; not where plain pages do so."""
    found = _difference(page, evidence)
    if found and any(_difference(own, evidence) for own in evidence.pages):
        return None
    return found


def _difference(page: Page, evidence: Evidence) -> Finding | None:
    for occurrence in page.occurrences:
        found = model_id(occurrence.model)
        place = evidence.position.get(found or "")
        if found and place is not None and not evidence.same(found, occurrence.model):
            known = evidence.models[place]
            seen, expected = difference(occurrence.model, known, evidence.comparable)
            where = occurrence.where()
            return page.response.finding(seen, f"{expected}, as in the plain list", where)
    places = [evidence.position[own] for own in page.ids if own in evidence.position]
    if places == sorted(places):
        return None
    return page.response.finding("another order", "newest first")


def _first_broken(
    rules: Iterable[Rule], response: Response, others: Sequence[Response]
) -> Finding | None:
    """What the first rule says that the response breaks, unless one of the others breaks it too."""
    for rule in rules:
        if found := rule(response):
            return None if any(map(rule, others)) else found
    return None


def _settled(found: Finding | None) -> Finding | None:
    """One response alone shows it."""
    return replace(found, settled=True) if found else None


def _another(response: Response, expected: str | None) -> Finding | None:
    if model_id(response.json) == expected:
        return None
    return response.finding(shown(response.json), f"the model {shown(expected)}")


def _what_is_new(response: Response, evidence: Evidence) -> Any:
    """The body of a list without the models that the plain list has as well, but for the first one."""
    page = page_of(response)
    if page is None:
        return response.json
    new = [
        model
        for found, model in zip(page.ids, page.data, strict=True)
        if not _is_listed(found, model, evidence)
    ]
    return {**page.envelope, "data": [*page.data[:1], *new]}


def _is_listed(found: str, model: Any, evidence: Evidence) -> bool:
    place = evidence.position.get(found)
    return place is not None and equal(model, evidence.models[place])


def _illegal(response: Response, pointer: str, evidence: Evidence) -> Finding | None:
    broken = first_break(evidence.revision.validator(pointer), response.json)
    if broken is None:
        return None
    where, value = broken
    return response.finding(shown(value), "a value that the schema allows", where)


def _too_long(page: Page, evidence: Evidence) -> Finding | None:
    """More models than the limit, where a legal one was sent, or none."""
    limit, text = evidence.revision.limit, page.response.request.value("limit")
    written = text if text and text.isascii() and text.isdecimal() else None
    most = limit.default if text is None else int(written or limit.maximum)
    if len(page) <= most:
        return None
    return page.response.finding(counted(len(page)), f"at most {counted(most)}")
