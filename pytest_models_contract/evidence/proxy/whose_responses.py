"""Whose response a client of a proxy got: its own, another client's, or that to another request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pytest_models_contract.client.exchange import Finding, Request, counted, shown
from pytest_models_contract.evidence.proxy.requests import is_for, target_of
from pytest_models_contract.evidence.proxy.under_test import ProxyUnderTest, Relayed
from pytest_models_contract.evidence.wording import listed

_REFUSALS = (400, 401, 403, 404)
CALLERS = ("client", "second", "server")


def whose(request: Request, proxy: ProxyUnderTest) -> str:
    """Whose catalogue the response to a request should come from."""
    if proxy.who != "client":
        return proxy.who
    named = {"wrong": "unknown", "none": "nobody"}
    auth = request.variant.auth
    return "second" if auth.startswith("second") else named.get(auth, "client")


def another_answer(
    asked: Relayed, others: Sequence[Request], proxy: ProxyUnderTest
) -> Finding | None:
    """A good response that belongs to another client, or to another one of these requests."""
    request = asked.response.request
    own = _right(request, proxy)
    if not asked.response.ok or _same(asked, own):
        return None
    owner = _owner(asked, whose(request, proxy), proxy)
    taken = next((other for other in others if _gave(asked, other, proxy)), None)
    if owner is None and taken is None:
        return None
    answered = f", the response to {taken}" if taken else ""
    seen = f"{_models(asked)}{f' of the {owner}' if owner else ''}{answered}"
    return asked.finding(seen, _shown(own), str(request))


def _gave(asked: Relayed, other: Request, proxy: ProxyUnderTest) -> bool:
    """Whether this is the response to a request for something else than another length of the same."""
    if _subject(other) == _subject(asked.response.request):
        return False
    right = _right(other, proxy)
    return bool(right.status == 200) and _same(asked, right)


def _subject(request: Request) -> tuple[str, str | None, str]:
    return request.path, request.value("after_id"), request.variant.auth


def lost_answer(asked: Relayed, found: Sequence[Relayed], proxy: ProxyUnderTest) -> Finding | None:
    """A failure in place of what the upstream has for this client, who gets as much elsewhere."""
    request = asked.response.request
    if asked.response.ok or _right(request, proxy).status != 200:
        return None
    answered = any(seen.status == 200 and is_for(seen, request) for seen in asked.upstream)
    kept = (
        asked.response.status in _REFUSALS
        and not asked.upstream
        and any(
            each.response.ok and each.response.request.variant == request.variant for each in found
        )
    )
    if not (answered or kept):
        return None
    return asked.finding(asked.status_text, "the upstream's response to this client", str(request))


def refused_for_another(asked: Relayed) -> Finding | None:
    """A client with a right key that gets the refusal of one without."""
    request = asked.response.request
    if request.variant.auth != "key" or asked.response.status not in {401, 403}:
        return None
    return asked.finding(asked.status_text, "the response to this client's key", str(request))


def stopped_by_another(asked: Relayed) -> Finding | None:
    """A client with a right key that is turned away without a look at the upstream."""
    if asked.response.status not in {429, 503} or asked.upstream:
        return None
    seen = f"{asked.status_text}, right after another client's wrong key"
    return asked.finding(seen, "the response to this client's key", str(asked.response.request))


def served_for_another(asked: Relayed, proxy: ProxyUnderTest) -> Finding | None:
    """A client without a right key that gets what another one's key gets."""
    request = asked.response.request
    if request.variant.auth == "key" or not asked.response.ok:
        return None
    if any(seen.who == "server" for seen in asked.upstream):
        return None  # the server asked for it with a key of its own
    if asked.upstream and not _has_a_callers(asked, proxy):
        return None  # made up from the upstream's refusal: see failure_is_no_list
    return asked.finding(_models(asked), "a refusal, as the upstream's to this key", str(request))


def of_the_first_client(asked: Relayed, proxy: ProxyUnderTest) -> Finding | None:
    """What the first client gets, given to another one."""
    request = asked.response.request
    first = proxy.upstream.response_to(target_of(request))
    if not asked.response.ok or not _same(asked, first) or _same(asked, _right(request, proxy)):
        return None
    seen = f"{_models(asked)} of the first client's"
    return asked.finding(seen, "a failure, or this client's own response", str(request))


def refused_without_betas(asked: Relayed) -> Finding | None:
    """A client without betas that is refused; not for its key, and not for asking too much."""
    status = asked.response.status
    if not 400 <= status < 500 or status in {401, 403, 429}:
        return None
    expected = "the response to a request without betas"
    return asked.finding(asked.status_text, expected, str(asked.response.request))


def _has_a_callers(asked: Relayed, proxy: ProxyUnderTest) -> bool:
    """Whether a response is what the upstream gives to one of its clients."""
    target = target_of(asked.response.request)
    given = (proxy.upstream.response_to(target, who) for who in CALLERS)
    return any(right.status == 200 and _same(asked, right) for right in given)


def _right(request: Request, proxy: ProxyUnderTest) -> Any:
    return proxy.upstream.response_to(target_of(request), whose(request, proxy))


def _same(asked: Relayed, right: Any) -> bool:
    """Whether a response has the models of that one."""
    body, page = right.body, asked.page
    if "data" in body:
        return page is not None and page.ids == [model["id"] for model in body["data"]]
    names = ("id", "display_name")
    return all(_said(asked.response.json, name) == body.get(name) for name in names)


def _owner(asked: Relayed, own: str, proxy: ProxyUnderTest) -> str | None:
    """Who else may see these models, where the client that asked may not."""
    page = asked.page
    ids = set(page.ids) if page else {_said(asked.response.json, "id")}
    if not ids or None in ids or own not in CALLERS or ids <= _ids(own, proxy):
        return None
    return next((f"{who}'s" for who in CALLERS if who != own and ids <= _ids(who, proxy)), None)


def _ids(who: str, proxy: ProxyUnderTest) -> set[str]:
    return {model["id"] for model in proxy.upstream.models_of(who)}


def _said(model: Any, name: str) -> Any:
    return model.get(name) if isinstance(model, dict) else None


def _models(asked: Relayed) -> str:
    if asked.page is None:
        return shown(asked.response.json)
    return f"{counted(len(asked.page))} ({listed(asked.page.ids)})"


def _shown(right: Any) -> str:
    if right.status != 200:
        return f"the upstream's refusal with {right.status}"
    ids = [model["id"] for model in right.body.get("data", [right.body])]
    return f"{counted(len(ids))} ({listed(ids)})"
