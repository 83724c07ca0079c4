"""Faults of dates."""

from __future__ import annotations

from fault_rows import NEWEST, Table

from fault_table.kit import prop
from pytest_models_contract.suite import test_cursors as cursors

row = Table()

row("created_at_is[*]", prop("created_at"))
row("deprecated_at_is[*]", prop("deprecated_at"), revision=NEWEST)
row("retires_at_is[*]", prop("retires_at"), revision=NEWEST)
row("dates_lack_the_offset", prop("created_at"))
row("dates_are_epoch_seconds", prop("created_at"))
row("dates_of_today", cursors.test_repeating_a_request_repeats_the_answer)
