"""Models on pages: an id that stands twice, a model that differs from page to page, odd `data`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator
from functools import partial

from pytest_models_contract.client.exchange import ABSENT, Finding, Page, Response, shown
from pytest_models_contract.client.redact import visible
from pytest_models_contract.evidence.diagnoses.causes import Cause, Follows
from pytest_models_contract.evidence.diagnoses.checks import (
    LIST_ENTRY,
    MORE,
    ODD,
    PAGES,
    SAME_MODELS,
    SIZES,
    STARTS,
    UNIQUE_IDS,
    VARIANTS,
    WALKS,
)
from pytest_models_contract.evidence.diagnoses.counting import named, several, share
from pytest_models_contract.evidence.diagnoses.known_formats import list_format
from pytest_models_contract.evidence.diagnoses.observed import Observed, among, either
from pytest_models_contract.evidence.diagnoses.scope import extent
from pytest_models_contract.evidence.diagnoses.wrong_properties import are
from pytest_models_contract.spec.revision import Property

ON_A_PAGE = "model_list/ids_are_unique_on_a_page"
FALLBACKS = "headers/allowed_fallback_models"


# --- data ----------------------------------------------------------------------------------------


def wrong_data(seen: Observed) -> Iterator[Cause]:
    """`data` that is no array of objects."""
    found = [own.response for _, own in seen.findings("model_list/data")]
    odd = [response for response in found if not list_format(response.json)]
    if not odd:
        return
    says = _data(odd[0])
    lists = [response for response in seen.lists if response.ok]
    wrong = [response for response in lists if _data(response) == says]
    where, count = extent(wrong, lists, seen, "response")
    others = [response for response in lists if _data(response) != says]
    if seen.ids and others and all(map(_holds_models, others)):
        where, count = " on empty pages", share(len(wrong), len(wrong), "such page")
    follows = among([*wrong, *odd], "model_list/", "clients/", *PAGES, *VARIANTS, *ODD)
    hint = "put the models into an array, [] where there is none"
    yield Cause("data", f"`data` {says}{where}: {count}", follows, hint)


def _data(response: Response) -> str:
    """What `data` is instead of an array of objects, in words; empty where it is one."""
    data = response.json.get("data", ABSENT) if isinstance(response.json, dict) else []
    if data is ABSENT:
        return "is missing"
    if not isinstance(data, list):
        kinds: dict[type, str] = {dict: "an object", str: "a string", type(None): "null"}
        return f"is {kinds.get(type(data), shown(data, 30))}, not an array"
    odd = next((model for model in data if not isinstance(model, dict)), ABSENT)
    if odd is ABSENT:
        return ""
    forms: dict[type, str] = {str: "ids only, not models", list: "arrays, not models"}
    return f"holds {forms.get(type(odd), shown(odd, 30))}"


def _holds_models(response: Response) -> bool:
    return isinstance(response.json, dict) and bool(response.json.get("data"))


# --- ids -----------------------------------------------------------------------------------------


def repeated_ids(seen: Observed) -> Iterator[Cause]:
    """An id that stands twice on a page."""
    if not seen.is_violated(ON_A_PAGE):
        return
    pages = [page for page in seen.pages if len(set(page.ids)) < len(page)]
    if pages:
        twice = {own for page in pages for own, number in Counter(page.ids).items() if number > 1}
        more = f" and {several(len(twice) - 1, 'more id')}" if len(twice) > 1 else ""
        count = share(len(pages), len(seen.pages), "page")
        title = f"{visible(min(twice), 60)}{more} {are(twice)} twice on a page: {count}"
        about = among([page.response for page in pages], ON_A_PAGE)
        yield Cause("id twice on a page", title, either(about, partial(_is_of, twice)))


def _is_of(ids: Container[str], check: str, found: Finding) -> bool:
    """Whether the other content of one of these models was found."""
    return check.startswith(SAME_MODELS) and found.where.partition(" (")[0] in ids


def shared_ids(seen: Observed) -> Iterator[Cause]:
    """One id on two pages of the list."""
    if not seen.is_violated(UNIQUE_IDS):
        return
    met: Counter[str] = Counter(own for page in seen.crawl for own in set(page.ids))
    shared = [own for own, number in met.items() if number > 1]
    if shared:
        count = share(len(shared), len(met), "id")
        title = f"{named(shared)} {are(shared)} on {met[shared[0]]} pages of the list: {count}"
        pages = [page.response for page in seen.pages if set(shared) & set(page.ids)]
        follows = among(pages, SAME_MODELS, LIST_ENTRY, *STARTS, *MORE, *WALKS)
        yield Cause("id on two pages", title, follows, "give each model an id of its own")


def missing_first_models(seen: Observed) -> Iterator[Cause]:
    """Models before the first one, which only `before_id` gives."""
    back = [page for page in seen.pages if page.before_id in seen.position]
    before = [page for page in back if page.before_id in seen.ids[:1] and page.ids]
    if not before or not seen.position.keys().isdisjoint(before[0].ids):
        return
    missing = named(before[0].ids)
    title = f"a list without a cursor lacks its first models: `before_id` gives {missing}"
    bare = [page.response for page in seen.pages if not (page.after_id or page.before_id)]
    follows = either(
        among([page.response for page in back], SAME_MODELS, *PAGES), among(bare, *SIZES)
    )
    yield Cause("first models missing", title, follows, "the first page starts too late")


# --- values --------------------------------------------------------------------------------------


def differing_models(seen: Observed) -> Iterator[Cause]:
    """A property that is another one on some pages than on others."""
    known = {prop.path: prop for prop in seen.revision.properties}
    paths = dict.fromkeys(own.seen.partition(":")[0] for _, own in seen.findings(SAME_MODELS))
    pages = [page for page in seen.pages if page.data]
    for prop in (known[path] for path in paths if path in known):
        inside = [page.response for page in pages if _differs(page, prop, seen)]
        where, count = extent(inside, [page.response for page in pages], seen, "page")
        where = where or " that are not those of the whole list"
        title = f"models have another `{prop.path}` on pages{where}: {count}"
        follows = either(among(inside, SAME_MODELS), _among_entries(prop.path))
        yield Cause(f"differs {prop.path}", title, follows)


def _differs(page: Page, prop: Property, seen: Observed) -> bool:
    """Whether a model on the page has another value than in the catalogue."""
    ids_and_models = zip(page.ids, page.data, strict=True)
    pairs = [(model, seen.models[own]) for own, model in ids_and_models if own in seen.models]
    return any(_value(prop, one) != _value(prop, other) for one, other in pairs)


def _value(prop: Property, model: object) -> str:
    return shown((prop.holder(model) or {}).get(prop.name, ABSENT), 400)


def _among_entries(path: str) -> Follows:
    """Whether a retrieved model differs from its list entry in that property."""

    def follows(check: str, found: Finding) -> bool:
        return check.startswith(LIST_ENTRY) and found.seen.startswith(f"{path}:")

    return follows


def fallbacks(seen: Observed) -> Iterator[Cause]:
    """`allowed_fallback_models` that is no array of ids."""
    found = [own for _, own in seen.findings(FALLBACKS)]
    if found:
        models = {own.where.partition(" (")[0] for own in found}
        says = f"is {visible(found[0].seen, 60)}, not an array of ids or null"
        title = f"`allowed_fallback_models` {says}: {several(len(models), 'model')}"
        yield Cause("fallbacks", title, lambda check, _: check.startswith(FALLBACKS))
