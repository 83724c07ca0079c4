"""The rows of the table of faults: a fake with one fault, and the checks that must catch it.

The table itself is in `fault_table/`, a file for each area. A row names the fault and the checks as
function objects of the suite, so that a renamed check is an error at import:

    row("limit_clamped[0]", (limit.test_refuses, "0"))

`[*]` means every case of a family that no other row names, `[a|b]` some of them. A check that is
violated at another level than its own is wrapped in `Advice`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from judging import ALIASES, KEY, check_of
from proxies.rows import ProxyRow

from pytest_models_contract.fake import Fake, Fault
from pytest_models_contract.fake.faults import FAULTS
from pytest_models_contract.fake.faults.kit import BREAKS
from pytest_models_contract.spec.revision import DEFAULT_REVISION, Revision
from pytest_models_contract.suite import checks

NEWEST = Revision.known()[-1]


Check: TypeAlias = Callable[..., None]


@dataclass(frozen=True)
class Advice:
    """A check that is violated as advice, though its own level is must."""

    check: Check | tuple[Check, str]


Catch: TypeAlias = Check | tuple[Check, str] | Advice


@dataclass(frozen=True)
class FaultRow:
    """A fault, the fake that shows it, and the checks that must catch it, with their level.

    `because` says why no check catches it. `races` says that other checks may be violated as well.
    `expected` are models that the user expects. `second_key` is another client's key. `explore` is the
    number of requests of an exploration that catches it; without one no check is violated then.
    `diagnoses` is the number of diagnoses that explain the violated checks.
    """

    fault: str
    catches: Mapping[str, str]
    revision: str = DEFAULT_REVISION
    models: int | Sequence[Mapping[str, Any]] = 27
    because: str = ""
    races: bool = False
    expected: Sequence[str] = ()
    second_key: str | None = None
    explore: int = 0
    diagnoses: int = 1

    def fake(self, *more: Fault) -> Fake:
        """The fake with the fault and the aliases that `judging` uses."""
        return Fake(self.models, self.revision, KEY, [FAULTS[self.fault], *more], self.aliases)

    @property
    def aliases(self) -> Mapping[str, str]:
        return ALIASES if self.models == 27 else {}

    @property
    def circumstances(self) -> Mapping[str, Any]:
        """What else `judging` needs to show the fault: its arguments."""
        return {
            "aliases": self.aliases,
            "expected": self.expected,
            "second_key": self.second_key,
            "explore": self.explore,
        }


@dataclass
class Table:
    """The rows of one file, in the order they are written."""

    fault_rows: dict[str, FaultRow] = field(default_factory=dict)
    families: list[tuple[str, Mapping[str, str], dict[str, Any]]] = field(default_factory=list)

    def __call__(self, faults: str, *catches: Catch, **circumstances: Any) -> None:
        """Add a row. ValueError: there is no such fault, or it has a row already."""
        levels = dict(map(_level, catches))
        if faults.endswith("[*]"):
            self.families.append((faults.removesuffix("*]"), levels, circumstances))
            return
        for fault in _named(faults):
            if fault not in FAULTS or fault in self.fault_rows:
                raise ValueError(f"{fault} is not a fault, or has a row already")
            self.fault_rows[fault] = FaultRow(fault, levels, **circumstances)

    def all(self) -> Iterator[FaultRow]:
        """Every row of the file, including those of families."""
        yield from self.fault_rows.values()
        for family, levels, circumstances in self.families:
            others = [
                fault
                for fault in FAULTS
                if fault.startswith(family) and fault not in self.fault_rows
            ]
            if not others:
                raise ValueError(f"{family}*] names no fault without a row")
            yield from (FaultRow(fault, levels, **circumstances) for fault in others)


def _named(faults: str) -> list[str]:
    family, _, cases = faults.partition("[")
    return [f"{family}[{case}]" for case in cases[:-1].split("|")] if cases else [faults]


def _level(catch: Catch) -> tuple[str, str]:
    if isinstance(catch, Advice):
        return check_of(catch.check)[0], "should"
    return check_of(catch)


def all_fault_rows() -> dict[str, FaultRow]:
    """Every row by its fault. ValueError: two files have a row for the same fault."""
    from fault_table import TABLES

    fault_rows = [fault_row for table in TABLES for fault_row in table.all()]
    fault_rows += [FaultRow(fault, {check: _own_level(check)}) for fault, check in BREAKS.items()]
    found = {fault_row.fault: fault_row for fault_row in fault_rows}
    if len(found) < len(fault_rows):
        twice = Counter(fault_row.fault for fault_row in fault_rows).most_common(1)
        raise ValueError(f"two rows name {twice[0][0]}")
    return found


def _own_level(check: str) -> str:
    levels = {facts.id: facts.level for facts in checks.of_revision(Revision.load())}
    if check not in levels:
        raise ValueError(f"@breaks names {check}, which is no check of the default revision")
    return levels[check]


def reported_id(check: str) -> str:
    """The id of a check as in the documents: all values of an option have one id there."""
    name = check.partition("[")[0]
    return f"{name}[{checks.NAMED[name]}]" if name in checks.NAMED else check


def everyone() -> list[FaultRow | ProxyRow]:
    """Every row of the table, those that clients, a restart or an upstream show included."""
    from fault_table.clients import CLIENTS
    from fault_table.profiles import PROFILES
    from fault_table.restarts import RESTARTS
    from fault_table.sdks import TYPESCRIPT
    from proxies.table import TABLES

    proxies = [proxy_row for table in TABLES for proxy_row in table.all()]
    clients = [*CLIENTS.all(), *PROFILES.all(), *TYPESCRIPT.all()]
    return [*all_fault_rows().values(), *clients, *RESTARTS, *proxies]


def catch_counts() -> dict[str, int]:
    """How many faults each check catches, by the id of the check as in the documents."""
    return dict(
        Counter(reported_id(check) for fault_row in everyone() for check in fault_row.catches)
    )
