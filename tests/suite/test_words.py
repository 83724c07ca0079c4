"""What the first finding says, for the lies in `words.txt`: where, what was seen and expected, a hint."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from judging import ALONE, Verdict, judged
from mutants import all_mutants

LINES = Path(__file__).with_name("words.txt").read_text("utf-8").splitlines()[1:]
ROWS = [[part.strip() for part in f"{line} | | |".split("|")][:5] for line in LINES]
MUTANTS = all_mutants()


@cache
def verdicts(lie: str) -> dict[str, Verdict]:
    mutant = MUTANTS[lie]
    return judged(mutant.fake(), mutant.revision, only=ALONE, aliases=mutant.aliases)


@pytest.mark.parametrize(
    ("check", "lie", "where", "why", "hint"), ROWS, ids=[f"{row[0]}-{row[1]}" for row in ROWS]
)
def test_a_finding_says(check: str, lie: str, where: str, why: str, hint: str) -> None:
    seen = verdicts(lie)[check]
    assert (seen.where, seen.why, seen.hint) == (where, why, hint)
