"""The list of the faults by area, as Markdown: `--list-faults` prints it, docs/faults.md contains it."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from itertools import groupby

from pytest_models_contract.fake.exchange import Fault
from pytest_models_contract.fake.faults.kit import FAULTS

HEAD = """\
# The faults of the fake

The fake conforms until it gets faults. Each fault makes one thing wrong; the line beside its name says what.
The rest stays conformant. `models_fake.inject(NAME)` injects a fault in a test of a client, and
`models-contract fake --fault NAME` injects it into a fake that is run by hand.

A name with brackets has a case for each word in the list below it: `cursor_ignored[after_id]`. A late model
is one near the end of the list, so that a client that reads only the first page does not see it.

`python -m pytest_models_contract.fake --list-faults > docs/faults.md` generates this file."""


def text() -> str:
    """Every fault with what it makes wrong, in the areas of the files that define them."""
    return "\n".join([HEAD, *_areas()]) + "\n"


def _areas() -> Iterator[str]:
    named = sorted(FAULTS.items(), key=lambda one: (_area(one[1]), _family(one[0])))
    for area, faults in groupby(named, key=lambda one: _area(one[1])):
        yield from ("", f"## {area.rpartition('.')[2]}", "", _summary(sys.modules[area]), "")
        for name, cases in groupby(faults, key=lambda one: _family(one[0])):
            yield from _entry(name, list(cases))


def _entry(name: str, faults: list[tuple[str, Fault]]) -> Iterator[str]:
    cases = [fault.removeprefix(name)[1:-1] for fault, _ in faults]
    if cases == [""]:
        yield f"- `{name}`: {_summary(faults[0][1])}"
    else:
        yield f"- `{name}[...]`: {_summary(faults[0][1])}"
        yield f"  {', '.join(f'`{case}`' for case in cases)}"


def _area(fault: Fault) -> str:
    return fault.__module__


def _family(name: str) -> str:
    return name.partition("[")[0]


def _summary(documented: object) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join((inspect.getdoc(documented) or "").partition("\n\n")[0].split())
