"""Proxies: what is lost or mixed up between the upstream and the clients."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from pytest_models_contract.client.exchange import Finding, page_of
from pytest_models_contract.evidence.diagnoses.causes import Cause, Follows
from pytest_models_contract.evidence.diagnoses.checks import PAGES_OF_PROXIES
from pytest_models_contract.evidence.diagnoses.counting import joined, named, several
from pytest_models_contract.evidence.diagnoses.observed import Observed

WALKS = "proxy/every_model_is_listed"
WINDOWS = "proxy/window_is_the_upstreams"
FAILURES = ("proxy/failure_is_no_list", "proxy/failure_is_no_model")
LATER = "proxy/failure_of_a_later_page_is_no_end"
FOUND = "proxy/odd_id_is_found"
CALLERS = (
    "proxy/each_client_gets_its_own",
    "proxy/refusal_is_nobody_elses",
    "proxy/response_is_for_its_key_alone",
    "proxy/requests_at_once_get_their_own_responses",
    "proxy/who_goes_away_leaves_no_response_behind",
    "headers/another_key_changes_nothing",
    "errors/list_wants_the_key",
    "errors/retrieve_wants_the_key",
)
OF_THE_SERVERS_KEY = (
    "proxy/no_response_shows_the_servers_key",
    "proxy/no_refusal_of_the_upstream_shows_the_servers_key",
    "proxy/no_failure_shows_the_servers_key",
)
OF_THE_CLIENTS_KEY = (
    "proxy/no_clients_key_reaches_the_upstream",
    "proxy/no_failure_brings_a_clients_key_upstream",
)
NOTHING = "nothing reached it"
_IN_A_PATH = {"slash": "a slash", "percent": "a percent sign"}


# --- the list ------------------------------------------------------------------------------------


def first_pages(seen: Observed) -> Iterator[Cause]:
    """Lists that end where the upstream's first page does."""
    ended = [found for _, found in seen.findings(WALKS) if _ends_with_the_first_page(found)]
    if ended:
        lost = ended[0].seen.partition(":")[0]
        hint = "ask the upstream again with `after_id` while its `has_more` is true"
        title = f"only the upstream's first page is read: {lost}"
        yield Cause("first page", title, _checks(*PAGES_OF_PROXIES), hint, (WALKS,))


def _ends_with_the_first_page(found: Finding) -> bool:
    page = page_of(found.response)
    asked_once = not any("after_id=" in line or "before_id=" in line for line in found.upstream)
    return bool(page and page.has_more is False and asked_once and _reached(found))


def pages_without_the_query(seen: Observed) -> Iterator[Cause]:
    """Pages that a cache gives to requests with another query."""
    pages = [found for _, found in seen.findings(WINDOWS) if not _reached(found)]
    bodies = [found.response.packed for found in pages]
    same = [found for found in pages if bodies.count(found.response.packed) > 1]
    if same:
        shown = f"{several(len(same), 'request')} with another query got the same page"
        hint = "store a response by its whole URL, with the query"
        title = f"pages are cached without the query: {shown}"
        yield Cause("query not in cache", title, _checks(*PAGES_OF_PROXIES), hint, (WINDOWS,))


# --- failures ------------------------------------------------------------------------------------


def empty_lists(seen: Observed) -> Iterator[Cause]:
    """Failures of the upstream that clients get as a list without models."""
    kinds = [
        _parameter(check)
        for check, found in seen.findings(FAILURES[0], LATER)
        if _models_in(found) == 0
    ]
    if kinds:
        hint = "answer 502 with the error object: an empty list says that there are no models"
        title = f"an upstream failure becomes an empty list: {_kinds(kinds)}"
        follows = _that(lambda found: _models_in(found) == 0, *FAILURES, LATER)
        yield Cause("empty list", title, follows, hint, (FAILURES[0],))


def partial_lists(seen: Observed) -> Iterator[Cause]:
    """Lists that lost the pages which failed, and pass for the whole."""
    kinds = [_parameter(check) for check, found in seen.findings(LATER) if _models_in(found)]
    if kinds:
        hint = "if a page fails, answer the whole list with an error"
        title = (
            f"a list without the upstream's failed pages is sent as if complete: {_kinds(kinds)}"
        )
        follows = _that(lambda found: bool(_models_in(found)), LATER)
        yield Cause("partial list", title, follows, hint)


# --- keys ----------------------------------------------------------------------------------------


def servers_keys(seen: Observed) -> Iterator[Cause]:
    """The server's own key in what clients get."""
    places = [found.seen.rpartition(" in ")[2] for _, found in seen.findings(*OF_THE_SERVERS_KEY)]
    if places:
        hint = "answer an upstream's refusal of the server's key with an error of the server's own"
        responses = several(len(places), "response")
        title = f"clients get the server's own key: {responses}, in {_joined(places)}"
        yield Cause("server's key", title, _checks(*OF_THE_SERVERS_KEY), hint)


