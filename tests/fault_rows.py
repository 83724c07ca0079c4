"""Which checks kill which mutant: the honest fake with one lie, and the checks that must be violated.

The table itself is in `killed/`, a file for each area of lies. A row names the lie and the checks as
function objects of the suite, so that a rename breaks at import:

    row("limit_clamped[0]", (limit.test_refuses, "0"))

`[*]` stands for every case of a family that no other row names, `[a|b]` for some of them. Checks that
are violated at another level than their own are wrapped in `advice`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from judging import ALIASES, KEY, check_of

from pytest_models_contract.fake import Fake
from pytest_models_contract.fake.faults import FAULTS
from pytest_models_contract.spec.revision import DEFAULT_REVISION
from pytest_models_contract.suite import checks

NEWEST = "2026-10-15"
AN_ALIAS, ANY_ALIAS = (f"retrieve/alias_resolves[{alias}]" for alias in (*ALIASES, checks.ALIAS))


Check: TypeAlias = Callable[..., None]


@dataclass(frozen=True)
class Advice:
    """A check that is violated as advice, though its own level is must."""

    check: Check | tuple[Check, str]


Catch: TypeAlias = Check | tuple[Check, str] | Advice


@dataclass(frozen=True)
class FaultRow:
    """A lie, the circumstances in which it shows, and the checks that must kill it, with their level.

    `because` says why none kills it, `races` that other checks may be violated as well, `explore` with how
    many requests of an exploration it is met; without one no check is violated then.
    """

    fault: str
    catches: Mapping[str, str]
    revision: str = DEFAULT_REVISION
    models: int | Sequence[Mapping[str, Any]] = 27
    because: str = ""
    races: bool = False
    explore: int = 0

    def fake(self) -> Fake:
        """The fake that tells the lie; its aliases are those that `judging` asks for."""
        return Fake(self.models, self.revision, KEY, [FAULTS[self.fault]], self.aliases)

    @property
    def aliases(self) -> Mapping[str, str]:
        return ALIASES if self.models == 27 else {}


@dataclass
class Table:
    """The rows of one file, in the order they are written."""

    fault_rows: dict[str, FaultRow] = field(default_factory=dict)
    families: list[tuple[str, Mapping[str, str], dict[str, Any]]] = field(default_factory=list)

    def __call__(self, faults: str, *catches: Catch, **circumstances: Any) -> None:
        """Add a row. ValueError: no such lie, or one that has a row already."""
        levels = dict(map(_level, catches))
        if faults.endswith("[*]"):
            self.families.append((faults.removesuffix("*]"), levels, circumstances))
            return
        for fault in _named(faults):
            if fault not in FAULTS or fault in self.fault_rows:
                raise ValueError(f"{fault} is no lie, or has a row already")
            self.fault_rows[fault] = FaultRow(fault, levels, **circumstances)

    def all(self) -> Iterator[FaultRow]:
        """Every mutant of the file, those of families included."""
        yield from self.fault_rows.values()
        for family, levels, circumstances in self.families:
            others = [
                fault
                for fault in FAULTS
                if fault.startswith(family) and fault not in self.fault_rows
            ]
            if not others:
                raise ValueError(f"{family}*] stands for no lie that is left")
            yield from (FaultRow(fault, levels, **circumstances) for fault in others)


def _named(faults: str) -> list[str]:
    family, _, cases = faults.partition("[")
    return [f"{family}[{case}]" for case in cases[:-1].split("|")] if cases else [faults]


def _level(catch: Catch) -> tuple[str, str]:
    if isinstance(catch, Advice):
        return check_of(catch.check)[0], "should"
    return check_of(catch)


def all_fault_rows() -> dict[str, FaultRow]:
    """Every mutant by its lie. ValueError: two files have a row for the same lie."""
    from fault_table import TABLES

    fault_rows = [fault_row for table in TABLES for fault_row in table.all()]
    found = {fault_row.fault: fault_row for fault_row in fault_rows}
    if len(found) < len(fault_rows):
        twice = Counter(fault_row.fault for fault_row in fault_rows).most_common(1)
        raise ValueError(f"two rows name {twice[0][0]}")
    return found


def reported_id(check: str) -> str:
    """The id of a check as documents have it: that of an alias stands for all of them."""
    return ANY_ALIAS if check == AN_ALIAS else check


def catch_counts() -> dict[str, int]:
    """How many mutants each check kills, by the id of the check as documents have it."""
    from fault_table.clients import CLIENTS

    fault_rows = [*all_fault_rows().values(), *CLIENTS.all()]
    return dict(
        Counter(reported_id(check) for fault_row in fault_rows for check in fault_row.catches)
    )
