"""Which checks of the area `proxy/` catch which faulty proxy: the rows of `proxies/table/`.

A row names faults and checks, the checks as functions of the suite, so that a rename breaks at import:

    row("parameter_is_dropped[before_id]", cases(lists.test_every_model_is_listed, "backward"))
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from judging import check_of

from proxies.kit import Registry, Setup
from pytest_models_contract.spec.revision import DEFAULT_REVISION, Revision

Catches = Mapping[str, str]
NEWEST = Revision.known()[-1]


@dataclass(frozen=True)
class ProxyRow:
    """A faulty proxy and the ids of the checks that catch it, with their level.

    `large`: whether it takes more than a thousand models. `expect`: what the proxy makes of them.
    `because` says why no check catches it. `diagnoses` is the number of diagnoses that explain the checks.
    `revision` is the one that both sides follow.
    """

    fault: str
    setup: Setup
    catches: Catches
    large: bool = False
    expect: str = "mirror"
    because: str = ""
    diagnoses: int = 1
    revision: str = DEFAULT_REVISION

    @property
    def circumstances(self) -> dict[str, Any]:
        """What else `judging` needs to show the fault: its arguments."""
        return {"expect": self.expect, "large": self.large, "revision": self.revision}


@dataclass
class Table:
    """The rows for the faults of one file."""

    faults: Registry
    expect: str = "mirror"
    rows: dict[str, ProxyRow] = field(default_factory=dict)

    def __call__(
        self,
        faults: str,
        *catches: Catches,
        large: bool = False,
        diagnoses: int = 1,
        revision: str = DEFAULT_REVISION,
    ) -> None:
        """Add a row for a fault, or for several cases of a family (`name[a|b]`)."""
        caught = {check: level for found in catches for check, level in found.items()}
        for fault in _named(faults):
            if fault in self.rows:
                raise ValueError(f"{fault} has a row already")
            self.rows[fault] = ProxyRow(
                *(fault, self.faults[fault], caught, large, self.expect),
                diagnoses=diagnoses,
                revision=revision,
            )

    def all(self) -> Iterator[ProxyRow]:
        """Every row. ValueError: a fault has none."""
        if missing := self.faults.keys() - self.rows.keys():
            raise ValueError(f"no row for {', '.join(sorted(missing))}")
        yield from self.rows.values()


def _named(faults: str) -> list[str]:
    family, _, names = faults.partition("[")
    return [f"{family}[{name}]" for name in names[:-1].split("|")] if names else [faults]


def one(check: Callable[..., None]) -> Catches:
    """A check without parameters."""
    return dict([check_of(check)])


def cases(check: Callable[..., None], names: str) -> Catches:
    """Some cases of a check, by their names with `|` in between."""
    return dict(check_of((check, name)) for name in names.split("|"))


def every(check: Any, *, but: str = "") -> Catches:
    """Every case of a check, without some."""
    (mark,) = (mark for mark in check.pytestmark if mark.name == "parametrize")
    left_out = but.split("|")
    return dict(check_of((check, name)) for name in mark.args[1] if name not in left_out)


def advice(catches: Catches) -> Catches:
    """The same as advice, though the level of the check is must."""
    return dict.fromkeys(catches, "should")
