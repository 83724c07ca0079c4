"""Faults with few limits, at few places or after certain requests: exploration alone meets them."""

from __future__ import annotations

from fault_rows import Table

from pytest_models_contract.suite import test_explore as explore

row = Table()

ENVELOPES = "up-to-128|back-to-101|up-to-199|exact-fit-odd|exact-fit-backward|one-left"
MODELS = 240

row(
    f"narrow_window[{ENVELOPES}|100-models|33-models-backward]",
    explore.test_every_envelope_fits_its_page,
    models=MODELS,
    explore=200,
)
row(
    "narrow_window[from-151|25s-backward]",
    explore.test_every_page_shows_models_as_the_catalogue_does,
    models=MODELS,
    explore=200,
)
row(
    "narrow_window[limit-53-after|one-too-many]",
    explore.test_every_page_holds_its_part_of_the_list,
    models=MODELS,
    explore=400,
)
row(
    "narrow_window[cursor-138-after|cursor-72-before]",
    explore.test_every_page_holds_its_part_of_the_list,
    models=MODELS,
    explore=700,
)
row(
    "narrow_window[*]",
    explore.test_every_page_holds_its_part_of_the_list,
    models=MODELS,
    explore=200,
)
row(
    "narrow_retrieve[neighbour-of-107-to-115]",
    explore.test_every_model_is_found_alone,
    models=MODELS,
    explore=200,
)
row(
    "narrow_retrieve[*]",
    explore.test_every_model_is_found_alone,
    models=MODELS,
    explore=1000,
)
row(
    "narrow_cache[by-the-beginning-of-the-id]",
    explore.test_every_page_holds_its_part_of_the_list,
    models=MODELS,
    explore=400,
)
row(
    "narrow_cache[but-the-last-two-digits]",
    explore.test_every_page_holds_its_part_of_the_list,
    models=MODELS,
    explore=700,
)
row(
    "narrow_cache[*]",
    explore.test_every_page_holds_its_part_of_the_list,
    models=MODELS,
    explore=200,
)
row(
    "narrow_sequence[page-after-a-full-one]",
    explore.test_every_page_holds_its_part_of_the_list,
    models=MODELS,
    explore=400,
)
row(
    "narrow_sequence[*]",
    explore.test_every_page_holds_its_part_of_the_list,
    models=MODELS,
    explore=200,
)
