"""How answers are named in a finding: how many models, which, and where two answers differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pytest_models_contract.client.exchange import ABSENT, Page, Response, counted, page_of, shown
from pytest_models_contract.spec.revision import Property, Revision


def difference(model: Any, known: Any, revision: Revision) -> tuple[str, str]:
    """Where two models differ by the fields the revision knows: what one says, what the other."""
    for prop in revision.properties:
        said = [_said(prop, candidate) for candidate in (model, known)]
        texts = [shown(value) for value in said]
        if texts[0] != texts[1] and not all(isinstance(value, dict) for value in said):
            return f"{prop.path}: {texts[0]}", f"{prop.path}: {texts[1]}"
    return shown(model), shown(known)


def _said(prop: Property, model: Any) -> Any:
    return (prop.holder(model) or {}).get(prop.name, ABSENT)


def said(page: Page | None, response: Response) -> str:
    if page is not None:
        return some(page.ids)
    return response.status_text + (f" with {shown(response.json)}" if response.ok else "")


def contrast(response: Response, right: Response, revision: Revision) -> tuple[str, str]:
    """Where two answers to one question differ: what the one says, what the other."""
    page, other = page_of(response), page_of(right)
    if page and other and page.ids == other.ids:
        if response.status != right.status:
            return response.status_text, right.status_text
        for key in ("first_id", "last_id", "has_more"):
            told = [shown(found.envelope.get(key, ABSENT)) for found in (page, other)]
            if told[0] != told[1]:
                return f"{key} {told[0]}", f"{key} {told[1]}"
        pairs = zip(page.ids, page.data, other.data, strict=True)
        found, now, before = next(
            pair for pair in pairs if revision.project(pair[1]) != revision.project(pair[2])
        )
        seen, expected = difference(now, before, revision)
        return f"{found} with {seen}", expected
    if response.ok and right.ok and not (page or other):
        return difference(response.json, right.json, revision)
    return said(page, response), said(other, right)


def some(ids: Sequence[str]) -> str:
    """How many ids, and the first of them."""
    return f"{counted(len(ids))}: {listed(ids)}" if ids else "no model"


def listed(ids: Sequence[str]) -> str:
    """The first few ids."""
    return ", ".join(ids[:3]) + (", …" if len(ids) > 3 else "")
