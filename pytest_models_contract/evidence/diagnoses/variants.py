"""Requests that should be answered like the plain one, and are answered with something else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from pytest_models_contract.client.exchange import ABSENT, PLAIN, Finding, Response, page_of, shown
from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.counting import quoted, several
from pytest_models_contract.evidence.diagnoses.known_formats import list_format
from pytest_models_contract.evidence.diagnoses.observed import Observed, among, is_list
from pytest_models_contract.spec.revision import Property

CHECKS = {
    "headers/betas_": "`anthropic-beta`",
    "headers/newer_version": "`anthropic-version: 2026-10-21`",
    "headers/key_is_taken": "the key sent the other way",
    "headers/beta_query": "`beta=true`",
}


def differing(seen: Observed) -> Iterator[Cause]:
    """What is another response only because of a header or of `beta=true`."""
    for checks, way in CHECKS.items():
        found = [own for _, own in seen.findings(checks)]
        kinds: dict[str, list[Finding]] = {}
        for own in found:
            kinds.setdefault(_difference(own.response, seen) or "gets another response", []).append(
                own
            )
        for says, inside in kinds.items():
            responses = list({id(own.response): own.response for own in inside}.values())
            place = _place(responses)
            title = f"a request with {_named(way, responses[0])} {says}: {several(len(responses), 'response')}{place}"
            yield Cause(
                f"{way} {says}", title, among(responses, checks), "answer it as the plain request"
            )


def _named(way: str, response: Response) -> str:
    if not way.startswith("the key"):
        return way
    return (
        f"the key as {'bearer token' if 'authorization' in dict(response.sent) else '`x-api-key`'}"
    )


def _place(responses: Sequence[Response]) -> str:
    if all(map(is_list, responses)):
        return " with a list"
    return "" if any(map(is_list, responses)) else " with one model"


def _difference(response: Response, seen: Observed) -> str:
    """What the response says otherwise than the plain one, in words that go on after "a request with it"."""
    plain = seen.responses.get(
        replace(response.request, variant=PLAIN, query=_without_beta(response), again=0)
    )
    if not response.ok:
        return f"is answered with {response.status}"
    if not is_list(response):
        return _models([response.json], seen)
    page = page_of(response)
    if page is None or list_format(response.json):
        form = list_format(response.json)
        return f"gets {form.name}" if form else "gets no page"
    other = page_of(plain) if plain else None
    if other and page.ids != other.ids:
        return _other_models(page.ids, other.ids)
    for key in ("data", "has_more", "first_id", "last_id"):
        value = page.envelope.get(key, ABSENT)
        if other and key != "data" and value != other.envelope.get(key, ABSENT):
            what = "lacks" if value is ABSENT else f"has {shown(value, 30)} as"
            return f"{what} `{key}`"
    return _models(page.data, seen)


def _without_beta(response: Response) -> tuple[tuple[str, str], ...]:
    return tuple(pair for pair in response.request.query if pair[0] != "beta")


def _other_models(ids: Sequence[str], plain: Sequence[str]) -> str:
    if not ids:
        return "gets an empty list"
    if sorted(ids) == sorted(plain):
        return "gets the models in another order"
    if set(ids) < set(plain):
        lost = [own for own in plain if own not in ids]
        return f"lacks {several(len(lost), 'model')}"
    return "gets other models"


def _models(models: Sequence[Any], seen: Observed) -> str:
    """In which properties models differ from those of the catalogue."""
    known = [
        (own, seen.models[own["id"]])
        for own in models
        if isinstance(own, dict) and own.get("id") in seen.models
    ]
    lacking: list[str] = []
    other: list[str] = []
    for prop in seen.revision.properties:
        told = [(_told(prop, here), _told(prop, there)) for here, there in known]
        if any(here is ABSENT and there is not ABSENT for here, there in told):
            lacking.append(prop.path)
        elif any(
            shown(here, 200) != shown(there, 200)
            for here, there in told
            if not isinstance(there, dict)
        ):
            other.append(prop.path)
    if lacking:
        return f"lacks {_few(lacking)} in its models"
    return f"gets another {_few(other)} in its models" if other else ""


def _few(paths: Sequence[str]) -> str:
    return (
        quoted(paths)
        if len(paths) < 4
        else f"{quoted(paths[:1])} and {len(paths) - 1} more properties"
    )


def _told(prop: Property, model: Any) -> Any:
    holder = prop.holder(model)
    return ABSENT if holder is None else holder.get(prop.name, ABSENT)
