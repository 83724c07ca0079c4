"""Lists and models that come in another format than that of the Models API."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from pytest_models_contract.client.exchange import Finding, Response
from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.checks import ALIAS, LIST_ENTRY, VARIANTS
from pytest_models_contract.evidence.diagnoses.counting import clause, grouped, quoted
from pytest_models_contract.evidence.diagnoses.known_formats import (
    ENVELOPE,
    Format,
    is_openai_model,
    list_format,
    model_format,
)
from pytest_models_contract.evidence.diagnoses.observed import Observed, among, either
from pytest_models_contract.evidence.diagnoses.scope import extents
from pytest_models_contract.evidence.wording import is_absent

LISTS = ("model_list/", "model_info/", *VARIANTS, "clients/")
MODELS = ("retrieve/", *VARIANTS, "clients/")
Known = Callable[[Any], Format | None]


def list_formats(seen: Observed) -> Iterator[Cause]:
    """Lists in the format of another API, or with something around them."""
    lists = [response for response in seen.lists if response.ok]
    full = [response for response in lists if not _is_bare(response)]
    empty = among(filter(_is_bare, lists), "model_list/")
    for cause, inside in _formats("the list", "comes in", full, list_format, LISTS, seen):
        known = set(map(id, inside))
        was_read = any(id(page.response) in known for page in seen.crawl)
        entries = _equals if was_read else among([])
        yield replace(cause, follows=either(cause.follows, empty, entries))


def _is_bare(response: Response) -> bool:
    """Whether it is a body without models and without the envelope, of which no format can be known."""
    body = response.json if response.ok else None
    if not isinstance(body, dict) or (isinstance(body.get("data"), list) and body["data"]):
        return False
    return not set(ENVELOPE) & set(body) and not list_format(body)


def _equals(check: str, _: Finding) -> bool:
    """A list entry in another format differs from what retrieve gives."""
    return check.startswith(LIST_ENTRY)


def model_formats(seen: Observed) -> Iterator[Cause]:
    """Single models in the format of another API, or with something around them."""
    listed = [own for name, own in seen.retrieved if own.ok and name in seen.position]
    others = [own for name, own in seen.retrieved if own.ok and name not in seen.position]
    aliases = among([own for own in others if model_format(own.json)], ALIAS)
    for cause, _ in _formats("retrieve", "answers in", listed, model_format, MODELS, seen):
        yield replace(cause, follows=either(cause.follows, aliases))


def _formats(
    what: str,
    verb: str,
    responses: Sequence[Response],
    known: Known,
    checks: tuple[str, ...],
    seen: Observed,
) -> Iterator[tuple[Cause, Sequence[Response]]]:
    """The causes, each with the responses in that format."""
    readable = [response for response in responses if not response.json_problem]
    for form, alike in grouped(readable, lambda response: known(response.json)).items():
        if form is None:
            continue
        name = form.name if "format" in form.name else f"another shape, {form.name}"
        for inside, (where, count) in extents(alike, responses, seen, "response"):
            has = "has" if where or len(inside) in (1, len(responses)) else "have"
            title = f"{what}{where} {verb} {name}: {count} {has} {form.sign}"
            part = where if inside is not alike else ""
            cause = Cause(f"{what}: {form.name}{part}", title, among(inside, *checks), form.hint)
            yield cause, inside


def openai_models(seen: Observed) -> Iterator[Cause]:
    """A right envelope around models in OpenAI's format."""
    models = list(seen.models.values()) if seen.is_violated("model_info/") else []
    wrong = [model for model in models if is_openai_model(model)]
    if wrong:
        names = ("type", "display_name", "created_at")
        lacking = [name for name in names if all(name not in model for model in wrong)]
        both, absent = "`object` and `created`", quoted(lacking)
        forms = (f"has {both}, and lacks {absent}", f"have {both}, and lack {absent}")
        shown = clause(len(wrong), len(models), "model", *forms)
        title = f"the models of the list are in OpenAI's format: {shown}"
        follows = either(_equals, _is_absent)
        hint = "give each model the fields of the Models API"
        yield Cause("OpenAI models", title, follows, hint)


def _is_absent(check: str, found: Finding) -> bool:
    return check.startswith("model_info/") and is_absent(found.seen)
