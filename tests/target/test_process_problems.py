"""What is stated of a command that does not serve."""

from __future__ import annotations

import os
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from little_servers import script
from processes import KEY, SERVES, Make, asking, refusal
from systems import POSIX

from pytest_models_contract.client.redact import Redactor
from pytest_models_contract.client.verdict import NotJudged
from pytest_models_contract.fake import Fake
from pytest_models_contract.fake.serving import serve
from pytest_models_contract.target import child, process
from pytest_models_contract.target.child import Child
from pytest_models_contract.target.process import NotReady

pytestmark = POSIX


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "print('no config', file=sys.stderr); sys.exit(3)",
            ["ended with exit status 3", "  no config"],
        ),
        (
            "pass",
            [
                "ended with exit status 0: the server must stay in the foreground",
                "it wrote nothing",
            ],
        ),
        ("os.kill(os.getpid(), signal.SIGKILL)", ["was ended by SIGKILL", "it wrote nothing"]),
        (
            "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])",
            ["ended with exit status 0: the server must stay in the foreground"],
        ),
        (
            "print('\\x1b[32mkey', os.environ['MODELS_CONTRACT_API_KEY'], '\\x1b]0;t\\7'); sys.exit(1)",
            ["ended with exit status 1", "  key *** \\x1b]0;t\\x07"],
        ),
        (
            "serve(sys.argv[1], lambda path, head: sys.exit(1) if os.path.exists('x') else"
            " (open('x', 'w') and 503, 'starting'))",
            ["ended with exit status 1", "the last answer: 503, starting", "it wrote nothing"],
        ),
        (
            "print(os.environ['SOME_TOKEN']); sys.exit(1)",
            ["ended with exit status 1", "  ***"],
        ),
    ],
)
def test_a_command_that_ends_is_stated_with_its_last_lines(
    make: Make, monkeypatch: pytest.MonkeyPatch, text: str, said: list[str]
) -> None:
    monkeypatch.setenv("SOME_TOKEN", "ghp-0123456789")
    server = make(text)
    first, *lines = refusal(server).splitlines()
    assert first == f"`{server.command.shown}` {said[0]}"
    assert [line for line in said[1:] if line not in lines] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("time.sleep(60)", "none; cannot connect to "),
        ("serve(sys.argv[1], lambda path, head: (503, 'warming up'))", "503, warming up"),
        ("serve(sys.argv[1], lambda path, head: (500, ''))", "500, without a body"),
        (
            "serve(sys.argv[1], lambda path, head: time.sleep(60))",
            "none; GET /v1/models: no complete",
        ),
        ("serve(sys.argv[1], lambda path, head: (503, head))", "503, GET /v1/models HTTP/1.1"),
    ],
)
def test_a_server_that_does_not_serve_in_time_is_stated_with_its_last_answer(
    make: Make, monkeypatch: pytest.MonkeyPatch, text: str, last: str
) -> None:
    server = make(f"print('here', flush=True)\n{text}")
    ask, late = server.probe, [0.0]
    now = SimpleNamespace(monotonic=lambda: time.monotonic() + late[0], sleep=time.sleep)
    monkeypatch.setattr(process, "time", now)

    def asked(path: str, _: float) -> Any:
        """The time is over with the answer that the test is about."""
        try:
            response = ask(path, 1)
            late[0] = 60
        except NotJudged as lost:
            here = server._child and b"here" in server._child._output
            late[0] = 60 if here and last[:20] in f"none; {lost}" else 0
            raise
        return response

    server.probe = asked
    first, _, answer, *lines = refusal(server).splitlines()
    assert first == (
        f"`{server.command.shown}` did not serve at {server.where} within 60 s (--models-start-timeout)"
    )
    assert answer.startswith(f"the last answer: {last}")
    assert KEY not in answer
    assert lines == ["its last lines:", "  here"]


