"""Requests that should be answered like the plain one, and are answered with something else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pytest_models_contract.client.exchange import (
    ABSENT,
    Finding,
    Page,
    Response,
    model_id,
    page_of,
    shown,
)
from pytest_models_contract.client.redact import visible
from pytest_models_contract.client.variant import PLAIN
from pytest_models_contract.evidence.diagnoses.causes import Cause, Follows
from pytest_models_contract.evidence.diagnoses.counting import grouped, quoted, several
from pytest_models_contract.evidence.diagnoses.known_formats import ENVELOPE, list_format
from pytest_models_contract.evidence.diagnoses.observed import Observed, among, either, is_list
from pytest_models_contract.evidence.diagnoses.variants import NEWER, key_header, plain_response
from pytest_models_contract.evidence.wording import wrong_form
from pytest_models_contract.spec.revision import Property

BETAS = "`anthropic-beta`"
CHECKS = {
    "headers/betas_": BETAS,
    "headers/newer_version": NEWER,
    "headers/key_is_taken": "the key",
    "headers/beta_query": "`beta=true`",
}


def differing(seen: Observed) -> Iterator[Cause]:
    """What is another response only because of a header or of `beta=true`."""
    for checks, way in CHECKS.items():
        found = {id(own.response): own.response for _, own in seen.findings(checks)}
        kinds = grouped(found.values(), lambda response: _difference(response, seen))
        for says, inside in kinds.items():
            how = f"{way} as {key_header(inside[0])}" if way == "the key" else way
            number = f"{several(len(inside), 'response')}{_place(inside)}"
            title = f"a request with {how} {says}: {number}"
            odd = [own for own in seen.lists if way == BETAS and own.request.variant.betas]
            follows = either(
                among(inside, checks), among(odd, "errors/odd_question"), _by_a_client(inside)
            )
            yield Cause(f"{way} {says}", title, follows, "answer it like the plain request")


def _by_a_client(inside: Sequence[Response]) -> Follows:
    """What becomes of clients that ask for the same in the same way, and perhaps in another besides."""
    unusual = {(is_list(own), each) for own in inside for each in _unusual(own)}

    def follows(check: str, found: Finding) -> bool:
        asked = {(is_list(found.response), each) for each in _unusual(found.response)}
        return check.startswith("clients/") and not unusual.isdisjoint(asked)

    return follows


def _unusual(response: Response) -> set[str]:
    """What is unusual about how the key is sent, and about the version."""
    variant = response.request.variant
    return {variant.auth, variant.version} - {PLAIN.auth, PLAIN.version}


def _place(responses: Sequence[Response]) -> str:
    if all(map(is_list, responses)):
        return " with a list"
    return "" if any(map(is_list, responses)) else " with one model"


def _difference(response: Response, seen: Observed) -> str:
    """What the response says otherwise than the plain one, in words that go on after "a request"."""
    if not response.ok:
        return f"is answered with {response.status}"
    if wrong := wrong_form(response):
        return f"is answered with {visible(wrong, 80)}"
    plain = plain_response(response, seen)
    if not is_list(response):
        return _models([response.json], [plain.json] if plain else [], seen)
    page = page_of(response)
    if form := list_format(response.json):
        return f"gets {form.name}"
    return _page(page, page_of(plain) if plain else None, seen) if page else "gets no page"


def _page(page: Page, plain: Page | None, seen: Observed) -> str:
    if plain and page.ids != plain.ids:
        return _other_models(page.ids, plain.ids)
    for key in ENVELOPE:
        value = page.envelope.get(key, ABSENT)
        if plain and shown(value) != shown(plain.envelope.get(key, ABSENT)):
            what = "lacks" if value is ABSENT else f"has {shown(value, 30)} as"
            return f"{what} `{key}`"
    return _models(page.data, plain.data if plain else [], seen)


def _other_models(ids: Sequence[str], plain: Sequence[str]) -> str:
    if not ids:
        return "gets an empty list"
    if sorted(ids) == sorted(plain):
        return "gets the models in another order"
    if set(ids) < set(plain):
        return f"lacks {several(len(set(plain) - set(ids)), 'model')}"
    return "gets other models"


def _models(models: Sequence[Any], plain: Sequence[Any], seen: Observed) -> str:
    """In which properties models differ from those of the plain response, or of the catalogue."""
    others = seen.models | {name: own for own in plain if (name := model_id(own))}
    known = [(own, others[name]) for own in models if (name := model_id(own)) in others]
    lacking = [prop.path for prop in seen.revision.properties if _lacks(prop, known)]
    other = [prop.path for prop in seen.revision.properties if _differs(prop, known)]
    if lacking:
        return f"lacks {quoted(lacking, 3)} in its models"
    return f"gets another {quoted(other, 3)} in its models" if other else "gets another response"


def _lacks(prop: Property, pairs: Sequence[tuple[Any, Any]]) -> bool:
    return any(
        _value(prop, one) is ABSENT and _value(prop, two) is not ABSENT for one, two in pairs
    )


def _differs(prop: Property, pairs: Sequence[tuple[Any, Any]]) -> bool:
    values = [(_value(prop, one), _value(prop, two)) for one, two in pairs]
    return any(
        shown(one, 200) != shown(two, 200) for one, two in values if not isinstance(two, dict)
    )


def _value(prop: Property, model: Any) -> Any:
    holder = prop.holder(model)
    return ABSENT if holder is None else holder.get(prop.name, ABSENT)
