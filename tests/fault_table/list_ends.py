"""Faults at certain cursors only, and the checks that catch them."""

from __future__ import annotations

from typing import Any

from fault_rows import Table

from pytest_models_contract.suite import test_cursors as cursors
from pytest_models_contract.suite import test_limit as limit

row = Table()

ODD = {5: "meta/llama", 11: "meta llama"}
FEW_ODD = [{"id": ODD.get(n, f"claude-{n}")} for n in range(27)]
TIES = {2: "zb za", 4: "ya yb", 11: "xb xa", 14: "wa wb", 21: "vb va"}
"""Pairs of equal dates, by the place of the first: each order of ids comes before and after the other."""


def _tied() -> list[dict[str, Any]]:
    models = [{"id": f"m{n}", "created_at": f"2026-01-{28 - n:02d}T00:00:00Z"} for n in range(27)]
    for place, pair in TIES.items():
        for model, name in zip(models[place : place + 2], pair.split(), strict=True):
            model.update(id=name, created_at=models[place]["created_at"])
    return models


TIES_OF_EACH_ORDER = _tied()

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
    "cursor_breaks_ties_by_id[*]",
    cursors.test_after_id_starts_after_the_cursor,
    models=TIES_OF_EACH_ORDER,
)
row("full_page_after_a_cursor_is_the_last", cursors.test_has_more_forward, models=1500)
row(
    "limit_is_less_after_a_cursor",
    limit.test_maximum_is_honoured,
    limit.test_refuses_after_a_cursor,
    limit.test_page_is_never_shorter_while_more_exist,
    models=700,
)
