"""The header `request-id`: missing, empty, or the same again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pytest_models_contract.client.exchange import Response
from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.checks import REQUEST_ID
from pytest_models_contract.evidence.diagnoses.counting import clause, grouped, several, share
from pytest_models_contract.evidence.diagnoses.observed import Observed, among, either, is_list
from pytest_models_contract.evidence.diagnoses.traits import Trait

UNIQUE = "headers/request_id_is_never_the_same"
IN_BODY = "errors/body_names_the_request"


def _id(response: Response) -> str:
    return response.header("request-id") or ""


def request_ids(seen: Observed) -> Iterator[Cause]:
    """Responses without a `request-id`, and those that share one."""
    responses = [response for response in seen.exchanges if response.status]
    lacking = [response for response in responses if not _id(response)]
    if lacking and seen.is_violated(REQUEST_ID):
        yield _missing(lacking, responses)
    if seen.is_violated(UNIQUE):
        yield _repeated([response for response in responses if _id(response)])


def _missing(lacking: Sequence[Response], responses: Sequence[Response]) -> Cause:
    which = _which(lacking, [response for response in responses if _id(response)])
    empty = all(response.header("request-id") == "" for response in lacking)
    what = "have an empty `request-id`" if empty else "lack the header `request-id`"
    other = all(response.header("x-request-id") for response in lacking)
    more = "; they have `x-request-id`" if other else ""
    whole, noun = (len(lacking), "such response") if which else (len(responses), "response")
    title = f"responses{which} {what}{more}: {share(len(lacking), whole, noun)}"
    follows = among(lacking, REQUEST_ID, IN_BODY) if empty else among(lacking, REQUEST_ID)
    return Cause("request-id missing", title, follows)


def _which(inside: Sequence[Response], outside: Sequence[Response]) -> str:
    """Which responses lack it, where others have it."""
    status = inside[0].status
    kinds = (
        Trait("", lambda _: True),
        Trait(" with an error", lambda own: own.status >= 400),
        Trait(f" with {status}", lambda own: own.status == status),
        Trait(" with a page", lambda own: own.ok and is_list(own)),
        Trait(" with one model", lambda own: own.ok and not is_list(own)),
    )
    for kind in kinds:
        if all(map(kind.holds, inside)) and not any(map(kind.holds, outside)):
            return kind.phrase
    return ""


def _repeated(responses: Sequence[Response]) -> Cause:
    by_id = grouped(responses, _id)
    again = [response for same in by_id.values() if len(same) > 1 for response in same]
    number = several(len(responses), "response")
    if len(by_id) == 1:
        title = f"`request-id` is the same on every response: {number}"
    elif len(by_id) == len({response.request.path for response in responses}):
        title = f"`request-id` depends on the path alone: {len(by_id)} values on {number}"
    else:
        count = clause(len(responses) - len(by_id), len(responses), "response", "has", "have")
        title = f"`request-id` is used again: {count} one that was there before"
    # An error's body cannot name a request whose id is that of others.
    follows = either(among(again, UNIQUE), among(responses, IN_BODY))
    return Cause("request-id repeated", title, follows)
