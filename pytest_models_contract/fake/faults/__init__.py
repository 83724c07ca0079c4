"""The lies that the fake can tell, one small function each, a file for each area.

`FAULTS` has them by name, for `Fake(faults=[FAULTS["cursor_ignored[after_id]"]])` and for
`--fault`. Each is told about one thing and honest about all else; its docstring says what about.
Those about keys need a fake with a key, those about aliases one with an alias, those about the
lifecycle a revision from 2026-10-07 on; elsewhere they have nothing to lie about.
"""

from __future__ import annotations

from difflib import get_close_matches

from pytest_models_contract.fake.exchange import Fault
from pytest_models_contract.fake.faults import (
    aliases,
    clients,
    cursors,
    dates,
    envelope,
    errors,
    filters,
    headers,
    lifecycle,
    limit,
    list_ends,
    model_info,
    narrow,
    narrow_memory,
    order,
    retrieve,
    robust,
    stability,
    variants,
    walks,
)
from pytest_models_contract.fake.faults.kit import FAULTS

__all__ = [
    "FAULTS",
    "aliases",
    "clients",
    "cursors",
    "dates",
    "envelope",
    "errors",
    "fault_named",
    "filters",
    "headers",
    "lifecycle",
    "limit",
    "list_ends",
    "model_info",
    "narrow",
    "narrow_memory",
    "order",
    "retrieve",
    "robust",
    "stability",
    "variants",
    "walks",
]


def fault_named(name: str) -> Fault:
    """The shipped lie of that name. ValueError: there is none; the text lists those like it."""
    if name not in FAULTS:
        near = get_close_matches(name, FAULTS, n=5, cutoff=0.4) or sorted(FAULTS)[:5]
        raise ValueError(f"unknown fault {name!r}; there are {', '.join(near)} and others")
    return FAULTS[name]
