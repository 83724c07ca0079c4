"""The first finding for the faults in `messages.txt`: where, what was seen and expected, a hint."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from fault_rows import all_fault_rows
from judging import Verdict, judged
from sampling import first_of

LINES = Path(__file__).with_name("messages.txt").read_text("utf-8").splitlines()[1:]
ROWS = [tuple(part.strip() for part in f"{line} | | |".split("|")[:5]) for line in LINES]
FAULT_ROWS = all_fault_rows()


@cache
def verdicts(fault: str, area: str) -> dict[str, Verdict]:
    fault_row = FAULT_ROWS[fault]
    return judged(fault_row.fake(), fault_row.revision, only=[area], aliases=fault_row.aliases)


@pytest.mark.parametrize(
    ("check", "fault", "where", "why", "hint"),
    first_of(ROWS, 20),
    ids=[f"{row[0]}-{row[1]}" for row in ROWS],
)
def test_the_message_of_a_finding(check: str, fault: str, where: str, why: str, hint: str) -> None:
    seen = verdicts(fault, check.partition("/")[0])[check]
    assert (seen.where, seen.why, seen.hint) == (where, why, hint)
