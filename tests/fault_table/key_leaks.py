"""Faults that show keys."""

from __future__ import annotations

from fault_rows import Table

from pytest_models_contract.suite import test_errors as errors

row = Table()

row("right_key_is_shown_to[*]", errors.test_no_answer_repeats_the_key)
row("refusal_shows_the_key_as[*]", errors.test_no_answer_shows_a_part_of_the_key)
row("header_shows_the_key_as[*]", errors.test_no_answer_shows_a_part_of_the_key)
