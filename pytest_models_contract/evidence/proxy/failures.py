"""What clients of a proxy get while its upstream fails: failures, and nothing that looks like success."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from pytest_models_contract.client.exchange import Finding, Response, counted, shown
from pytest_models_contract.client.requests import LIST
from pytest_models_contract.client.verdict import Unexercised
from pytest_models_contract.evidence.proxy.apart import set_apart
from pytest_models_contract.evidence.proxy.callers import require_two
from pytest_models_contract.evidence.proxy.outages import (
    FAILURES,
    LATER_FAILURES,
    NEVER,
    SENT,
    SILENT,
    STATUSES,
    Outage,
    Proxy,
    later_outage,
    outage,
)
from pytest_models_contract.evidence.proxy.requests import SECOND, listing, single
from pytest_models_contract.evidence.proxy.served import as_without, is_true, of_served
from pytest_models_contract.evidence.proxy.under_test import ProxyUnderTest, Relayed
from pytest_models_contract.fake.upstream import behaviour
from pytest_models_contract.spec.revision import Level, Revision

ANSWERED = tuple(name for name in FAILURES if name != SILENT)
COUNTED = tuple(name for name in ANSWERED if name != "refused")
"""The failures in which requests reach the upstream, so that they can be counted."""
GONE = ("reset", "refused")
"""The failures in which the upstream says nothing, so that the error is the server's own."""
ENDLESS: Mapping[str, behaviour.Act] = {"new": behaviour.endless, "same": behaviour.repeating}
MOST_TRIES = 20
"""So many upstream requests may a list and a model cost that fail, retries included."""
MOST_HOPS = 400
"""So many where each is a redirect, and the server gives up in time."""
MOST_PAGES = 2_500
"""So many may one list cost: twice as many as there are models."""
_PARTIAL = ("partial", "warning", "incomplete", "degraded", "error")
OWN_FAILURES = (502, 503)
"""What a server may make of any failure of its upstream, with the error object."""


# --- which responses -------------------------------------------------------------------------------


def requests_during(proxy: ProxyUnderTest, kind: str, *, single: bool) -> list[Relayed]:
    """The list, or the model, that was asked for during the outage. Raises `Unexercised`."""
    found = proxy.read(outage, kind)
    asked = [each for each in found.asked if (each.response.request.path != LIST) == single]
    return _not_hidden(asked, proxy, "a cache answered")


def later_answers(proxy: ProxyUnderTest, kind: str) -> list[Relayed]:
    """The pages of the walk during an outage of all pages but the first. Raises `Unexercised`."""
    found = proxy.read(later_outage, kind)
    return _not_hidden(found.asked, proxy, "no later page was asked for, or a cache had it")


def errors_during(proxy: ProxyUnderTest, *kinds: str) -> list[Relayed]:
    """The errors that were got during these outages."""
    asked = [each for kind in kinds for each in proxy.read(outage, kind).asked]
    return [each for each in asked if each.response.status and not each.response.ok]


def during(proxy: ProxyUnderTest) -> list[Relayed]:
    """Everything that was asked while the upstream failed."""
    return [asked for kind in FAILURES for asked in proxy.read(outage, kind).asked]


def _not_hidden(asked: Sequence[Relayed], proxy: ProxyUnderTest, why: str) -> list[Relayed]:
    if asked and all(as_without(each, proxy) for each in asked):
        restarted = "" if proxy.restart else "; a server that --models-start started is restarted"
        raise Unexercised(f"{why}{restarted}")
    return list(asked)


# --- success that is none ------------------------------------------------------------------------


def success(asked: Relayed, kind: str, proxy: ProxyUnderTest) -> Finding | None:
    """A 2xx that is not the whole and true response, nor what the upstream itself sent."""
    response = asked.response
    if not response.ok or _visibly_cut(response) or response.body == SENT.get(kind):
        return None
    if is_true(asked, proxy):
        return None
    return asked.finding(
        f"{response.status_text} with {_summary(asked, proxy)}",
        "a failure, since the upstream failed",
        str(response.request),
        _level(asked, proxy),
        "clients take this for a complete list" if asked.page else "",
    )


def _visibly_cut(response: Response) -> bool:
    """Whether clients can see that the body is not whole, by its frame or where it has none."""
    framed = response.header("content-length") or response.header("transfer-encoding")
    return bool(response.broken or (response.json_problem and not framed))


def _summary(asked: Relayed, proxy: ProxyUnderTest) -> str:
    page = asked.page
    if page is None:
        return (
            shown(asked.response.json)
            if asked.response.json is not None
            else shown(asked.response.json_problem)
        )
    total = counted(len(proxy.truth.ids))
    return f"{len(page):,} of {total} and has_more {shown(page.has_more)}"


def _level(asked: Relayed, proxy: ProxyUnderTest) -> Level | None:
    """Advice where a catalogue of the server's own says that it is partial."""
    body = asked.response.json
    own = body if isinstance(body, dict) and not proxy.mirrors else {}
    partial = any(
        value and any(sign in name.lower() for sign in _PARTIAL) for name, value in own.items()
    )
    return "should" if partial else None


