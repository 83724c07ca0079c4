"""The faults that can be injected into the fake, one small function each, one file for each area.

`FAULTS` has them by name, for `Fake(faults=[FAULTS["cursor_ignored[after_id]"]])` and for `--fault`.
Each fault makes one thing wrong and leaves the rest conformant; its docstring says what is wrong.
Faults of keys need a fake with a key, faults of aliases one with an alias, faults of the lifecycle a
revision from 2026-10-07 on. Without these they change nothing.
"""

from __future__ import annotations

from difflib import get_close_matches

from pytest_models_contract.fake.exchange import Fault
from pytest_models_contract.fake.faults import (
    aliases,
    clients,
    cursors,
    dates,
    endless,
    envelope,
    errors,
    filters,
    headers,
    key_leaks,
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
    unusual,
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
    "endless",
    "envelope",
    "errors",
    "fault_named",
    "filters",
    "headers",
    "key_leaks",
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
    "unusual",
    "variants",
    "walks",
]


def fault_named(name: str) -> Fault:
    """The shipped fault of that name. ValueError: there is none; the text lists similar names."""
    if name not in FAULTS:
        similar = get_close_matches(name, FAULTS, n=5, cutoff=0.4) or sorted(FAULTS)[:5]
        more = "`models-contract fake --list-faults` lists all"
        raise ValueError(
            f"unknown fault {name!r}; there are {', '.join(similar)} and others: {more}"
        )
    return FAULTS[name]
