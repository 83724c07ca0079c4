"""The list of a proxy beside that of its upstream: walks, windows and single models."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pytest_models_contract.client.exchange import Finding, Page, Request, counted, model_id, shown
from pytest_models_contract.client.verdict import Unexercised
from pytest_models_contract.evidence.proxy.requests import listing, plain, single
from pytest_models_contract.evidence.proxy.under_test import ProxyUnderTest, Relayed, walk
from pytest_models_contract.evidence.wording import listed, some
from pytest_models_contract.fake.upstream.catalogue import LOWER_CASE, ODD_IDS

WALKS: Mapping[str, tuple[int | None, bool]] = {
    "default": (None, False),
    "100": (100, False),
    "1000": (1000, False),
    "backward": (100, True),
}
"""The walks by name: how many models to a page, and whether backward from the last model."""
ODD = tuple(ODD_IDS)
WINDOWS = ("limit", "after_id", "before_id", "ends")
_LIMITS = (None, 1, 2, 19, 20, 21, 100, 500, 999, 1000)
_PLACES = (0, 18, 19, 20, 99, 101, 499, 501, 998, 999, 1000, 1101)
_SIZES = (None, 1, 5, 100)


@dataclass(frozen=True)
class Walked:
    """A walk over the list: its responses, the ids it should meet, and where it started."""

    name: str
    asked: Sequence[Relayed]
    expected: Sequence[str]
    start: str | None = None

    @property
    def last(self) -> Relayed:
        return self.asked[-1]

    @property
    def ids(self) -> list[str]:
        """The ids it met, newest first."""
        pages = [asked.page for asked in self.asked]
        in_order = reversed(pages) if WALKS[self.name][1] else pages
        return [found for page in in_order if page for found in page.ids]

    @property
    def plain(self) -> list[str]:
        return plain(self.ids)

    def __str__(self) -> str:
        size, backward = WALKS[self.name]
        way = "backward" if backward else "forward"
        return f"walked {way} with {f'limit={size}' if size else 'no limit'}"


def walked(proxy: ProxyUnderTest, name: str) -> Walked:
    """A walk from one end of the list to the other."""
    size, backward = WALKS[name]
    ids = _expected(proxy)
    start = _last_served(proxy) if backward else None
    expected = [found for found in ids if found != start]
    most = 2 * len(ids) // (size or proxy.revision.limit.default) + 3
    asked = list(walk(proxy.ask, limit=size, start=start, backward=backward, most=most))
    return Walked(name, asked, expected, start)


def _expected(proxy: ProxyUnderTest) -> Sequence[str]:
    """The ids of the whole list: of a server with its own those it lists, but none is not a catalogue."""
    try:
        return proxy.truth.ids
    except Unexercised:
        page = proxy.ask(listing(limit=1000)).page
        if page is None or page.data:
            raise
        return [model["id"] for model in proxy.upstream.models_of(proxy.who)]


def _last_served(proxy: ProxyUnderTest) -> str:
    """The last plain id as the proxy lists them."""
    return (proxy.read(walked, "1000").plain or proxy.truth.plain)[-1]


def incomplete(walk: Walked) -> Finding | None:
    """A walk that does not meet every model of the upstream."""
    expected = f"{counted(len(walk.expected))}, each once"
    page = walk.last.page
    if page is None:
        seen = f"{walk.last.status_text} after {len(walk.asked) - 1} pages"
        return walk.last.finding(seen, expected, str(walk))
    met = set(walk.plain)
    wanted = plain(walk.expected)
    lost = [found for found in wanted if found not in met]
    if not lost:
        return None
    seen = f"{len(met):,} of {counted(len(wanted))}, without {listed(lost)}"
    return walk.last.finding(seen, expected, str(walk), hint=_why_lost(walk))


def _why_lost(walk: Walked) -> str:
    page = walk.last.page
    if page is not None and page.has_more is True:
        return "the cursor leads to a page that the walk had before, or to an empty page"
    return f"the walk ended after {len(walk.asked)} pages, where has_more was not true"


def added(walk: Walked) -> Finding | None:
    """A walk that meets models which the upstream does not have."""
    known = {*walk.expected, walk.start}
    strange = [found for found in walk.plain if found not in known]
    if not strange:
        return None
    return walk.last.finding(some(strange), "only models of the upstream", str(walk))


def repeated(walk: Walked) -> Finding | None:
    """A walk that meets a model twice."""
    twice = [found for found, times in Counter(walk.plain).items() if times > 1]
    if not twice:
        return None
    return walk.last.finding(f"{some(twice)} again", "each model once", str(walk))


def disordered(walk: Walked) -> Finding | None:
    """A walk that meets the upstream's models in another order."""
    place = {found: place for place, found in enumerate(walk.expected)}
    known = [found for found in dict.fromkeys(walk.plain) if found in place]
    odd = next(((one, two) for one, two in pairwise(known) if place[one] > place[two]), None)
    if odd is None:
        return None
    return walk.last.finding(f"{odd[0]} before {odd[1]}", "the upstream's order", str(walk))


# --- windows -------------------------------------------------------------------------------------


def windows(proxy: ProxyUnderTest, kind: str) -> list[Relayed]:
    """The responses to the single pages of one kind."""
    return [proxy.ask(request) for request in _WINDOWS[kind](proxy.truth.plain)]


def _by_limit(_: Sequence[str]) -> list[Request]:
    return [listing(limit=size) for size in _LIMITS]


