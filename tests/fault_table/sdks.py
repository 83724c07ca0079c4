"""The faults that the checks of an SDK catch: the same with each SDK, but for a few that are named.

The newer SDKs send a bearer token and the newer version, so that they notice what only those meet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import anthropic
from fault_rows import FaultRow, Table

from pytest_models_contract.suite import test_clients_sdk as sdk

Check = Callable[..., None]
LISTS = sdk.test_sdk_lists_every_model
FORWARD = (LISTS, sdk.test_sdk_pages_forward, sdk.test_sdk_turns_pages)
BACKWARD = (sdk.test_sdk_pages_backward,)
PAGING = (*FORWARD, *BACKWARD)
RETRIEVES = (
    sdk.test_sdk_retrieves,
    sdk.test_sdk_retrieves_in_beta,
    sdk.test_sdk_retrieves_odd_ids,
    sdk.test_sdk_retrieves_by_alias,
)
ANSWERED = (*PAGING, sdk.test_sdk_limits_a_page, sdk.test_sdk_keeps_created_at, *RETRIEVES)
BOTH: dict[str, tuple[Check, ...]] = {
    "cursor_ignored[after_id]": FORWARD,
    "cursor_ignored[before_id]": BACKWARD,
    "both_cursors_ignored": PAGING,
    "cursor_inclusive[after_id]": FORWARD,
    "cursor_inclusive[before_id]": BACKWARD,
    "after_skips_a_model": FORWARD,
    "before_gives_the_first_models[always]": BACKWARD,
    "has_more_is[false]": PAGING,
    "has_more_is[false-backwards]": BACKWARD,
    "envelope_key_absent[first_id]": BACKWARD,
    "envelope_key_absent[last_id]": FORWARD,
    "envelope_is[last_id-null]": FORWARD,
    "envelope_is[first_id-empty]": BACKWARD,
    "first_and_last_id_swapped": PAGING,
    "key_not_taken_as[bearer]": (*ANSWERED, sdk.test_sdk_raises_not_found),
    "version_refused[2026-10-21]": (
        *ANSWERED,
        sdk.test_sdk_raises_not_found,
        sdk.test_sdk_raises_authentication_error,
    ),
    "version_list_is[2026-10-21-one-less]": (*PAGING, sdk.test_sdk_limits_a_page),
    "model_refused_for[bearer]": RETRIEVES,
    "model_refused_for[newer-version]": RETRIEVES,
    "envelope_is_spoiled_for[bearer-null-cursors]": PAGING,
    "ids_hide_their_maker": (sdk.test_sdk_retrieves_by_alias,),
    "limit_ignored": (sdk.test_sdk_limits_a_page,),
    "id_is_not_decoded": (sdk.test_sdk_retrieves_odd_ids,),
    "alias_leads_elsewhere": (sdk.test_sdk_retrieves_by_alias,),
    "lets_in[wrong-bearer]": (sdk.test_sdk_raises_authentication_error,),
    "property_null[created_at]": (sdk.test_sdk_keeps_created_at,),
    "property_mistyped[created_at]": (sdk.test_sdk_keeps_created_at,),
}
ONLY_PYTHON = {"retrieve_redirects[307]": RETRIEVES}
"""Our client does not follow redirects; Node does."""
ONLY_NEWER = {
    "key_not_taken_as[bearer]",
    "version_refused[2026-10-21]",
    "version_list_is[2026-10-21-one-less]",
    "model_refused_for[bearer]",
    "model_refused_for[newer-version]",
    "envelope_is_spoiled_for[bearer-null-cursors]",
    "lets_in[wrong-bearer]",
}
"""Only a bearer token or the newer version meets these: SDKs from 2.0 (Python) and 1.0 (TypeScript)."""
ONLY_TYPESCRIPT = {"envelope_key_absent[has_more]": PAGING}
"""Without `has_more` the TypeScript SDK stops, and the Python SDK goes on."""


def with_python(fault: str) -> Iterator[tuple[Check, str]]:
    """The checks of the Python SDK that catch the fault, with the parameters of its two clients."""
    for check in (BOTH | ONLY_PYTHON).get(fault, ()):
        clients = ("models", "beta", "async", "async-beta") if check is LISTS else ("", "async")
        yield from ((check, own) for own in clients)


def with_typescript(fault: str) -> Iterator[tuple[Check, str]]:
    """The checks of the TypeScript SDK that catch the fault."""
    for check in (BOTH | ONLY_TYPESCRIPT).get(fault, ()):
        yield check, "typescript"
        if check is LISTS:
            yield check, "typescript-beta"


def caught_by_installed(row: FaultRow) -> Mapping[str, str]:
    """The checks that catch the fault with the installed SDK; before 2.0 it sends what older ones send."""
    old = anthropic.__version__.startswith(("0.", "1."))
    if not (old and row.fault in ONLY_NEWER):
        return row.catches
    return {check: own for check, own in row.catches.items() if "/sdk_" not in check}


TYPESCRIPT = Table()
for name in BOTH | ONLY_TYPESCRIPT:
    TYPESCRIPT(name, *with_typescript(name))
