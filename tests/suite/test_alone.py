"""Each check by itself: no check relies on what another one finds first.

Users pick checks, and workers share them out: then nobody has read the server before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from conformant.kit import altered
from conformant.moving import Moving
from fault_rows import NEWEST
from judging import judged_alone
from sampling import first_of

from pytest_models_contract.fake.catalogue import catalogue

Model = dict[str, Any]
Models = Sequence[Model]


def released(own: Models) -> Models:
    newest = {**own[0], "id": "claude-next", "created_at": "2026-12-01T00:00:00Z"}
    return [newest, *own]


def newest_gone(own: Models) -> Models:
    return own[1:]


def oldest_gone(own: Models) -> Models:
    return own[:-1]


def eleventh_gone(own: Models) -> Models:
    return [*own[:10], *own[11:]]


def eleventh_renamed(own: Models) -> Models:
    return [*own[:10], {**own[10], "display_name": "New"}, *own[11:]]


def newest_dated_back(own: Models) -> Models:
    return [*own[1:], {**own[0], "created_at": "2020-01-01T00:00:00Z"}]


def dated_a_century_later(own: Models) -> Models:
    """The same order, a century later."""
    return [{**model, "created_at": model["created_at"].replace("20", "21", 1)} for model in own]


def deprecated(own: Models) -> Models:
    day = "2026-10-01T00:00:00Z"
    active = next(n for n, model in enumerate(own) if model["lifecycle"] == "active")
    return [
        {**model, "lifecycle": "deprecated", "deprecated_at": day} if n == active else model
        for n, model in enumerate(own)
    ]


MOVES = [
    ("model_list/ids_are_unique_in_the_catalogue", newest_dated_back, 1010),
    ("order/newest_first", dated_a_century_later, 1010),
    ("limit/minimum_is_honoured", newest_gone, 27),
    ("limit/maximum_is_honoured", newest_gone, 27),
    ("cursors/after_id_starts_after_the_cursor", newest_gone, 27),
    ("cursors/before_id_ends_before_the_cursor", oldest_gone, 27),
    ("cursors/after_the_last_model_the_page_is_empty", oldest_gone, 27),
    ("cursors/before_the_first_model_the_page_is_empty", released, 27),
    ("cursors/walking_forward_yields_every_model_once", oldest_gone, 27),
    ("cursors/walking_backward_yields_every_model_once", released, 27),
    ("cursors/has_more_forward", oldest_gone, 27),
    ("cursors/has_more_backward", newest_gone, 27),
    ("cursors/before_id_undoes_after_id", newest_dated_back, 27),
    ("headers/betas_keep_the_list", eleventh_gone, 27),
    ("headers/key_is_taken_either_way[list]", eleventh_renamed, 27),
    ("headers/beta_query_is_accepted[list]", eleventh_renamed, 27),
    ("lifecycle/stage_lists_its_models_alone[active]", deprecated, 27),
    ("lifecycle/several_stages_list_the_models_of_each[active+retired]", deprecated, 27),
    ("lifecycle/filtered_pages_keep_the_schema", newest_dated_back, 27),
    ("lifecycle/filtered_pages_follow_limit_and_cursor", deprecated, 27),
    ("lifecycle/active_and_deprecated_models_are_listed_unasked", released, 27),
    ("clients/sdk_lists_every_model[models]", oldest_gone, 27),
    ("clients/sdk_pages_backward", newest_gone, 27),
    ("clients/paging_habit[java]", oldest_gone, 27),
]
MOMENTS = range(1, 60)


@pytest.mark.parametrize(
    ("check", "change", "count"), first_of(MOVES, 8), ids=[move[0] for move in MOVES]
)
def test_a_change_is_read_again_before_it_is_a_violation(
    check: str, change: Callable[[Models], Models], count: int
) -> None:
    """For any number of requests before the change, up to the first that needs it."""
    own = catalogue(count, NEWEST)
    before, after = (altered(models=list(models), revision=NEWEST) for models in (own, change(own)))
    for moment in MOMENTS:
        verdict, run = judged_alone(check, Moving(before, after, moment), NEWEST)
        assert verdict.verdict in {"holds", "unexercised"}, (moment, verdict)
        if run.asked.api.readings:
            return
    pytest.fail("the check never met the change")