@pytest.mark.parametrize(
    ("line", "template", "said"),
    [
        (
            "sleep 60 {port}",
            "http://a:{port}",
            "both the command and the base URL name {port}: does",
        ),
        (
            "sleep 60 {port}",
            "http://a:9",
            "the command names {port}, but --models-base-url does not",
        ),
        ("sleep 60", "http://a:{port}", "the command does not name {port}: give it the port"),
        ("sleep 60", "http://a:9", "neither the command nor --models-base-url names {port}"),
    ],
)
def test_where_nothing_answers_it_is_said_who_names_the_port(
    make: Make, line: str, template: str, said: str
) -> None:
    assert refusal(make(line=line, template=template, timeout=0.1)).splitlines()[1].startswith(said)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "no-such-program {port}",
            "cannot be run: there is no program no-such-program on the PATH",
        ),
        ("./no-such-file", "cannot be run: there is no file {folder}/no-such-file that can be run"),
        ("./plain", "cannot be run: there is no file {folder}/plain that can be run"),
    ],
)
def test_a_command_that_does_not_exist(make: Make, tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "plain").write_text("no program")
    server = make(line=line)
    assert refusal(server) == f"`{line}` {said.format(folder=tmp_path)}"


def test_a_file_that_is_no_program(make: Make, tmp_path: Path) -> None:
    (tmp_path / "broken").write_bytes(b"\x7fELF no program")
    (tmp_path / "broken").chmod(0o755)
    said = refusal(make(line="./broken"))
    assert "ended with exit status 126" in said
    assert "broken cannot be run: Exec format error" in said


def test_a_folder_that_is_gone(make: Make) -> None:
    server = make(line="sleep 60")
    server.folder /= "gone"
    assert refusal(server) == "`sleep 60` cannot be run: No such file or directory"


def test_an_answer_of_another_server_does_not_count_once_the_command_has_ended(make: Make) -> None:
    server = make("sys.exit(5)")

    def answered_elsewhere(path: str, seconds: float) -> Any:
        assert server.failure(patience=60)
        with serve(Fake()) as other:
            return asking(other)(path, seconds)

    server.probe = answered_elsewhere
    assert "ended with exit status 5" in refusal(server)


def test_a_server_that_ends_later_is_stated(make: Make) -> None:
    server = make(
        "serve(sys.argv[1], lambda path, head: (200, '{}') if 'ready' not in path else sys.exit(7))"
    )
    server.start()
    assert server.failure() == ""
    with pytest.raises(Exception, match=r"closed the connection|disconnected"):
        server.probe("/v1/models-contract-ready", 5)
    stated = server.failure(patience=60)
    assert stated.startswith(f"`{server.command.shown}` ended with exit status 7")


def test_a_restart_that_fails_says_why_and_leaves_nothing_running(make: Make) -> None:
    server = make(
        """
if os.path.exists("once"):
    sys.exit("the port is taken")
open("once", "w")
"""
        + SERVES
    )
    server.start()
    with pytest.raises(NotReady, match=r"ended with exit status 1\n.*\n  the port is taken"):
        server.restart()
    assert server._child is None


@pytest.mark.slow
def test_a_flood_of_output_takes_little_memory_and_does_not_block(make: Make) -> None:
    server = make(
        "print('x' * 50_000_000)\nfor n in range(100_000): print('line', n)\nsys.stdout.flush()\n"
        + SERVES
    )
    server.start()
    assert server._child
    while b"line 99999\n" not in server._child._output:
        time.sleep(0.02)
    assert len(server._child._output) <= child.KEPT
    assert server._child.last_lines(Redactor()) == [f"line {n}" for n in range(99_980, 100_000)]


def test_a_line_that_is_cut_may_begin_with_half_a_secret_and_is_not_shown(tmp_path: Path) -> None:
    own = script(tmp_path, f"sys.stdout.write('{KEY}' * 5_000); sys.stdout.flush(); time.sleep(60)")
    running = Child(own.split(), dict(os.environ), tmp_path)
    try:
        while not running._is_cut:
            time.sleep(0.02)
        lines = running.last_lines(Redactor([KEY]))
    finally:
        running.end()
    assert lines == ["…"]
