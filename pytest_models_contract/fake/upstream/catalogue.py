"""The models of the upstream: every value and every id that proxies are known to lose or to change.

The same revision gives the same models. The client's catalogue has 1,205 of them, so that no proxy
reads it in one page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

from pytest_models_contract.fake.application import Fake
from pytest_models_contract.fake.catalogue import EPOCH, Model, catalogue, has

COUNT = 1_205
"""How many models the client's key lists."""
SECOND_COUNT = 45
"""How many models the second client's key lists."""

ODD_IDS = {
    "slash": "anthropic/claude-odd-1",
    "colon": "anthropic:claude-odd-2",
    "at": "claude-odd-3@20250514",
    "percent": "claude-odd-%41-4",
    "plus": "claude-odd+5",
    "space": "claude odd 6",
    "non-ascii": "claude-ödd-模型-7",
    "upper-case": "Claude-Case-8",
}
"""The odd ids by kind; all other ids are of lower-case letters, digits, dots and hyphens."""
LOWER_CASE = "claude-case-8"
"""The id that differs from the odd id `upper-case` by its case alone."""
SHARED = tuple(f"claude-shared-{number}" for number in range(3))
"""Models that both clients may use; their names differ, so that it shows whose response it is."""
ALIAS = "claude-latest"
"""An alias that no list shows."""

# Away from the first and last places of pages of 20, 100 and 1,000 models, in either direction.
_ODD_PLACES = (30, 130, 250, 410, 610, 910, 1030, 1110)
_LOWER_CASE_PLACE = 1170
_SHARED_PLACES = (70, 570, 1150)
_UNDATED = COUNT - 5
_FAMILIES = ("opus", "sonnet", "haiku", "fable")
_NEWEST = date(2026, 9, 28)

_NAMES = (
    "Claude {}",
    "Claude « {} »",
    "Klöd 模型 {} 🚀",
    'Claude "{}" \\ / <b>&amp;</b>',
    "Cla\u0301ude {}",
    "كلود {}",
    "Claude%20{}+1",
    "0{}e1",
)
EXACT = 2**53 - 1
"""The largest integer that every reader of JSON keeps exact (RFC 8259, 6)."""
_INPUT = (200_000, None, 1_000_000, 0, EXACT, 128_000)
_OUTPUT = (64_000, None, EXACT + 2, 32_000, 0, 2**63 - 1, 8_192)
TOMORROW: Model = {
    "tier_2027": {"name": "Größe", "price": 0.25, "limits": [1, None, EXACT]},
    "regions_2027": [],
}
"""Properties of some models that no revision knows."""
TOMORROWS_CAPABILITY: Model = {"telepathy_2027": {"supported": True, "range": {"supported": False}}}
"""A capability of some models that no revision knows."""
TOMORROWS_MEMBER: Model = {"depth_2027": {"most": 3}}
"""A member of a known capability of some models, `thinking`, that no revision knows."""


_DATED = re.compile(r"[\w-]+-20(2[3-9]|[3-9]\d)(-?\d\d){2}")
NEW_BETA = "models-contract-2027-01-01"
"""A beta that no revision knows, and that the upstream accepts."""


class _EveryBeta(frozenset[str]):
    """Whatever has a date since there are betas: proxies add some that no revision lists."""

    def __contains__(self, beta: object) -> bool:
        return bool(_DATED.fullmatch(str(beta)))


class Models(Fake):
    """The fake with every beta there ever was, and those of tomorrow."""

    _betas = _EveryBeta()


@cache
def clients(revision: str) -> tuple[Model, ...]:
    """The models that the client's key lists, newest first, and those that are retired."""
    models = [_model(place, revision) for place in range(COUNT)]
    return (*models, *_retired(revision))


@cache
def seconds(revision: str) -> tuple[Model, ...]:
    """The models that the second client's key lists: its own, and the shared ones under other names."""
    own = [
        {**_model(place, revision), "id": f"claude-second-{place:04d}"}
        for place in range(SECOND_COUNT - len(SHARED))
    ]
    shared = [
        {**_model(place, revision), "display_name": f"The second client's {name}"}
        for place, name in zip(_SHARED_PLACES, SHARED, strict=True)
    ]
    return (*own, *shared)


