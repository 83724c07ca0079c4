"""The faults that the checks of `--models-client` catch, with the installed Python SDK."""

from __future__ import annotations

from fault_rows import Catch, Table

from fault_table.sdks import BOTH, ONLY_PYTHON, with_python
from pytest_models_contract.suite import test_clients as clients
from pytest_models_contract.suite import test_clients_paging as paging

CLIENTS = Table()
JAVA, RUBY_PHP, CSHARP = (
    (paging.test_paging_habit, habit) for habit in ("java", "ruby_php", "csharp")
)
DISCOVERS = [
    (clients.test_claude_code_discovers_the_models, credential)
    for credential in ("x-api-key", "bearer")
]
OTHERS: dict[str, list[Catch]] = {
    "cursor_ignored[after_id]": [JAVA, CSHARP],
    "cursor_ignored[before_id]": [RUBY_PHP],
    "both_cursors_ignored": [JAVA, RUBY_PHP, CSHARP],
    "cursor_inclusive[after_id]": [JAVA],
    "cursor_inclusive[before_id]": [RUBY_PHP],
    "after_skips_a_model": [JAVA],
    "before_gives_the_first_models[always]": [RUBY_PHP],
    "has_more_is[false]": [RUBY_PHP],
    "has_more_is[false-backwards]": [RUBY_PHP],
    "envelope_key_absent[data]": [*DISCOVERS],
    "envelope_key_absent[has_more]": [RUBY_PHP],
    "envelope_key_absent[first_id]": [RUBY_PHP],
    "envelope_key_absent[last_id]": [JAVA],
    "envelope_is[data-of-ids]": [*DISCOVERS, clients.test_claude_code_keeps_a_model],
    "envelope_is[last_id-null]": [JAVA],
    "envelope_is[first_id-empty]": [RUBY_PHP],
    "first_and_last_id_swapped": [JAVA, RUBY_PHP],
    "list_redirects[307]": [*DISCOVERS],
    "list_shape_is[bare-array]": [*DISCOVERS],
    "list_body_is[empty]": [*DISCOVERS],
    "limit_refused_from[1000]": [*DISCOVERS],
    "limit_refused_from[101]": [*DISCOVERS],
    "key_not_taken_as[bearer]": [DISCOVERS[1]],
    "first_page_again[after-last]": [JAVA],
    "last_page_again[after-last]": [JAVA],
    "property_is[id-int]": [*DISCOVERS],
    "late_cursor_is_forgotten[after]": [CSHARP],
    "large_list_is_slow_for_a_bearer": [DISCOVERS[1]],
    "ids_hide_their_maker": [clients.test_claude_code_keeps_a_model],
    "head_gets_405": [clients.test_claude_code_preflight],
}
"""What the checks of Claude Code, and of SDKs in other languages, catch."""

for fault in dict.fromkeys([*OTHERS, *BOTH, *ONLY_PYTHON]):
    CLIENTS(fault, *with_python(fault), *OTHERS.get(fault, ()))
