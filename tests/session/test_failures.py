"""What pytest shows of violated checks: each diagnosis once, with one check in full, everywhere."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import contracting
import pytest
from contracting import contract, faulty_app, reported
from fault_rows import all_fault_rows
from judging import KEY
from sampling import first_of

from pytest_models_contract.evidence.diagnoses import rules

TWO_DEFECTS = ("cursor_ignored[after_id]", "property_absent[display_name]")
IGNORED = [
    "cursors/after_id_starts_after_the_cursor",
    "cursors/after_the_last_model_the_page_is_empty",
    "cursors/walking_forward_yields_every_model_once",
]
MISSING = "model_info/display_name"
FULL = "  contract  "
"""The last line of the text of a failure."""


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    contracting.without_environment(monkeypatch)
    monkeypatch.setenv("MODELS_CONTRACT_API_KEY", KEY)


def judged(pytester: pytest.Pytester, *arguments: str, **how: Any) -> list[str]:
    """The lines of a run on a server with two defects."""
    app = faulty_app(pytester, *TWO_DEFECTS, key=KEY)
    return contract(pytester, *arguments, app=app, **how).stdout.lines


def failures(lines: list[str]) -> list[str]:
    """The lines under FAILURES."""
    start = next(n for n, line in enumerate(lines) if line.strip("= ") == "FAILURES")
    end = next(n for n, line in enumerate(lines[start:], start) if "= models contract" in line)
    return lines[start + 1 : end]


def number_of(lines: list[str], begins: str) -> int:
    return sum(line.startswith(begins) for line in lines)


# --- the terminal --------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_summary_starts_with_the_diagnoses(pytester: pytest.Pytester) -> None:
    lines = judged(pytester, "-q")
    start = next(n for n, line in enumerate(lines) if "= models contract" in line)
    assert [line.partition(":")[0] for line in lines[start + 2 : start + 6]] == [
        "`after_id` is ignored",
        f"  3 checks, such as {IGNORED[0]}",
        "`display_name` is missing",
        f"  {MISSING}",
    ]


@pytest.mark.slow
def test_each_diagnosis_shows_one_check_in_full_and_the_others_on_a_line(
    pytester: pytest.Pytester,
) -> None:
    shown = failures(judged(pytester))
    assert number_of(shown, FULL) == 2
    assert sorted(line.partition(":")[0] for line in shown if line.startswith("  cursors/")) == [
        f"  {check}" for check in IGNORED[1:]
    ]
    assert [line.strip("_ ") for line in shown if line.startswith("____")] == [
        f"check {IGNORED[0]}",
        f"check {MISSING}",
    ]


@pytest.mark.slow
def test_verbose_shows_all_in_full(pytester: pytest.Pytester) -> None:
    shown = failures(judged(pytester, "-v"))
    assert number_of(shown, FULL) == 4
    assert "for the same reason" not in "\n".join(shown)


@pytest.mark.parametrize("argument", first_of(["-q", "--tb=short", "--tb=auto"]))
def test_a_failure_is_printed_once(pytester: pytest.Pytester, argument: str) -> None:
    lines = judged(pytester, argument)
    for check in (*IGNORED, MISSING):
        shown = [
            line
            for line in failures(lines)
            if line.strip("_ ") == f"check {check}" or line.startswith(f"  {check}: ")
        ]
        assert len(shown) == 1
    assert number_of(lines, "FAILED") == 0
    assert "4 failed" in lines[-1]


@pytest.mark.slow
def test_the_short_summary_has_them_where_it_is_asked_for(pytester: pytest.Pytester) -> None:
    assert number_of(judged(pytester, "-rf"), "FAILED models_contract::") == 4


@pytest.mark.slow
def test_tb_line_gives_each_failure_a_line(pytester: pytest.Pytester) -> None:
    shown = failures(judged(pytester, "--tb=line"))
    assert sorted(line.partition(":")[0] for line in shown) == [*IGNORED, MISSING]


@pytest.mark.slow
def test_tb_no_shows_no_failure_but_the_diagnoses(pytester: pytest.Pytester) -> None:
    lines = judged(pytester, "--tb=no")
    assert not any(line.strip("= ") == "FAILURES" for line in lines)
    assert number_of(lines, FULL) == 0
    assert number_of(lines, "`after_id` is ignored: ") == 1
    assert number_of(lines, "FAILED models_contract::") == 4


@pytest.mark.slow
def test_lines_are_not_cut_where_there_is_no_terminal(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    lines = judged(pytester, "-q")
    hint = next(line for line in lines if line.startswith("  3 checks, such as"))
    assert hint.endswith("while `has_more` is true")


@pytest.mark.slow
def test_tests_of_the_project_come_first_and_in_full(pytester: pytest.Pytester) -> None:
    test = pytester.makepyfile("def test_own():\n    assert 1 + 1 == 3, 'wrong'\n")
    app = faulty_app(pytester, *TWO_DEFECTS, key=KEY)
    lines = contract(pytester, str(test), app=app).stdout.lines
    assert failures(lines)[0].strip("_ ") == "test_own"
    assert number_of(failures(lines), FULL) == 2
    assert number_of(lines, "FAILED") == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "fault",
    first_of(
        [
            "cursors_advance_by_themselves",
            "has_more_counts_the_whole_list",
            "page_border_repeats_a_model",
            "list_shape_is[gemini]",
            "retrieve_redirects[301]",
            "error_is[400-fastapi]",
            "beta_crashes[one-value]",
        ],
        3,
    ),
)
def test_one_defect_takes_forty_lines_at_most(pytester: pytest.Pytester, fault: str) -> None:
    app = faulty_app(pytester, fault, key=KEY)
    assert all_fault_rows()[fault].catches
    assert len(contract(pytester, "-q", app=app).stdout.lines) <= 40


# --- the report ----------------------------------------------------------------------------------


def diagnoses(pytester: pytest.Pytester, *arguments: str, **how: Any) -> list[dict[str, Any]]:
    judged(pytester, "--models-report", "report.json", *arguments, **how)
    found: list[dict[str, Any]] = reported(pytester)["diagnoses"]
    return found


@pytest.mark.slow
def test_the_report_has_each_violated_check_once(pytester: pytest.Pytester) -> None:
    first, second = diagnoses(pytester)
    assert first["title"].startswith("`after_id` is ignored: each of ")
    assert sorted(first["checks"]) == IGNORED
    assert (first["level"], first["expected"]) == ("must", False)
    assert second["checks"] == [MISSING]
    assert second["title"].startswith("`display_name` is missing: 1 of 27 models (")


def test_a_check_that_nothing_explains_has_its_rule_as_title(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "RULES", ())
    found = diagnoses(pytester, "-k", MISSING)
    assert [(own["title"], own["hint"], own["checks"]) for own in found] == [
        (
            "`display_name` is always present: a string, the model's name for people.",
            None,
            [MISSING],
        )
    ]


@pytest.mark.slow
def test_a_rule_that_fails_leaves_the_verdicts_alone(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise KeyError(f"oops {KEY}")

    monkeypatch.setattr(rules, "drawn", broken)
    text = "\n".join(judged(pytester, "--models-report", "report.json"))
    assert "a bug in the contract, not in the server" in text
    assert KEY not in text
    assert reported(pytester)["counts"]["violated"] == 4
    assert len(reported(pytester)["diagnoses"]) == 4


@pytest.mark.slow
def test_known_deviations_are_the_last_diagnosis(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = "".join(f'[[deviation]]\ncheck = "{check}"\nreason = "later"\n' for check in IGNORED)
    (pytester.path / "known.toml").write_text(known)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    lines = judged(pytester, "--models-xfails", "known.toml", "--models-report", "report.json")
    first, last = reported(pytester)["diagnoses"]
    assert (first["checks"], first["expected"]) == ([MISSING], False)
    assert (sorted(last["checks"]), last["expected"], last["level"]) == (IGNORED, True, "should")
    assert [
        line.partition("::")[2].partition("::")[0] for line in lines if line.startswith("::")
    ] == [f"error title={MISSING}"]


@pytest.mark.slow
def test_a_diagnosis_of_known_and_new_violations_fails(pytester: pytest.Pytester) -> None:
    known = f'[[deviation]]\ncheck = "{IGNORED[0]}"\nreason = "later"\n'
    (pytester.path / "known.toml").write_text(known)
    first, _ = diagnoses(pytester, "--models-xfails", "known.toml")
    assert sorted(first["checks"]) == IGNORED
    assert first["checks"][-1] == IGNORED[0]
    assert (first["expected"], first["level"]) == (False, "must")


@pytest.mark.slow
def test_advice_is_a_diagnosis_of_level_should(pytester: pytest.Pytester) -> None:
    app = faulty_app(pytester, "lets_in[wrong-key]", key=KEY)
    result = contract(pytester, "--models-report", "report.json", app=app)
    assert result.ret == pytest.ExitCode.OK
    [found] = reported(pytester)["diagnoses"]
    assert found["level"] == "should"
    text = result.stdout.str()
    assert text.count(found["title"]) == 1
    assert f"  {len(found['checks'])} checks, such as {found['checks'][0]}: GET " in text


@pytest.mark.slow
def test_junit_has_a_property_for_each_diagnosis(pytester: pytest.Pytester) -> None:
    judged(pytester, "--junit-xml", "junit.xml")
    root = ElementTree.parse(pytester.path / "junit.xml").getroot()  # noqa: S314 - we wrote it
    found = [own.attrib for own in root[0].iterfind("properties/property")]
    assert {own["name"] for own in found} == {"models_diagnosis"}
    assert [own["value"].partition(":")[0] for own in found] == [
        "`after_id` is ignored",
        "`display_name` is missing",
    ]
    assert found[0]["value"].endswith(f"(must, 3 checks: {', '.join(IGNORED)})")


# --- workers, and runs that end early ------------------------------------------------------------


@pytest.mark.slow
def test_workers_find_the_same_diagnoses(pytester: pytest.Pytester) -> None:
    together = diagnoses(pytester)
    shared = diagnoses(pytester, "-n", "2", process=True)
    assert [sorted(own["checks"]) for own in shared] == [sorted(own["checks"]) for own in together]
    sentences = [[own["title"].partition(":")[0] for own in found] for found in (shared, together)]
    assert sentences[0] == sentences[1]


def test_a_run_that_stops_early_has_diagnoses(pytester: pytest.Pytester) -> None:
    [found] = diagnoses(pytester, "-x")
    assert found["title"].startswith("`display_name` is missing")


@pytest.mark.slow
def test_a_run_that_is_interrupted_has_diagnoses(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        """
        class Impatient:
            def pytest_runtest_logreport(self, report):
                if report.failed:
                    raise KeyboardInterrupt

        def pytest_configure(config):
            if not hasattr(config, "workerinput"):
                config.pluginmanager.register(Impatient())
        """
    )
    [found, *_] = diagnoses(pytester, "-n", "2", process=True)
    assert reported(pytester)["interrupted"] is True
    assert found["title"].partition(":")[0] in {
        "`after_id` is ignored",
        "`display_name` is missing",
    }
