"""Wording of findings: how many models, which, and where two responses differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pytest_models_contract.client.exchange import ABSENT, Page, Response, counted, page_of, shown
from pytest_models_contract.evidence.comparison import form, same_models
from pytest_models_contract.spec.revision import Property, Revision

SHOWN = 3
"""How many ids of a list are shown."""
EMPTY = "the catalogue is empty"
NO_MODELS = "no models: the list is empty, so nothing about models was tested"


_NO_KEY = "no key `"


def under(name: str, value: Any) -> str:
    """What is seen under a key: the value, or that the key is not there (`ABSENT`)."""
    return f"{_NO_KEY}{name}`" if value is ABSENT else shown(value)


def is_absent(seen: str) -> bool:
    """Whether the text of `under` says that the key is not there."""
    return seen.startswith(_NO_KEY)


def difference(model: Any, known: Any, revision: Revision) -> tuple[str, str]:
    """The first property, of those the revision knows, in which two models differ: both its values."""
    for prop in revision.properties:
        values = [_value(prop, candidate) for candidate in (model, known)]
        texts = [shown(value) for value in values]
        if texts[0] != texts[1] and not all(isinstance(value, dict) for value in values):
            return f"{prop.path}: {texts[0]}", f"{prop.path}: {texts[1]}"
    return shown(model), shown(known)


def differing(model: Any, known: Any, revision: Revision) -> tuple[str, str] | None:
    """The same, and None where the models say the same."""
    if same_models([model], [known], revision):
        return None
    return difference(model, known, revision)


def _value(prop: Property, model: Any) -> Any:
    return (prop.holder(model) or {}).get(prop.name, ABSENT)


def contents(page: Page | None, response: Response) -> str:
    """The models of a page; where there is none, the status of the response and its body."""
    if page is not None:
        return some(page.ids)
    return response.status_text + (f" with {shown(response.json)}" if response.ok else "")


def contrast(response: Response, right: Response, revision: Revision) -> tuple[str, str]:
    """Where two responses to one request differ: the values in both."""
    if response.ok and right.ok and form(response) != form(right):
        return _forms(response, right)
    page, other = page_of(response), page_of(right)
    if page and other and page.ids == other.ids:
        if response.status != right.status:
            return response.status_text, right.status_text
        for key in ("first_id", "last_id", "has_more"):
            values = [shown(found.envelope.get(key, ABSENT)) for found in (page, other)]
            if values[0] != values[1]:
                return f"{key} {values[0]}", f"{key} {values[1]}"
        pairs = zip(page.ids, page.data, other.data, strict=True)
        found, now, before = next(
            pair for pair in pairs if revision.project(pair[1]) != revision.project(pair[2])
        )
        seen, expected = difference(now, before, revision)
        return f"{found} with {seen}", expected
    if response.ok and right.ok and not (page or other):
        return difference(response.json, right.json, revision)
    if page and other:
        return compared(page.ids, other.ids)
    return contents(page, response), contents(other, right)


def _forms(response: Response, right: Response) -> tuple[str, str]:
    """The two media types; what is wrong with the JSON, where these are equal."""
    if response.media_type != right.media_type:
        return _declared(response), _declared(right)
    strict = "strict JSON in UTF-8"
    return response.json_problem or strict, right.json_problem or strict


def wrong_form(response: Response) -> str:
    """What is wrong with the JSON of a success, or with its media type; empty where nothing is."""
    return response.json_problem or (
        "" if response.media_type == "application/json" else _declared(response)
    )


def _declared(response: Response) -> str:
    return f"content-type {response.media_type}" if response.media_type else "no content-type"


def against(page: Page | None, response: Response, expected: Sequence[str]) -> tuple[str, str]:
    """What came in place of a page with these ids, and what was expected."""
    return compared(page.ids, expected) if page else (contents(page, response), some(expected))


def compared(ids: Sequence[str], expected: Sequence[str]) -> tuple[str, str]:
    """Two lists of ids so that the difference shows, though only a few of the ids do."""
    pairs = enumerate(zip(ids, expected, strict=False))
    least = min(len(ids), len(expected))
    place = next((n for n, (own, other) in pairs if own != other), least)
    if place < SHOWN:
        return some(ids), some(expected)
    lost, more = (
        [own for own in some_ids if own not in known]
        for some_ids, known in ((expected, set(ids)), (ids, set(expected)))
    )
    parts = [f"without {listed(lost)}"] * bool(lost) + [f"with {listed(more)}"] * bool(more)
    if parts:
        return f"{counted(len(ids))}, {' and '.join(parts)}", some(expected)
    return _at(place, ids), _at(place, expected)


def _at(place: int, ids: Sequence[str]) -> str:
    found = ids[place] if place < len(ids) else "none"
    return f"{counted(len(ids))}, at place {place + 1}: {found}"


def some(ids: Sequence[str]) -> str:
    """How many ids, and the first of them."""
    return f"{counted(len(ids))}: {listed(ids)}" if ids else "no model"


def listed(ids: Sequence[str]) -> str:
    """The first few ids."""
    return ", ".join(ids[:SHOWN]) + (", …" if len(ids) > SHOWN else "")