@cache
def servers(revision: str) -> tuple[Model, ...]:
    """The models that the server's own key lists: as many as the client's, but three are others."""
    others = {place: f"claude-server-{place:04d}" for place in (1, 501, 1101)}
    return tuple(
        {**model, "id": others[place]} if place in others else model
        for place, model in enumerate(clients(revision))
    )


def aliases(models: Sequence[Model]) -> dict[str, str]:
    """The aliases of a catalogue: one, of its third model."""
    return {ALIAS: models[2]["id"]} if len(models) > 2 else {}


def _model(place: int, revision: str) -> Model:
    model = {
        "id": _id(place),
        "type": "model",
        "display_name": _name(place),
        "created_at": _created(place),
        "max_input_tokens": _INPUT[place % len(_INPUT)],
        "max_tokens": _OUTPUT[place % len(_OUTPUT)],
        "capabilities": _capabilities(place, revision),
        "line": _FAMILIES[place % len(_FAMILIES)],
        "allowed_fallback_models": [SHARED[0]],
        **_stage(place),
    }
    known = {name: value for name, value in model.items() if has(revision, name)}
    return known | TOMORROW if _has_tomorrow(place) else known


def _id(place: int) -> str:
    odd = dict(zip(_ODD_PLACES, ODD_IDS.values(), strict=True))
    shared = dict(zip(_SHARED_PLACES, SHARED, strict=True))
    special = {**odd, **shared, _LOWER_CASE_PLACE: LOWER_CASE}
    # The ids are in no order of their own: who sorts by them shows.
    plain = f"claude-{_FAMILIES[place % len(_FAMILIES)]}-{place * 577 % COUNT:04d}"
    return special.get(place, plain)


def _name(place: int) -> str:
    """A name for people; every fiftieth model has that of the one before."""
    own = place - 1 if place % 50 == 8 else place
    return _NAMES[own % len(_NAMES)].format(own)


def _created(place: int) -> str:
    """Three models to a day, newest first by the moment, not by its notation; the last have no date."""
    if place >= _UNDATED:
        return EPOCH
    day = _NEWEST - timedelta(days=place // 3)
    before = day - timedelta(days=1)
    shown = (
        (f"{day}T00:00:00Z",) * 3,
        (f"{day}T12:00:00.987654321Z", f"{day}T12:00:00.123Z", f"{day}T12:00:00Z"),
        (f"{day}T23:30:00-05:00", f"{day}T08:00:00+09:00", f"{before}T23:00:00Z"),
        (f"{day}T00:00:00Z",) * 3,
        (f"{day}T06:00:00.5Z", f"{day}T06:00:00.500Z", f"{day}T08:00:00.5+02:00"),
    )
    return shown[place // 3 % len(shown)][place % 3]


def _capabilities(place: int, revision: str) -> Any:
    if not has(revision, "capabilities"):
        return None
    real = catalogue(27, revision)
    shown = real[place % len(real)]["capabilities"]
    if not shown or not _has_tomorrow(place):
        return shown
    return shown | {"thinking": shown["thinking"] | TOMORROWS_MEMBER} | TOMORROWS_CAPABILITY


def _has_tomorrow(place: int) -> bool:
    return place % 10 == 3


def _stage(place: int) -> Model:
    if place % 40 != 17:
        return {"lifecycle": "active", "deprecated_at": None, "retires_at": None}
    ends = {"deprecated_at": "2026-10-01T00:00:00Z", "retires_at": "2027-04-01T00:00:00Z"}
    return {"lifecycle": "deprecated", **ends}


def _retired(revision: str) -> list[Model]:
    if not has(revision, "lifecycle"):
        return []
    ends = {"deprecated_at": "2025-10-01T00:00:00Z", "retires_at": "2026-04-01T00:00:00Z"}
    retired = {"lifecycle": "retired", **ends}
    return [
        {**_model(_UNDATED, revision), **retired, "id": f"claude-retired-{number}"}
        for number in range(3)
    ]
