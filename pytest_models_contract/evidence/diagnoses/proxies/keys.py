"""Keys that go where they do not belong."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.counting import several
from pytest_models_contract.evidence.diagnoses.observed import Observed
from pytest_models_contract.evidence.diagnoses.proxies.findings import case, of, places, words

OF_THE_SERVERS_KEY = (
    "proxy/no_response_shows_the_servers_key",
    "proxy/no_refusal_of_the_upstream_shows_the_servers_key",
    "proxy/no_failure_shows_the_servers_key",
)
OF_THE_CLIENTS_KEY = (
    "proxy/no_clients_key_reaches_the_upstream",
    "proxy/no_failure_brings_a_clients_key_upstream",
)
SHOWN = ("proxy/no_response_shows_a_clients_key", "proxy/no_failure_shows_a_clients_key")
REDIRECTED = "proxy/no_key_follows_a_redirect"


def servers_keys(seen: Observed) -> Iterator[Cause]:
    """The server's own key in what clients get."""
    if found := list(seen.findings(*OF_THE_SERVERS_KEY)):
        hint = "answer an upstream's refusal of the server's key with an error of the server's own"
        number = several(len(found), "response")
        title = f"clients get the server's own key: {number}, in {places(found)}"
        if all(own.level == "should" for _, own in found):
            shown = words(own.seen for _, own in found)
            title = f"clients get what tells of the server's own key: {number}, with {shown}"
        yield Cause("server's key", title, of(*OF_THE_SERVERS_KEY), hint)


def clients_keys(seen: Observed) -> Iterator[Cause]:
    """A client's key at the upstream of a server that has its own."""
    if found := list(seen.findings(*OF_THE_CLIENTS_KEY)):
        hint = "remove `x-api-key` and `authorization` before a request goes to the upstream"
        requests = several(len(found), "request")
        title = f"the client's key reaches the upstream: {requests}, in {places(found)}"
        yield Cause("client's key", title, of(*OF_THE_CLIENTS_KEY), hint)


def shown_keys(seen: Observed) -> Iterator[Cause]:
    """A client's key in what the server wrote itself."""
    if found := list(seen.findings(*SHOWN)):
        hint = "leave keys out of errors and headers: logs keep them"
        title = f"responses repeat the client's key: {several(len(found), 'response')}, in {places(found)}"
        yield Cause("shown key", title, of(*SHOWN), hint)


def redirected_keys(seen: Observed) -> Iterator[Cause]:
    """Keys that go where the upstream redirects to."""
    if found := list(seen.findings(REDIRECTED)):
        hint = "pass redirects on, or remove the key; HTTP libraries remove only `authorization`"
        to = words(case(check) for check, _ in found)
        title = f"a key follows the upstream's redirects: to another {to}"
        yield Cause("redirected key", title, of(REDIRECTED), hint)
