"""Each server in a run of its own, so that the crash of one is a row of the table and not its end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pytest_models_contract.cli.matrix.servers import Server
from pytest_models_contract.client.redact import Redactor, visible
from pytest_models_contract.session.option_values import ENV_KEY
from pytest_models_contract.target.guard import interrupt

OWN = "MODELS_CONTRACT_"
LINES, LONGEST = 12, 500
"""So much is kept of what a run printed that has no report."""
PREFIXES = ("models-contract check: ", "ERROR: ")
STOPPED = "not run: stopped by Ctrl-C"
Row = dict[str, Any]
Processes = list[subprocess.Popen[str]]


def run_all(
    servers: Sequence[Server], jobs: int, done: Callable[[Row], None]
) -> tuple[list[Row], bool]:
    """The row of each server, in their order, and whether Ctrl-C stopped the runs.

    `jobs` is how many run at the same time; `done` gets each row as soon as it is there.
    """
    processes: Processes = []
    with TemporaryDirectory() as folder, ThreadPoolExecutor(jobs) as pool:
        futures = [
            pool.submit(_run, server, Path(folder) / f"{number}.json", processes)
            for number, server in enumerate(servers)
        ]
        stopped = _wait(futures, processes, done)
    rows = [
        _row(server, None, STOPPED) if future.cancelled() else future.result()
        for server, future in zip(servers, futures, strict=True)
    ]
    return rows, stopped


def _wait(
    futures: Sequence[Future[Row]], processes: Processes, done: Callable[[Row], None]
) -> bool:
    waiting = set(futures)
    try:
        while waiting:
            finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in finished:
                done(future.result())
    except KeyboardInterrupt:
        for future in futures:
            future.cancel()
        for process in processes:
            interrupt(process)
        return True
    return False


def _run(server: Server, report: Path, processes: Processes) -> Row:
    # -P: a module in the current folder does not replace one that the run imports.
    command = [sys.executable, "-P", "-m", "pytest_models_contract", "check"]
    process = subprocess.Popen(  # noqa: S603 - our own program
        [*command, "--report", str(report), *server.arguments],
        env=_environment(server),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="backslashreplace",
        # Ctrl-C reaches the runs through this program alone.
        start_new_session=True,
    )
    processes.append(process)
    output, errors = process.communicate()
    found = _report(report)
    said = None if found else _said(process.returncode, errors.strip() or output, server)
    return _row(server, process.returncode, said, found)


def _environment(server: Server) -> Mapping[str, str]:
    """Without the keys of other servers: a key reaches only the server whose `key_env` names it."""
    found = {name: value for name, value in os.environ.items() if not name.startswith(OWN)}
    key = {ENV_KEY: os.environ[server.key_env]} if server.key_env else {}
    return {**found, "PYTHONIOENCODING": "utf-8", **key}


def _report(path: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found


def _said(status: int, output: str, server: Server) -> str:
    """Why there is no report: the last lines of the run, without secrets."""
    text = Redactor(server.secrets).redact(output.strip())
    for prefix in PREFIXES:
        text = text.removeprefix(prefix)
    lines = [visible(line, LONGEST) for line in text.splitlines()[-LINES:]]
    how = f"the run was ended by signal {-status}" if status < 0 else f"exit status {status}"
    return "\n".join(lines or [f"the run ended without a report: {how}"])


def _row(server: Server, status: int | None, said: str | None, report: Any = None) -> Row:
    return {
        "name": server.name,
        "command": server.command,
        "status": status,
        "said": said,
        "report": report,
    }
