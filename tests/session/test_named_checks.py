"""Checks that a command names: by the node ids that pytest prints, or by `-k`."""

from __future__ import annotations

import re

import contracting
import pytest
from contracting import CONFORMANT_APP, LOADED, contract, faulty_app, verdicts

from pytest_models_contract.session.named_checks import near

FAULTS = ("limit_clamped[-1]", "envelope_key_absent[has_more]")
VIOLATED = {"limit/refuses[-1]": "violated", "model_list/has_more": "violated"}


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    contracting.without_environment(monkeypatch)


def named(
    pytester: pytest.Pytester, *arguments: str, app: str = CONFORMANT_APP
) -> pytest.RunResult:
    report = ("--models-report", "report.json")
    return pytester.runpytest_inprocess(*LOADED, "--models-app", app, *report, *arguments)


def printed(result: pytest.RunResult) -> list[str]:
    """The node ids in the short summary of a run."""
    lines = re.findall(r"^FAILED (.+?)(?: - .*)?$", result.stdout.str(), flags=re.MULTILINE)
    return list(dict.fromkeys(lines))


@pytest.mark.slow
@pytest.mark.parametrize("more", [(), ("-n1",)])
def test_printed_node_ids_select_these_checks(pytester: pytest.Pytester, more: tuple[str]) -> None:
    app = faulty_app(pytester, *FAULTS)
    ids = printed(contract(pytester, "-v", "-rf", app=app))
    assert {f"models_contract::{check}" for check in VIOLATED} <= set(ids)
    wanted = [found for found in ids if found.partition("::")[2] in VIOLATED]
    result = named(pytester, *wanted, *more, app=app)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert verdicts(pytester) == VIOLATED


def test_a_node_id_beside_a_file_selects_both(pytester: pytest.Pytester) -> None:
    path = pytester.makepyfile("def test_own(): pass\ndef test_other(): pass")
    result = named(pytester, f"{path}::test_own", "models_contract::order/newest_first")
    result.assert_outcomes(passed=2)
    assert verdicts(pytester) == {"order/newest_first": "holds"}


def test_an_unknown_node_id_is_a_usage_error_that_names_near_ones(
    pytester: pytest.Pytester,
) -> None:
    result = named(pytester, "models_contract::order/newest")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    said = result.stderr.str() + result.stdout.str()
    assert "models_contract::order/newest is no check of this run: did you mean" in said
    assert "order/newest_first" in said


@pytest.mark.slow
def test_a_keyword_without_a_match_gets_near_names(pytester: pytest.Pytester) -> None:
    result = contract(pytester, "-k", "has_mor and newest_frist")
    assert result.ret == pytest.ExitCode.NO_TESTS_COLLECTED
    said = " ".join(result.stdout.str().split())
    assert "-k has_mor and newest_frist selects no check: did you mean" in said
    assert "model_list/has_more" in said
    assert "order/newest_first" in said


@pytest.mark.slow
def test_a_keyword_with_a_match_says_nothing(pytester: pytest.Pytester) -> None:
    assert "selects no check" not in contract(pytester, "-k", "order").stdout.str()
    pytester.makepyfile("def test_own(): pass")
    assert "selects no check" not in contract(pytester, "-k", "own", ".").stdout.str()


@pytest.mark.parametrize("text", ["", "and or not", "zzzz qqqq"])
def test_nothing_near_is_no_question(text: str) -> None:
    assert near(text, VIOLATED) == ""
