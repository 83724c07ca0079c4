"""The JSON report for programs: as promised, written in full, also if the run is interrupted."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from importlib import resources
from pathlib import Path
from typing import Any

import contracting
import jsonschema
import pytest
import webpage_reading
from contracting import contract, faulty_app, reported
from made_reports import check, made
from sampling import first_of
from systems import POSIX

from pytest_models_contract.report import contents
from pytest_models_contract.session import outputs, verdicts

KEY = "sk-s3cret-0123456789"
FAULT = "envelope_key_absent[has_more]"


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    contracting.without_environment(monkeypatch)


def schema() -> Any:
    path = resources.files("pytest_models_contract.schemas").joinpath("report.json")
    return json.loads(path.read_text("utf-8"))


# --- what is in it -------------------------------------------------------------------------------


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize(
    "faults",
    first_of([((FAULT,),), ((),), (("list_shape_is[openai]",),), (("list_redirects[301]",),)]),
)
def test_a_report_is_as_promised(pytester: pytest.Pytester, faults: tuple[str, ...]) -> None:
    app = faulty_app(pytester, *faults)
    contract(pytester, "--models-report", "report.json", app=app)
    found = reported(pytester)
    jsonschema.validate(found, schema())
    assert list(found) == schema()["required"]
    assert all(list(each) == list(contents.PROMISED) for each in found["checks"])
    assert sum(found["counts"].values()) == len(found["checks"])
    assert found["target"] == {"kind": "app", "where": app}


def test_the_schema_is_the_promised_interface() -> None:
    promised = [
        "report",
        "plugin",
        "revision",
        "target",
        "started_at",
        "duration_s",
        "requests",
        "models",
        "verdict",
        "complete",
    ]
    promised += ["interrupted", "news", "meets_revision", "counts"]
    promised += ["diagnoses", "notes", "checks"]
    assert schema()["required"] == promised
    assert schema()["$defs"]["check"]["required"] == list(contents.PROMISED)
    assert schema()["properties"]["counts"]["required"] == list(contents.COUNTS)


def test_the_numbers_are_those_of_the_run(pytester: pytest.Pytester) -> None:
    contract(pytester, "--models-report", "report.json")
    found = reported(pytester)
    assert found["models"] == 27
    assert found["requests"] > 27
    assert found["meets_revision"] == "2026-04-16"
    assert (found["verdict"], found["interrupted"], found["news"]) == ("conforms", False, [])


def test_an_unknown_field_comes_with_the_revision_that_knows_it(pytester: pytest.Pytester) -> None:
    app = faulty_app(pytester, revision="2026-10-07")
    contract(pytester, "--models-report", "report.json", app=app)
    found = reported(pytester)
    assert "ModelInfo.lifecycle, known since 2026-10-07" in found["news"]
    assert found["meets_revision"] == "2026-10-07"


@pytest.mark.slow
def test_checks_that_need_an_option_are_not_in_it(pytester: pytest.Pytester) -> None:
    contract(pytester, "--models-report", "report.json")
    areas = {each["id"].partition("/")[0] for each in reported(pytester)["checks"]}
    assert "clients" not in areas
    contract(pytester, "--models-report", "report.json", "--models-client", "claude-code")
    areas = {each["id"].partition("/")[0] for each in reported(pytester)["checks"]}
    assert "clients" in areas


@pytest.mark.parametrize(
    ("kinds", "verdict"),
    [
        (["holds"], "conforms"),
        (["holds", "advice", "expected", "unexercised", "stale"], "conforms"),
        (["holds", "violated"], "violates"),
        (["violated", "error"], "violates"),
        (["holds", "error"], "error"),
        (["unexercised"], "error"),
        ([], "error"),
    ],
)
def test_the_verdict_is_the_worst_of_all_checks(kinds: list[str], verdict: str) -> None:
    assert made(*(check(kind, kind) for kind in kinds))["verdict"] == verdict


@pytest.mark.parametrize(
    ("kind", "level", "gap"),
    [
        ("unexercised", "must", True),
        ("unexercised", "should", False),
        ("holds", "must", False),
        ("violated", "must", False),
        ("error", "must", False),
    ],
)
def test_complete_is_false_if_a_must_was_not_tested(kind: str, level: str, gap: bool) -> None:
    assert verdicts._is_a_gap(check("a", kind, level=level)) is gap


def test_no_key_is_in_any_file(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODELS_CONTRACT_API_KEY", KEY)
    app = faulty_app(pytester, "key_in_body_of[page]", "key_in_message_of[404]", key=KEY)
    result = contract(
        pytester, "--models-report", "report.json", "--models-report", "report.md", app=app
    )
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    for text in (result.stdout.str(), *(path.read_text() for path in pytester.path.glob("rep*"))):
        assert KEY not in text


def test_a_field_name_may_be_a_secret_too(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODELS_CONTRACT_API_KEY", KEY)
    app = faulty_app(pytester, models=[{"id": "claude-a", KEY: 1}], key=KEY)
    result = contract(pytester, "--models-report", "report.json", app=app)
    assert reported(pytester)["news"] == ["ModelInfo.***, in no known revision"]
    assert KEY not in result.stdout.str()


@pytest.mark.slow
def test_under_xdist_the_controller_writes_one_report(pytester: pytest.Pytester) -> None:
    pytest.importorskip("xdist")
    contract(pytester, "--models-report", "alone.json")
    contract(pytester, "--models-report", "report.json", "-n", "2", process=True)
    alone, many = reported(pytester, "alone.json"), reported(pytester)
    jsonschema.validate(many, schema())
    assert [each["id"] for each in many["checks"]] == [each["id"] for each in alone["checks"]]
    same = ("verdict", "counts", "models", "target", "meets_revision", "complete")
    assert [many[name] for name in same] == [alone[name] for name in same]


# --- writing -------------------------------------------------------------------------------------


def test_a_file_is_written_in_full_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "r.json"
    path.write_text("old")

    def full(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="disk full"):
        outputs.write_whole(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.slow
def test_an_output_that_became_unwritable_is_exit_status_4(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        """
        import shutil

        def pytest_runtestloop():
            shutil.rmtree("out")
        """
    )
    pytester.mkdir("out")
    result = contract(pytester, "--models-report", "out/r.json")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "--models-report" in result.stdout.str()
    assert "could not be written" in result.stdout.str()


@POSIX
@pytest.mark.parametrize("workers", [[], pytest.param(["-n", "2"], marks=pytest.mark.slow)])
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to a child")
def test_ctrl_c_leaves_a_report(pytester: pytest.Pytester, workers: list[str]) -> None:
    if workers:
        pytest.importorskip("xdist")
    pytester.makepyfile(
        slow="""
        import time
        from pytest_models_contract.fake import Fake

        def slow(ask, request):
            time.sleep(0.1)
            return ask(request)

        app = Fake(faults=[slow])
        """
    )
    pytester.makepyfile(
        watching="""
        def pytest_runtest_logreport(report):
            if report.when == "call":
                print("\\njudged one", flush=True)
        """
    )
    command = [sys.executable, "-m", "pytest", *contracting.LOADED, "--models-contract"]
    reports = ["--models-report", "report.json", "--models-report", "report.html"]
    options = ["--models-app", "slow:app", *reports, *workers]
    options += ["-p", "watching", "-s"]
    run = subprocess.Popen(  # noqa: S603 - pytest itself
        [*command, *options],
        cwd=pytester.path,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert run.stdout is not None
    for line in run.stdout:
        if line == "judged one\n":
            break
    time.sleep(0.5)
    os.killpg(run.pid, signal.SIGINT)
    run.communicate(timeout=60)
    assert run.returncode == pytest.ExitCode.INTERRUPTED
    found = reported(pytester)
    jsonschema.validate(found, schema())
    assert (found["interrupted"], found["verdict"]) == (True, "error")
    assert found["requests"] > 0
    assert found["checks"]
    page = webpage_reading.read(pytester.path / "report.html")
    assert page.all("h1")[0].text == "? Stopped early"
    assert webpage_reading.rows(page)
    assert len(page.by_id("requests").all("tr")) > 1
    assert "claude-opus-5" in page.by_id("models").text


def test_a_run_that_stops_at_the_first_failure_is_reported_so(pytester: pytest.Pytester) -> None:
    result = contract(
        pytester, "-x", "--models-report", "report.json", app=faulty_app(pytester, FAULT)
    )
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert reported(pytester)["interrupted"] is True
    assert "violates the contract, stopped early" in result.stdout.str()
