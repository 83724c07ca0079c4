"""Checks that look at one thing, by the beginnings of their ids, so that a rule can name them together."""

from __future__ import annotations

SIZES = (
    "limit/default",
    "limit/minimum_is_honoured",
    "limit/maximum_is_honoured",
    "limit/page_is_never_longer_than_limit",
    "limit/page_is_never_shorter_while_more_exist",
    "clients/sdk_limits_a_page",
)
"""How many models pages hold."""
UNIQUE_IDS = "model_list/ids_are_unique_in_the_catalogue"
SAME_MODELS = "model_list/a_model_is_the_same_on_every_page"
STARTS = (
    "cursors/without_a_cursor_the_page_starts_at_the_first_model",
    "cursors/after_id_starts_after_the_cursor",
    "cursors/before_id_ends_before_the_cursor",
    UNIQUE_IDS,
)
"""Which models pages hold."""
ENDS = (
    "cursors/after_the_last_model_the_page_is_empty",
    "cursors/before_the_first_model_the_page_is_empty",
)
MORE = ("cursors/has_more_forward", "cursors/has_more_backward")
UNDOES = ("cursors/before_id_undoes_after_id",)
WALKS = (
    "cursors/walking_forward_yields_every_model_once",
    "cursors/walking_backward_yields_every_model_once",
    "clients/sdk_lists_every_model",
    "clients/sdk_pages_backward",
    "clients/sdk_pages_forward",
    "clients/sdk_turns_pages",
    "clients/paging_habit",
)
PAGES_OF_SDKS = tuple(own for own in (*SIZES, *WALKS) if own.startswith("clients/sdk_"))
"""The same, of pages that an SDK asks for in its own way."""
EXPLORED = "explore/"
EXPLORED_PAGES = ("explore/every_page_holds_its_part",)
EXPLORED_ENVELOPES = ("explore/every_envelope_fits",)
PAGES = (
    *SIZES,
    *STARTS,
    *ENDS,
    *MORE,
    *UNDOES,
    *WALKS,
    *EXPLORED_PAGES,
    *EXPLORED_ENVELOPES,
)
"""All that compares pages with the catalogue."""
PAGES_OF_PROXIES = (
    "proxy/every_model_is_listed",
    "proxy/no_other_model_is_listed",
    "proxy/no_model_is_listed_twice",
    "proxy/order_is_the_upstreams",
    "proxy/window_is_the_upstreams",
    "proxy/has_more_is_true_of_the_page",
    "proxy/first_and_last_id_are_those_of_the_page",
    "proxy/odd_id_is_listed",
    "proxy/odd_id_is_a_cursor",
)
"""All that compares a proxy's pages with its upstream's."""
VARIANTS = (
    "headers/betas_",
    "headers/newer_version_is_answered_the_same",
    "headers/key_is_taken_either_way",
    "headers/beta_query_is_accepted",
)
"""What compares a request in another way with the plain one."""
REFUSALS = ("limit/refuses", "limit/malformed_is_refused")
"""Illegal limits."""
ODD = (
    "cursors/unknown_cursor",
    "cursors/both_cursors",
    "limit/malformed_is_no_server_error",
    "errors/odd_question",
    "errors/unknown_workspace",
    "lifecycle/odd_stages",
)
"""What unusual requests get, where they are not refused."""
LIST_ENTRY = "retrieve/model_equals_its_list_entry"
FOUND = (
    "retrieve/listed_models_are_found",
    "retrieve/ids_that_need_encoding_are_found",
    "explore/every_model_is_found",
)
ALIAS = "retrieve/alias_resolves"
REPEATING = "cursors/repeating_a_request_repeats_the_answer"
TOGETHER = "cursors/requests_at_the_same_moment_get_their_own_answers"
ERROR_BODY = (
    "errors/body_is_an_error_object",
    "errors/body_names_the_request",
    "errors/type_belongs",
)
"""How errors are written."""
ERROR_STATUS = (
    "errors/unknown_model_is_not_found",
    "errors/limit_out_of_range_is_an_invalid_request",
    "errors/list_wants_the_key",
    "errors/retrieve_wants_the_key",
)
"""With what status requests are refused; the type of the error is looked at beside it."""
REQUEST_ID = "headers/request_id_on_every_answer"
FORM = (*ERROR_BODY, "errors/no_answer_repeats_the_key", "headers/request_id")
"""What is found of the form of a response, whatever it says."""
