"""Faults of the properties of a model."""

from __future__ import annotations

from fault_rows import NEWEST, Advice, Table

from fault_table.kit import prop
from pytest_models_contract.fake.faults.model_info import NULLABLE, PATHS
from pytest_models_contract.suite import test_lifecycle as lifecycle
from pytest_models_contract.suite import test_model_info as model_info

row = Table()
LAGGING = {path for path in NULLABLE if path.startswith("capabilities.")}

# A member of capabilities that may be null may be absent too: production may lag behind the reference.
# A filter misses a model without a stage, too.
for path in PATHS:
    others = [(lifecycle.test_stage_lists_its_models_alone, "deprecated")] * (path == "lifecycle")
    absent = Advice(prop(path)) if path in LAGGING else prop(path)
    row(f"property_absent[{path}]", absent, *others, revision=NEWEST)
    row(f"property_mistyped[{path}]", prop(path), *others, revision=NEWEST)
    if path not in NULLABLE and path != "id":
        row(f"property_null[{path}]", prop(path), *others, revision=NEWEST)

row("property_is[id-empty|id-int|id-null]", prop("id"), revision=NEWEST)
row("property_is[*]", prop("type"), revision=NEWEST)
row("property_is[display_name-int]", prop("display_name"), revision=NEWEST)
row(
    "property_is[capabilities-empty]",
    prop("capabilities.batch"),
    prop("capabilities.citations"),
    prop("capabilities.code_execution"),
    prop("capabilities.context_management"),
    prop("capabilities.effort"),
    prop("capabilities.image_input"),
    prop("capabilities.pdf_input"),
    prop("capabilities.server_tools"),
    prop("capabilities.structured_outputs"),
    prop("capabilities.thinking"),
    revision=NEWEST,
)
row(
    "property_is[capabilities-names|capabilities-true|capabilities-string]",
    prop("capabilities"),
    revision=NEWEST,
)
row("property_is[batch-true]", prop("capabilities.batch"), revision=NEWEST)
row(
    "property_is[batch.supported-1|batch.supported-0|batch.supported-yes]",
    prop("capabilities.batch.supported"),
    revision=NEWEST,
)
row(
    "property_is[effort.max.supported-False]",
    prop("capabilities.effort.max.supported"),
    revision=NEWEST,
)
row("property_is[effort-levels]", prop("capabilities.effort"), revision=NEWEST)
row("property_is[effort.xhigh-false]", prop("capabilities.effort.xhigh"), revision=NEWEST)
row(
    "property_is[compact_20260112-true]",
    prop("capabilities.context_management.compact_20260112"),
    revision=NEWEST,
)
row("property_is[thinking.types-names]", prop("capabilities.thinking.types"), revision=NEWEST)
row(
    "property_is[thinking.types-empty]",
    prop("capabilities.thinking.types.adaptive"),
    prop("capabilities.thinking.types.between_tools"),
    prop("capabilities.thinking.types.disabled"),
    prop("capabilities.thinking.types.enabled"),
    revision=NEWEST,
)
row(
    "property_is[lifecycle-Active|lifecycle-legacy]",
    prop("lifecycle"),
    (lifecycle.test_stage_lists_its_models_alone, "deprecated"),
    revision=NEWEST,
)
row("property_is[line-empty]", prop("line"), revision=NEWEST)
row("token_limit_is[*]", prop("max_input_tokens"))
row(
    "token_limit_is[max_tokens-negative|max_tokens-float|max_tokens-fraction|max_tokens-string|max_tokens-true|max_tokens-false|max_tokens-200k]",
    prop("max_tokens"),
)
row("every_model[capabilities-absent]", prop("capabilities"))
row("every_model[created_at-absent]", prop("created_at"))
row("every_model[display_name-absent]", prop("display_name"))
row("every_model[*]", prop("type"))
row("every_model[limits-absent]", prop("max_input_tokens"), prop("max_tokens"))
row(
    "every_model[snake-to-camel]",
    prop("created_at"),
    prop("display_name"),
    prop("max_input_tokens"),
    prop("max_tokens"),
)
row("nulls_are_left_out", prop("capabilities"), prop("max_input_tokens"), prop("max_tokens"))
row("xhigh_missing_everywhere", Advice(prop("capabilities.effort.xhigh")))
row("display_name_is[*]", model_info.test_display_name_is_not_empty)
