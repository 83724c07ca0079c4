"""Rows of proxies that change values."""

from __future__ import annotations

from proxies.model_faults import FAULTS
from proxies.rows import Table, advice, cases, every
from pytest_models_contract.suite import test_proxy_models as models

row = Table(FAULTS)

row("properties_with_null_are_left_out", every(models.test_null_stays_null))
row("nulls_are_left_out_of_a_model_alone", cases(models.test_null_stays_null, "retrieve"))
row("nulls_are_left_out_of_capabilities", advice(every(models.test_null_stays_null)))
row("null_becomes[0|text|false]", every(models.test_null_stays_null))
row(
    "date_becomes[the-day|seconds|now|epoch-number|null]",
    every(models.test_dates_name_the_same_moment),
)
row("date_becomes[another-offset]", cases(models.test_dates_name_the_same_moment, "list"))
row("dates_are_cut_to_the_millisecond", every(models.test_fractions_of_dates_are_whole))
row(
    "integer_becomes[float|text|32-bits|thousands]",
    every(models.test_integers_are_exact),
    every(models.test_large_integers_are_exact),
)
row("large_integers_are_rounded", every(models.test_large_integers_are_exact))
row(
    "name_becomes[ascii|mojibake|html|composed|no-emoji|title-case]",
    every(models.test_text_is_intact),
)
row(
    "name_is_the_id",
    every(models.test_text_is_intact),
)
row(
    "unknown_properties_are_dropped",
    cases(models.test_what_no_revision_knows_is_passed_on, "property"),
    every(models.test_what_the_beta_query_adds_is_passed_on),
    diagnoses=2,
)
row(
    "unknown_capabilities_are_dropped",
    cases(models.test_what_no_revision_knows_is_passed_on, "capability"),
)
row(
    "unknown_members_of_capabilities_are_dropped",
    cases(models.test_what_no_revision_knows_is_passed_on, "capability"),
)
row(
    "property_is_dropped[max_tokens]",
    cases(models.test_null_stays_null, "list"),
    every(models.test_integers_are_exact),
    every(models.test_large_integers_are_exact),
)
row(
    "property_is_dropped[capabilities]",
    every(models.test_null_stays_null),
    every(models.test_other_values_are_kept),
    cases(models.test_what_no_revision_knows_is_passed_on, "capability"),
)
row("property_is_dropped[type]", every(models.test_text_is_intact))
row(
    "capabilities_are_flat",
    every(models.test_other_values_are_kept),
    cases(models.test_what_no_revision_knows_is_passed_on, "capability"),
)
row(
    "capabilities_are_all_supported",
    every(models.test_other_values_are_kept),
    cases(models.test_what_no_revision_knows_is_passed_on, "capability"),
)
row(
    "model_alone_is_in_another_format",
    cases(models.test_null_stays_null, "retrieve"),
    cases(models.test_dates_name_the_same_moment, "retrieve"),
    cases(models.test_integers_are_exact, "retrieve"),
    cases(models.test_text_is_intact, "retrieve"),
    cases(models.test_other_values_are_kept, "retrieve"),
    cases(models.test_large_integers_are_exact, "retrieve"),
)
