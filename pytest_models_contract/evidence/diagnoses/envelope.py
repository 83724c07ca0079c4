"""The envelope of pages: keys that are missing or renamed, and `has_more` that is no boolean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pytest_models_contract.client.exchange import ABSENT, Page, shown
from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.checks import ODD
from pytest_models_contract.evidence.diagnoses.counting import joined, quoted, share
from pytest_models_contract.evidence.diagnoses.known_formats import ENVELOPE
from pytest_models_contract.evidence.diagnoses.observed import (
    Observed,
    among,
    squeezed,
)
from pytest_models_contract.evidence.diagnoses.other_paging import other_paging
from pytest_models_contract.evidence.diagnoses.page_ends import LOST, page_extent

HAS_MORE = "model_list/has_more"


def missing_keys(seen: Observed) -> Iterator[Cause]:
    """An envelope that lacks several of its keys, or has them under other names."""
    pages = seen.pages
    lacking = [name for name in ENVELOPE if not any(name in page.envelope for page in pages)]
    if not pages or len(lacking) < 2 or not seen.is_violated("model_list/"):
        return
    spelled = {squeezed(name): name for name in pages[0].envelope}
    renamed = {name: spelled.get(squeezed(name)) for name in lacking}
    says = f"the envelope lacks {quoted(lacking)}"
    if all(renamed.values()):
        pairs = joined([f"`{new}` in place of `{old}`" for old, new in renamed.items()])
        says = f"keys of the envelope are renamed: {pairs}"
    title = f"{says}: {share(len(pages), len(pages), 'page')}"
    checks = [f"model_list/{name}" for name in lacking]
    follows = among([page.response for page in pages], *checks, "clients/")
    lost = LOST if any(page.has_more is not False for page in pages) else ""
    yield Cause("envelope keys missing", title, follows, other_paging(seen) or lost)


def wrong_has_more_values(seen: Observed) -> Iterator[Cause]:
    """`has_more` that is neither true nor false."""
    pages = [page for page in seen.pages if not isinstance(page.has_more, bool)]
    if pages and seen.is_violated(HAS_MORE):
        values = dict.fromkeys(shown(page.envelope.get("has_more", ABSENT), 30) for page in pages)
        missing = list(values) == ["absent"]
        what = "missing" if missing else f"{joined(list(values)[:3], 'or')}, not true or false"
        where, count = page_extent(pages, seen)
        checks = (HAS_MORE, "cursors/walking", "clients/", *ODD)
        follows = among([own.response for own in pages], *checks)
        hint = "the TypeScript SDK takes a missing `has_more` for the end; the Python SDK goes on"
        if len(values) == 1 and _is_false_left_out(pages, seen):
            what, where = "left out" if missing else what, " where no more models follow"
            count = share(len(pages), len(pages), "such page")
            hint = f"send false too: a serializer drops it, as `omitempty` does; {hint}"
        title = f"`has_more` is {what}{where}: {count}"
        yield Cause("has_more: no boolean", title, follows, hint if missing else "")


def _is_false_left_out(pages: Sequence[Page], seen: Observed) -> bool:
    """Whether the key is there on every page that more models follow, and on no other."""
    without = set(map(id, pages))
    more = [page.has_more for page in seen.pages if id(page) not in without]
    return bool(more) and all(more) and all(_is_the_last(page, seen) for page in pages)


def _is_the_last(page: Page, seen: Observed) -> bool:
    if page.after_id and page.before_id:
        return True  # nobody knows in which direction
    end = slice(1) if page.backward else slice(-1, None)
    return not page.ids or page.ids[end] == seen.ids[end]
