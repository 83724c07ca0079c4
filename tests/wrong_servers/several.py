"""Servers with several defects of the fake at once: each has its own diagnosis."""

from __future__ import annotations

from functools import reduce

from pytest_models_contract.fake import Ask, Request, Response
from pytest_models_contract.fake.application import with_fault
from pytest_models_contract.fake.faults import FAULTS
from wrong_servers.kit import shows

REVERSED = "each page is reversed"
NOT_REFUSED = "illegal values of `limit` are not refused but served"
OPENAI = "the list comes in OpenAI's format"


def server(titles: tuple[str, ...], *faults: str, models: int = 27) -> None:
    """Register a fake with all of these faults, the innermost first, by their names."""

    def injected(ask: Ask, request: Request) -> Response:
        return reduce(with_fault, (FAULTS[name] for name in faults), ask)(request)

    injected.__name__ = " and ".join(faults)
    shows(*titles, models=models)(injected)


server((REVERSED, "`limit` is capped at 5"), "limit_capped_silently_at[5]", "page_is_oldest_first")
server((REVERSED, "`after_id` is ignored"), "cursor_ignored[after_id]", "page_is_oldest_first")
server((REVERSED, "`has_more` is always true"), "has_more_is[true]", "page_is_oldest_first")
server(
    ("`has_more` is false on the second page", "`has_more` is that of the other direction"),
    "has_more_false_on_page_two",
    "has_more_of_the_other_direction",
    models=120,
)
server(
    ("`after_id` and `before_id` are ignored", "`has_more` is true without `limit`"),
    "both_cursors_ignored",
    "has_more_is[true-without-a-limit]",
    models=10,
)
server(
    ("each page lacks its first model", f"{NOT_REFUSED} with an empty page: 0"),
    "limit_clamped[0]",
    "other_list_for[x-api-key]",
)
server(
    (NOT_REFUSED, "the list comes in another shape, a bare array"),
    "limit_above_1000_serves_everything",
    "list_shape_is[bare-array]",
)
server(
    (
        "`anthropic-beta: token-counting-2024-11-01` is not accepted",
        "after the last model comes 400",
    ),
    "odd_cursor_refused[blank-after_id]",
    "beta_refused[one-value]",
    models=120,
)
server(
    (OPENAI, "listed models cannot be retrieved: each of 20"),
    "right_key_refused_on_retrieve",
    "list_shape_is[openai]",
)
server(
    ("retrieve always responds with the same model", OPENAI),
    "retrieve_gives_the_newest[any]",
    "list_shape_is[openai]",
)
server(
    ("a request with `anthropic-beta` lacks `display_name`", "a retrieved model lacks"),
    "retrieved_models_are_short",
    "beta_models_lack[display_name]",
    models=10,
)
server(
    ("`first_id` and `last_id` are empty", "`first_id` names the end of the whole list"),
    "first_id_of_the_catalogue",
    "empty_page_is[empty-string-cursors]",
)
server(
    (REVERSED, "a request that is sent again is refused"),
    "page_is_oldest_first",
    "second_answer_is_refused",
    models=10,
)
server(
    ("pages where `limit` is 21 or less are refused", "a request with `anthropic-beta` lacks"),
    "beta_models_lack[created_at]",
    "limit_refused_from[1]",
    models=10,
)
server(
    (REVERSED, "`after_id` skips the model next to the cursor"),
    "after_skips_a_model",
    "page_is_oldest_first",
    models=3,
)
server(
    ("`after_id` and `before_id` are ignored", "`limit` is capped at 5"),
    "limit_capped_silently_at[5]",
    "both_cursors_ignored",
)
server(
    ("`first_id` and `last_id` are positions", "`limit` is capped at 5"),
    "limit_capped_silently_at[5]",
    "cursors_are_offsets",
)
server(
    ("`first_id` is missing: each of 34", "`last_id` is missing on empty pages"),
    "empty_page_lacks_cursors",
    "envelope_key_absent[first_id]",
    models=10,
)
server(
    ("`first_id` is always", "`last_id` names the other end of the page"),
    "last_id_of_the_catalogue",
    "first_and_last_id_swapped",
)
server(
    ("`has_more` or a cursor changes",),
    "has_more_false_on_page_two",
    "second_answer_turns_has_more",
    models=10,
)
server(
    ("an unknown id is answered with 200 and a page around", "retrieve answers in another shape"),
    "retrieve_gives_the_newest[any]",
    "model_shape_is[page]",
    models=3,
)
server(
    ("`limit` is capped at 5", "a `limit` below 2 is served as 2"),
    "limit_capped_silently_at[5]",
    "limit_1_serves_two",
    models=10,
)
server(
    ("`before_id` is ignored: each", "`after_id` is ignored without `limit`"),
    "cursor_needs_a_limit[after_id]",
    "cursor_ignored[before_id]",
)
