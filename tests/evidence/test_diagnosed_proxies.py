"""Faulty proxies, and what the diagnoses say of them."""

from __future__ import annotations

from typing import Any

import pytest
from proxies.judging import EVERY, Setup, diagnosed, judged
from proxies.messages import Answer, Ask, Relay, error
from proxies.rows import ProxyRow
from proxies.server import Proxy
from proxies.table import TABLES
from sampling import first_of

from pytest_models_contract.evidence.diagnoses.checks import PAGES_OF_PROXIES
from pytest_models_contract.evidence.diagnoses.proxies import (
    callers,
    failures,
    keys,
    lists,
    models,
    passing,
)
from pytest_models_contract.evidence.diagnoses.proxies.rules import RULES
from pytest_models_contract.evidence.diagnoses.rules import Rule

ROWS: dict[str, ProxyRow] = {row.fault: row for table in TABLES for row in table.all()}
# The rule, a faulty proxy that shows it, and how the title begins.
EXAMPLES: dict[Rule, tuple[str, str]] = {
    lists.first_pages: (
        "first_upstream_page_alone[20]",
        "only the upstream's first page is read: 19 of 128 models",
    ),
    lists.pages_without_the_query: (
        "cache_knows_only[path]",
        "the query is ignored: ",
    ),
    lists.wrong_lists: (
        "before_id_goes_forward",
        "the list is not whole: 0 of 127 models, without claude-opus-0000, ",
    ),
    lists.wrong_envelopes: (
        "end_is_null[last_id]",
        'the envelope is not that of the page: last_id null, not "claude-',
    ),
    lists.odd_ids: (
        "cursor_is[after-slash]",
        "ids with a slash do not work as cursors: ",
    ),
    failures.empty_lists: (
        "empty_list_for[any]",
        "an upstream failure becomes an empty list: 400, 401, 403 and ",
    ),
    failures.partial_lists: (
        "list_ends_where_a_page_fails[any]",
        "a list without the upstream's failed pages is sent as if complete: ",
    ),
    failures.successes: (
        "nothing_for_any_failure[empty-object]",
        "an upstream failure becomes a success: 400, 401, 403 and 14 more; clients get 200 with {}",
    ),
    failures.lost_errors: (
        "too_many_requests_become_500",
        "the upstream's error objects are not passed on: 429",
    ),
    failures.own_errors: (
        "errors_of_its_own_are[fastapi]",
        "the server's own errors are not error objects: status 502 without the error object",
    ),
    failures.no_response: (
        "connection_is_closed_for[no-answer]",
        "the server closes the connection without a response when the upstream fails: cut-length, ",
    ),
    failures.waiting_clients: (
        "cut_body_has_no_end",
        "clients wait without end when the upstream fails: cut-length, cut-chunks",
    ),
    failures.silent_upstreams: (
        "silent_upstream_is_waited_for",
        "the server waits as long as the upstream when the upstream fails: silent",
    ),
    failures.lost_retry_after: (
        "header_is_dropped[retry-after]",
        "`retry-after` is not passed on: ",
    ),
    failures.compressed_errors: (
        "compressed_errors_become_500",
        "an error that the upstream compresses cannot be read: status 500",
    ),
    failures.request_ids: (
        "header_is_dropped[request-id]",
        "responses have no `request-id`: 9 responses",
    ),
    failures.costly_failures: (
        "failures_are_tried_again_fifty_times[5xx]",
        "a failing upstream is asked again and again: 500, 502, 503 and 1 more; ",
    ),
    failures.endless_lists: (
        "endless_lists_are_read_for_ever[by-count]",
        "an endless list of the upstream is read for ever: ",
    ),
    failures.no_recovery: (
        "one_failure_is_the_end[429]",
        "the server does not recover: status 503 for 2 s after the upstream was back; after 429",
    ),
    failures.old_catalogues: (
        "change_is_not_seen[model]",
        "a change of the upstream's catalogue does not show: still the old model",
    ),
    keys.servers_keys: ("own_key_in_refusals", "clients get the server's own key: "),
    keys.clients_keys: (
        "clients_key_upstream_in[authorization]",
        "the client's key reaches the upstream: ",
    ),
    keys.shown_keys: (
        "clients_key_in[header]",
        "responses repeat the client's key: 38 responses, in the header x-key-used",
    ),
    keys.redirected_keys: (
        "keys_follow_redirects",
        "a key follows the upstream's redirects: to another port and host",
    ),
    callers.servers_key: (
        "bearers_are_served_with_its_own_key",
        "some clients are served with the server's own key: 4 responses, such as to GET /v1/models",
    ),
    callers.other_clients: (
        "models_are_cached_for_all_keys",
        "one client gets the response of another client: ",
    ),
    callers.refused_betas: (
        "betas_add_up",
        "one client's betas affect another client: 8 requests without betas, status 400",
    ),
    callers.shared_cookies: (
        "cookies_are_shared[jar]",
        "a cookie of the upstream is shared between clients: the first client's cookie at the upstream",
    ),
    callers.stopped_clients: (
        "wrong_key_stops_everybody",
        "one client's wrong key stops all clients: status 503 for the right key",
    ),
    models.decoded_paths: ("path_is[decoded]", "the proxy decodes the path: a model with a slash"),
    models.not_found_alone: (
        "found_on_the_first_page_alone[first-page]",
        "single models are not found by their ids: ",
    ),
    models.unknown_ids: (
        "unknown_model_is[stub]",
        "an id that the upstream does not know is answered with a model that is made up: ",
    ),
    models.changed_values: (
        "null_becomes[0]",
        "null is changed on the way: 0 in place of null, 97 values of ",
    ),
    passing.cut_bodies: (
        "cut_body_is_passed_on_as_whole",
        "a body that was cut off is passed on as a whole one: cut-length, cut-chunks",
    ),
    passing.broken_bodies: (
        "coding_is_not_named",
        "bodies arrive broken, by how the upstream sends them: compressed, compressed-chunks; ",
    ),
    passing.lost_headers: (
        "betas_are[left-out]",
        "`anthropic-beta` is not passed on as it came: no anthropic-beta at the upstream, not ",
    ),
    passing.lost_beta_query: (
        "beta_query_is_left_out",
        "what `?beta=true` adds is not passed on: allowed_fallback_models (list, retrieve)",
    ),
    passing.hop_by_hop: (
        "hop_by_hop_headers_reach_the_upstream[all]",
        "headers for one hop only are passed on: ",
    ),
    passing.compressed_for_all: (
        "compressed_for_everybody",
        "clients that accept no compressed body get one: content-encoding gzip",
    ),
}


