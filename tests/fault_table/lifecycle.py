"""Faults of the lifecycle of models, in the newest revision."""

from __future__ import annotations

from fault_rows import NEWEST, Table

from pytest_models_contract.suite import test_lifecycle as lifecycle
from pytest_models_contract.suite import test_retrieve as retrieve

row = Table()

row(
    "lifecycle_ignored",
    (lifecycle.test_stage_lists_its_models_alone, "active"),
    (lifecycle.test_stage_lists_its_models_alone, "deprecated"),
    (lifecycle.test_stage_lists_its_models_alone, "retired"),
    revision=NEWEST,
)
row(
    "lifecycle_of_two_gives_the_first",
    (lifecycle.test_several_stages_list_the_models_of_each, "active+retired"),
    (lifecycle.test_several_stages_list_the_models_of_each, "active+deprecated+retired"),
    lifecycle.test_active_and_deprecated_models_are_listed_unasked,
    revision=NEWEST,
)
row(
    "lifecycle_of_two_gives_the_last",
    (lifecycle.test_several_stages_list_the_models_of_each, "active+retired"),
    (lifecycle.test_several_stages_list_the_models_of_each, "active+deprecated+retired"),
    lifecycle.test_active_and_deprecated_models_are_listed_unasked,
    revision=NEWEST,
)
row(
    "lifecycle_of_two_is_refused",
    (lifecycle.test_several_stages_list_the_models_of_each, "active+retired"),
    (lifecycle.test_several_stages_list_the_models_of_each, "active+deprecated+retired"),
    revision=NEWEST,
)
row(
    "lifecycle_filter_adds",
    (lifecycle.test_stage_lists_its_models_alone, "deprecated"),
    (lifecycle.test_stage_lists_its_models_alone, "retired"),
    (lifecycle.test_several_stages_list_the_models_of_each, "active+deprecated+retired"),
    revision=NEWEST,
)
row(
    "lifecycle_filter_crashes[active]",
    (lifecycle.test_stage_lists_its_models_alone, "active"),
    lifecycle.test_odd_stages_are_no_server_error,
    revision=NEWEST,
)
row(
    "lifecycle_filter_crashes[deprecated]",
    (lifecycle.test_stage_lists_its_models_alone, "deprecated"),
    lifecycle.test_odd_stages_are_no_server_error,
    revision=NEWEST,
)
row(
    "lifecycle_filter_crashes[retired]",
    (lifecycle.test_stage_lists_its_models_alone, "retired"),
    lifecycle.test_odd_stages_are_no_server_error,
    revision=NEWEST,
)
row(
    "lifecycle_filter_gives_all_for[active]",
    (lifecycle.test_stage_lists_its_models_alone, "active"),
    (lifecycle.test_several_stages_list_the_models_of_each, "active+retired"),
    revision=NEWEST,
)
row(
    "lifecycle_filter_gives_all_for[deprecated]",
    (lifecycle.test_stage_lists_its_models_alone, "deprecated"),
    revision=NEWEST,
)
row(
    "lifecycle_filter_gives_all_for[retired]",
    (lifecycle.test_stage_lists_its_models_alone, "retired"),
    (lifecycle.test_several_stages_list_the_models_of_each, "active+retired"),
    revision=NEWEST,
)
row("retired_models_listed", lifecycle.test_retired_models_are_not_listed_unasked, revision=NEWEST)
row(
    "deprecated_models_not_listed",
    lifecycle.test_active_and_deprecated_models_are_listed_unasked,
    revision=NEWEST,
)
row("dates_disagree[*]", lifecycle.test_dates_agree_with_the_stage, revision=NEWEST)
row(
    "dates_disagree[retired-without-deprecated_at]",
    lifecycle.test_filtered_pages_keep_the_schema,
    lifecycle.test_dates_agree_with_the_stage,
    revision=NEWEST,
)
row("filter_forgets_the[*]", lifecycle.test_filtered_pages_follow_limit_and_cursor, revision=NEWEST)
row(
    "cursor_forgets_the_filter",
    lifecycle.test_filtered_pages_follow_limit_and_cursor,
    revision=NEWEST,
)
row(
    "limit_counts_before_the_filter",
    lifecycle.test_filtered_pages_follow_limit_and_cursor,
    revision=NEWEST,
)
row("filtered_page_is[always-more]", lifecycle.test_filtered_pages_keep_the_schema, revision=NEWEST)
row(
    "filtered_page_is[never-more]",
    lifecycle.test_filtered_pages_follow_limit_and_cursor,
    revision=NEWEST,
)
row(
    "filtered_page_is[null-cursors]", lifecycle.test_filtered_pages_keep_the_schema, revision=NEWEST
)
row(
    "filtered_page_is_oldest_first",
    lifecycle.test_filtered_pages_keep_the_schema,
    lifecycle.test_filtered_pages_follow_limit_and_cursor,
    (lifecycle.test_several_stages_list_the_models_of_each, "active+retired"),
    (lifecycle.test_several_stages_list_the_models_of_each, "active+deprecated+retired"),
    revision=NEWEST,
)
row(
    "retired_model_alone_says[*]",
    retrieve.test_retired_model_equals_its_list_entry,
    revision=NEWEST,
)
row("retired_models_lack[*]", lifecycle.test_filtered_pages_keep_the_schema, revision=NEWEST)
row(
    "three_stages_are[*]",
    (lifecycle.test_several_stages_list_the_models_of_each, "active+deprecated+retired"),
    revision=NEWEST,
)
row(
    "late_model_claims_to_be[active]",
    (lifecycle.test_stage_lists_its_models_alone, "active"),
    (lifecycle.test_stage_lists_its_models_alone, "deprecated"),
    lifecycle.test_dates_agree_with_the_stage,
    revision=NEWEST,
)
row(
    "late_model_claims_to_be[retired]",
    (lifecycle.test_stage_lists_its_models_alone, "deprecated"),
    (lifecycle.test_stage_lists_its_models_alone, "retired"),
    lifecycle.test_retired_models_are_not_listed_unasked,
    revision=NEWEST,
)
row(
    "retired_models_come_oldest_first",
    lifecycle.test_filtered_pages_keep_the_schema,
    revision=NEWEST,
)
row("filtered_models_differ", lifecycle.test_filtered_pages_keep_the_schema, revision=NEWEST)
row(
    "filter_has_no_default_limit",
    lifecycle.test_filtered_pages_follow_limit_and_cursor,
    revision=NEWEST,
    models=60,
)
