"""Proxies that lose, add, repeat or move models, or cut other windows than were asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from proxies.kit import Registry, each, edit_page, family, registered
from proxies.messages import Answer, Ask, cut_from, page_of
from proxies.server import Proxy

FAULTS: Registry = {}
fault = registered(FAULTS)


# --- the whole list ------------------------------------------------------------------------------


@family(FAULTS, {"20": 20, "100": 100, "1000": 1000})
def first_upstream_page_alone(proxy: Proxy, size: int) -> None:
    """Reads so many models of the upstream and no page more."""
    proxy.aggregates, proxy.page_size = True, size
    first = proxy.pages
    proxy.pages = lambda ask: [next(iter(first(ask)))]  # type: ignore[assignment, return-value]


@fault
def pages_overlap(proxy: Proxy) -> None:
    """The last model of each upstream page is taken again with the next one."""
    proxy.aggregates = True
    whole = proxy.pages
    proxy.whole = lambda ask: _overlapping(list(whole(ask)))  # type: ignore[method-assign]


def _overlapping(pages: list[Any]) -> list[Any]:
    found = list(pages[0]["data"])
    for page in pages[1:]:
        found += [found[-1], *page["data"]]
    return found


@fault
def first_of_each_later_page_is_lost(proxy: Proxy) -> None:
    """The upstream's pages are put together one model short."""
    proxy.aggregates = True
    pages = proxy.pages

    def whole(ask: Ask) -> list[Any]:
        first, *later = pages(ask)
        return [*first["data"], *(model for page in later for model in page["data"][1:])]

    proxy.whole = whole  # type: ignore[method-assign]


@fault
def models_without_capabilities_are_left_out(proxy: Proxy) -> None:
    proxy.aggregates = True
    whole = proxy.whole
    proxy.whole = lambda ask: [model for model in whole(ask) if model["capabilities"]]  # type: ignore[method-assign]


@fault
def models_of_one_name_are_one(proxy: Proxy) -> None:
    """Of several models with the same display_name only the first is listed."""
    proxy.aggregates = True
    whole = proxy.whole

    def by_name(ask: Ask) -> list[Any]:
        found: dict[str, Any] = {}
        for model in whole(ask):
            found.setdefault(model["display_name"], model)
        return list(found.values())

    proxy.whole = by_name  # type: ignore[method-assign]


