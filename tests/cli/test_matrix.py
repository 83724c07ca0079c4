"""`models-contract matrix`: its runs, its files and its exit status."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from contracting import without_environment
from little_servers import script
from systems import POSIX

from pytest_models_contract.cli.matrix import page
from pytest_models_contract.cli.matrix.program import main

KEY = "sk-s3cret-0123456789"
FAULTY = """
from pytest_models_contract.fake import Fake
from pytest_models_contract.fake.faults import FAULTS

app = Fake(faults=[FAULTS["envelope_key_absent[has_more]"]])
"""


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    without_environment(monkeypatch)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "faulty.py").write_text(FAULTY)
    return tmp_path


def servers(folder: Path, **entries: str) -> str:
    path = folder / "servers.toml"
    path.write_text(
        "".join(f'[[server]]\nname = "{name}"\n{text}\n' for name, text in entries.items())
    )
    return str(path)


def written(folder: Path, name: str = "matrix.json") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / name).read_text("utf-8"))
    return found


def test_a_server_that_does_not_start_is_a_row(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = 'app = "pytest_models_contract.fake:Fake"\noptions = ["-k", "order/newest_first"]'
    broken = (
        f'start = """TOKEN={KEY} {sys.executable} -c \'import sys; sys.exit(\\"no {KEY}\\")\'"""'
    )
    file = servers(folder, broken=broken, one=one)
    outputs = [word for suffix in ("json", "md", "html") for word in ("-o", f"matrix.{suffix}")]
    assert main([file, *outputs, "--jobs", "2"]) == 1
    out, err = capsys.readouterr()
    assert err == ""
    assert out.splitlines()[-3:] == [
        "matrix.json written",
        "matrix.md written",
        "matrix.html written",
    ]
    assert "broken: no report\n  --start: `TOKEN=*** " in out
    assert "one: conforms\n" in out
    first, second = written(folder)["servers"]
    assert (first["name"], first["status"], first["report"]) == ("broken", 4, None)
    assert "no ***" in first["said"]
    assert (second["status"], second["areas"]["order"]["verdict"]) == (0, "holds")
    everything = out + "".join(path.read_text() for path in folder.glob("matrix.*"))
    assert KEY not in everything


@pytest.mark.slow
def test_changes_are_marked_and_violations_decide_the_status(folder: Path) -> None:
    only = 'options = ["-k", "model_list/has_more"]'
    good = f'app = "pytest_models_contract.fake:Fake"\n{only}'
    assert main([servers(folder, a=good), "-o", "matrix.json"]) == 0
    file = servers(folder, a=f'app = "faulty:app"\n{only}')
    assert main([file, "-o", "later.json", "--compare", "matrix.json"]) == 1
    [row] = written(folder, "later.json")["servers"]
    assert row["areas"]["model_list"]["change"] == "worse"


@pytest.mark.slow
def test_a_key_reaches_only_the_server_that_names_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODELS_CONTRACT_API_KEY", KEY)
    monkeypatch.setenv("MODELS_CONTRACT_BASE_URL", "http://other.invalid")
    (folder / "seen.py").write_text(
        "import json, os\nfrom pytest_models_contract.fake import Fake\n"
        "def make():\n"
        "    key = os.environ.get('MODELS_CONTRACT_API_KEY', '')\n"
        "    open(os.environ['SEEN'], 'a').write(f'{key!r} ')\n"
        "    return Fake(key=key or None)\n"
    )
    monkeypatch.setenv("SEEN", str(folder / "seen.txt"))
    app = 'app = "seen:make"\noptions = ["-k", "order/newest_first"]'
    named = f'{app}\nkey_env = "MODELS_CONTRACT_API_KEY"'
    assert main([servers(folder, a=app, b=named)]) == 0
    assert (folder / "seen.txt").read_text() == f"'' '{KEY}' "


@POSIX
@pytest.mark.slow
def test_a_crash_is_a_row(folder: Path) -> None:
    (folder / "crashing.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")
    assert main([servers(folder, a='app = "crashing:app"'), "-o", "matrix.json"]) == 1
    [row] = written(folder)["servers"]
    assert row["said"] == "the run ended without a report: the run was ended by signal 9"


@POSIX
@pytest.mark.slow
def test_ctrl_c_keeps_what_is_done(folder: Path) -> None:
    slow = script(
        folder, "serve(sys.argv[1], lambda path, head: (time.sleep(0.3), (200, '{}'))[1])"
    )
    start = f"start = '''{slow} {{port}}'''"
    good = 'app = "pytest_models_contract.fake:Fake"\noptions = ["-k", "order/newest_first"]'
    file = servers(folder, a=good, b=start, c=start)
    command = [sys.executable, "-m", "pytest_models_contract", "matrix", file, "-o", "matrix.json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdout
        assert process.stdout.readline() == "a: conforms\n"
        time.sleep(4)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode == 130
    rows = written(folder)["servers"]
    assert [row["verdict"] for row in rows][::2] == ["conforms", "no report"]
    assert rows[2]["said"] == "not run: stopped by Ctrl-C"
    assert rows[1]["report"] is None or rows[1]["report"]["interrupted"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("-o", "matrix.txt"),
            "-o matrix.txt: the suffix selects the format, give .html, .md, .json",
        ),
        (("-o", "no/matrix.md"), "there is no folder"),
        (
            ("--compare", "no.json"),
            "--compare no.json: it cannot be read: No such file or directory",
        ),
    ],
)
def test_wrong_usage_is_said_before_anything_runs(
    folder: Path, arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([servers(folder, a='app = "no_such:app"'), *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("models-contract matrix: ")
    assert said in err


def test_a_page_needs_jinja(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(page, "find_spec", lambda _: None)
    assert main([servers(folder, a='app = "no_such:app"'), "-o", "matrix.html"]) == 2
    said = "models-contract matrix: -o matrix.html: an HTML page needs Jinja2: pip install"
    assert capsys.readouterr().err.startswith(said)


@pytest.mark.parametrize("jobs", ["0", "x", "-1"])
def test_wrong_jobs(jobs: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["servers.toml", f"--jobs={jobs}"])
    assert ended.value.code == 2
    assert f"'{jobs}' is no number of servers: give 1 or more" in capsys.readouterr().err


def test_a_wrong_file_of_servers(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([servers(folder, a="")]) == 2
    assert "servers.toml, line 1, server 'a': it names no server" in capsys.readouterr().err
