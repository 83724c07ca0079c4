"""How the outcome of a check appears in pytest, in JUnit and in the report."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
from contracting import contract, faulty_app, reported, verdicts

FAULT = "envelope_key_absent[has_more]"
CHECK = "model_list/has_more"
ADVICE = "errors/list_wants_the_key[no_key]"
KEY = "sk-s3cret-0123456789"


def entry(pytester: pytest.Pytester, check: str) -> dict[str, Any]:
    found = [entry for entry in reported(pytester)["checks"] if entry["id"] == check]
    assert len(found) == 1
    return dict(found[0])


def judged(pytester: pytest.Pytester, *arguments: str, fault: str = FAULT) -> pytest.RunResult:
    app = faulty_app(pytester, *([fault] if fault else []))
    return contract(pytester, "--models-report", "report.json", *arguments, app=app)


# --- the four verdicts ---------------------------------------------------------------------------


@pytest.mark.slow
def test_a_check_that_passes_gives_its_evidence(pytester: pytest.Pytester) -> None:
    result = judged(pytester, "-k", "model_info/created_at", fault="")
    assert result.ret == pytest.ExitCode.OK
    result.assert_outcomes(passed=1, deselected=result.parseoutcomes()["deselected"])
    found = entry(pytester, "model_info/created_at")
    assert (found["verdict"], found["message"]) == ("holds", None)
    assert found["evidence"] == "27 models"


def test_a_violated_must_fails(pytester: pytest.Pytester) -> None:
    result = judged(pytester, "-k", CHECK)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert result.parseoutcomes()["failed"] == 1
    assert entry(pytester, CHECK)["verdict"] == "violated"


def test_a_violated_should_is_advice(pytester: pytest.Pytester) -> None:
    result = judged(pytester, "-k", ADVICE, fault="")
    assert result.ret == pytest.ExitCode.OK
    assert result.parseoutcomes()["xfailed"] == 1
    assert reported(pytester)["counts"]["advice"] == 1
    assert reported(pytester)["verdict"] == "conforms"
    assert entry(pytester, ADVICE)["verdict"] == "violated"
    advice = result.stdout.str().partition("advice (fails with --models-strict):\n")[2]
    assert f"  {ADVICE}: GET /v1/models (without a key): accepted, expected 401" in advice


def test_strict_makes_advice_fail(pytester: pytest.Pytester) -> None:
    result = judged(pytester, "-k", ADVICE, "--models-strict", fault="")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    counts = reported(pytester)["counts"]
    assert (counts["violated"], counts["advice"]) == (1, 0)
    assert reported(pytester)["verdict"] == "violates"
    assert "advice (fails with" not in result.stdout.str()
    assert f"check {ADVICE}" in result.stdout.str()


def test_the_level_is_that_of_the_worst_finding(pytester: pytest.Pytester) -> None:
    check = "model_info/capabilities.effort.xhigh"
    judged(pytester, "-k", check, fault="property_absent[capabilities.effort.xhigh]")
    assert entry(pytester, check)["level"] == "should"
    assert reported(pytester)["counts"]["advice"] == 1


@pytest.mark.slow
def test_a_check_without_a_case_is_skipped(pytester: pytest.Pytester) -> None:
    result = contract(pytester, "--models-report", "report.json", "-rs", app=one_model(pytester))
    assert result.ret == pytest.ExitCode.OK
    found = reported(pytester)
    assert found["counts"]["unexercised"] == result.parseoutcomes()["skipped"] > 0
    assert found["complete"] is False
    assert found["verdict"] == "conforms"
    result.stdout.fnmatch_lines(["*suite*test_cursors.py:[0-9]*"])
    result.stdout.fnmatch_lines(["*conforms, but not every must rule was tested"])


@pytest.mark.slow
def test_complete_makes_a_check_without_a_case_fail(pytester: pytest.Pytester) -> None:
    app = one_model(pytester)
    result = contract(pytester, "--models-report", "report.json", "--models-complete", app=app)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    found = reported(pytester)
    assert found["counts"]["unexercised"] == result.parseoutcomes()["failed"] > 0
    result.stdout.fnmatch_lines(["  expected  every check is tested (--models-complete)"])


def one_model(pytester: pytest.Pytester) -> str:
    return faulty_app(pytester, models=1)


@pytest.mark.slow
def test_an_unreachable_server_is_one_error(pytester: pytest.Pytester) -> None:
    nobody = ("--models-base-url", "http://127.0.0.1:9")
    result = contract(pytester, *nobody, "--models-report", "report.json", "--tb=short", app="")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    start = "could not test: cannot connect"
    assert len([line for line in result.stdout.lines if line.startswith(start)]) == 1
    found = reported(pytester)
    assert found["verdict"] == "error"
    assert found["counts"]["error"] > 50
    assert found["counts"]["violated"] == found["counts"]["holds"] == 0


def test_a_bug_of_ours_is_no_violation(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError(f"oops {KEY}")

    monkeypatch.setattr("pytest_models_contract.suite.test_order._older_first", broken)
    monkeypatch.setenv("MODELS_CONTRACT_API_KEY", KEY)
    result = judged(pytester, "-k", "order/newest_first", fault="")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    found = entry(pytester, "order/newest_first")
    assert found["verdict"] == "error"
    assert found["message"].startswith("KeyError: 'oops ***' (a bug in the contract, not in the")
    assert KEY not in result.stdout.str()


def test_a_failing_fixture_of_the_project_is_named(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        """
        import pytest

        @pytest.fixture(scope="session")
        def models_headers():
            raise OSError("no vault")
        """
    )
    result = judged(pytester, "-k", CHECK, fault="")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert entry(pytester, CHECK)["message"] == "OSError: no vault (a fixture failed at setup)"


def test_a_failing_teardown_does_not_hide_a_violation(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        """
        import pytest

        @pytest.fixture(autouse=True)
        def untidy():
            yield
            raise OSError("no mop")
        """
    )
    judged(pytester, "-k", f"{CHECK} or order/newest_first")
    assert verdicts(pytester) == {CHECK: "violated", "order/newest_first": "error"}


# --- what pytest shows ---------------------------------------------------------------------------


@pytest.mark.slow
def test_frames_are_shown_only_with_tb_long(pytester: pytest.Pytester) -> None:
    brief = judged(pytester, "-k", CHECK).stdout.str()
    assert "Traceback" not in brief
    assert "def test_has_more" not in brief
    assert ".py:" not in brief
    long = judged(pytester, "-k", CHECK, "--tb=long").stdout.str()
    assert "test_model_list.py:" in long
    assert "seen      no key `" in long


def test_a_failure_has_its_id_as_heading(pytester: pytest.Pytester) -> None:
    result = judged(pytester, "-v", "-k", CHECK)
    result.stdout.fnmatch_lines(
        [f"models_contract::{CHECK} *", f"* check {CHECK} *", "`has_more` is true or*"]
    )


def test_an_id_keeps_its_dots(pytester: pytest.Pytester) -> None:
    check = "model_info/capabilities.effort.max"
    result = judged(pytester, "-v", "-k", check, fault="")
    result.stdout.fnmatch_lines([f"models_contract::{check} *"])


def test_no_secret_is_in_captured_output(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODELS_CONTRACT_API_KEY", KEY)
    pytester.makeconftest(
        f"""
        import logging
        import pytest

        @pytest.fixture(autouse=True)
        def talkative():
            print("at first {KEY}")
            yield
            logging.getLogger("late").warning("at last {KEY}")
        """
    )
    result = judged(pytester, "-k", CHECK, "-rA", "--junit-xml", "junit.xml")
    result.stdout.fnmatch_lines(["at first [*][*][*]"])
    assert KEY not in result.stdout.str()
    assert KEY not in (pytester.path / "junit.xml").read_text("utf-8")


# --- JUnit ---------------------------------------------------------------------------------------


def cases(pytester: pytest.Pytester, *arguments: str, **how: Any) -> dict[str, ElementTree.Element]:
    judged(pytester, "--junit-xml", "junit.xml", *arguments, **how)
    root = ElementTree.parse(pytester.path / "junit.xml")  # noqa: S314 - we wrote it
    return {case.attrib["name"]: case for case in root.iter("testcase")}


def properties(case: ElementTree.Element) -> dict[str, str]:
    return {each.attrib["name"]: each.attrib["value"] for each in case.iter("property")}


@pytest.mark.slow
def test_junit_has_the_promised_properties(pytester: pytest.Pytester) -> None:
    found = cases(pytester, "-m", "models_must")
    assert properties(found[CHECK]) == {
        "models_check": CHECK,
        "models_level": "must",
        "models_clause": "model_list#/properties/has_more",
        "models_verdict": "violated",
    }
    assert all(properties(case)["models_check"] == name for name, case in found.items())


@pytest.mark.slow
def test_junit_distinguishes_the_verdicts(pytester: pytest.Pytester) -> None:
    found = cases(pytester)
    assert found[CHECK].find("failure") is not None
    advice = found[ADVICE].find("skipped")
    assert advice is not None
    assert advice.attrib["message"].startswith("advice: accepted")
    untested = found["cursors/has_more_forward"].find("skipped")
    assert untested is not None
    assert untested.attrib["type"] != advice.attrib["type"]
    assert [*found["model_info/id"]] == [found["model_info/id"].find("properties")]


@pytest.mark.slow
def test_junit_has_errors_for_what_could_not_be_tested(pytester: pytest.Pytester) -> None:
    nobody = ("--models-base-url", "http://127.0.0.1:9", "--junit-xml", "junit.xml")
    contract(pytester, *nobody, app="")
    root = ElementTree.parse(pytester.path / "junit.xml").getroot()  # noqa: S314 - we wrote it
    suite = root[0].attrib
    assert int(suite["errors"]) > 50
    assert suite["failures"] == "0"


def test_on_ci_a_failure_is_shown_once(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There pytest 9 repeats the whole text of a failure in its short summary."""
    monkeypatch.setenv("CI", "true")
    text = judged(pytester, "-k", CHECK, "-rf").stdout.str()
    assert text.count("  repeat ") == 1
    assert f"models_contract::{CHECK}" in text.rpartition("violates the contract")[2]