@pytest.mark.parametrize("rule", first_of(EXAMPLES), ids=lambda rule: rule.__name__)
def test_a_rule_finds_its_cause(rule: Rule) -> None:
    fault, begins = EXAMPLES[rule]
    row = ROWS[fault]
    [found] = diagnosed(judged(row.setup, expect=row.expect, large=row.large, only=row.catches))
    assert found.title.startswith(begins)
    assert found.cause
    assert {*found.checks} == {*row.catches}


def _sorted_and_kept(proxy: Proxy) -> None:
    """The whole list is kept, sorted by its dates as text; pages are cut from it."""
    whole, kept = proxy.whole, {}  # type: ignore[var-annotated]
    proxy.aggregates = True

    def by_text(ask: Ask) -> list[Any]:
        return sorted(whole(ask), key=lambda model: str(model["created_at"]), reverse=True)

    proxy.whole = lambda ask: kept.setdefault(ask.key, by_text(ask))  # type: ignore[method-assign]


@pytest.mark.parametrize(
    ("setup", "begins"),
    [
        (_sorted_and_kept, "the order is not the upstream's: "),
        (ROWS["has_more_is_always[false]"].setup, "`has_more` is false while more"),
        (ROWS["alias_is_not_known"].setup, "an alias that only the upstream knows is not resolved"),
    ],
    ids=["sorted_and_kept", "has_more_is_always[false]", "alias_is_not_known"],
)
def test_the_first_cause_is_true(setup: Setup, begins: str) -> None:
    checks = (*PAGES_OF_PROXIES, models.ALIAS)
    found = judged(setup, only={check for check in EVERY if check.startswith(checks)})
    assert diagnosed(found)[0].title.startswith(begins)


def _is_over_after_a_refusal(proxy: Proxy) -> None:
    """The upstream is asked no more once it refused a key, whoever's it was."""
    refused: list[Answer] = []

    def once(relay: Relay, ask: Ask) -> Answer:
        answer = refused[0] if refused else relay(ask)
        if answer.status == 401:
            refused.append(answer)
        return answer

    proxy.around.append(once)


def test_headers_are_not_to_blame_for_requests_that_never_go_upstream() -> None:
    checks = (
        "proxy/refusal_is",
        "proxy/version_",
        "proxy/betas_",
        "proxy/server_is_back_after[401]",
    )
    only = {check for check in EVERY if check.startswith(checks)}
    titles = [own.title for own in diagnosed(judged(_is_over_after_a_refusal, only=only))]
    assert [title.partition(":")[0] for title in titles] == [
        "the server does not recover",
        "one client gets the response of another client",
    ]


def _fails_in_the_end(proxy: Proxy) -> None:
    """The upstream is asked, and then the proxy fails at what it got."""
    proxy.to_client.append(lambda _, answer: error(500) if answer.status == 200 else answer)


def test_a_failure_is_no_other_clients_response() -> None:
    only = {check for check in EVERY if check.startswith("proxy/each_client")}
    [found] = diagnosed(judged(_fails_in_the_end, only=only))
    assert found.title.startswith("clients do not get what the upstream has for them: ")
    assert found.title.endswith(", such as status 500")


def test_every_rule_has_an_example() -> None:
    assert set(EXAMPLES) == set(RULES)
