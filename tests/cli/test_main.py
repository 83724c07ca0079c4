"""`models-contract`: its commands, and output that its reader closes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from systems import POSIX

from pytest_models_contract import __version__
from pytest_models_contract.cli import main as program
from pytest_models_contract.cli.main import PROGRAMS, main
from pytest_models_contract.cli.output import closable


def test_the_help_is_short_and_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) <= 24
    for name in PROGRAMS:
        assert [line for line in lines if line.startswith(f"  {name} ")]
    assert (
        "  models-contract check --start 'my-gateway --port {port} --upstream {upstream}' --upstream 0"
        in lines
    )


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_command_has_a_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"usage: models-contract {name} ")


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"models-contract {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "usage: models-contract COMMAND"),
        (["chek"], "there is no command chek. Did you mean check?"),
        (
            ["--strict"],
            "there is no command --strict. The commands are check, matrix, fake, drift, spec-diff, "
            "spec-draft, document",
        ),
        (["https://a.example"], "did you mean models-contract check https://a.example?"),
        (
            ["drift", "one"],
            "models-contract drift: error: the following arguments are required: NEW",
        ),
        (
            ["fake", "--port", "x"],
            "models-contract fake: error: argument --port: 'x' is not a port",
        ),
        (["document", "x"], "models-contract document: error: unrecognized arguments: x"),
    ],
)
def test_wrong_usage(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert (out, said in err) == ("", True), err


@pytest.mark.parametrize(("name", "status"), [("check", 2), ("drift", 130)])
def test_ctrl_c_before_the_run(name: str, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(program, "import_module", lambda _: SimpleNamespace(main=interrupted))
    assert main([name]) == status


def test_drift_keeps_its_status(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["drift", "reference", "reference"]) == 0
    assert "nothing changed" in capsys.readouterr().out


@pytest.mark.parametrize("size", [1, 100_000])
def test_a_program_goes_on_when_its_output_is_closed(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        with closable():
            for _ in range(3):
                print("x" * size, flush=True)
        assert sys.stdout is stream
        print("this goes nowhere", flush=True)


@pytest.mark.slow
@POSIX
def test_the_module_is_the_same_program(tmp_path: Path) -> None:
    command = (
        f"{sys.executable} -m pytest_models_contract document | head -1; exit ${{PIPESTATUS[0]}}"
    )
    done = subprocess.run(  # noqa: S603 - our own program
        ["bash", "-c", command],  # noqa: S607
        cwd=tmp_path, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "# The contract\n", "")
