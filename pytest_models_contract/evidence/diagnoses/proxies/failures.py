"""An upstream that fails: what clients get then, at what cost, and whether it ends."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_models_contract.client.exchange import Finding
from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.counting import named, several
from pytest_models_contract.evidence.diagnoses.observed import Observed, either
from pytest_models_contract.evidence.diagnoses.proxies.findings import (
    case,
    cases,
    models_in,
    of,
    reached,
    that,
)

LISTS, MODELS = "proxy/failure_is_no_list", "proxy/failure_is_no_model"
LATER = "proxy/failure_of_a_later_page_is_no_end"
SUCCESSES = (LISTS, MODELS, LATER)
ANSWERED = ("proxy/failure_is_answered", "proxy/silent_upstream_is_given_up")
COSTS = "proxy/failure_costs_few_requests"
ENDLESS = "proxy/endless_list_is_given_up"
BACK = "proxy/server_is_back_after"
OBJECTS = "proxy/error_object_is_passed_on"
RETRY_AFTER = "proxy/retry_after_is_passed_on"
COMPRESSED = "proxy/compressed_errors_stay_readable"
OWN_ERRORS = "proxy/own_error_is_the_error_object"
REQUEST_IDS = ("proxy/request_id_is_there", "proxy/failure_has_a_request_id")
UNKNOWN = "proxy/unknown_id_stays_unknown"
CHANGE = "proxy/change_is_visible"
REACHING = ("proxy/version_reaches", "proxy/betas_reach", "proxy/workspace_reaches")


# --- failures that pass for successes ------------------------------------------------------------


def empty_lists(seen: Observed) -> Iterator[Cause]:
    """Failures of the upstream that clients get as a list without models."""
    found = [each for each in seen.findings(LISTS, LATER) if models_in(each[1]) == 0]
    if found:
        hint = "answer 502 with the error object: an empty list says that there are no models"
        title = f"an upstream failure becomes an empty list: {cases(found)}"
        follows = that(lambda own: models_in(own) == 0, *SUCCESSES, BACK)
        yield Cause("empty list", title, follows, hint, (LISTS,))


def partial_lists(seen: Observed) -> Iterator[Cause]:
    """Lists that lost the pages which failed, and pass for the whole."""
    found = [each for each in seen.findings(LATER) if models_in(each[1])]
    if found:
        hint = "if a page fails, answer the whole list with an error"
        title = f"a list without the upstream's failed pages is sent as if complete: {cases(found)}"
        yield Cause(
            "partial list", title, that(lambda own: bool(models_in(own)), LATER, BACK), hint
        )


def successes(seen: Observed) -> Iterator[Cause]:
    """Failures of the upstream that clients get with a status of success, whatever the body."""
    found = list(seen.findings(*SUCCESSES))
    if found:
        kinds = list(dict.fromkeys(map(_kind, (own for _, own in found))))
        hint = "answer a failure of the upstream with its status, or with 502 and the error object"
        title = (
            f"an upstream failure becomes a success: {cases(found)}; clients get {named(kinds, 1)}"
        )
        yield Cause("success", title, either(of(*SUCCESSES), that(_is_success, UNKNOWN)), hint)


def _kind(found: Finding) -> str:
    """What a client got in place of a failure."""
    models = models_in(found)
    if models is not None:
        return "a list" if models else "an empty list"
    return found.seen.replace("status ", "", 1)


def _is_success(found: Finding) -> bool:
    return found.response.ok


# --- responses -----------------------------------------------------------------------------------


def no_response(seen: Observed) -> Iterator[Cause]:
    """Clients whose connection is closed while the upstream fails."""
    checks = ANSWERED[:1] if _is_waited_for(seen) else ANSWERED
    found = [each for each in seen.findings(*checks) if _is_closed(each[1])]
    if found:
        says = "closes the connection without a response"
        title = f"the server {says} when the upstream fails: {_failures(found)}"
        follows = that(_is_closed, *checks, UNKNOWN, COMPRESSED)
        yield Cause("no response", title, follows, "answer 502 with the error object")


def waiting_clients(seen: Observed) -> Iterator[Cause]:
    """Clients that wait for the end of a response, although the upstream has failed already."""
    found = [each for each in seen.findings(ANSWERED[0]) if _is_late(each[1])]
    if found:
        hint = "answer 502; close the connection where a response has begun"
        title = f"clients wait without end when the upstream fails: {_failures(found)}"
        follows = that(_is_late, ANSWERED[0], UNKNOWN, COMPRESSED)
        yield Cause("waiting clients", title, follows, hint)


def silent_upstreams(seen: Observed) -> Iterator[Cause]:
    """A server that waits for its upstream without end."""
    if _is_waited_for(seen):
        title = "the server waits as long as the upstream when the upstream fails: silent"
        yield Cause("silent upstream", title, of(ANSWERED[1]), "answer 504 after some seconds")


def _is_waited_for(seen: Observed) -> bool:
    """Whether a client gave up before the server did; what it still held back may end with a close."""
    return any(_is_late(own) for _, own in seen.findings(ANSWERED[1]))


def _failures(found: list[tuple[str, Finding]]) -> str:
    kinds = dict.fromkeys("silent" if check == ANSWERED[1] else case(check) for check, _ in found)
    return named(list(kinds))


def _is_late(found: Finding) -> bool:
    """Whether the client gave up before the server did."""
    return found.response.stalled


def _is_closed(found: Finding) -> bool:
    return not (found.response.status or found.response.stalled)


def lost_errors(seen: Observed) -> Iterator[Cause]:
    """Errors of the upstream that arrive as other ones."""
    found = list(seen.findings(OBJECTS))
    if found:
        hint = "pass on its status and its body, or answer 502 with an error object"
        says = "the upstream's error objects are not passed on"
        title = f"{says}: {cases(found)}; clients get {found[0][1].seen}"
        others = (UNKNOWN, COMPRESSED, RETRY_AFTER, OWN_ERRORS, *REQUEST_IDS)
        follows = either(of(OBJECTS), that(lambda own: not own.response.ok, *others))
        yield Cause("lost errors", title, follows, hint, (OBJECTS,))


def own_errors(seen: Observed) -> Iterator[Cause]:
    """Errors of the server's own in another format than the API's."""
    found = list(seen.findings(OWN_ERRORS))
    if found:
        title = f"the server's own errors are not error objects: {found[0][1].seen}"
        failed = that(lambda own: not own.response.ok, OWN_ERRORS, REQUEST_IDS[1])
        hint = "answer 502 with the error object where the upstream cannot be reached"
        yield Cause("own errors", title, failed, hint, (OWN_ERRORS,))


def lost_retry_after(seen: Observed) -> Iterator[Cause]:
    """A 429 of the upstream that does not say when to try again."""
    if seen.is_violated(RETRY_AFTER):
        title = "`retry-after` is not passed on: clients do not learn when to try again"
        yield Cause("retry-after", title, of(RETRY_AFTER), "pass `retry-after` on with a 429")


def compressed_errors(seen: Observed) -> Iterator[Cause]:
    """Errors that the upstream compresses."""
    found = [own for _, own in seen.findings(COMPRESSED)]
    if found:
        title = f"an error that the upstream compresses cannot be read: {found[0].seen}"
        hint = "pass `content-encoding` on with the body, or decompress the body"
        yield Cause("compressed errors", title, of(COMPRESSED), hint)


def request_ids(seen: Observed) -> Iterator[Cause]:
    """Responses that cannot be named to those who run the upstream."""
    found = list(seen.findings(*REQUEST_IDS))
    if found:
        which = "" if seen.is_violated(REQUEST_IDS[0]) else " when the upstream fails"
        title = f"responses have no `request-id`{which}: {several(len(found), 'response')}"
        yield Cause("no request id", title, of(*REQUEST_IDS), "pass it on, or make one")


# --- cost and recovery ---------------------------------------------------------------------------


def costly_failures(seen: Observed) -> Iterator[Cause]:
    """One request of a client that costs many requests to an upstream which fails."""
    found = list(seen.findings(COSTS))
    if found:
        title = f"a failing upstream is asked again and again: {cases(found)}; {found[0][1].seen}"
        yield Cause("costly failures", title, of(COSTS), "try again twice at most, with a pause")


def endless_lists(seen: Observed) -> Iterator[Cause]:
    """A list of the upstream that has no end, and is read for ever."""
    found = [own for _, own in seen.findings(ENDLESS)]
    if found:
        title = f"an endless list of the upstream is read for ever: {found[0].seen}"
        yield Cause("endless list", title, of(ENDLESS), "stop after some number of pages")


def no_recovery(seen: Observed) -> Iterator[Cause]:
    """A server that goes on failing when the upstream is back."""
    found = list(seen.findings(BACK))
    if found:
        title = f"the server does not recover: {found[0][1].seen}; after {cases(found)}"
        hint = "keep no failure in a cache, and let a circuit breaker try again after `retry-after`"
        follows = either(of(BACK), that(lambda own: not reached(own), *REACHING))
        yield Cause("no recovery", title, follows, hint)


def old_catalogues(seen: Observed) -> Iterator[Cause]:
    """A catalogue that stays the old one."""
    found = [own.seen for _, own in seen.findings(CHANGE)]
    if found:
        hint = (
            "let cached lists expire, or say with `Cache-Control: max-age` how long they are kept"
        )
        title = f"a change of the upstream's catalogue does not show: {found[0]}"
        yield Cause("old catalogue", title, of(CHANGE), hint)
