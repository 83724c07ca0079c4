"""The models of a proxy beside those of its upstream, property by property."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from pytest_models_contract.client.exchange import ABSENT, Finding, model_id, shown
from pytest_models_contract.client.pool import equal
from pytest_models_contract.evidence.comparison import same_models
from pytest_models_contract.evidence.proxy.catalogue import retrieved, walked
from pytest_models_contract.evidence.proxy.requests import plain, target_of
from pytest_models_contract.evidence.proxy.under_test import ProxyUnderTest, Relayed
from pytest_models_contract.fake.upstream.catalogue import EXACT
from pytest_models_contract.spec import rfc3339
from pytest_models_contract.spec.revision import Property, Revision

ENDPOINTS = ("list", "retrieve")
UNKNOWN = {"property": "", "capability": "capabilities"}
"""Where the upstream has what no revision knows: at the top of a model, and in its capabilities."""
_MILLISECOND = 3


@dataclass(frozen=True)
class Pair:
    """A model as the proxy gave it, and as the upstream has it."""

    asked: Relayed
    pointer: str
    served: Any
    true: Any

    @cached_property
    def altered(self) -> bool:
        """Whether there is anything to look at: most models are passed on as they are."""
        return not equal(self.served, self.true)

    def finding(self, path: str, value: Any, expected: Any, level: Any = None) -> Finding:
        where = f"{self.true['id']} ({self.pointer}/{path.replace('.', '/')})"
        return self.asked.finding(shown(value), shown(expected), where, level)


def pairs(proxy: ProxyUnderTest, endpoint: str) -> list[Pair]:
    """The models that the proxy gave, each with the upstream's.

    Raises `Unexercised` where the proxy has a catalogue of its own.
    """
    proxy.require_mirror()
    return list(_listed(proxy) if endpoint == "list" else _alone(proxy))


def _listed(proxy: ProxyUnderTest) -> Iterator[Pair]:
    position, models = proxy.truth.position, proxy.truth.models
    for asked in proxy.read(walked, "1000").asked:
        for place, model in enumerate(asked.page.data if asked.page else ()):
            found = model_id(model) or ""
            if found in position and plain([found]):
                yield Pair(asked, f"/data/{place}", model, models[position[found]])


def _alone(proxy: ProxyUnderTest) -> Iterator[Pair]:
    for found, asked in proxy.read(retrieved):
        if asked.response.ok and model_id(asked.response.json) == found:
            yield Pair(asked, "", asked.response.json, proxy.true_model(found))


# --- the properties that the revision knows ------------------------------------------------------


def changed(kind: str, pair: Pair, revision: Revision) -> Iterator[Finding]:
    """What the proxy made of the properties of one kind: `null`, `date`, `integer`, `text`, `other`."""
    for prop in revision.properties if pair.altered else ():
        true = _value(prop, pair.true)
        if true is ABSENT or _kind(prop, true) != kind:
            continue
        if prop.holder(pair.served) is None:
            continue  # the property that holds it is judged itself
        served = _value(prop, pair.served)
        if not _SAME[kind](served, true):
            level = "should" if kind == "null" and not prop.required else None
            yield pair.finding(prop.path, served, true, level)


def _value(prop: Property, model: Any) -> Any:
    return (prop.holder(model) or {}).get(prop.name, ABSENT)


def _kind(prop: Property, true: Any) -> str:
    if true is None:
        return "null"
    if isinstance(true, str):
        return "date" if "format" in prop.demands else "text"
    if isinstance(true, int) and not isinstance(true, bool):
        return "integer" if true <= EXACT else "large"
    return "other"


def _same_kind(served: Any, true: Any) -> bool:
    """Whether an object is an object still, and everything else is the same."""
    if isinstance(true, dict | list):
        return isinstance(served, type(true))
    return type(served) is type(true) and bool(served == true)


def _same_millisecond(served: Any, true: str) -> bool:
    moments = [rfc3339.instant(text) if isinstance(text, str) else None for text in (served, true)]
    if None in moments:
        return False
    one, other = (_milliseconds(moment) for moment in moments if moment)
    return abs(one - other) <= 1  # rounded or cut off, as languages do


def _milliseconds(moment: rfc3339.Instant) -> int:
    return moment.second * 1000 + int(moment.fraction[:_MILLISECOND].ljust(_MILLISECOND, "0"))


_SAME: Mapping[str, Any] = {
    "null": lambda served, true: served is true,
    "date": _same_millisecond,
    "integer": _same_kind,
    "large": _same_kind,
    "text": _same_kind,
    "other": _same_kind,
}


def coarser(pair: Pair, revision: Revision) -> Iterator[Finding]:
    """Dates whose fraction the proxy cut."""
    for prop in revision.properties if pair.altered else ():
        true, served = _value(prop, pair.true), _value(prop, pair.served)
        if not (isinstance(true, str) and isinstance(served, str) and "format" in prop.demands):
            continue
        if _same_millisecond(served, true) and rfc3339.instant(served) != rfc3339.instant(true):
            yield pair.finding(prop.path, served, true)


# --- what no revision knows ----------------------------------------------------------------------


def dropped(pair: Pair, holder: str) -> Iterator[Finding]:
    """What the upstream has beyond every revision, and the proxy did not pass on as it was."""
    for path, value in _beyond(pair.true, holder):
        found = _at(path.split("."), pair.served)
        if found != value:
            yield pair.finding(path, found, value)


def has_unknown(pair: Pair, holder: str) -> bool:
    """Whether the upstream's model has anything there that no revision knows."""
    return bool(list(_beyond(pair.true, holder)))


