"""Faults of a single model."""

from __future__ import annotations

from fault_rows import Table

from fault_table.kit import ALIAS
from pytest_models_contract.suite import test_errors as errors
from pytest_models_contract.suite import test_retrieve as retrieve

row = Table()

row("listed_model_is_unknown[21st|first]", retrieve.test_listed_models_are_found)
row(
    "listed_model_is_unknown[after-the-20th]",
    retrieve.test_listed_models_are_found,
    retrieve.test_ids_that_need_encoding_are_found,
)
row(
    "listed_model_is_unknown[all]",
    retrieve.test_listed_models_are_found,
    ALIAS,
)
row("late_model_crashes", retrieve.test_ids_that_need_encoding_are_found)
row(
    "retrieve_gives_the_newest[any]",
    retrieve.test_listed_models_are_found,
    retrieve.test_ids_that_need_encoding_are_found,
    (retrieve.test_unknown_id_is_refused, "name"),
    (retrieve.test_unknown_id_is_refused, "word"),
    (retrieve.test_unknown_id_is_refused, "tail"),
    (retrieve.test_unknown_id_is_refused, "head"),
    (retrieve.test_unknown_id_is_refused, "odd"),
    ALIAS,
)
row(
    "retrieve_gives_the_newest[listed]",
    retrieve.test_listed_models_are_found,
    retrieve.test_ids_that_need_encoding_are_found,
    ALIAS,
)
row("retrieve_gives_the_neighbour", retrieve.test_ids_that_need_encoding_are_found)
row(
    "retrieve_echoes_any_id",
    (retrieve.test_unknown_id_is_refused, "name"),
    (retrieve.test_unknown_id_is_refused, "word"),
    (retrieve.test_unknown_id_is_refused, "tail"),
    (retrieve.test_unknown_id_is_refused, "head"),
    (retrieve.test_unknown_id_is_refused, "odd"),
)
row(
    "model_shape_is[*]",
    retrieve.test_listed_models_are_found,
    ALIAS,
)
row(
    "model_shape_is[list|id|null]",
    retrieve.test_listed_models_are_found,
    retrieve.test_strict_json,
    ALIAS,
)
row("model_shape_is[openai]", retrieve.test_model_equals_its_list_entry)
row("retrieved_differs_in[*]", retrieve.test_model_equals_its_list_entry)
row("retrieved_differs_in[id-case]", retrieve.test_ids_that_need_encoding_are_found)
row("retrieved_models_are_short", retrieve.test_model_equals_its_list_entry)
row("id_is_unreachable_with[*]", retrieve.test_ids_that_need_encoding_are_found)
row("id_is_cut_at[*]", retrieve.test_ids_that_need_encoding_are_found)
row("id_is_not_decoded", retrieve.test_ids_that_need_encoding_are_found)
row("ids_match_by_their_beginning", (retrieve.test_unknown_id_is_refused, "tail"))
row(
    "unknown_model_gets[*]",
    (retrieve.test_unknown_id_is_refused, "name"),
    (retrieve.test_unknown_id_is_refused, "word"),
    (retrieve.test_unknown_id_is_refused, "tail"),
    (retrieve.test_unknown_id_is_refused, "head"),
    (retrieve.test_unknown_id_is_refused, "odd"),
)
row(
    "unknown_model_gets[400]",
    errors.test_unknown_model_is_not_found,
    errors.test_type_belongs_to_the_status,
)
row("unknown_model_gets[422]", errors.test_unknown_model_is_not_found)
row("model_content_type_is[*]", retrieve.test_content_type)
row("model_body_is[*]", retrieve.test_strict_json)
row("model_body_is[trailing-garbage|empty]", retrieve.test_strict_json, ALIAS)
row(
    "model_body_is[invalid-utf8]",
    retrieve.test_model_equals_its_list_entry,
    retrieve.test_strict_json,
)
row(
    "model_status_is[201|202]",
    retrieve.test_listed_models_are_found,
)
row(
    "model_status_is[500]",
    retrieve.test_listed_models_are_found,
    ALIAS,
)
row(
    "retrieve_redirects[*]",
    retrieve.test_listed_models_are_found,
    ALIAS,
)
row(
    "listed_model_is_unknown[last]",
    retrieve.test_listed_models_are_found,
    models=[{"id": f"claude-{n}"} for n in range(90)],
)
row("retrieve_goes_by[last-segment]", (retrieve.test_unknown_id_is_refused, "odd"))
row("retrieve_goes_by[*]", (retrieve.test_unknown_id_is_refused, "head"))
row(
    "odd_model_is_unknown",
    retrieve.test_ids_that_need_encoding_are_found,
    models=[{"id": name} for name in ("a:b", "c/d", "e f", "g%2Fh", "\u00e9t\u00e9")]
    + [{"id": f"claude-{n}"} for n in range(90)],
)
row("retrieve_reads_patterns", (retrieve.test_unknown_id_is_refused, "tail"))
row("object_property_is_a_model", (retrieve.test_unknown_id_is_refused, "word"))
