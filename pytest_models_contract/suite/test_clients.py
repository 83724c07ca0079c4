"""What clients need by their profiles; collected only when `--models-client` names a profile."""

from __future__ import annotations

import pytest

from pytest_models_contract.client import profile
from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import Finding, Response, page_of
from pytest_models_contract.client.profile import Need
from pytest_models_contract.client.verdict import Check, Unexercised
from pytest_models_contract.evidence import needs
from pytest_models_contract.evidence.gathering import Evidence

cites = pytest.mark.models_cites
claude_code = pytest.mark.models_only_with("claude-code")
CLAUDE_CODE = "clients#/$defs/claude_code"


@claude_code
@cites(CLAUDE_CODE)
@pytest.mark.parametrize("models_credential", ["x-api-key", "bearer"])
def test_claude_code_discovers_the_models(
    models_credential: str, models_evidence: Evidence, models_api: ModelsAPI, models_check: Check
) -> None:
    """Claude Code gets its list, `?limit=1000`, within 3 seconds, without a redirect; ids are strings."""
    response = _discovery(models_credential, models_evidence, models_api)
    models_check.judge([response], _unusable, what="response", if_none="")


@claude_code
@cites(CLAUDE_CODE)
def test_claude_code_keeps_a_model(
    models_evidence: Evidence, models_api: ModelsAPI, models_check: Check
) -> None:
    """At least one model has an id with `claude` or `anthropic` in it: Claude Code drops all others."""
    need = _claude_code("discovery")
    page = page_of(_discovery("x-api-key", models_evidence, models_api))
    models_check.judge(
        [page] if page else [],
        lambda page: needs.none_kept(need, page),
        what="response",
        if_none=models_evidence.why_no_models,
    )
    if page:
        needs.note_dropped(need, page, models_check)


@claude_code
@cites("clients#/$defs/claude_code_preflight", level="should")
def test_claude_code_preflight(models_evidence: Evidence, models_check: Check) -> None:
    """`HEAD /`, by which Claude Code probes the connection, does not get status 405."""
    need = _claude_code("preflight")
    models_check.judge(
        needs.responses(need, models_evidence),
        lambda response: needs.problem(need, response),
        what="response",
        if_none="",
    )


@pytest.mark.models_only_with("profile")
@cites("clients#/$defs/profile")
def test_profile(models_need: Need, models_evidence: Evidence, models_check: Check) -> None:
    """The client of a profile gets the response that it needs to this request."""
    responses = needs.responses(models_need, models_evidence)

    def unmet(response: Response) -> Finding | None:
        page = page_of(response)
        dropped = needs.none_kept(models_need, page) if page else None
        return needs.problem(models_need, response) or dropped

    models_check.judge(responses, unmet, what="responses", if_none="")
    if not any(needs.has_a_case(models_need, response) for response in responses):
        raise Unexercised(models_evidence.why_no_models)
    if page := page_of(responses[0]):
        needs.note_dropped(models_need, page, models_check)


def _claude_code(name: str) -> Need:
    return profile.known("claude-code").needs[name]


def _unusable(response: Response) -> Finding | None:
    return needs.problem(_claude_code("discovery"), response)


def _discovery(credential: str, evidence: Evidence, api: ModelsAPI) -> Response:
    if evidence.why_no_models and not evidence.opening:
        raise Unexercised(evidence.why_no_models)
    if not api.key and credential == "bearer":
        raise Unexercised(evidence.no_key)
    return needs.asked(_claude_code("discovery"), credential, api)
