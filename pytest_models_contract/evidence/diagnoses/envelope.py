"""The envelope of pages: `first_id`, `last_id`, and `has_more` as a value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pytest_models_contract.client.exchange import ABSENT, Page, model_id, shown
from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.counting import joined, quoted, several, share
from pytest_models_contract.evidence.diagnoses.observed import (
    Observed,
    among,
    either,
    other_paging,
    squeezed,
)
from pytest_models_contract.evidence.diagnoses.scope import scope
from pytest_models_contract.evidence.diagnoses.windows import asked_rightly

ENDS = {"first_id": 0, "last_id": -1}
KEYS = ("first_id", "last_id", "has_more")
_STOP = "clients stop there: the models of later pages are lost to them"
Value = Callable[[Page, str, Observed], bool]


def _given(page: Page, name: str) -> Any:
    return page.envelope.get(name, ABSENT)


def _own(page: Page, name: str, key: str) -> Any:
    """What the model at that end of the page has under a key."""
    model = page.data[ENDS[name]] if page.data else None
    return model.get(key) if isinstance(model, dict) else None


def _is_position(page: Page, name: str, seen: Observed) -> bool:
    value = _given(page, name)
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not (text.isascii() and text.isdecimal()) or not page.data:
        return False
    place = seen.position.get(page.ids[ENDS[name]], -9)
    return int(text) in {place, place + 1, place % max(1, len(page)), ENDS[name] % len(page)}


def _is_token(page: Page, name: str, seen: Observed) -> bool:
    value = _given(page, name)
    return isinstance(value, str) and bool(value) and bool(page.data) and value not in seen.position


def _of_the_catalogue(page: Page, name: str, seen: Observed) -> bool:
    return bool(seen.ids) and _given(page, name) == seen.ids[ENDS[name]]


def _of_the_other_end(page: Page, name: str, _: Observed) -> bool:
    return bool(page.data) and _given(page, name) == page.ids[-1 - ENDS[name]]


def _is_cursor(page: Page, name: str, _: Observed) -> bool:
    return _given(page, name) in (page.after_id or ABSENT, page.before_id or ABSENT)


VALUES: tuple[tuple[str, str, Value], ...] = (
    ("is missing", "are missing", lambda page, name, _: _given(page, name) is ABSENT),
    (
        "is the placeholder of the reference's example",
        "are the placeholders of the reference's example",
        lambda page, name, _: _given(page, name) == name,
    ),
    (
        "is a placeholder, `string`",
        "are placeholders, `string`",
        lambda page, name, _: _given(page, name) == "string",
    ),
    (
        "is a display name, not an id",
        "are display names, not ids",
        lambda page, name, _: _given(page, name) == _own(page, name, "display_name") is not None,
    ),
    ("is a position, not an id", "are positions, not ids", _is_position),
    ("names the other end of the page", "are swapped", _of_the_other_end),
    ("repeats the cursor", "repeat the cursor", _is_cursor),
    (
        "holds an id, though no model is there",
        "hold an id, though no model is there",
        lambda page, name, _: not page.data and bool(model_id({"id": _given(page, name)})),
    ),
    (
        "names the end of the whole list, not that of the page",
        "name the ends of the whole list, not those of the page",
        _of_the_catalogue,
    ),
    ("is a token, not an id", "are tokens, not ids", _is_token),
    ("is null", "are null", lambda page, name, _: _given(page, name) is None),
    ("is an empty string", "are empty strings", lambda page, name, _: _given(page, name) == ""),
)


def missing_keys(seen: Observed) -> Iterator[Cause]:
    """An envelope that lacks several of its keys, or has them under other names."""
    if not seen.pages or not seen.is_violated("model_list/"):
        return
    bare = seen.pages[0].envelope
    lacking = [name for name in KEYS if all(name not in page.envelope for page in seen.pages)]
    if len(lacking) < 2:
        return
    spelled = {squeezed(name): name for name in bare}
    renamed = {name: spelled[squeezed(name)] for name in lacking if squeezed(name) in spelled}
    count = share(len(seen.pages), len(seen.pages), "page")
    title = f"the envelope lacks {quoted(lacking)}: {count}"
    if len(renamed) == len(lacking):
        pairs = joined([f"`{new}` in place of `{old}`" for old, new in renamed.items()])
        title = f"keys of the envelope are renamed: {pairs}, {count}"
    about = [f"model_list/{name}" for name in lacking]
    follows = among([page.response for page in seen.pages], *about, "clients/")
    yield Cause("envelope keys missing", title, follows, other_paging(seen) or _STOP)


def wrong_ends(seen: Observed) -> Iterator[Cause]:
    """What `first_id` and `last_id` are instead of the ids at the ends of the page."""
    due = {name: _due(name, seen) for name in ENDS}
    kinds: dict[str, list[str]] = {}
    for name, pages in due.items():
        kind = _kind(name, pages, seen)
        if kind is not None:
            kinds.setdefault(kind, []).append(name)
    for kind, names in kinds.items():
        wrong = list({id(page): page for name in names for page in due[name]}.values())
        yield _cause(kind, names, wrong, seen)


def _due(name: str, seen: Observed) -> list[Page]:
    """The pages on which that key does not name the model at that end."""
    if not seen.is_violated(f"model_list/{name}"):
        return []
    return [page for page in seen.pages if _given(page, name) != _right(page, name)]


def _right(page: Page, name: str) -> Any:
    """The id of the model at that end; what is given where it has none."""
    if not page.data:
        return None
    return model_id(page.data[ENDS[name]]) or _given(page, name)


def _kind(name: str, pages: Sequence[Page], seen: Observed) -> str | None:
    if not pages:
        return None
    values = {shown(_given(page, name), 30) for page in pages}
    for kind, _, holds in VALUES:
        constant = "token" in kind and len(values) == 1 < len(
            {page.ids[ENDS[name]] for page in pages if page.ids}
        )
        if not constant and all(holds(page, name, seen) for page in pages):
            return kind
    return f"is {values.pop()}, not an id" if len(values) == 1 else "is another value than the id"


def _cause(kind: str, names: Sequence[str], wrong: Sequence[Page], seen: Observed) -> Cause:
    plural = next((many for one, many, _ in VALUES if one == kind), kind.replace("is ", "are ", 1))
    where, whole = _where(wrong, seen)
    title = f"{quoted(names)} {plural if len(names) > 1 else kind}{where}"
    title = f"{title}: {share(len(wrong), whole, 'such page' if where else 'page')}"
    responses = [page.response for page in wrong]
    follows = among(responses, "model_list/first_id", "model_list/last_id", "clients/")
    if "position" in kind or "token" in kind:
        refused = [
            response for response in seen.lists if not response.ok and asked_rightly(response, seen)
        ]
        title += (
            f"; {several(len(refused), 'request')} with an id as cursor refused" if refused else ""
        )
        follows = either(follows, among(refused, "cursors/"))
    elif "placeholder" in kind:
        told = [page.response for page in wrong if page.has_more is True]
        follows = either(follows, among(told, "cursors/has_more", "cursors/walking"))
    return Cause(f"ends: {kind}", title, follows, _hint(kind, names))


def _where(wrong: Sequence[Page], seen: Observed) -> tuple[str, int]:
    """In which pages it is so, and how many of them there are."""
    known = set(map(id, wrong))
    others = [page for page in seen.pages if id(page) not in known]
    alike = [page for page in others if bool(page.data) == bool(wrong[0].data)]
    if any(bool(page.data) != bool(wrong[0].data) for page in wrong):
        alike = others
    if (
        alike
        and all(page.has_more is True for page in wrong)
        and not any(page.has_more for page in alike)
    ):
        return " while more models follow", len(wrong)
    told = scope([page.response for page in wrong], [page.response for page in alike], seen)
    empty = " on empty pages" if not wrong[0].data and len(alike) < len(others) else ""
    return f"{empty}{told or ''}", len(wrong) + (0 if told else len(alike))


def _hint(kind: str, names: Sequence[str]) -> str:
    if "placeholder" in kind:
        return "a mock answers with the example of a description; fill it from the page's models"
    if "last_id" in names and kind in {"is null", "is missing", "is an empty string"}:
        return _STOP
    return ""


def wrong_has_more_values(seen: Observed) -> Iterator[Cause]:
    """`has_more` that is neither true nor false."""
    wrong = [page for page in seen.pages if not isinstance(page.has_more, bool)]
    if not (wrong and seen.is_violated("model_list/has_more")):
        return
    values = list(dict.fromkeys(shown(_given(page, "has_more"), 30) for page in wrong))
    where, whole = _where(wrong, seen)
    what = "missing" if values == ["absent"] else f"{joined(values[:3], 'or')}, not true or false"
    noun = "such page" if where else "page"
    title = f"`has_more` is {what}{where}: {share(len(wrong), whole, noun)}"
    hint = "the TypeScript SDK takes a missing `has_more` for the end; Python's goes on"
    checks = ("model_list/has_more", "cursors/walking", "clients/")
    follows = among([page.response for page in wrong], *checks)
    yield Cause("has_more: no boolean", title, follows, hint if what == "missing" else "")
