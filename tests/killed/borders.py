"""Lies that show beside certain cursors alone, and the checks that kill them."""

from __future__ import annotations

from mutants import Table

from pytest_models_contract.suite import test_cursors as cursors
from pytest_models_contract.suite import test_limit as limit

row = Table()

ODD = {5: "meta/llama", 11: "meta llama"}
FEW_ODD = [{"id": ODD.get(n, f"claude-{n}")} for n in range(27)]

row(
    "odd_cursor_refused[slash-after_id|blank-after_id]",
    cursors.test_after_id_starts_after_the_cursor,
    models=FEW_ODD,
)
row(
    "odd_cursor_refused[slash-before_id|blank-before_id]",
    cursors.test_before_id_ends_before_the_cursor,
    models=FEW_ODD,
)
row(
    "limit_is_less_after_a_cursor",
    limit.test_maximum_is_honoured,
    limit.test_page_is_never_shorter_while_more_exist,
    models=700,
)