def clients_keys(seen: Observed) -> Iterator[Cause]:
    """A client's key at the upstream of a server that has its own."""
    places = [found.seen.rpartition(" in ")[2] for _, found in seen.findings(*OF_THE_CLIENTS_KEY)]
    if places:
        hint = "remove `x-api-key` and `authorization` before a request goes to the upstream"
        requests = several(len(places), "request")
        title = f"the client's key reaches the upstream: {requests}, in {_joined(places)}"
        yield Cause("client's key", title, _checks(*OF_THE_CLIENTS_KEY), hint)


def redirected_keys(seen: Observed) -> Iterator[Cause]:
    """Keys that go where the upstream redirects to."""
    check = "proxy/no_key_follows_a_redirect"
    kinds = [_parameter(own) for own, _ in seen.findings(check)]
    if kinds:
        hint = "pass redirects on, or remove the key; HTTP libraries remove only `authorization`"
        title = f"a key follows the upstream's redirects: to another {_joined(kinds)}"
        yield Cause("redirected key", title, _checks(check), hint)


# --- several clients -----------------------------------------------------------------------------


def other_clients(seen: Observed) -> Iterator[Cause]:
    """Responses to one client that are another client's."""
    mixed = [found for _, found in seen.findings(*CALLERS[:5])]
    if mixed:
        kept = [found for found in mixed if not _reached(found)]
        hint = "store responses in a cache by the client's key too" if kept else ""
        shown = several(len(mixed), "response")
        without = f", {len(kept):,} of them without asking the upstream" if kept else ""
        title = f"one client gets the response of another client: {shown}{without}"
        yield Cause("other client", title, _checks(*CALLERS), hint, CALLERS[:1])


# --- on the way ----------------------------------------------------------------------------------


def decoded_paths(seen: Observed) -> Iterator[Cause]:
    """Ids that lose their encoding on the way to the upstream."""
    kinds = {_parameter(check) for check, _ in seen.findings(FOUND)}
    if kinds and kinds <= _IN_A_PATH.keys():
        what = joined([text for kind, text in _IN_A_PATH.items() if kind in kinds], "or")
        hint = "pass the path on unchanged, without decoding it"
        title = f"the proxy decodes the path: a model with {what} in its id is not found"
        yield Cause("decoded path", title, _checks(FOUND, "retrieve/ids_that_need_encoding"), hint)


def lost_errors(seen: Observed) -> Iterator[Cause]:
    """Errors of the upstream that arrive as other ones."""
    check = "proxy/error_object_is_passed_on"
    kinds = [_parameter(own) for own, _ in seen.findings(check)]
    if kinds:
        hint = "pass on its status and its body, or answer 502 with an error object"
        title = f"the upstream's error objects are not passed on: {_kinds(kinds)}"
        yield Cause("lost errors", title, _checks(check), hint)


def old_catalogues(seen: Observed) -> Iterator[Cause]:
    """A catalogue that stays the old one."""
    check = "proxy/change_is_visible"
    found = [own.seen for _, own in seen.findings(check)]
    if found:
        hint = (
            "let cached lists expire, or say with `Cache-Control: max-age` how long they are kept"
        )
        title = f"a change of the upstream's catalogue does not show: {found[0]}"
        yield Cause("old catalogue", title, _checks(check), hint)


RULES = (
    first_pages,
    pages_without_the_query,
    empty_lists,
    partial_lists,
    servers_keys,
    clients_keys,
    redirected_keys,
    other_clients,
    decoded_paths,
    lost_errors,
    old_catalogues,
)


def _checks(*checks: str) -> Follows:
    """Whatever the checks found whose ids begin so."""
    return lambda check, _: check.startswith(checks)


def _that(is_so: Callable[[Finding], bool], *checks: str) -> Follows:
    """What these checks found that is so."""
    return lambda check, found: check.startswith(checks) and is_so(found)


def _reached(found: Finding) -> bool:
    return found.upstream != (NOTHING,)


def _models_in(found: Finding) -> int | None:
    page = page_of(found.response) if found.response.ok else None
    return None if page is None else len(page)


def _parameter(check: str) -> str:
    """What stands in the brackets of a check's id."""
    named = re.search(r"\[(.+)\]", check)
    return named[1] if named else check


def _kinds(kinds: Iterable[str]) -> str:
    return named(list(dict.fromkeys(kinds)))


def _joined(words: Iterable[str]) -> str:
    return joined(list(dict.fromkeys(words)))