def _beyond(true: Mapping[str, Any], holder: str) -> Iterator[tuple[str, Any]]:
    """The path and value of each unknown member: of the model, or of its capabilities at any depth."""
    if not holder:
        yield from ((name, value) for name, value in true.items() if name.endswith("_2027"))
        return
    members = _at(holder.split("."), true)
    for name, value in members.items() if isinstance(members, dict) else ():
        path = f"{holder}.{name}"
        if name.endswith("_2027"):
            yield path, value
        elif isinstance(value, dict):
            yield from _beyond(true, path)


# --- what `?beta=true` adds ----------------------------------------------------------------------


def of_beta(proxy: ProxyUnderTest, endpoint: str) -> list[Pair]:
    """The models that the proxy gave when asked with `?beta=true`, each with the upstream's.

    Those that the proxy changes in other respects are left out. Raises `Unexercised` where it has a catalogue
    of its own.
    """
    proxy.require_mirror()
    usual = proxy.fresh(endpoint)
    proxy.ask(usual)  # a cache may know no query, or not this one
    asked = proxy.ask(replace(usual, query=(*usual.query, ("beta", "true"))))
    true = proxy.upstream.response_to(target_of(asked.response.request), proxy.who).body
    served = asked.page.data if asked.page else [asked.response.json]
    known = {model["id"]: model for model in true.get("data", [true])}
    return [
        Pair(asked, f"/data/{place}" if asked.page else "", model, known[found])
        for place, model in enumerate(served)
        if (found := model_id(model)) in known
        and same_models([model], [known[found]], proxy.revision)
    ]


def without_beta(pair: Pair, revision: Revision) -> Iterator[Finding]:
    """What the upstream adds to a model under `?beta=true`, and the proxy did not pass on as it was."""
    definitions = revision.schemas["model_info"]["$defs"].values()
    for path in (own["x-only-beta"] for own in definitions if "x-only-beta" in own):
        true, served = (_at(path.split("."), model) for model in (pair.true, pair.served))
        if served != true and true not in (None, ABSENT):
            yield pair.finding(path, served, true)


def _at(steps: Sequence[str], model: Any) -> Any:
    for step in steps:
        model = model.get(step, ABSENT) if isinstance(model, dict) else ABSENT
    return model
