"""Hand-made verdicts on the servers that others wrote, and where a run differs from them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from typing import Any

from real import HERE

VERDICTS = HERE / "verdicts"


@dataclass
class Verdict:
    """What a server does wrong, by check, and why that is true; and what its report says besides."""

    must: dict[str, str] = field(default_factory=dict)
    should: dict[str, str] = field(default_factory=dict)
    models: int = 0
    meets: str | None = None

    @property
    def checks(self) -> set[str]:
        """The ids of the checks in it."""
        return {*self.must, *self.should}


def verdict(name: str) -> Verdict:
    """The hand-made table of a server, with those that it shares with others."""
    own = tomllib.loads((VERDICTS / f"{name}.toml").read_text())
    shared = [verdict(other) for other in own.get("shares", [])]
    must, should = own.get("must", {}), own.get("advice", {})
    for other in shared:
        must, should = other.must | must, other.should | should
    return Verdict(must, should, own.get("models", 0), own.get("meets"))


def differences(report: dict[str, Any], expected: Verdict) -> list[str]:
    """Where the report and the table disagree, a line for each check."""
    lines = []
    for level, table in (("must", expected.must), ("should", expected.should)):
        found = {
            check["id"]: check["message"]
            for check in report["checks"]
            if check["verdict"] == "violated" and check["level"] == level
        }
        lines += [
            f"{level} {check}: only in the run\n{found[check]}" for check in found.keys() - table
        ]
        lines += [
            f"{level} {check}: only in the table: {table[check]}" for check in table.keys() - found
        ]
    return sorted(lines)
