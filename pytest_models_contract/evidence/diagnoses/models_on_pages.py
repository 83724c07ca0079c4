"""The models on pages: an id that stands twice, a model that differs from page to page, `data` that is no array."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from pytest_models_contract.client.exchange import ABSENT, Finding, Page, Response, shown
from pytest_models_contract.client.redact import visible
from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.counting import named, several, share
from pytest_models_contract.evidence.diagnoses.known_formats import list_format
from pytest_models_contract.evidence.diagnoses.observed import Observed, among, id_of
from pytest_models_contract.evidence.diagnoses.scope import scope
from pytest_models_contract.spec.revision import Property

SAME = "model_list/a_model_is_the_same_on_every_page"


def wrong_data(seen: Observed) -> Iterator[Cause]:
    """`data` that is no array of objects."""
    found = [own for _, own in seen.findings("model_list/data")]
    if not found:
        return
    responses = [own.response for own in found if not list_format(own.response.json)]
    lists = [response for response in seen.lists if response.ok]
    wrong = [
        response for response in lists if (says := _data(response)) and says == _data(responses[0])
    ]
    outside = [response for response in lists if _data(response) != _data(responses[0])]
    empty = bool(outside) and all(_holds_models(response) for response in outside)
    where = scope(wrong, outside, seen)
    phrase = " on empty pages" if empty and seen.ids else str(where or "")
    whole = len(wrong) + (0 if phrase or where else len(outside))
    title = f"`data` {_data(responses[0])}{phrase}: {share(len(wrong), whole, 'response')}"
    follows = among([*wrong, *responses], "model_list/", "clients/")
    yield Cause("data", title, follows, "put the models into an array, [] where there is none")


def _data(response: Response) -> str:
    """What `data` is instead of an array of objects, in words; empty where it is one."""
    if not isinstance(response.json, dict):
        return ""
    data = response.json.get("data", ABSENT)
    if data is ABSENT:
        return "is missing"
    if not isinstance(data, list):
        kinds: dict[type, str] = {dict: "an object", str: "a string", type(None): "null"}
        return f"is {kinds.get(type(data), shown(data, 30))}, not an array"
    odd = [model for model in data if not isinstance(model, dict)]
    if not odd:
        return ""
    return (
        "holds ids only, not models"
        if isinstance(odd[0], str)
        else f"holds {shown(odd[0], 30)} in place of a model"
    )


def _holds_models(response: Response) -> bool:
    return isinstance(response.json, dict) and bool(response.json.get("data"))


def repeated_ids(seen: Observed) -> Iterator[Cause]:
    """An id that stands twice on a page, or for two models."""
    twice = {own for page in seen.pages for own, number in Counter(page.ids).items() if number > 1}
    if twice and seen.is_violated("model_list/ids_are_unique_on_a_page"):
        pages = [page for page in seen.pages if len(set(page.ids)) < len(page)]
        name = visible(min(twice), 60)
        others = f" and {len(twice) - 1} more ids" if len(twice) > 1 else ""
        title = (
            f"{name}{others} stands twice on a page: {share(len(pages), len(seen.pages), 'page')}"
        )
        responses = [page.response for page in pages]
        yield Cause(
            "id twice on a page", title, among(responses, "model_list/", "limit/", "cursors/")
        )
    yield from _shared_ids(seen)


def _shared_ids(seen: Observed) -> Iterator[Cause]:
    """One id on two pages of the list, for models that are not the same."""
    met: Counter[str] = Counter(own for page in seen.crawl for own in set(page.ids))
    shared = [own for own, number in met.items() if number > 1]
    if not shared or not seen.is_violated("model_list/ids_are_unique_in_the_catalogue"):
        return
    pages = [page.response for page in seen.pages if set(shared) & set(page.ids)]
    title = f"{named(shared)} stands on {met[shared[0]]} pages of the list: {share(len(shared), len(met), 'id')}"
    about = ("model_list/ids_are", SAME, "cursors/", "retrieve/model_equals")
    yield Cause("id on two pages", title, among(pages, *about), "give each model an id of its own")


def differing_models(seen: Observed) -> Iterator[Cause]:
    """A property that is another one on some pages than on others."""
    known = {prop.path: prop for prop in seen.revision.properties}
    told = dict.fromkeys(own.seen.partition(":")[0] for _, own in seen.findings(SAME))
    for prop in (known[path] for path in told if path in known):
        pages = [page for page in seen.pages if page.data]
        inside = [page.response for page in pages if _differs(page, prop, seen)]
        outside = [page.response for page in pages if not _differs(page, prop, seen)]
        where = scope(inside, outside, seen)
        whole = len(inside) + (0 if where else len(outside))
        says = f"models have another `{prop.path}` on pages{where or ' that are not those of the whole list'}"
        title = f"{says}: {share(len(inside), whole, 'such page' if where else 'page')}"
        yield Cause(f"differs {prop.path}", title, _follows(prop.path, inside))


def _differs(page: Page, prop: Property, seen: Observed) -> bool:
    """Whether a model on the page has another value than in the catalogue."""
    pairs = [
        (model, seen.models[own])
        for own, model in zip(page.ids, page.data, strict=True)
        if own in seen.models
    ]
    return any(_told(prop, one) != _told(prop, other) for one, other in pairs)


def _told(prop: Property, model: Any) -> str:
    return shown((prop.holder(model) or {}).get(prop.name, ABSENT), 400)


def _follows(path: str, responses: list[Response]) -> Any:
    on_pages = among(responses, SAME)

    def follows(check: str, found: Finding) -> bool:
        if check.startswith(SAME):
            return on_pages(check, found) and found.seen.startswith(f"{path}:")
        return check.startswith("retrieve/model_equals") and found.seen.startswith(f"{path}:")

    return follows


def fallbacks(seen: Observed) -> Iterator[Cause]:
    """`allowed_fallback_models` that is no array of ids."""
    found = [own for _, own in seen.findings("headers/allowed_fallback_models")]
    if found:
        values = list(dict.fromkeys(own.seen for own in found))
        models = {own.where.partition(" (")[0] for own in found}
        title = (
            f"`allowed_fallback_models` is {visible(values[0], 60)}, not an array of ids or null:"
            f" {several(len(models), 'model')}"
        )
        yield Cause(
            "fallbacks", title, lambda check, _: check.startswith("headers/allowed_fallback")
        )


def aliases(seen: Observed) -> Iterator[Cause]:
    """Aliases that retrieve does not resolve to the model they stand for."""
    for check, own in seen.findings("retrieve/alias_resolves"):
        alias = visible(check.partition("[")[2].rstrip("]"), 60)
        expected = own.expected.removeprefix("id ").strip('"')
        response, found = own.response, id_of(own.response)
        if not response.ok:
            says = f"is not resolved: it is answered with {response.status}"
        elif found == check.partition("[")[2].rstrip("]"):
            says = "comes back as the id of the model, which is another one"
        elif not own.expected.startswith("id "):
            says = f"gives another model than its id does: {visible(own.seen, 60)}, not {visible(own.expected, 60)}"
        else:
            says = f"leads to {visible(str(found), 60)}, not to {visible(expected, 60)}"
        yield Cause(f"alias {alias}", f"the alias {alias} {says}", _is_about(check))


def _is_about(name: str) -> Any:
    return lambda check, _: check == name
