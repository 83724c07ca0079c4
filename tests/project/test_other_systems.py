"""What one system can show of others: terminals of code page 1252, CRLF, paths and processes of Windows."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from documented import ROOT
from sampling import first_of

from pytest_models_contract.cli import check, drift
from pytest_models_contract.cli.matrix import program, servers
from pytest_models_contract.cli.output import closable
from pytest_models_contract.session import deviations
from pytest_models_contract.target import asking, command, guard
from pytest_models_contract.target.targets import TargetError, application

ODD = """
from pytest_models_contract.fake import Fake
from pytest_models_contract.fake.faults import FAULTS

MODELS = [{"id": f"模型-{number}", "display_name": "Modèle"} for number in range(25)]
app = Fake(models=MODELS, faults=[FAULTS["before_skips_a_model"]])
"""
NO_POSIX = """
import os, signal, sys

for name in ("fcntl", "grp", "pty", "pwd", "resource", "termios", "tty"):
    sys.modules[name] = None
for module, names in {
    os: ("fork", "getpgid", "killpg", "mkfifo", "setsid"),
    signal: ("SIGALRM", "SIGCONT", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGQUIT", "SIGSTOP", "SIGUSR1"),
}.items():
    for name in names:
        delattr(module, name)
"""
"""A plugin that removes what Windows does not have."""
CODE_PAGE = {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0", "PYTHONPATH": ""}
ENCODINGS = ("-X", "warn_default_encoding", "-W", "error::EncodingWarning")
FAULTY = "python {} -m pytest_models_contract.fake --port {{port}}".format(" ".join(ENCODINGS))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder whose name has blanks and other letters, with an application whose models have odd ids."""
    found = tmp_path / "with blanks é"
    found.mkdir()
    (found / "odd.py").write_text(ODD, encoding="utf-8")
    return found


def ran(folder: Path, *arguments: str) -> tuple[int, str]:
    """Exit status and output of our program, or of pytest, on such a terminal."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, **CODE_PAGE},
        capture_output=True,
        timeout=120,
    )
    return done.returncode, (done.stdout + done.stderr).decode("cp1252")


@pytest.mark.parametrize("plain", first_of([True, False]), ids=["pytest", "models-contract"])
def test_a_failure_is_readable_without_the_characters(plain: bool, folder: Path) -> None:
    run = ("-m", "pytest", "-p", "no:cacheprovider", "-p", "pytest_models_contract")
    named = (*run, "--models-contract", "--models-app=odd:app")
    own = ("-m", "pytest_models_contract", "check", "odd:app")
    status, text = ran(folder, *(named if plain else own))
    assert status == 1
    assert "Traceback" not in text
    assert "\\n" not in text
    assert [line for line in text.splitlines() if line.startswith("  response  200")]
    assert "\\u6a21\\u578b-" in text


@pytest.mark.slow
def test_no_file_is_opened_with_the_encoding_of_the_system(folder: Path) -> None:
    start = FAULTY.replace("python", sys.executable, 1)
    files = [f"--report={name}" for name in ("r.json", "r.md", "r.html")]
    files += ["--record=r.yaml", "--write-xfails=known.toml"]
    own = (*ENCODINGS, "-m", "pytest_models_contract", "check", f"--start={start}", *files)
    status, text = ran(folder, *own)
    assert (status, "Encoding" in text) == (0, False), text
    assert ran(folder, *ENCODINGS, "-m", "pytest_models_contract", "check", "r.yaml")[0] == 0


def test_programs_escape_what_they_cannot_write(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend(folder)
    written = io.BytesIO()
    stream = io.TextIOWrapper(written, encoding="cp1252", write_through=True)
    monkeypatch.setattr(sys, "stdout", stream)
    program._show({"name": "模型", "said": "模型", "report": None, "status": 1})
    asking.show("odd:app", "/v1/models/模型-1", {})
    (folder / "models.har").write_bytes(har("模型"))
    assert drift.main(["reference", "models.har"]) == 1
    text = written.getvalue().decode("cp1252")
    assert text.count("\\u6a21\\u578b") >= 4


@pytest.mark.slow
def test_the_tests_can_be_collected_on_windows(tmp_path: Path) -> None:
    (tmp_path / "no_posix.py").write_text(NO_POSIX, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no_posix", "--collect-only", "-q"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout[-2000:]


def har(name: str) -> bytes:
    """A HAR file with a list of one model."""
    text = f'{{\\"data\\":[{{\\"type\\":\\"model\\",\\"id\\":\\"{name}\\"}}],\\"has_more\\":false}}'
    return (
        '{"log":{"version":"1.2","entries":[{"startedDateTime":"2026-11-02T09:00:00Z","request":'
        '{"method":"GET","url":"https://a.example/v1/models","headers":[]},"response":{"status":200,'
        '"headers":[{"name":"content-type","value":"application/json"}],"content":{"text":"'
        f'{text}"}}}}}}]}}}}'
    ).encode()


def test_files_may_have_crlf(folder: Path) -> None:
    def saved(name: str, text: str) -> Path:
        path = folder / name
        path.write_bytes(text.replace("\n", "\r\n").encode())
        return path

    entry = '[[deviation]]\ncheck = "order/newest_first"\nreason = """two\nlines"""\n'
    assert list(deviations.load(saved("known.toml", entry))) == ["order/newest_first"]
    rows = '[[server]]\nname = "one"\nurl = "http://localhost:4000"\n'
    assert [server.name for server in servers.load(saved("servers.toml", rows))] == ["one"]
    own = saved("own.yaml", (ROOT / "cassettes" / "reference.yaml").read_text("utf-8"))
    assert list(drift.drift(drift.read("reference"), drift.read(str(own)))) == []


def test_an_ini_file_may_have_crlf(pytester: pytest.Pytester) -> None:
    lines = ["[pytest]", "models_expect =", "    claude-opus-5", "models_cassette = reference", ""]
    Path("pytest.ini").write_bytes("\r\n".join(lines).encode())
    run = ("-p", "pytest_models_contract", "--models-contract", "-k", "expected_model")
    assert pytester.runpytest(*run).parseoutcomes()["passed"] == 1


@pytest.mark.parametrize(
    ("target", "option"),
    [
        (r"C:\cassettes\a.yaml", "models_cassette"),
        ("c:/cassettes/A.HAR", "models_cassette"),
        (r"\\share\cassettes\a.yml", "models_cassette"),
        ("d:app", "models_app"),
    ],
)
def test_a_drive_is_no_module(target: str, option: str) -> None:
    assert check.target_option(target) == option


@pytest.mark.parametrize("path", [r"C:\servers\main.py:app", "servers/main.py:app"])
def test_a_path_is_no_module(path: str) -> None:
    with pytest.raises(check.UsageError, match="an application as module:attr"):
        check.target_option(path)
    with pytest.raises(TargetError, match="give MODULE:ATTR"):
        application(path)


def test_backslashes_stay_in_a_command_of_windows() -> None:
    parsed = command.parse(r'KEY=C:\k "C:\Program Files\gw.exe" --port {port} .\a', escape="")
    assert parsed.words == (r"C:\Program Files\gw.exe", "--port", "{port}", r".\a")
    assert parsed.variables == {"KEY": r"C:\k"}


class Gone(io.StringIO):
    """An output that fails with this error."""

    def __init__(self, code: int) -> None:
        super().__init__()
        self.code = code

    def write(self, _: str) -> int:
        raise OSError(self.code, "write")

    def fileno(self) -> int:
        return os.open(os.devnull, os.O_RDWR)


@pytest.mark.parametrize("code", [errno.EINVAL, errno.EPIPE])
def test_a_reader_that_goes_is_noticed(code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Gone(code))
    with closable():
        print("goes nowhere")


def test_another_error_of_the_output_is_none_of_a_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Gone(errno.ENOSPC))
    with pytest.raises(OSError, match="write"), closable():
        print("the disk is full")


@pytest.mark.parametrize(("status", "name"), [(143, "SIGTERM"), (1, ""), (3_221_225_786, "")])
def test_a_status_of_windows_is_no_signal(status: int, name: str) -> None:
    assert guard.name_of_signal(status) == name


class TestTheEndOfAProcessOnWindows:
    """Its steps, with a process of this system; `taskkill` is replaced."""

    @pytest.fixture
    def ended(self, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
        found: list[list[str]] = []
        monkeypatch.setattr(guard.subprocess, "run", lambda words, **_: found.append(words))
        return found

    @pytest.mark.parametrize(("script", "grace"), [("", 5.0), ("signal.SIG_IGN", 0.5)])
    def test_it_is_asked_then_ended(
        self, script: str, grace: float, ended: list[list[str]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(guard, "GRACE", grace)
        deaf = f"signal.signal(signal.SIGTERM, {script});" if script else ""
        text = f"import signal, time; {deaf} print(flush=True); time.sleep(60)"
        with subprocess.Popen([sys.executable, "-c", text], stdout=subprocess.PIPE) as child:  # noqa: S603
            assert child.stdout
            child.stdout.readline()
            began = time.monotonic()
            guard._end_tree(child)
            took = time.monotonic() - began
            assert (child.poll() is None, took >= grace) == (bool(script), bool(script))
            assert ended == [["taskkill", "/T", "/F", "/PID", str(child.pid)]]
            child.kill()

    def test_the_console_has_sent_ctrl_c_to_all(self, monkeypatch: pytest.MonkeyPatch) -> None:
        process: Any = object()
        monkeypatch.setattr(guard.sys, "platform", "win32")
        guard.interrupt(process)