@set_apart
def after_another_client(proxy: ProxyUnderTest) -> list[Relayed]:
    """What the second client gets during a failure, where the first one got a response before."""
    require_two(proxy)
    state = proxy.read(Proxy)
    state.back()
    found = []
    for failing in (proxy.upstream.acting(behaviour.failing(500)), proxy.upstream.refusing()):
        asks = listing(limit=proxy.fresh_limit()), single(proxy.fresh_model())
        for ask in asks:
            proxy.once(ask)
        with failing:
            found += [proxy.once(replace(ask, variant=SECOND)) for ask in asks]
        state.back()
    return found


# --- failures that say enough -------------------------------------------------------------------


def unanswered(asked: Relayed) -> Finding | None:
    """A request that got no response at all."""
    if asked.response.status:
        return None
    expected = "a response, such as 502 with the error object"
    return asked.finding(asked.status_text, expected, str(asked.response.request))


def other_error(asked: Relayed, status: int, revision: Revision) -> Finding | None:
    """A failure that does not say what the upstream's error object said."""
    response = asked.response
    if response.ok or not response.status:
        return None  # other checks say so
    kind = revision.error_types.get(status, "api_error")
    expected = f"status {status} with the error object, error.type {kind}; or 502 or 503 with one"
    found = error_type(response.json)
    if found is None:
        return asked.finding(
            f"{response.status_text} without the error object", expected, str(response.request)
        )
    if response.status in OWN_FAILURES or (
        response.status // 100 == status // 100 and found == kind
    ):
        return None
    return asked.finding(
        f"{response.status_text}, error.type {shown(found)}", expected, str(response.request)
    )


def without_the_object(asked: Relayed) -> Finding | None:
    """An error that is not the error object."""
    if error_type(asked.response.json) is not None:
        return None
    seen = f"{asked.response.status_text} without the error object"
    return asked.finding(seen, "502 or 503 with the error object", str(asked.response.request))


def error_type(body: Any) -> str | None:
    """`error.type` of an error object, None where the body is none."""
    error = body.get("error") if isinstance(body, dict) and body.get("type") == "error" else None
    found = error.get("type") if isinstance(error, dict) else None
    return found if isinstance(found, str) else None


def without_retry_after(asked: Relayed) -> Finding | None:
    """A 429 that does not say when to come again, though the upstream's did."""
    if asked.response.status != 429 or asked.response.header("retry-after"):
        return None
    return asked.finding(
        "429 without retry-after", "the upstream's retry-after", str(asked.response.request)
    )


# --- cost and recovery ---------------------------------------------------------------------------


def costly(found: Outage) -> Finding | None:
    """An outage during which the requests of one client became very many upstream."""
    reached = {seen.number for asked in found.asked for seen in asked.upstream}
    endless = any(asked.response.stalled for asked in found.asked)
    most = MOST_HOPS if found.kind == "circle" and not endless else MOST_TRIES
    if len(reached) <= most or not found.asked:
        return None
    many = f"{len(reached):,} requests to an upstream that failed ({found.kind})"
    return found.asked[0].finding(
        many, f"at most {most}", hint="each failure makes more requests to the upstream"
    )


@set_apart
def endless(proxy: ProxyUnderTest, kind: str) -> Relayed:
    """A list asked for while the upstream's has no end."""
    proxy.read(Proxy).back()
    with proxy.upstream.acting(ENDLESS[kind], behaviour.lists):
        return proxy.once(listing(limit=proxy.fresh_limit(600, 699)))


def unbounded(asked: Relayed) -> Finding | None:
    """A list that costs the upstream more requests than it could have pages."""
    count = len(asked.upstream)
    if count <= MOST_PAGES and not (asked.response.stalled and count > MOST_TRIES):
        return None
    seen = f"{count:,} requests to an upstream whose list has no end" + (
        ", and no response" if asked.response.stalled else ""
    )
    return asked.finding(seen, "an end, after any number of pages")


def recovered(proxy: ProxyUnderTest, kind: str) -> list[Outage]:
    """The outages of this kind, of all pages and of later ones, each with how long the proxy took."""
    found = []
    if kind in LATER_FAILURES:
        with suppress(Unexercised):
            found = [_back(proxy.read(later_outage, kind), proxy)]
    try:
        return [_back(proxy.read(outage, kind), proxy), *found]
    except Unexercised:
        if found:
            return found
        raise


def _back(found: Outage, proxy: ProxyUnderTest) -> Outage:
    """The same; looked at now where a cache forbade it before."""
    if found.back is not None:
        return found
    state = proxy.read(Proxy)
    return replace(found, back=state.waited(found.asked), last=state.last)


def not_back(found: Outage, proxy: ProxyUnderTest) -> Finding | None:
    """A proxy that did not serve again in time."""
    asked = found.last or found.asked[0]
    if found.back != NEVER:
        return None
    served = _summary(asked, proxy) if asked.page else asked.status_text
    return asked.finding(
        f"{served} for {proxy.recovery:g} s after the upstream was back",
        "the whole list again",
        hint="the upstream had sent Retry-After: 1" if found.kind == "429" else "",
    )


__all__ = ["FAILURES", "LATER_FAILURES", "SILENT", "STATUSES", "of_served", "outage"]