@fault
def older_half_is_left_out(proxy: Proxy) -> None:
    proxy.aggregates = True
    whole = proxy.whole
    proxy.whole = lambda ask: (found := whole(ask))[: len(found) // 2]  # type: ignore[method-assign]


@fault
def models_of_its_own_are_added(proxy: Proxy) -> None:
    proxy.aggregates = True
    whole = proxy.whole
    own = {"id": "gateway-default", "type": "model", "display_name": "Default"}
    proxy.whole = lambda ask: [*whole(ask), own]  # type: ignore[method-assign]


@family(
    FAULTS,
    {
        "id": lambda model: model["id"],
        "created_at": lambda model: tuple(-ord(sign) for sign in model["created_at"]),
        "name": lambda model: model["display_name"],
    },
)
def sorted_by(proxy: Proxy, key: Any) -> None:
    """The list is put into an order of the proxy's own."""
    proxy.aggregates = True
    whole = proxy.whole
    proxy.whole = lambda ask: sorted(whole(ask), key=key)  # type: ignore[method-assign]


@fault
def ties_are_turned_round(proxy: Proxy) -> None:
    """Models of one date stand in another order."""
    proxy.aggregates = True
    whole = proxy.whole

    def turned(ask: Ask) -> list[Any]:
        dates: dict[str, list[Any]] = {}
        for model in whole(ask):
            dates.setdefault(model["created_at"], []).insert(0, model)
        return [model for tied in dates.values() for model in tied]

    proxy.whole = turned  # type: ignore[method-assign]


@fault
def page_is_turned_round(proxy: Proxy) -> None:
    """Each page has its models the oldest first."""
    edit_page(proxy, lambda ask, page: {**page, "data": page["data"][::-1]})


@fault
def case_makes_no_difference(proxy: Proxy) -> None:
    """Ids that differ in upper and lower case are one to it."""
    proxy.aggregates = True
    whole = proxy.whole
    proxy.whole = lambda ask: list(  # type: ignore[method-assign]
        {model["id"].lower(): model for model in whole(ask)}.values()
    )


# --- the envelope --------------------------------------------------------------------------------


@family(FAULTS, {"false": False, "true": True})
def has_more_is_always(proxy: Proxy, said: bool) -> None:
    edit_page(proxy, lambda ask, page: {**page, "has_more": said})


@fault
def has_more_is_that_of_the_upstreams_page(proxy: Proxy) -> None:
    """A page is cut to 10 models, and the envelope of the whole page stays."""

    def cut(ask: Ask, page: dict[str, Any]) -> dict[str, Any]:
        return {**page, **page_of(page["data"][:10], page["has_more"])}

    edit_page(proxy, cut)


@family(FAULTS, each(["first_id", "last_id"]))
def end_is_null(proxy: Proxy, key: str) -> None:
    edit_page(proxy, lambda ask, page: {**page, key: None})


@fault
def ends_are_those_of_the_list(proxy: Proxy) -> None:
    """`first_id` and `last_id` are those of the whole list on each page."""
    proxy.aggregates = True
    window = proxy.window

    def ended(ask: Ask) -> Answer:
        answer, models = window(ask), proxy.whole(ask)
        page = answer.json
        if "data" not in page:
            return answer
        return answer.with_json({**page, "last_id": models[-1]["id"]})

    proxy.window = ended  # type: ignore[method-assign]


# --- the query -----------------------------------------------------------------------------------


@fault
def query_is_dropped(proxy: Proxy) -> None:
    proxy.to_upstream.append(lambda ask: replace(ask, target=ask.path))


@family(FAULTS, each(["limit", "after_id", "before_id"]))
def parameter_is_dropped(proxy: Proxy, name: str) -> None:
    proxy.to_upstream.append(lambda ask: ask.with_query(**{name: None}) if ask.is_list else ask)


@fault
def limit_is_cut_to_100(proxy: Proxy) -> None:
    def cut(ask: Ask) -> Ask:
        limit = ask.query.get("limit", "")
        return ask.with_query(limit="100") if limit.isdecimal() and int(limit) > 100 else ask

    proxy.to_upstream.append(cut)


@fault
def default_limit_is_another(proxy: Proxy) -> None:
    """A client that gives no limit gets pages of 100."""
    proxy.to_upstream.append(
        lambda ask: ask.with_query(limit=ask.query.get("limit", "100")) if ask.is_list else ask
    )


@fault
def page_size_is_changed_without_merging(proxy: Proxy) -> None:
    """The upstream is asked for 50 models whatever the client's limit is."""
    proxy.to_upstream.append(lambda ask: ask.with_query(limit="50") if ask.is_list else ask)


@fault
def before_id_goes_forward(proxy: Proxy) -> None:
    def renamed(ask: Ask) -> Ask:
        cursor = ask.query.get("before_id")
        return ask.with_query(before_id=None, after_id=cursor) if cursor else ask

    proxy.to_upstream.append(renamed)


@fault
def window_begins_with_the_cursor(proxy: Proxy) -> None:
    """The model that the cursor names stands on the page again."""
    proxy.aggregates = True

    def window(ask: Ask) -> Answer:
        models, cursor = proxy.whole(ask), ask.query.get("after_id")
        ids = [model["id"] for model in models]
        place = ids.index(cursor) if cursor in ids else 0
        if not place:
            return cut_from(models, ask)
        return cut_from(models, ask.with_query(after_id=ids[place - 1]))

    proxy.window = window  # type: ignore[method-assign]


@fault
def before_id_gives_the_first_page(proxy: Proxy) -> None:
    """A page before a cursor is cut from the start of the list, not from the cursor back."""
    proxy.aggregates = True

    def window(ask: Ask) -> Answer:
        models, cursor = proxy.whole(ask), ask.query.get("before_id")
        if cursor is None:
            return cut_from(models, ask)
        end = [model["id"] for model in models].index(cursor)
        size = int(ask.query.get("limit", "20"))
        return cut_from(models, ask).with_json(page_of(models[: min(end, size)], end > size))

    proxy.window = window  # type: ignore[method-assign]


@fault
def end_of_the_list_is_an_error(proxy: Proxy) -> None:
    """A cursor with nothing beyond it is answered with 404."""

    def refused(ask: Ask, answer: Answer) -> Answer:
        page = answer.json
        empty = ask.is_list and answer.status == 200 and page and page["data"] == []
        return replace(answer, status=404) if empty else answer

    proxy.to_client.append(refused)
