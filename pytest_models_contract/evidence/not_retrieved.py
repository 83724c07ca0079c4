"""Why the models of the list could not be retrieved, or compared: the reasons of checks that need one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_models_contract.evidence import plan

if TYPE_CHECKING:
    from pytest_models_contract.evidence.gathering import Evidence

FOUND = "retrieve/listed_models_are_found"
ENCODED = "retrieve/ids_that_need_encoding_are_found"
STRICT = "retrieve/strict_json"
NOT_FOUND = "no listed model was found"


def why_no_id(evidence: Evidence) -> str:
    """Why there is no id to ask for; the empty string where a model has one."""
    if evidence.named:
        return ""
    return evidence.why_no_models


def why_not_found(evidence: Evidence) -> str:
    """Why no listed model was found by its id."""
    return why_no_id(evidence) or NOT_FOUND


def why_not_itself(asked: str | None, evidence: Evidence) -> str:
    """Why the response for the id `asked` is not the model of that id."""
    if asked is None:
        return why_no_id(evidence)
    response = evidence.api.retrieve(asked)
    if response.ok and response.json_problem:
        return f"the response for {asked} is not JSON: see {STRICT}"
    found = FOUND if plan.PLAIN_ID.fullmatch(asked) else ENCODED
    return f"{asked} is not found: see {found}"
