"""What the first finding says, for the lies in `messages.txt`: where, what was seen and expected, a hint."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from fault_rows import all_fault_rows
from judging import ALONE, Verdict, judged

LINES = Path(__file__).with_name("messages.txt").read_text("utf-8").splitlines()[1:]
ROWS = [[part.strip() for part in f"{line} | | |".split("|")][:5] for line in LINES]
FAULT_ROWS = all_fault_rows()


@cache
def verdicts(fault: str) -> dict[str, Verdict]:
    fault_row = FAULT_ROWS[fault]
    return judged(fault_row.fake(), fault_row.revision, only=ALONE, aliases=fault_row.aliases)


@pytest.mark.parametrize(
    ("check", "fault", "where", "why", "hint"), ROWS, ids=[f"{row[0]}-{row[1]}" for row in ROWS]
)
def test_a_finding_says(check: str, fault: str, where: str, why: str, hint: str) -> None:
    seen = verdicts(fault)[check]
    assert (seen.where, seen.why, seen.hint) == (where, why, hint)
