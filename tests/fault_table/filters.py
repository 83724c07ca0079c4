"""Faults of filtered pages, in the newest revision."""

from __future__ import annotations

from fault_rows import NEWEST, Table

from pytest_models_contract.suite import test_lifecycle as lifecycle

row = Table()

STAGES = ("active", "deprecated", "retired")
MIXED = [
    {
        "id": f"claude-{n}",
        "created_at": f"2026-01-{28 - n:02d}T00:00:00Z",
        "lifecycle": STAGES[n % 3],
        "deprecated_at": "2026-02-01T00:00:00Z" if n % 3 else None,
    }
    for n in range(12)
]
"""Models of all stages in turn."""

row(
    "filtered_has_more_of_the_whole_list",
    lifecycle.test_filtered_pages_follow_limit_and_cursor,
    revision=NEWEST,
)
row(
    "several_stages_come_one_by_one",
    (lifecycle.test_several_stages_list_the_models_of_each, "active+retired"),
    (lifecycle.test_several_stages_list_the_models_of_each, "active+deprecated+retired"),
    models=MIXED,
    revision=NEWEST,
)
row(
    "several_stages_ignore_the_cursor",
    lifecycle.test_filtered_pages_follow_limit_and_cursor,
    revision=NEWEST,
)
row(
    "filtered_pages_before_a_cursor_are_turned",
    lifecycle.test_filtered_pages_follow_limit_and_cursor,
    revision=NEWEST,
)
row(
    "end_of_a_filtered_list_is[*]",
    lifecycle.test_filtered_pages_follow_limit_and_cursor,
    revision=NEWEST,
)
row(
    "three_stages_list_twenty",
    (lifecycle.test_several_stages_list_the_models_of_each, "active+deprecated+retired"),
    revision=NEWEST,
)
row("unknown_stage_gets_ids", lifecycle.test_odd_stages_are_no_server_error, revision=NEWEST)
row(
    "two_stages_lack_the_deprecated",
    lifecycle.test_active_and_deprecated_models_are_listed_unasked,
    revision=NEWEST,
)
