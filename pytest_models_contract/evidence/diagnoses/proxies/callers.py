"""Several clients of one proxy: what one of them gets of another."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.counting import several
from pytest_models_contract.evidence.diagnoses.observed import Observed
from pytest_models_contract.evidence.diagnoses.proxies.findings import of, reached

MIXED = (
    "proxy/each_client_gets_its_own",
    "proxy/refusal_is_nobody_elses",
    "proxy/response_is_for_its_key_alone",
    "proxy/requests_at_once_get_their_own_responses",
    "proxy/who_goes_away_leaves_no_response_behind",
    "proxy/failure_brings_no_response_of_another_client",
)
BETAS = "proxy/refused_beta_is_nobody_elses"
COOKIES = "proxy/cookies_are_not_shared"
STOPPED = "proxy/wrong_key_stops_nobody_else"
ELSEWHERE = (
    "headers/another_key_changes_nothing",
    "errors/list_wants_the_key",
    "errors/retrieve_wants_the_key",
)
"""Where the same shows without an upstream."""
CACHED = (
    "proxy/change_is_visible",
    "proxy/body_is_plain_for_those_who_ask_so",
    "proxy/what_the_beta_query_adds_is_passed_on",
)
"""What else a cache shows that asks the upstream too seldom."""


def servers_key(seen: Observed) -> Iterator[Cause]:
    """Requests that go upstream with the server's own key, where others go with their client's."""
    found = [own for _, own in seen.findings(MIXED[0])]
    if _is_the_servers(seen):
        shown = (
            f"{several(len(found), 'response')}, such as to {found[0].response.request.shortened}"
        )
        title = f"some clients are served with the server's own key: {shown}"
        hint = (
            "send the client's key upstream, whether it comes as `x-api-key` or as a bearer token"
        )
        yield Cause("server's key", title, of(MIXED[0], *ELSEWHERE), hint, MIXED[:1])


def _is_the_servers(seen: Observed) -> bool:
    """Whether the upstream was asked with the server's own key for each response that is another's."""
    found = [own for _, own in seen.findings(*MIXED)]
    with_it = [
        own for own in found if any("with the server's key" in each for each in own.upstream)
    ]
    return bool(found) and len(with_it) == len(found) and not seen.is_violated(*MIXED[1:])


def other_clients(seen: Observed) -> Iterator[Cause]:
    """Responses to one client that are another client's."""
    mixed = [found for _, found in seen.findings(*MIXED)]
    if mixed and not _is_the_servers(seen):
        kept = [found for found in mixed if not reached(found)]
        hint = "store responses in a cache by the client's key too" if kept else ""
        shown = several(len(mixed), "response")
        without = f", {len(kept):,} of them without asking the upstream" if kept else ""
        title = f"one client gets the response of another client: {shown}{without}"
        if not kept and not any(found.response.ok for found in mixed):
            title = f"clients do not get what the upstream has for them: {shown}, such as {mixed[0].seen}"
        follows = of(*MIXED, BETAS, COOKIES, *ELSEWHERE, *(CACHED if kept else ()))
        yield Cause("other client", title, follows, hint, MIXED[:1])


def refused_betas(seen: Observed) -> Iterator[Cause]:
    """A beta of one client's request that counts for another one's."""
    found = [own for _, own in seen.findings(BETAS)]
    if found:
        shown = f"{several(len(found), 'request')} without betas, {found[0].seen}"
        hint = "send each request upstream with its own `anthropic-beta`, and cache by it"
        yield Cause(
            "other's betas", f"one client's betas affect another client: {shown}", of(BETAS), hint
        )


def stopped_clients(seen: Observed) -> Iterator[Cause]:
    """Clients that are turned away because another one had a wrong key."""
    found = [own for _, own in seen.findings(STOPPED)]
    if found:
        status = found[0].seen.partition(",")[0]
        title = f"one client's wrong key stops all clients: {status} for the right key"
        hint = "a refusal of one key says nothing of the upstream: open no breaker for it"
        yield Cause("stopped clients", title, of(STOPPED), hint)


def shared_cookies(seen: Observed) -> Iterator[Cause]:
    """A cookie of the upstream's that comes to another client."""
    found = [own for _, own in seen.findings(COOKIES)]
    if found:
        hint = "keep no cookies between requests to the upstream"
        title = f"a cookie of the upstream is shared between clients: {found[0].seen}"
        yield Cause("shared cookie", title, of(COOKIES), hint)
