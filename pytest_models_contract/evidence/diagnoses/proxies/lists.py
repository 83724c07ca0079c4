"""A proxy's list: pages that are not the upstream's, models that are lost on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pytest_models_contract.client.exchange import Finding, page_of
from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.checks import PAGES_OF_PROXIES
from pytest_models_contract.evidence.diagnoses.counting import named, quoted, several
from pytest_models_contract.evidence.diagnoses.observed import Observed
from pytest_models_contract.evidence.diagnoses.proxies.callers import CACHED
from pytest_models_contract.evidence.diagnoses.proxies.findings import Found, case, of, reached

WALKS = "proxy/every_model_is_listed"
WINDOWS = "proxy/window_is_the_upstreams"
OTHERS = "proxy/no_other_model_is_listed"
TWICE = "proxy/no_model_is_listed_twice"
ORDER = "proxy/order_is_the_upstreams"
ODD = ("proxy/odd_id_is_listed", "proxy/odd_id_is_a_cursor")
ENVELOPE = ("proxy/has_more_is_true_of_the_page", "proxy/first_and_last_id")
_OWN = "give --models-proxy own if the server is to name models itself, or to add some"
_ODD_IDS = {
    "slash": "a slash",
    "colon": "a colon",
    "at": "an `@`",
    "percent": "a percent sign",
    "plus": "a plus sign",
    "space": "a blank",
    "non-ascii": "characters beyond ASCII",
    "upper-case": "capital letters",
}


def first_pages(seen: Observed) -> Iterator[Cause]:
    """Lists that end where the upstream's first page does, or where a page claims to be the last."""
    ended = [found for _, found in seen.findings(WALKS) if _ends_with_the_first_page(found)]
    if not ended:
        return
    lost = ended[0].seen.partition(":")[0]
    if _passes_cursors_on(seen):
        hint = "take `has_more` from the page that is sent"
        title = f"`has_more` is false while more models follow: clients get {lost}"
        yield Cause("no more", title, of(WALKS, ENVELOPE[0]), hint, (WALKS,))
    else:
        hint = "ask the upstream again with `after_id` while its `has_more` is true"
        title = f"only the upstream's first page is read: {lost}"
        yield Cause("first page", title, of(*PAGES_OF_PROXIES), hint, (WALKS,))


def _passes_cursors_on(seen: Observed) -> bool:
    """Whether later pages are right, or their cursors reach the upstream: pages come one by one."""
    lines = [line for _, found in seen.findings(WINDOWS) for line in found.upstream]
    return not seen.is_violated(WINDOWS) or any("after_id=" in line for line in lines)


def _ends_with_the_first_page(found: Finding) -> bool:
    page = page_of(found.response)
    asked_once = not any("after_id=" in line or "before_id=" in line for line in found.upstream)
    return bool(page and page.has_more is False and asked_once and reached(found))


def pages_without_the_query(seen: Observed) -> Iterator[Cause]:
    """Most pages are those of requests with another query, and the upstream is not asked."""
    pages = [found for _, found in seen.findings(WINDOWS) if not reached(found)]
    bodies = Counter(found.response.packed for found in pages)
    shared = {body: number for body, number in bodies.items() if number > 1}
    if (same := sum(shared.values())) > len(pages) / 2:
        what = "the query is" if len(shared) == 1 else "parts of the query are"
        shown = (
            f"{several(same, 'request')} got the page of another, and the upstream was not asked"
        )
        hint = "cut each page as asked, and store a response by its whole URL, with the query"
        title = f"{what} ignored: {shown}"
        follows = of(*PAGES_OF_PROXIES, *CACHED)
        yield Cause("query not in cache", title, follows, hint, (WINDOWS,))


def wrong_lists(seen: Observed) -> Iterator[Cause]:
    """Pages that hold other models than the upstream's, whatever the reason."""
    found = list(seen.findings(WALKS, WINDOWS, OTHERS, TWICE, ORDER))
    if found:
        title, telling = _what_is_wrong(found)
        hint = _OWN if telling == OTHERS else ""
        yield Cause("wrong list", title, of(*PAGES_OF_PROXIES), hint, (telling,))


def _what_is_wrong(found: Found) -> tuple[str, str]:
    """What is wrong with the lists, the worst first; and the check that shows it."""
    by_check = {check.partition("[")[0]: own for check, own in found}
    if others := by_check.get(OTHERS):
        return f"the list has models that the upstream does not have: {others.seen}", OTHERS
    windows = [own for check, own in found if check.startswith(WINDOWS)]
    if lost := by_check.get(WALKS):
        return f"the list is not whole: {lost.seen}{_with(windows)}", WALKS
    if twice := by_check.get(TWICE):
        return f"models come twice in the list: {twice.seen}", TWICE
    if order := by_check.get(ORDER):
        return f"the order is not the upstream's: {order.seen}", ORDER
    example = f"{windows[0].response.request} gives {windows[0].seen}"
    which = f"{several(len(windows), 'page')}{_with(windows)}"
    return (
        f"pages hold other models than the whole list has there: {which}, such as {example}",
        WINDOWS,
    )


def _with(windows: list[Finding]) -> str:
    """The parameters that all wrong pages were asked with."""
    asked = [{name for name, _ in own.response.request.query} for own in windows]
    common = sorted(set.intersection(*asked)) if asked else []
    return f", on pages asked with {quoted(common)}" if common else ""


def wrong_envelopes(seen: Observed) -> Iterator[Cause]:
    """Pages with the right models, and an envelope that is not true of them."""
    for check in ENVELOPE:
        found = [own for _, own in seen.findings(check)]
        if found:
            title = f"{found[0].seen}, not {found[0].expected}: {several(len(found), 'page')}"
            hint = "make the envelope of each page from the page that is sent"
            yield Cause(check, f"the envelope is not that of the page: {title}", of(check), hint)


def odd_ids(seen: Observed) -> Iterator[Cause]:
    """Ids with certain characters that are not listed, or that are no cursors."""
    found = list(seen.findings(*ODD))
    if not found:
        return
    kinds = list(dict.fromkeys(case(check) for check, _ in found))
    shown = named([_ODD_IDS.get(kind, kind) for kind in kinds])
    unlisted = [own for check, own in found if check.startswith(ODD[0])]
    own = (unlisted or [own for _, own in found])[0]
    says = "are not listed" if unlisted else "do not work as cursors"
    title = f"ids with {shown} {says}: {own.where or own.response.request}, {own.seen}"
    hint = "pass ids on as they are, and encode them once in a URL"
    yield Cause("odd ids", title, of(*ODD), hint)
