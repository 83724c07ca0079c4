"""The one change of the upstream's catalogue, at the end of a run."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import Any

from pytest_models_contract.client.exchange import Finding, model_id
from pytest_models_contract.client.verdict import Unexercised
from pytest_models_contract.evidence.proxy import ProxyUnderTest, Relayed, listing, single
from pytest_models_contract.evidence.proxy_outages import Proxy
from pytest_models_contract.fake.upstream import Upstream
from pytest_models_contract.fake.upstream.catalogue import aliases

ADDED = "claude-added-during-the-run"
_LIMIT = 60
_PLACE = 24
_AGAIN = 0.5
_MAX_AGE = re.compile(r"\bmax-age=(\d+)")


@dataclass(frozen=True)
class Change:
    """The model that was withdrawn, and the last answers to a list and to that model."""

    withdrawn: str
    lists: Relayed
    models: Relayed
    seconds: float


def change(proxy: ProxyUnderTest) -> Change:
    """Withdraw a model and add one; ask until both show, or until it took too long."""
    state = proxy.read(Proxy)
    state.back()
    if state.gone:
        raise Unexercised(state.gone)
    if len(proxy.truth.plain) <= _PLACE:
        raise Unexercised("the server's list is too short")
    withdrawn = proxy.truth.plain[_PLACE]
    asks = listing(limit=_LIMIT), single(withdrawn)
    for ask in asks:  # so that what is kept is the old answer
        proxy.once(ask)
    _exchange(proxy.upstream, proxy.who, withdrawn)
    started = time.monotonic()
    while True:
        lists, models = map(proxy.once, asks)
        found = Change(withdrawn, lists, models, time.monotonic() - started)
        if found.seconds > proxy.recovery or not (old_list(found, proxy) or old_model(found)):
            return found
        time.sleep(_AGAIN)


def _exchange(upstream: Upstream, who: str, withdrawn: str) -> None:
    models: list[Any] = [model for model in upstream.models_of(who) if model["id"] != withdrawn]
    key = {whose: key for key, whose in upstream.keys.known.items()}.get(who)
    upstream.serve([{**models[0], "id": ADDED}, *models], key=key, aliases=aliases(models))


def old_list(found: Change, proxy: ProxyUnderTest) -> Finding | None:
    """A list that still has what was withdrawn, or lacks what was added."""
    page = found.lists.page
    if page is None:
        return found.lists.finding(found.lists.told, "the new list")
    added = ADDED in page.ids or not proxy.mirrors
    if added and found.withdrawn not in page.ids:
        return None
    return found.lists.finding(f"still the old list after {found.seconds:.0f} s", "the new list")


def old_model(found: Change) -> Finding | None:
    """A model that is still answered, though it was withdrawn."""
    if model_id(found.models.response.json) != found.withdrawn or not found.models.response.ok:
        return None
    return found.models.finding(
        f"still the old model after {found.seconds:.0f} s",
        "a 404: it was withdrawn",
        found.withdrawn,
    )


def allowed(asked: Relayed) -> float:
    """For how many seconds more the server's own `Cache-Control` lets clients keep the answer."""
    age = asked.response.header("age") or "0"
    said = _MAX_AGE.search(asked.response.header("cache-control") or "")
    return float(said[1]) - (float(age) if age.isdigit() else 0) if said else 0.0
