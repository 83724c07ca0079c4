"""Bodies that are no strict JSON, or not declared to be JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pytest_models_contract.client.exchange import Finding, Response
from pytest_models_contract.client.redact import visible
from pytest_models_contract.evidence.diagnoses.causes import Cause, Follows
from pytest_models_contract.evidence.diagnoses.checks import (
    ALIAS,
    ERROR_BODY,
    LIST_ENTRY,
    ODD,
    REPEATING,
    TOGETHER,
    VARIANTS,
    WALKS,
)
from pytest_models_contract.evidence.diagnoses.counting import grouped
from pytest_models_contract.evidence.diagnoses.known_formats import list_format
from pytest_models_contract.evidence.diagnoses.list_responses import is_web_page
from pytest_models_contract.evidence.diagnoses.observed import Observed, among, either, name_asked
from pytest_models_contract.evidence.diagnoses.scope import extent

UNREADABLE = ("strict_json", "shape", "data", "a_model_is_the_same", "listed_models", "ids_that")
"""What checks find of a body that cannot be read."""
COMPARED = (*VARIANTS, REPEATING, TOGETHER, "lifecycle/filtered_pages")
"""What compares a response with another one, its form included."""
NOT_JSON = "is not strict JSON"
_PROBLEMS = (
    ("an empty body", "has an empty body"),
    ("was cut off", "is cut off"),
    ("not UTF-8", "is not UTF-8"),
    ("byte order mark", "begins with a byte order mark"),
    ("Extra data", "has something after the JSON"),
    ("which is not JSON", "contains NaN or Infinity, which JSON does not have"),
    ("twice in one object", "has a key twice"),
)


def bodies(seen: Observed) -> Iterator[Cause]:
    """Lists and models whose bodies cannot be read, or are declared to be something else."""
    lists = [response for response in seen.lists if response.ok]
    models = [own for name, own in seen.retrieved if own.ok and seen.may_be_listed(name)]
    for what, responses, area in (
        ("the list", lists, "model_list/"),
        ("a single model", models, "retrieve/"),
    ):
        yield from _broken(what, responses, area, seen)
        yield from _undeclared(what, responses, area, seen)


def _broken(what: str, responses: Sequence[Response], area: str, seen: Observed) -> Iterator[Cause]:
    more = (*WALKS, *ODD) if seen.is_violated(f"{area}strict_json") else ()
    for says, inside in grouped(responses, _problem).items():
        where, count = extent(inside, responses, seen, "response")
        detail = _detail(inside[0], seen) if says == NOT_JSON else ""
        alike = [
            own
            for own in seen.responses.values()
            if _problem(own) == says
            and (own.ok or says != NOT_JSON or own.json_problem == inside[0].json_problem)
        ]
        follows = either(
            among(inside, *(f"{area}{name}" for name in UNREADABLE), "clients/", *COMPARED, *more),
            among(alike, ALIAS, *ERROR_BODY),
            _of_models(inside),
        )
        yield Cause(f"{what} {says}", f"{what} {says}{detail}{where}: {count}", follows)


def _undeclared(
    what: str, responses: Sequence[Response], area: str, seen: Observed
) -> Iterator[Cause]:
    for says, inside in grouped(responses, _declared).items():
        where, count = extent(inside, responses, seen, "response")
        follows = among(inside, f"{area}content_type", "clients/", *COMPARED)
        yield Cause(f"{what} {says}", f"{what} {says}{where}: {count}", follows)


def _of_models(broken: Sequence[Response]) -> Follows:
    """Whether a model differs because one of the two was read from such a body."""
    names = {name_asked(response.request) for response in broken}

    def follows(check: str, found: Finding) -> bool:
        own = None in names or name_asked(found.response.request) in names
        return check.startswith(LIST_ENTRY) and own

    return follows


def _problem(response: Response) -> str:
    """What is wrong with the JSON, in words that go on after "the list"; empty where nothing is."""
    problem = response.json_problem
    if is_web_page(response):
        return ""
    if problem:
        return next((says for sign, says in _PROBLEMS if sign in problem), NOT_JSON)
    if isinstance(response.json, dict) or list_format(response.json):
        return ""
    kind = "a JSON string" if isinstance(response.json, str) else "a JSON value"
    return f"is {'null' if response.json is None else kind}, not an object"


def _detail(response: Response, seen: Observed) -> str:
    problem, _, place = response.json_problem.removeprefix("not JSON: ").partition(" (char ")
    if place in {"0)", "1)"} and (begins := seen.begins(response)):
        return f', it begins with "{begins}"'
    return f" ({visible(problem.removesuffix(', not JSON'), 80)})"


def _declared(response: Response) -> str:
    """What the response is declared to be instead of JSON; empty where it is right."""
    if response.media_type == "application/json" or is_web_page(response):
        return ""
    media_type = visible(response.media_type, 60)
    return f"comes as {media_type}" if media_type else "comes without a content-type"
