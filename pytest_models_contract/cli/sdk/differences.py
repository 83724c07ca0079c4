"""What differs between a revision and an SDK."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pytest_models_contract.cli.sdk.facts import Fact, of_revision
from pytest_models_contract.cli.sdk.reading import Sdk
from pytest_models_contract.spec.revision import Revision


class Difference(NamedTuple):
    """A path, and what the revision and the SDK say of it: None where they do not have it."""

    path: str
    revision: Fact | None
    sdk: Fact | None

    @property
    def word(self) -> str:
        """`new`, `gone` or `changed`, from the revision to the SDK."""
        if self.revision is None:
            return "new"
        return "gone" if self.sdk is None else "changed"

    def __str__(self) -> str:
        text = " -> ".join(str(fact) for fact in (self.revision, self.sdk) if fact)
        return f"{self.word:<8} {self.path}{text and f': {text}'}"


def differences(revision: Revision, sdk: Sdk) -> Iterator[Difference]:
    """Each path on which they differ, in the order of the revision, then in that of the SDK."""
    old, new, coarse = of_revision(revision), sdk.facts, sdk.language.coarse
    for path in dict.fromkeys([*old, *new]):
        ours, theirs = old.get(path), new.get(path)
        if not (ours and theirs and _alike(ours, theirs, coarse)):
            yield Difference(path, ours, theirs)


def _alike(ours: Fact, theirs: Fact, coarse: Mapping[str, str]) -> bool:
    """Whether both say the same, as far as the SDK shows it."""
    unsaid = None in (ours.present, theirs.present)
    return theirs == ours._replace(
        kind=coarse.get(ours.kind, ours.kind), present=theirs.present if unsaid else ours.present
    )
