"""Bodies that are no strict JSON, or not declared to be JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pytest_models_contract.client.exchange import Response
from pytest_models_contract.client.redact import visible
from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.counting import share
from pytest_models_contract.evidence.diagnoses.known_formats import list_format
from pytest_models_contract.evidence.diagnoses.list_responses import is_web_page
from pytest_models_contract.evidence.diagnoses.observed import Observed, among, either, name_asked
from pytest_models_contract.evidence.diagnoses.scope import scope

UNREADABLE = (
    "strict_json",
    "shape",
    "data",
    "a_model_is_the_same",
    "listed_models",
    "ids_that",
    "model_equals",
)
"""What checks find of a body that cannot be read."""


def bodies(seen: Observed) -> Iterator[Cause]:
    """Lists and models whose bodies cannot be read, or are declared to be something else."""
    lists = [response for response in seen.lists if response.ok]
    models = [
        own for name, own in seen.retrieved if own.ok and (name in seen.position or not seen.ids)
    ]
    yield from _told("the list", lists, "model_list/", seen)
    yield from _told("a single model", models, "retrieve/", seen)


def _told(what: str, responses: Sequence[Response], area: str, seen: Observed) -> Iterator[Cause]:
    for kind in (_broken, _undeclared):
        for says, inside in _kinds(responses, kind).items():
            known = set(map(id, inside))
            outside = [response for response in responses if id(response) not in known]
            where = scope(inside, outside, seen)
            whole = len(inside) + (0 if where else len(outside))
            first = _detail(inside[0]) if says == NOT_JSON else ""
            title = f"{what} {says}{first}{where or ''}: {share(len(inside), whole, 'response')}"
            what_is = UNREADABLE if kind is _broken else ("content_type",)
            about = [f"{area}{name}" for name in what_is]
            alike = [own for _, own in seen.retrieved if own.ok and kind(own) == says]
            follows = either(among(inside, *about, "clients/"), among(alike, "retrieve/alias"))
            if kind is _broken:
                follows = either(follows, _about_models(inside))
            yield Cause(f"{what} {says}", title, follows)


def _about_models(broken: Sequence[Response]) -> Callable[..., bool]:
    """A model that is read from a spoiled body differs from itself elsewhere."""
    names = {name_asked(response.request) for response in broken}
    lists = None in names

    def follows(check: str, found: object) -> bool:
        return check.startswith("retrieve/model_equals") and (
            lists or name_asked(found.response.request) in names  # type: ignore[attr-defined]
        )

    return follows


def _kinds(
    responses: Sequence[Response], kind: Callable[[Response], str]
) -> dict[str, list[Response]]:
    found: dict[str, list[Response]] = {}
    for response in responses:
        if says := kind(response):
            found.setdefault(says, []).append(response)
    return found


def _broken(response: Response) -> str:
    """What is wrong with the JSON, in words that go on after "the list"."""
    problem = response.json_problem
    if is_web_page(response):
        return ""
    if not problem:
        odd = not isinstance(response.json, dict) and not list_format(response.json)
        return f"is {_kind(response.json)}, not an object" if odd else ""
    for sign, says in _PROBLEMS:
        if sign in problem:
            return says
    return NOT_JSON


def _detail(response: Response) -> str:
    return f" ({visible(response.json_problem.removeprefix('not JSON: '), 60)})"


def _kind(value: object) -> str:
    return "null" if value is None else f"a JSON {'string' if isinstance(value, str) else 'value'}"


NOT_JSON = "is no strict JSON"
_PROBLEMS = (
    ("an empty body", "has an empty body"),
    ("not UTF-8", "is not UTF-8"),
    ("byte order mark", "begins with a byte order mark"),
    ("Extra data", "has something after the JSON"),
    ("which is not JSON", "holds NaN or Infinity, which JSON has not"),
    ("twice in one object", "gives a key twice"),
)


def _undeclared(response: Response) -> str:
    if response.media_type == "application/json" or is_web_page(response):
        return ""
    return (
        f"comes as {visible(response.media_type, 60)}"
        if response.media_type
        else "comes without a content-type"
    )
