"""Faulty proxies, and what the diagnoses say of them."""

from __future__ import annotations

from types import ModuleType

import pytest
from proxies import judging
from proxies.kit import Setup
from proxies.table import TABLES
from sampling import first_of

from pytest_models_contract.evidence.diagnoses import proxies
from pytest_models_contract.evidence.diagnoses.causes import Violated, diagnoses
from pytest_models_contract.evidence.diagnoses.observed import Observed
from pytest_models_contract.evidence.diagnoses.rules import Rule
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.suite import (
    test_proxy_callers,
    test_proxy_catalogue,
    test_proxy_change,
    test_proxy_failures,
    test_proxy_keys,
    test_proxy_retrieve,
)

FAULTS: dict[str, Setup] = {name: setup for table in TABLES for name, setup in table.faults.items()}
# The rule, a faulty proxy that shows it, the file of checks that sees it, how the title begins.
EXAMPLES: dict[Rule, tuple[str, ModuleType, str]] = {
    proxies.first_pages: (
        "first_upstream_page_alone[20]",
        test_proxy_catalogue,
        "only the upstream's first page is read: 20 of 1,",
    ),
    proxies.pages_without_the_query: (
        "cache_knows_only[path]",
        test_proxy_catalogue,
        "pages are cached without the query: ",
    ),
    proxies.empty_lists: (
        "empty_list_for[any]",
        test_proxy_failures,
        "an upstream failure becomes an empty list: 400, 401, 403 and ",
    ),
    proxies.partial_lists: (
        "list_ends_where_a_page_fails[any]",
        test_proxy_failures,
        "a list without the upstream's failed pages is sent as if complete: ",
    ),
    proxies.servers_keys: (
        "own_key_in_refusals",
        test_proxy_keys,
        "clients get the server's own key: ",
    ),
    proxies.clients_keys: (
        "clients_key_upstream_in[authorization]",
        test_proxy_keys,
        "the client's key reaches the upstream: ",
    ),
    proxies.redirected_keys: (
        "keys_follow_redirects",
        test_proxy_keys,
        "a key follows the upstream's redirects: to another port and host",
    ),
    proxies.other_clients: (
        "models_are_cached_for_all_keys",
        test_proxy_callers,
        "one client gets the response of another client: ",
    ),
    proxies.decoded_paths: (
        "path_is[decoded]",
        test_proxy_retrieve,
        "the proxy decodes the path: a model with a slash",
    ),
    proxies.lost_errors: (
        "too_many_requests_become_500",
        test_proxy_failures,
        "the upstream's error objects are not passed on: 429",
    ),
    proxies.old_catalogues: (
        "change_is_not_seen[list]",
        test_proxy_change,
        "a change of the upstream's catalogue does not show: still the old list",
    ),
}


def observed(fault: str, file: ModuleType) -> Observed:
    """What a run of one file of checks has seen of a faulty proxy."""
    large = file is test_proxy_catalogue
    found = judging.judged(FAULTS[fault], only=judging.checks_in(file), large=large)
    violated = [
        Violated(check, own.level, own.findings)  # type: ignore[arg-type]
        for check, own in found.items()
        if own.verdict == "violated"
    ]
    return Observed([], Revision.load(), [], violated)


@pytest.mark.parametrize("rule", first_of(EXAMPLES), ids=lambda rule: rule.__name__)
def test_a_rule_finds_its_cause(rule: Rule) -> None:
    fault, file, begins = EXAMPLES[rule]
    seen = observed(fault, file)
    [cause] = rule(seen)
    assert cause.title.startswith(begins)
    [found] = diagnoses([cause], seen.violated)
    assert found.checks
    others = {other for other in proxies.RULES if other is not rule and any(other(seen))}
    assert others == set()


def test_every_rule_has_an_example() -> None:
    assert set(EXAMPLES) == set(proxies.RULES)
