"""What the responses show of other revisions than the one that the server is tested against."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import TYPE_CHECKING, Any

from pytest_models_contract.spec.history import since
from pytest_models_contract.spec.revision import Revision

if TYPE_CHECKING:
    from pytest_models_contract.evidence.gathering import Evidence

MOST_UNKNOWN = 20


def unknown_fields(evidence: Evidence) -> list[str]:
    """Fields of the responses that the revision does not know, and the later revision that does."""
    own = {tuple(model) for model in evidence.models if isinstance(model, dict)}
    every = dict.fromkeys(chain.from_iterable(own))
    paths: set[str] = set()
    for model in (every, *evidence.catalogue_values.distinct_models):
        paths |= evidence.revision.unknown_fields(model)
    known = {key.name for key in evidence.revision.envelope}
    keys = dict.fromkeys(
        key for page in evidence.crawl for key in page.envelope if key not in known
    )
    envelope = [f"the list's `{key}`, in no known revision" for key in keys]
    return [*envelope, *map(_with_its_revision, sorted(paths))][:MOST_UNKNOWN]


def met(evidence: Evidence) -> str | None:
    """The newest revision that every model and page meets in full.

    Models do not distinguish revisions with the same properties. Of these it is the one that the server is
    tested against, or else the first.
    """
    revisions = [Revision.load(name) for name in Revision.known()] if evidence.models else []
    found = [each for each in revisions if _is_met(each, evidence)]
    alike = [each.name for each in found if _paths(each) == _paths(found[-1])]
    if evidence.revision.name in alike:
        return evidence.revision.name
    return next(iter(alike), None)


def _with_its_revision(path: str) -> str:
    known = since(path)
    return f"ModelInfo.{path}, {f'known since {known}' if known else 'in no known revision'}"


def _paths(revision: Revision) -> set[str]:
    return {known.path for known in revision.properties}


def _is_met(revision: Revision, evidence: Evidence) -> bool:
    envelopes: Iterable[Any] = (page.envelope for page in evidence.crawl)
    framed = all(key.met_by(page) for page in envelopes for key in revision.envelope)
    return framed and evidence.catalogue_values.meets(revision)
