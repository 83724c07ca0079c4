"""The cursors of pages: what `first_id` and `last_id` are instead of the ids at the ends of the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from pytest_models_contract.client.exchange import ABSENT, Page, model_id, shown
from pytest_models_contract.evidence.diagnoses.causes import Cause, Follows
from pytest_models_contract.evidence.diagnoses.checks import ODD, WALKS
from pytest_models_contract.evidence.diagnoses.counting import grouped, quoted, several, share
from pytest_models_contract.evidence.diagnoses.observed import (
    Observed,
    among,
    either,
    is_list,
    walk_of,
)
from pytest_models_contract.evidence.diagnoses.scope import Extent, extent
from pytest_models_contract.evidence.diagnoses.windows import asked_rightly

ENDS = {"first_id": 0, "last_id": -1}
LOST = "clients stop there and miss the models of later pages"
_EXAMPLE = "a mock answers with the example of an API description; use the ids of the page's models"


class Kind(NamedTuple):
    """What the keys are instead: the words for one and for both, and whether a page has it so."""

    one: str
    both: str
    holds: Callable[[Page, str, Observed], bool]
    hint: str = ""


def _given(page: Page, name: str) -> Any:
    return page.envelope.get(name, ABSENT)


def _is(value: Any) -> Callable[[Page, str, Observed], bool]:
    return lambda page, name, _: _given(page, name) is value or _given(page, name) == value != 0


def _is_display_name(page: Page, name: str, _: Observed) -> bool:
    model = page.data[ENDS[name]] if page.data else None
    called = model.get("display_name") if isinstance(model, dict) else None
    return called is not None and _given(page, name) == called


def _is_position(page: Page, name: str, seen: Observed) -> bool:
    value = _given(page, name)
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not (text.isascii() and text.isdecimal()) or not page.data:
        return False
    place, size = seen.position.get(page.ids[ENDS[name]], -9), len(page)
    return int(text) in {place, place + 1, place % size, ENDS[name] % size}


def _is_token(page: Page, name: str, seen: Observed) -> bool:
    value = _given(page, name)
    text = isinstance(value, str) and bool(value)
    return text and bool(page.data) and value not in seen.position


def _is_the_end_of_the_id(page: Page, name: str, _: Observed) -> bool:
    value = _given(page, name)
    return bool(page.data and value) and page.ids[ENDS[name]].endswith(str(value))


def _ends_with_the_id(page: Page, name: str, _: Observed) -> bool:
    return bool(page.data) and str(_given(page, name)).endswith(page.ids[ENDS[name]])


def _is_of_the_list(page: Page, name: str, seen: Observed) -> bool:
    return bool(seen.ids) and _given(page, name) == seen.ids[ENDS[name]]


def _is_another_model(page: Page, name: str, seen: Observed) -> bool:
    value = _given(page, name)
    return isinstance(value, str) and bool(page.data) and value in seen.position


def _is_the_other_end(page: Page, name: str, _: Observed) -> bool:
    return bool(page.data) and _given(page, name) == page.ids[-1 - ENDS[name]]


def _is_the_cursor(page: Page, name: str, _: Observed) -> bool:
    return _given(page, name) in (page.after_id or ABSENT, page.before_id or ABSENT)


def _is_left_over(page: Page, name: str, seen: Observed) -> bool:
    value = _given(page, name)
    return isinstance(value, str) and not page.data and value in seen.position


_FOLLOWING = {True: " while more models follow", False: " while no more models follow"}
_PLACEHOLDER = "the placeholder of the reference's example"
TOKEN = Kind("is a token, not an id", "are tokens, not ids", _is_token)
OTHER = Kind("is another value than the id", "are other values than the ids", _is(ABSENT))
POSITION = Kind("is a position, not an id", "are positions, not ids", _is_position)
SHORTER = Kind(
    "is the id without its beginning", "are ids without their beginning", _is_the_end_of_the_id
)
LONGER = Kind(
    "is the id with something before it", "are ids with something before them", _ends_with_the_id
)
KINDS = (
    Kind("is missing", "are missing", _is(ABSENT), LOST),
    Kind(
        f"is {_PLACEHOLDER}",
        "are the placeholders of the reference's example",
        lambda page, name, _: _given(page, name) == name,
        _EXAMPLE,
    ),
    Kind("is a placeholder, `string`", "are placeholders, `string`", _is("string"), _EXAMPLE),
    Kind("is a display name, not an id", "are display names, not ids", _is_display_name),
    POSITION,
    SHORTER,
    LONGER,
    Kind("names the other end of the page", "are swapped", _is_the_other_end),
    Kind("repeats the cursor", "repeat the cursor", _is_the_cursor),
    Kind(
        "has an id, though the page has no model",
        "have an id, though the page has no model",
        _is_left_over,
    ),
    Kind(
        "names the end of the whole list, not that of the page",
        "name the ends of the whole list, not those of the page",
        _is_of_the_list,
    ),
    Kind(
        "names another model than that end of the page",
        "name other models than the ends of the page",
        _is_another_model,
    ),
    TOKEN,
    Kind("is null", "are null", _is(None), LOST),
    Kind("is an empty string", "are empty strings", _is(""), LOST),
)


def wrong_ends(seen: Observed) -> Iterator[Cause]:
    """What `first_id` and `last_id` are; both together where they are the same thing."""
    wrong = [
        (name, pages, _kind(name, pages, seen)) for name in ENDS for pages in _parts(name, seen)
    ]
    alike = grouped(wrong, lambda part: (part[2].one, *map(id, part[1])))
    for parts in alike.values():
        _, pages, kind = parts[0]
        yield _cause(kind, [name for name, _, _ in parts], pages, seen)


def _parts(name: str, seen: Observed) -> list[list[Page]]:
    """The pages on which a key is wrong; the empty ones apart where nothing is true of all."""
    pages = _wrong(name, seen)
    if pages and _kind(name, pages, seen) is OTHER:
        return list(grouped(pages, lambda page: "full" if page.data else "empty").values())
    return [pages] if pages else []


def _wrong(name: str, seen: Observed) -> list[Page]:
    """The pages on which that key does not name the model at that end."""
    if not seen.is_violated(f"model_list/{name}"):
        return []
    return [page for page in seen.pages if _given(page, name) != _right(page, name)]


def _right(page: Page, name: str) -> Any:
    """The id of the model at that end; what is given where it has none."""
    if not page.data:
        return None
    return model_id(page.data[ENDS[name]]) or _given(page, name)


def _kind(name: str, pages: Sequence[Page], seen: Observed) -> Kind:
    values = {shown(_given(page, name), 30) for page in pages}
    ends = {page.ids[ENDS[name]] for page in pages if page.ids}
    for kind in KINDS:
        constant = kind is TOKEN and len(values) == 1 < len(ends)
        if not constant and all(kind.holds(page, name, seen) for page in pages):
            return kind
    if len(values) == 1:
        value = values.pop()
        given = _given(pages[0], name)
        if isinstance(given, str) and given in seen.position:
            return Kind(f"is always {value}", f"are always {value}", _is(value))
        return Kind(f"is {value}, not an id", f"are {value}, not ids", _is(value))
    return OTHER


def _cause(kind: Kind, names: Sequence[str], pages: Sequence[Page], seen: Observed) -> Cause:
    where, count = page_extent(pages, seen)
    says = kind.both if len(names) > 1 else kind.one
    refused = _refused_ids(kind, seen)
    more = f"; {several(len(refused), 'request')} with an id as cursor refused" if refused else ""
    follows = either(
        among(
            [page.response for page in pages],
            *(f"model_list/{name}" for name in names),
            "clients/",
            *ODD,
        ),
        among(refused, "cursors/"),
        _has_more_of_a_mock(kind, pages),
        _walks(pages),
    )
    loses = "last_id" in names and any(page.data and page.has_more is not False for page in pages)
    hint = "" if kind.hint == LOST and not loses else kind.hint
    return Cause(
        f"{quoted(names)}: {kind.one}",
        f"{quoted(names)} {says}{where}: {count}{more}",
        follows,
        hint,
    )


def _refused_ids(kind: Kind, seen: Observed) -> list[Any]:
    """Where cursors are something else than ids, ids are refused as cursors."""
    if kind not in (POSITION, TOKEN, SHORTER, LONGER):
        return []
    return [own for own in seen.lists if not own.ok and asked_rightly(own, seen)]


def _has_more_of_a_mock(kind: Kind, pages: Sequence[Page]) -> Follows:
    """An example has `has_more` true in it."""
    stated = [page.response for page in pages if kind.hint == _EXAMPLE and page.has_more is True]
    return among(stated, "cursors/has_more", "cursors/walking")


def _walks(pages: Sequence[Page]) -> Follows:
    """Clients that follow these keys go astray, though the page where they end may be right."""
    walks = {walk_of(page.response.request) for page in pages}
    return lambda check, found: (
        check.startswith(WALKS)
        and is_list(found.response)
        and walk_of(found.response.request) in walks
    )


def page_extent(pages: Sequence[Page], seen: Observed) -> Extent:
    """On which pages something is so: empty ones, those that more models follow, or some requests'."""
    known, full = set(map(id, pages)), bool(pages[0].data)
    others = [page for page in seen.pages if id(page) not in known]
    alike = others
    if all(bool(page.data) == full for page in pages):
        alike = [page for page in others if bool(page.data) == full]
    for more, where in _FOLLOWING.items():
        so = [page.has_more is more for page in alike]
        if alike and not any(so) and all(page.has_more is more for page in pages):
            return Extent(where, share(len(pages), len(pages), "such page"))
    responses = [page.response for page in pages]
    where, count = extent(responses, [*responses, *(page.response for page in alike)], seen, "page")
    empty = " on empty pages" if not full and len(alike) < len(others) else ""
    return Extent(
        f"{empty}{where}",
        share(len(pages), len(pages), "such page") if empty and not where and not alike else count,
    )
