"""Models that retrieve describes otherwise than the list does: in which properties."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pytest_models_contract.client.exchange import Finding
from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.checks import ALIAS, LIST_ENTRY
from pytest_models_contract.evidence.diagnoses.counting import named, quoted, share
from pytest_models_contract.evidence.diagnoses.observed import Observed, id_of
from pytest_models_contract.evidence.diagnoses.retrieve import listed
from pytest_models_contract.spec.revision import Property

_UNLIKE = "differs from its list entry"
ABOUT = (LIST_ENTRY, ALIAS, "clients/sdk_retrieves")


def differing_entries(seen: Observed) -> Iterator[Cause]:
    """What a retrieved model lacks, or has another value of, than its list entry."""
    models = {str(id_of(own.response)): own.response.json for _, own in seen.findings(LIST_ENTRY)}
    if not models:
        return
    pairs = [(model, seen.models.get(name)) for name, model in models.items()]
    lacking = [prop.path for prop in seen.revision.properties if _lacks(prop, pairs)]
    other = [prop.path for prop in seen.revision.properties if _differs(prop, pairs)]
    says = f"differs from its list entry in {quoted(other or lacking)}"
    if not other:
        says = _one_sided(lacking, [(there, here) for here, there in pairs], seen)
    asked = [name for name, response in listed(seen) if response.ok]
    which = f" ({named(sorted(models))})" if len(models) < len(asked) else ""
    title = f"a retrieved model {says}: {share(len(models), len(asked), 'model')}{which}"

    def follows(check: str, found: Finding) -> bool:
        return check.startswith(ABOUT) and id_of(found.response) in models

    yield Cause("list entries", title, follows)


def _one_sided(lacking: list[str], turned: list[tuple[Any, Any]], seen: Observed) -> str:
    """Which properties only the list has, or only retrieve."""
    if lacking:
        return f"lacks {quoted(_outermost(lacking))}, which its list entry has"
    more = [prop.path for prop in seen.revision.properties if _lacks(prop, turned)]
    return f"has {quoted(_outermost(more))}, which its list entry lacks" if more else _UNLIKE


def _outermost(paths: list[str]) -> list[str]:
    """The paths without those inside of others."""
    return [path for path in paths if not any(path.startswith(f"{own}.") for own in paths)]


def _lacks(prop: Property, pairs: list[tuple[Any, Any]]) -> bool:
    """Whether a model lacks a property that its list entry has, in an object that it has itself."""
    return any(
        prop.name in there and prop.name not in here for here, there in _holders(prop, pairs)
    )


def _differs(prop: Property, pairs: list[tuple[Any, Any]]) -> bool:
    return any(
        prop.name in here and prop.name in there and _unlike(here[prop.name], there[prop.name])
        for here, there in _holders(prop, pairs)
    )


def _holders(
    prop: Property, pairs: list[tuple[Any, Any]]
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for here, there in pairs:
        own, other = prop.holder(here), prop.holder(there)
        if own is not None and other is not None:
            yield own, other


def _unlike(one: Any, other: Any) -> bool:
    """Whether two values differ; two objects are compared by their own properties."""
    if isinstance(one, dict) and isinstance(other, dict):
        return False
    return type(one) is not type(other) or bool(one != other)
