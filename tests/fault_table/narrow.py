"""Faults with few limits, at few places or after certain requests: exploration alone meets them."""

from __future__ import annotations

from fault_rows import Table

from pytest_models_contract.suite import test_explore as explore

row = Table()

ENVELOPES = "up-to-128|back-to-101|up-to-199|exact-fit-odd|exact-fit-backward|one-left"
PAGES = explore.test_every_page_holds_its_part_of_the_list
MODELS = 240
FEW, SOME, MANY, MOST = 200, 400, 700, 1_000
"""How many requests meet the faults of a row."""

row(
    f"narrow_window[{ENVELOPES}|100-models|33-models-backward]",
    explore.test_every_envelope_fits_its_page,
    models=MODELS,
    explore=FEW,
)
row(
    "narrow_window[from-151]",
    explore.test_every_page_shows_models_as_the_catalogue_does,
    models=MODELS,
    explore=MANY,
)
row(
    "narrow_window[25s-backward]",
    explore.test_every_page_shows_models_as_the_catalogue_does,
    models=MODELS,
    explore=FEW,
)
row("narrow_window[limit-53-after|limit-137|cursor-100-after]", PAGES, models=MODELS, explore=SOME)
row("narrow_window[cursor-72-before]", PAGES, models=MODELS, explore=MANY)
row("narrow_window[*]", PAGES, models=MODELS, explore=FEW)
row("narrow_retrieve[*]", explore.test_every_model_is_found_alone, models=MODELS, explore=MOST)
row("narrow_cache[but-the-last-two-digits]", PAGES, models=MODELS, explore=SOME)
row("narrow_cache[*]", PAGES, models=MODELS, explore=FEW)
row("narrow_sequence[*]", PAGES, models=MODELS, explore=FEW)