def _after(ids: Sequence[str]) -> list[Request]:
    return [listing(after_id=found, limit=size) for found, size in _cursors(ids)]


def _before(ids: Sequence[str]) -> list[Request]:
    return [listing(before_id=found, limit=size) for found, size in _cursors(ids)]


def _at_the_ends(ids: Sequence[str]) -> list[Request]:
    if not ids:
        return []
    return [
        listing(after_id=ids[-1]),
        listing(before_id=ids[0]),
        listing(after_id=ids[-2:][0], limit=5),
        listing(before_id=ids[:2][-1], limit=5),
        # As many as the limit are left, and one more.
        listing(after_id=ids[-6:][0], limit=5),
        listing(before_id=ids[:6][-1], limit=5),
        listing(after_id=ids[-6:][0], limit=4),
        listing(before_id=ids[:6][-1], limit=4),
    ]


def _cursors(ids: Sequence[str]) -> list[tuple[str, int | None]]:
    places = [place for place in _PLACES if place < len(ids)]
    return [(ids[place], _SIZES[n % len(_SIZES)]) for n, place in enumerate(places)]


_WINDOWS: Mapping[str, Callable[[Sequence[str]], list[Request]]] = {
    "limit": _by_limit,
    "after_id": _after,
    "before_id": _before,
    "ends": _at_the_ends,
}


def pages(proxy: ProxyUnderTest) -> list[tuple[Relayed, Page]]:
    """Every page of the windows and the walks."""
    asked = [each for kind in WINDOWS for each in proxy.read(windows, kind)]
    asked += [each for name in WALKS for each in proxy.read(walked, name).asked]
    return [(each, each.page) for each in asked if each.page]


def other_window(asked: Relayed, proxy: ProxyUnderTest) -> Finding | None:
    """A page that is another stretch of the list than the one asked for."""
    expected = proxy.truth.window(asked.response.request, proxy.revision.limit.default)
    wanted = plain(expected[0]) if expected else []
    page = asked.page
    if page is None:
        return asked.finding(asked.status_text, some(wanted))
    if plain(page.ids) == wanted:
        return None
    return asked.finding(some(page.ids), some(wanted), str(asked.response.request))


def wrong_has_more(found: tuple[Relayed, Page], proxy: ProxyUnderTest) -> Finding | None:
    """A page whose `has_more` does not say whether the upstream has more in its direction."""
    asked, page = found
    more = follow(page, proxy)
    if more is None or page.has_more is more:
        return None
    hint = (
        "clients stop here and lose the rest"
        if more
        else "clients ask for more and get no new model"
    )
    seen = f"has_more {shown(page.has_more)} after {counted(len(page))}"
    return asked.finding(seen, shown(more), str(asked.response.request), hint=hint)


def follow(page: Page, proxy: ProxyUnderTest) -> bool | None:
    """Whether the upstream has more beyond the page as served; None where it is no part of the list."""
    position, ids = proxy.truth.position, proxy.truth.ids
    places = [position[found] for found in page.ids if found in position]
    if not places:
        return None if page.data else _beyond(page, proxy)
    if places != sorted(places):
        return None
    return places[0] > 0 if page.backward else places[-1] < len(ids) - 1


def _beyond(page: Page, proxy: ProxyUnderTest) -> bool | None:
    expected = proxy.truth.window(page.response.request, proxy.revision.limit.default)
    return None if expected is None or expected[0] else False


def wrong_ends(found: tuple[Relayed, Page]) -> Finding | None:
    """A page whose `first_id` or `last_id` is not that of its first or last model."""
    asked, page = found
    for key, place in (("first_id", 0), ("last_id", -1)):
        expected = model_id(page.data[place]) if page.data else None
        if page.envelope.get(key) != expected:
            seen = f"{key} {shown(page.envelope.get(key))}"
            return asked.finding(seen, shown(expected), str(asked.response.request))
    return None


# --- odd ids, and single models ------------------------------------------------------------------


def odd_id(proxy: ProxyUnderTest, kind: str) -> str:
    """The odd id of this kind. Raises `Unexercised` where the list has none."""
    found = ODD_IDS[kind]
    if found not in proxy.truth.position:
        raise Unexercised(f"the server's list has no model {found}")
    return found


def beside_the_other_case(
    proxy: ProxyUnderTest, kind: str, request: Callable[[str], Request]
) -> Relayed:
    """The response for the odd id, right after that for the id which differs from it by case alone."""
    found = odd_id(proxy, kind)
    if found.lower() == LOWER_CASE and LOWER_CASE in proxy.truth.position:
        proxy.ask(request(LOWER_CASE))
    return proxy.ask(request(found))


def retrieved(proxy: ProxyUnderTest) -> list[tuple[str, Relayed]]:
    """Models of every upstream page, each asked for alone."""
    ids = proxy.truth.plain
    places = [place for place in (*_PLACES, len(ids) - 1) if place < len(ids)]
    return [(ids[place], proxy.ask(single(ids[place]))) for place in dict.fromkeys(places)]


def not_found(found: str, asked: Relayed) -> Finding | None:
    """A model that is not answered under its id."""
    if asked.response.ok and model_id(asked.response.json) == found:
        return None
    seen = shown(asked.response.json) if asked.response.ok else asked.status_text
    return asked.finding(seen, f"the model {shown(found)}", found)
