"""`models-contract check`: its arguments, and the run that they make."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from contracting import CONFORMANT_APP, without_environment
from little_servers import script
from systems import POSIX
from terminals import on_a_terminal

from pytest_models_contract.cli import check
from pytest_models_contract.cli.check import NO_TARGET, UsageError, for_pytest
from pytest_models_contract.session import spelling
from pytest_models_contract.session.option_table import options

PROGRAM = (sys.executable, "-m", "pytest_models_contract", "check")
FAULTY = """
from pytest_models_contract.fake import Fake
from pytest_models_contract.fake.faults import FAULTS

app = Fake(faults=[FAULTS["envelope_key_absent[has_more]"]])
"""
HOSTILE_PROJECT = {
    "pytest.ini": "[pytest]\naddopts = --no-such-option\nmodels_strict = true\nmodels_app = no:app\n",
    "conftest.py": "raise SystemExit('the conftest of the project was loaded')\n",
}


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    without_environment(monkeypatch)


def ran(
    folder: Path, *arguments: str, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """A run of the command, as a user starts it."""
    return subprocess.run(  # noqa: S603 - our own program
        [*PROGRAM, *arguments],
        cwd=folder,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        timeout=120,
    )


def refusal(*arguments: str) -> str:
    with pytest.raises(UsageError) as refused:
        for_pytest(arguments)
    return str(refused.value)


# --- arguments -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "option"),
    [
        ("http://localhost:4000/v1", "--models-base-url"),
        ("HTTPS://gateway.example", "--models-base-url"),
        ("reference", "--models-cassette"),
        ("no-such.yaml", "--models-cassette"),
        ("records/Monday.HAR", "--models-cassette"),
        ("my_server.main:app", "--models-app"),
        ("main:make_app()", "--models-app"),
        ("main:apps.first", "--models-app"),
    ],
)
def test_the_target_says_what_it_is(target: str, option: str) -> None:
    assert for_pytest([target]) == [f"{option}={target}"]


def test_a_file_is_a_cassette_whatever_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "main:app").touch()
    monkeypatch.chdir(tmp_path)
    assert for_pytest(["main:app"]) == ["--models-cassette=main:app"]


@pytest.mark.parametrize(
    ("target", "meant"),
    [
        ("localhost:4000", "http://localhost:4000"),
        ("localhost", "http://localhost"),
        ("127.0.0.1:4000/team", "http://127.0.0.1:4000/team"),
        ("[::1]:4000", "http://[::1]:4000"),
        (":4000", "http://localhost:4000"),
        ("gateway.example/anthropic", "https://gateway.example/anthropic"),
    ],
)
def test_an_address_without_scheme_gets_one(target: str, meant: str) -> None:
    assert refusal(target) == f"{target}: did you mean {meant}?"


@pytest.mark.parametrize("target", ["", "ftp://localhost", "server", "main:", "a b"])
def test_another_target_is_refused(target: str) -> None:
    assert "give a URL such as http://localhost:4000" in refusal(target)


def test_every_option_of_the_plugin_is_one_of_the_command() -> None:
    given = {
        option: "3" if option.metavar else ""
        for option in options()
        if option.name not in ("base_url", "cassette", "app")
    }
    typed = [
        word for option, value in given.items() for word in (f"--{option.word}", value) if word
    ]
    expected = [
        f"--models-{option.word}{'=' if value else ''}{value}" for option, value in given.items()
    ]
    assert for_pytest(["reference", *typed]) == ["--models-cassette=reference", *expected]


def test_what_is_repeated_is_kept_in_order() -> None:
    given = for_pytest(["reference", "--expect", "b", "--expect", "a"])
    assert given[1:] == ["--models-expect=b", "--models-expect=a"]


def test_options_of_pytest() -> None:
    given = for_pytest(
        ["reference", "-vv", "-x", "-k", "limit or order", "-n", "2", "--", "-rs", "--"]
    )
    words = ["-v", "-v", "-x", "-k", "limit or order", "-p", "xdist", "-n", "2", "-rs", "--"]
    assert given[1:] == words


def test_without_xdist_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "find_spec", lambda _: None)
    assert refusal("reference", "-n", "2") == "-n needs pytest-xdist: pip install pytest-xdist"


def test_without_a_target(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal() == NO_TARGET
    assert for_pytest(["--start", "server"]) == ["--models-start=server"]
    monkeypatch.setenv("MODELS_CONTRACT_BASE_URL", "http://localhost:4000")
    assert for_pytest([]) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("reference", "--timeot", "4"), "there is no option --timeot: did you mean --timeout?"),
        (
            ("reference", "--models-timeout=4"),
            "there is no option --models-timeout: did you mean --timeout?",
        ),
        (("reference", "--xyz"), "there is no option --xyz. Options of pytest come after --"),
        (("reference", "main:app"), "one TARGET is enough: main:app is another one"),
        (("http://a", "--base-url", "http://b"), "http://a and --base-url: give one of them"),
        (("reference", "--timeout"), "argument --timeout: expected one argument"),
    ],
)
def test_wrong_arguments(arguments: tuple[str, ...], said: str) -> None:
    assert refusal(*arguments) == said


def test_wrong_usage_has_the_status_of_pytest(capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main(["localhost:4000"]) == pytest.ExitCode.USAGE_ERROR
    said = "models-contract check: localhost:4000: did you mean http://localhost:4000?\n"
    assert capsys.readouterr() == ("", said)


def test_the_help_fits_on_a_page_with_each_option_on_a_line() -> None:
    lines = check.parser().format_help().splitlines()
    assert len(lines) <= 50
    assert max(map(len, lines)) <= 100
    for option in options():
        value = f" {option.metavar}" if option.metavar else ""
        assert [
            line for line in lines if re.match(rf"  --{option.word}{re.escape(value)}  +\w", line)
        ]


# --- as the user types them ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("give --models-timeout 5", "give --timeout 5"),
        ("(--models-start-timeout)", "(--start-timeout)"),
        ("a server's --models-path", "a server's --models-path"),
        (f"{spelling.PYTEST} --models-app a:b --models-strict -k c", f"{spelling.CHECK} a:b --strict -k c"),
        (f"{spelling.PYTEST} --models-start 's' -k c", f"{spelling.CHECK} --start 's' -k c"),
    ],
)  # fmt: skip
def test_messages_name_the_options_of_the_command(text: str, shown: str) -> None:
    assert spelling.as_command(text) == shown


# --- runs ----------------------------------------------------------------------------------------


def test_a_failure_is_repeated_by_the_command(tmp_path: Path) -> None:
    (tmp_path / "faulty.py").write_text(FAULTY)
    for name, text in HOSTILE_PROJECT.items():
        (tmp_path / name).write_text(text)
    env = {"PYTEST_ADDOPTS": "--no-such-option", "PYTEST_PLUGINS": "no_such_plugin"}
    first = ran(tmp_path, "faulty:app", "--report", "report.md", env=env)
    assert first.returncode == pytest.ExitCode.TESTS_FAILED, first.stderr
    assert first.stderr == ""
    [line] = re.findall(
        r"^  repeat +(models-contract check .*-k model_list/has_more)$", first.stdout, re.M
    )
    assert line in (tmp_path / "report.md").read_text()
    assert not re.search(r"\bpytest\b(?!-models)|rootdir|--models-", first.stdout)
    assert "models contract: app faulty:app, revision 2026-04-16" in first.stdout
    again = ran(tmp_path, *shlex.split(line)[2:])
    assert again.returncode == pytest.ExitCode.TESTS_FAILED
    assert "1 failed: violates the contract" in again.stdout
    left = {path.name for path in tmp_path.iterdir()}
    assert left - {"__pycache__"} == {*HOSTILE_PROJECT, "faulty.py", "report.md"}


@pytest.mark.slow
@pytest.mark.parametrize("autoload", ["", "1"])
@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_the_run_is_that_of_pytest(tmp_path: Path, autoload: str, workers: tuple[str, ...]) -> None:
    done = ran(
        tmp_path, CONFORMANT_APP, "-q", *workers, env={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": autoload}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    command = [sys.executable, "-m", "pytest", "-p", "pytest_models_contract", "--models-contract"]
    own = subprocess.run(  # noqa: S603 - our own pytest
        [*command, "--models-app", CONFORMANT_APP, "-q", *workers],
        cwd=tmp_path, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert counted(done.stdout) == counted(own.stdout)


def counted(output: str) -> list[str]:
    """The closing lines without their times."""
    lines = [line for line in output.splitlines() if " passed" in line]
    return [re.sub(r" in [\d.]+s", "", line) for line in lines]


def test_usage_errors_of_the_run_name_the_options_of_the_command(tmp_path: Path) -> None:
    done = ran(tmp_path, "reference", "--timeout", "0")
    assert (done.returncode, done.stdout) == (pytest.ExitCode.USAGE_ERROR, "")
    assert done.stderr == "ERROR: --timeout 0: give seconds above 0, such as 10\n\n"


@POSIX
@pytest.mark.slow
def test_output_that_nobody_reads_ends_no_run(tmp_path: Path) -> None:
    command = (
        f"{shlex.join(PROGRAM)} reference --report report.json | head -1; exit ${{PIPESTATUS[0]}}"
    )
    done = subprocess.run(  # noqa: S603 - our own program
        ["bash", "-c", command],  # noqa: S607
        cwd=tmp_path, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert '"verdict": "conforms"' in (tmp_path / "report.json").read_text()


@POSIX
@pytest.mark.slow
def test_ctrl_c_leaves_a_partial_report(tmp_path: Path) -> None:
    slow = script(
        tmp_path, "serve(sys.argv[1], lambda path, head: (time.sleep(0.3), (200, '{}'))[1])"
    )
    process = subprocess.Popen(  # noqa: S603 - our own program
        [*PROGRAM, "--start", f"{slow} {{port}}", "--report", "report.json", "-v"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    seen = iter(process.stdout or [])
    assert any("models_contract::" in line for line in seen)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (pytest.ExitCode.INTERRUPTED, "")
    assert "stopped early" in output
    assert '"interrupted": true' in (tmp_path / "report.json").read_text()


@pytest.mark.slow
def test_a_line_shows_how_many_checks_are_done(tmp_path: Path) -> None:
    shown = "".join(on_a_terminal([*PROGRAM, CONFORMANT_APP], str(tmp_path)))
    numbers = [int(number) for number in re.findall(r"\r(\d+) of \d+ checks", shown)]
    assert len(numbers) > 1
    assert numbers == sorted(numbers)
    assert re.search(r"\r +\r\n=+ models contract =", shown)
    assert "checks" not in ran(tmp_path, CONFORMANT_APP).stdout.split("models contract ===")[0]
