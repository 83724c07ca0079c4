"""The one change of the upstream's catalogue, at the end of a run."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pytest_models_contract.client.exchange import Finding, Response, model_id
from pytest_models_contract.client.verdict import Unexercised
from pytest_models_contract.evidence.proxy.apart import set_apart
from pytest_models_contract.evidence.proxy.outages import Proxy
from pytest_models_contract.evidence.proxy.requests import listing, single
from pytest_models_contract.evidence.proxy.under_test import ProxyUnderTest, Relayed
from pytest_models_contract.fake.upstream import Upstream
from pytest_models_contract.fake.upstream.catalogue import aliases

ADDED = "claude-added-during-the-run"
_LIMIT = 1000
_PLACE = 4
_AGAIN = 0.5
_MAX_AGE = re.compile(r"\bmax-age=(\d+)")


@dataclass(frozen=True)
class Change:
    """The model that was withdrawn, the ids listed before, and the last responses to list and model."""

    withdrawn: str
    before: Sequence[str]
    lists: Relayed
    models: Relayed
    seconds: float


@set_apart
def change(proxy: ProxyUnderTest) -> Change:
    """Withdraw a model and add one; ask until both show, or until it took too long."""
    state = proxy.read(Proxy)
    state.back()
    if state.gone:
        raise Unexercised(state.gone)
    known = {model["id"] for model in proxy.upstream.models_of(proxy.who)}
    both = [found for found in proxy.truth.plain if found in known]
    if len(both) <= _PLACE:
        raise Unexercised("the server's list has too few models of the upstream by their ids")
    withdrawn = both[_PLACE]
    asks = listing(limit=_LIMIT), single(withdrawn)
    # So that what a cache keeps is the old response.
    page, _ = proxy.once(asks[0]).page, proxy.once(asks[1])
    if page is None or withdrawn not in page.ids:
        raise Unexercised("the list is not served as the upstream's")
    _exchange(proxy.upstream, proxy.who, withdrawn)
    started = time.monotonic()
    while True:
        lists, models = map(proxy.once, asks)
        found = Change(withdrawn, page.ids, lists, models, time.monotonic() - started)
        if found.seconds > proxy.recovery or not (old_list(found) or old_model(found)):
            return found
        time.sleep(_AGAIN)


def _exchange(upstream: Upstream, who: str, withdrawn: str) -> None:
    models: list[Any] = [model for model in upstream.models_of(who) if model["id"] != withdrawn]
    key = {whose: key for key, whose in upstream.keys.known.items()}.get(who)
    upstream.serve([{**models[0], "id": ADDED}, *models], key=key, aliases=aliases(models))


def old_list(found: Change) -> Finding | None:
    """A list that is what it was before."""
    page = found.lists.page
    if page is None:
        return found.lists.finding(found.lists.status_text, "the new list")
    if page.ids != found.before:
        return None
    return found.lists.finding(f"still the old list after {found.seconds:.0f} s", "the new list")


def old_model(found: Change) -> Finding | None:
    """A model that is still answered, though it was withdrawn."""
    if model_id(found.models.response.json) != found.withdrawn or not found.models.response.ok:
        return None
    return found.models.finding(
        f"still the old model after {found.seconds:.0f} s",
        "a 404: the upstream removed the model",
        found.withdrawn,
    )


def allowed(response: Response) -> float:
    """For how many seconds more the server's own `Cache-Control` lets clients keep the response."""
    age = response.header("age") or "0"
    said = _MAX_AGE.search(response.header("cache-control") or "")
    return float(said[1]) - (float(age) if age.isdigit() else 0) if said else 0.0
