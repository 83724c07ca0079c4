"""What checks of properties found, as the models it is about; shared by the rules about properties."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pytest_models_contract.client.exchange import Finding
from pytest_models_contract.evidence.diagnoses.causes import Follows
from pytest_models_contract.evidence.diagnoses.counting import named, share
from pytest_models_contract.evidence.diagnoses.observed import Observed
from pytest_models_contract.spec.revision import Property

AREA = "model_info/"
_NO_NAME = re.compile(r"\(no |[\[{]|None$|\d+$")


@dataclass(frozen=True)
class Wrong:
    """A property that is wrong in some models."""

    prop: Property
    findings: Sequence[Finding]

    @property
    def models(self) -> list[str]:
        """The ids of the models; the place of one whose id is no id."""
        return list(dict.fromkeys(map(model_of, self.findings)))

    @property
    def places(self) -> frozenset[str]:
        """Which models it is about, on which pages, whatever the property."""
        return frozenset(
            f"{model_of(own)} {_pointer(own)} {own.response.request}" for own in self.findings
        )


def wrong_properties(seen: Observed) -> Iterator[Wrong]:
    """The properties whose checks are violated."""
    known = {f"{AREA}{prop.path}": prop for prop in seen.revision.properties}
    for violated in seen.violated:
        if prop := known.get(violated.check):
            yield Wrong(prop, violated.findings)


def model_of(found: Finding) -> str:
    """The id of the model, or its place where that is no id."""
    name = found.where.rpartition(" (")[0]
    return _pointer(found) if not name or _NO_NAME.match(name) else name


def _pointer(found: Finding) -> str:
    place = re.search(r"/data/\d+", found.where)
    return place[0] if place else ""


def value_of(found: Finding) -> Any:
    """The model that the finding is about, as it came."""
    body, place = found.response.json, _pointer(found)
    if not place or not isinstance(body, dict):
        return body
    return body["data"][int(place.rpartition("/")[2])]


def of_checks(paths: Sequence[str], findings: Sequence[Finding]) -> Follows:
    """Whether a finding is one of these, of the check of one of these properties."""
    checks, own = {f"{AREA}{path}" for path in paths}, set(map(id, findings))
    return lambda check, found: check in checks and id(found) in own


def count(names: Sequence[str], seen: Observed) -> str:
    """How many of the models, and which where they are few."""
    total = max(len(seen.models), len(names))
    text = share(len(names), total, "model")
    return text if len(names) == total else f"{text} ({named(names)})"


def are(subjects: Collection[str]) -> str:
    """The verb that goes with so many properties or ids."""
    return "is" if len(subjects) == 1 else "are"
