"""Faults of the page size."""

from __future__ import annotations

from fault_rows import Table

from pytest_models_contract.suite import test_cursors as cursors
from pytest_models_contract.suite import test_limit as limit

row = Table()

row("default_limit_is[*]", limit.test_default)
row("default_limit_differs_with_a_cursor", limit.test_default)
row("default_limit_is_ten_with[*]", limit.test_default)
row(
    "limit_ignored_with[*]",
    limit.test_minimum_is_honoured,
    limit.test_maximum_is_honoured,
    limit.test_page_is_never_longer_than_limit,
    limit.test_page_is_never_shorter_while_more_exist,
)
row("small_limit_serves_six[*]", limit.test_page_is_never_longer_than_limit)
row(
    "limit_ignored",
    limit.test_minimum_is_honoured,
    limit.test_maximum_is_honoured,
    limit.test_page_is_never_longer_than_limit,
    limit.test_page_is_never_shorter_while_more_exist,
)
row(
    "limit_ignored_with_a_cursor",
    limit.test_minimum_is_honoured,
    limit.test_maximum_is_honoured,
    limit.test_page_is_never_longer_than_limit,
    limit.test_page_is_never_shorter_while_more_exist,
)
row(
    "limit_is_one[more]",
    limit.test_default,
    limit.test_minimum_is_honoured,
    limit.test_page_is_never_longer_than_limit,
)
row("limit_is_one[less]", limit.test_default, limit.test_page_is_never_shorter_while_more_exist)
row(
    "limit_capped_silently_at[*]",
    limit.test_maximum_is_honoured,
    limit.test_page_is_never_shorter_while_more_exist,
)
row(
    "limit_capped_silently_at[100|500|999]",
    limit.test_maximum_is_honoured,
    limit.test_page_is_never_shorter_while_more_exist,
    models=1100,
)
row(
    "limit_1_serves_two", limit.test_minimum_is_honoured, limit.test_page_is_never_longer_than_limit
)
row(
    "limit_refused_from[1]",
    limit.test_minimum_is_honoured,
    cursors.test_after_id_starts_after_the_cursor,
    cursors.test_before_id_ends_before_the_cursor,
    cursors.test_walking_forward_yields_every_model_once,
    cursors.test_walking_backward_yields_every_model_once,
)
row(
    "limit_refused_from[101|1000]",
    limit.test_maximum_is_honoured,
    cursors.test_after_id_starts_after_the_cursor,
    cursors.test_before_id_ends_before_the_cursor,
)
row("page_falls_short[*]", limit.test_default, limit.test_page_is_never_shorter_while_more_exist)
row("limit_clamped[0]", (limit.test_refuses, "0"))
row("limit_clamped[-1]", (limit.test_refuses, "-1"))
row("limit_clamped[1001]", (limit.test_refuses, "1001"))
row("limit_clamped[huge]", (limit.test_refuses, "huge"))
row("limit_served_as_default[0]", (limit.test_refuses, "0"))
row("limit_served_as_default[-1]", (limit.test_refuses, "-1"))
row("limit_served_as_default[1001]", (limit.test_refuses, "1001"))
row("limit_served_as_default[huge]", (limit.test_refuses, "huge"))
row("limit_served_as_default[word]", (limit.test_refuses, "word"))
row("limit_served_as_default[fraction]", (limit.test_malformed_is_refused, "fraction"))
row("limit_served_as_default[tail]", (limit.test_malformed_is_refused, "tail"))
row("limit_served_as_default[empty]", (limit.test_malformed_is_refused, "empty"))
row("limit_served_as_default[plus|point-zero]", because="malformed limits are tried by sample")
row("limit_served_as_default[arabic]", (limit.test_malformed_is_refused, "digits"))
row("limit_served_as_default[exponent]", (limit.test_malformed_is_refused, "exponent"))
row("limit_crashes[0]", (limit.test_refuses, "0"))
row("limit_crashes[-1]", (limit.test_refuses, "-1"))
row("limit_crashes[1001]", (limit.test_refuses, "1001"))
row("limit_crashes[huge]", (limit.test_refuses, "huge"))
row("limit_crashes[word]", (limit.test_refuses, "word"))
row(
    "limit_crashes[fraction]",
    (limit.test_malformed_is_no_server_error, "fraction"),
    (limit.test_malformed_is_refused, "fraction"),
)
row(
    "limit_crashes[tail]",
    (limit.test_malformed_is_no_server_error, "tail"),
    (limit.test_malformed_is_refused, "tail"),
)
row(
    "limit_crashes[empty]",
    (limit.test_malformed_is_no_server_error, "empty"),
    (limit.test_malformed_is_refused, "empty"),
)
row("limit_read_up_to_the_first_letter[fraction]", (limit.test_malformed_is_refused, "fraction"))
row("limit_read_up_to_the_first_letter[tail]", (limit.test_malformed_is_refused, "tail"))
row("limit_0_serves_an_empty_page", (limit.test_refuses, "0"))
row(
    "limit_above_1000_serves_everything", (limit.test_refuses, "1001"), (limit.test_refuses, "huge")
)
row("no_limit_serves_everything", limit.test_default)
row("limit_unchecked_after_a_cursor", limit.test_refuses_after_a_cursor)
