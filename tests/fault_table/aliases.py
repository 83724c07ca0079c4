"""Faults of a model that is retrieved by its alias."""

from __future__ import annotations

from fault_rows import Table

from fault_table.kit import ALIAS

row = Table()

row("alias_is_unknown", ALIAS)
row("alias_comes_back_as_id", ALIAS)
row("alias_leads_elsewhere", ALIAS)
row("alias_gives_less", ALIAS)
