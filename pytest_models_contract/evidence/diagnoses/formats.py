"""Lists and models that come in another format than that of the Models API."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pytest_models_contract.client.exchange import Finding, Response
from pytest_models_contract.evidence.diagnoses.causes import Cause, Follows
from pytest_models_contract.evidence.diagnoses.counting import quoted, share
from pytest_models_contract.evidence.diagnoses.known_formats import (
    ENVELOPE,
    Format,
    is_openai_model,
    list_format,
    model_format,
)
from pytest_models_contract.evidence.diagnoses.observed import Observed, among, either
from pytest_models_contract.evidence.diagnoses.scope import scope

LISTS = ("model_list/", "model_info/", "headers/", "clients/")
MODELS = ("retrieve/", "headers/", "clients/")


def list_formats(seen: Observed) -> Iterator[Cause]:
    """Lists in the format of another API, or with something around them."""
    responses = [response for response in seen.lists if response.ok and not _is_bare(response)]
    empty = among(filter(_is_bare, seen.lists), "model_list/")
    for cause in _formats(responses, list_format, "the list", "comes in", LISTS, seen):
        # A list entry in another format differs from what retrieve gives.
        yield Cause(cause.name, cause.title, either(cause.follows, _equals, empty), cause.hint)


def _is_bare(response: Response) -> bool:
    """Whether it is an empty list without the envelope, of which no format can be told."""
    body = response.json if response.ok else None
    return isinstance(body, dict) and body.get("data") == [] and not set(ENVELOPE) & set(body)


def _equals(check: str, _: Finding) -> bool:
    """A list entry in another format differs from what retrieve gives."""
    return check.startswith("retrieve/model_equals")


def model_formats(seen: Observed) -> Iterator[Cause]:
    """Single models in the format of another API, or with something around them."""
    responses = [
        response for name, response in seen.retrieved if response.ok and name in seen.position
    ]
    strange = [
        response for name, response in seen.retrieved if response.ok and name not in seen.position
    ]
    for cause in _formats(responses, model_format, "retrieve", "answers in", MODELS, seen):
        # An alias is answered in the same way.
        own = among(
            [response for response in strange if model_format(response.json)], "retrieve/alias"
        )
        yield Cause(cause.name, cause.title, either(cause.follows, own), cause.hint)


def _formats(
    responses: Sequence[Response],
    known: Callable[[Any], Format | None],
    what: str,
    verb: str,
    checks: tuple[str, ...],
    seen: Observed,
) -> Iterator[Cause]:
    kinds: dict[Format, list[Response]] = {}
    for response in responses:
        if not response.json_problem and (own := known(response.json)):
            kinds.setdefault(own, []).append(response)
    for form, inside in kinds.items():
        outside = [response for response in responses if known(response.json) != form]
        where = scope(inside, outside, seen)
        whole = len(inside) + (0 if where else len(outside))
        name = form.name if "format" in form.name else f"another shape, {form.name}"
        noun = "such response" if where and where.phrase else "response"
        title = (
            f"{what}{where or ''} {verb} {name}: {share(len(inside), whole, noun)} has {form.sign}"
        )
        yield Cause(f"{what} format: {form.name}", title, among(inside, *checks), form.hint)


def openai_models(seen: Observed) -> Iterator[Cause]:
    """A right envelope around models in OpenAI's format."""
    models = list(seen.models.values())
    wrong = [model for model in models if is_openai_model(model)]
    if not wrong:
        return
    lacking = [
        name
        for name in ("type", "display_name", "created_at")
        if all(name not in own for own in wrong)
    ]
    title = (
        f"the models of the list are in OpenAI's format: {share(len(wrong), len(models), 'model')}"
        f" has `object` and `created`, and lacks {quoted(lacking)}"
    )
    yield Cause(
        "OpenAI models", title, _of_models(), "give each model the fields of the Models API"
    )


def _of_models() -> Follows:
    """Whether something is missing in a model in that format."""

    def follows(check: str, found: Any) -> bool:
        if check.startswith("retrieve/model_equals"):
            return True
        return check.startswith("model_info/") and found.seen == "absent"

    return follows
