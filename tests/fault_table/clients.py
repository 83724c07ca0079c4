"""The faults that the checks of `--models-client` catch, with the installed SDK.

The SDK sends a bearer token and the newer version, so that it notices what only those meet.
"""

from __future__ import annotations

from fault_rows import Table

from pytest_models_contract.suite import test_clients as clients
from pytest_models_contract.suite import test_clients_sdk as sdk

CLIENTS = row = Table()
LISTS = [(sdk.test_sdk_lists_every_model, namespace) for namespace in ("models", "beta")]
JAVA, RUBY_PHP, CSHARP = (
    (sdk.test_paging_habit, habit) for habit in ("java", "ruby_php", "csharp")
)
DISCOVERS = [
    (clients.test_claude_code_discovers_the_models, credential)
    for credential in ("x-api-key", "bearer")
]

row(
    "cursor_ignored[after_id]",
    *LISTS,
    JAVA,
    CSHARP,
)
row(
    "cursor_ignored[before_id]",
    sdk.test_sdk_pages_backward,
    RUBY_PHP,
)
row(
    "both_cursors_ignored",
    *LISTS,
    sdk.test_sdk_pages_backward,
    JAVA,
    RUBY_PHP,
    CSHARP,
)
row("cursor_inclusive[after_id]", *LISTS, JAVA)
row(
    "cursor_inclusive[before_id]",
    sdk.test_sdk_pages_backward,
    RUBY_PHP,
)
row("after_skips_a_model", *LISTS, JAVA)
row(
    "before_gives_the_first_models[always]",
    sdk.test_sdk_pages_backward,
    RUBY_PHP,
)
row(
    "has_more_is[false]",
    *LISTS,
    sdk.test_sdk_pages_backward,
    RUBY_PHP,
)
row(
    "has_more_is[false-backwards]",
    sdk.test_sdk_pages_backward,
    RUBY_PHP,
)
row("envelope_key_absent[data]", *DISCOVERS)
row("envelope_key_absent[has_more]", RUBY_PHP)
row(
    "envelope_key_absent[first_id]",
    sdk.test_sdk_pages_backward,
    RUBY_PHP,
)
row("envelope_key_absent[last_id]", *LISTS, JAVA)
row("envelope_is[data-of-ids]", *DISCOVERS, clients.test_claude_code_keeps_a_model)
row("envelope_is[last_id-null]", *LISTS, JAVA)
row(
    "envelope_is[first_id-empty]",
    sdk.test_sdk_pages_backward,
    RUBY_PHP,
)
row(
    "first_and_last_id_swapped",
    *LISTS,
    sdk.test_sdk_pages_backward,
    JAVA,
    RUBY_PHP,
)
row("list_redirects[307]", *DISCOVERS)
row("list_shape_is[bare-array]", *DISCOVERS)
row("list_body_is[empty]", *DISCOVERS)
row("limit_refused_from[1000]", *DISCOVERS)
row("limit_refused_from[101]", *DISCOVERS)
row(
    "key_not_taken_as[bearer]",
    (clients.test_claude_code_discovers_the_models, "bearer"),
    *LISTS,
    sdk.test_sdk_pages_backward,
    sdk.test_sdk_retrieves,
    sdk.test_sdk_raises_not_found,
)
row(
    "version_refused[2026-10-21]",
    *LISTS,
    sdk.test_sdk_pages_backward,
    sdk.test_sdk_retrieves,
    sdk.test_sdk_raises_not_found,
)
row("version_list_is[2026-10-21-one-less]", *LISTS, sdk.test_sdk_pages_backward)
row("retrieve_redirects[307]", sdk.test_sdk_retrieves)
row("model_refused_for[bearer]", sdk.test_sdk_retrieves)
row("model_refused_for[newer-version]", sdk.test_sdk_retrieves)
row("first_page_again[after-last]", JAVA)
row("last_page_again[after-last]", JAVA)
row("property_is[id-int]", *DISCOVERS)
row("late_cursor_is_forgotten[after]", CSHARP)
row("envelope_is_spoiled_for[bearer-null-cursors]", *LISTS, sdk.test_sdk_pages_backward)
row("large_list_is_slow_for_a_bearer", (clients.test_claude_code_discovers_the_models, "bearer"))
row("ids_hide_their_maker", clients.test_claude_code_keeps_a_model)
row("head_gets_405", clients.test_claude_code_preflight)
