"""Keys in responses: repeated whole, in part, or in a form in which they can be looked up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pytest_models_contract.client.exchange import Finding, Response
from pytest_models_contract.client.redact import Redactor, visible
from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.counting import grouped, joined, share
from pytest_models_contract.evidence.diagnoses.observed import Observed, among, error_type

WHOLE, PART = "errors/no_answer_repeats_the_key", "errors/no_answer_shows_a_part_of_the_key"
_SENT = "the key that was sent"
_LOGGED = "anyone who reads a log of responses has the key"


def repeated_keys(seen: Observed) -> Iterator[Cause]:
    """Responses with a whole key: the one that was sent, or the right one for whoever asks."""
    sent = [own for _, own in seen.findings(WHOLE) if own.seen == _SENT]
    other = [own for _, own in seen.findings(WHOLE) if own.seen != _SENT]
    if sent:
        places = joined(_places(sent, [own.response.key for own in sent]))
        title = f"{_SENT} comes back in {places}: {_count(sent, seen)}"
        yield _cause("key repeated", title, sent, WHOLE, _LOGGED)
    if other:
        places = joined(_places(other, _right_keys(seen)))
        shown = f"in {places} of {_count(other, seen)}"
        title = f"the server shows its right key to requests without it: {shown}"
        yield _cause(
            "right key", title, other, WHOLE, "anyone who sends a wrong key gets the right one"
        )


def shown_parts(seen: Observed) -> Iterator[Cause]:
    """Responses with a part of the key, its base64 or its hash. None of them is quoted."""
    found = [own for _, own in seen.findings(PART)]
    for what, alike in grouped(found, lambda own: own.seen).items():
        title = f"responses show {what}: {_count(alike, seen)}"
        yield _cause(f"part of the key: {what}", title, alike, PART, _LOGGED)


def _cause(name: str, title: str, found: Sequence[Finding], check: str, hint: str) -> Cause:
    return Cause(name, title, among([own.response for own in found], check), hint)


def _count(found: Sequence[Finding], seen: Observed) -> str:
    """How many of the responses that could show it, and with which status where it is not all of them."""
    sent = {own.response.key for own in found}
    alike = [response for response in seen.exchanges if response.key in sent]
    count = share(len(found), max(len(found), len(alike)), "response")
    statuses = joined([str(status) for status in sorted({own.response.status for own in found})])
    return f"{count}, those with {statuses}" if len(found) < len(alike) else count


def _right_keys(seen: Observed) -> list[str]:
    """The key of the run."""
    return [own.key for own in seen.exchanges if own.request.variant.auth == "key" and own.key][:1]


def _places(found: Sequence[Finding], keys: Sequence[str]) -> list[str]:
    """The first places in the responses where one of the keys is."""
    finder = Redactor(list(dict.fromkeys(keys)))
    places = (place for own in found for place in _in(own.response, finder))
    return list(dict.fromkeys(places))[:3] or ["the response"]


def _in(response: Response, finder: Redactor) -> Iterator[str]:
    for name, value in response.headers:
        if finder.finds(value):
            own = f"the header `{visible(name.lower(), 40)}`"
            yield "a cookie" if name.lower() == "set-cookie" else own
    if finder.finds(response.body.decode("utf-8", "replace")):
        yield "the error message" if error_type(response) else "the body"
