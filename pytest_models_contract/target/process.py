"""The server under test as a process of the run: started, waited for, started again, ended."""

from __future__ import annotations

import os
import shutil
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from pytest_models_contract.client.exchange import Response
from pytest_models_contract.client.redact import Redactor, visible
from pytest_models_contract.client.verdict import NotJudged
from pytest_models_contract.target.child import Child
from pytest_models_contract.target.command import Command, environment, secrets_of
from pytest_models_contract.target.guard import name_of_signal
from pytest_models_contract.target.targets import TargetError

LIST = "/v1/models"
READY = "/v1/models-contract-ready"
STEADY = 10.0
"""A server that answers with a 5xx for so many seconds does so for good: the suite is to say so."""
WAITED_OUT = {502, 503, 504}
"""What a gateway answers while what is behind it starts."""
FIRST_PAUSE, LONGEST_PAUSE = 0.02, 0.25
EXCERPT = 160

Probe = Callable[[str, float], Response]
"""Asks the server for a path, within so many seconds. Raises `NotJudged` when there is no answer."""


class NotReady(TargetError):
    """The command cannot be run, ended, or the server does not answer in time; the text says which."""


@dataclass
class Process:
    """A server that a command starts; its whole process group ends with the run.

    `template` is its base URL as the user gave it, `where` the same with its port; `values` fill the
    placeholders of the command, `folder` is where it runs; `timeout` is how long it may take to
    answer, in seconds; `secrets` are removed from what it wrote.
    """

    command: Command
    template: str
    where: str
    values: Mapping[str, str] = field(repr=False)
    probe: Probe = field(repr=False)
    folder: Path
    timeout: float
    secrets: Sequence[str | None] = field(repr=False)
    _inherited: Mapping[str, str] = field(default_factory=lambda: dict(os.environ), repr=False)
    _child: Child | None = field(default=None, repr=False)
    _last_answer: str = field(default="", repr=False)
    _lost: str = field(default="", repr=False)

    def start(self) -> None:
        """Start the server, unless it runs, and wait until it serves. Raises `NotReady`."""
        if self._child is None:
            self._refuse_a_port_in_use()
            self._launch()
            self._wait(LIST, _Serving())

    def restart(self, *, cold: bool = True) -> None:
        """End the server, start it again and wait. Raises `NotReady`.

        `cold`: any answer to a path that no catalogue has will do, so that no cache is warmed; else
        the list must be served.
        """
        self.end()
        self._launch()
        self._wait(*((READY, bool) if cold else (LIST, _Serving())))

    def end(self) -> None:
        """End the server and every process of its group."""
        child, self._child = self._child, None
        if child:
            child.end()

    def failure(self, patience: float = 0) -> str:
        """How the command ended by itself, and its last lines; the empty string while it runs.

        `patience` is how long to wait for its end, in seconds.
        """
        status = self._child.exit_status(patience) if self._child else None
        if status is None:
            return ""
        answers = [f"the last answer: {self._last_answer}"] if self._last_answer else []
        return self._described(_ended(status), *answers)

    # --- starting --------------------------------------------------------------------------------

    def _refuse_a_port_in_use(self) -> None:
        url = urlsplit(self.where)
        address = (url.hostname or "", url.port or (443 if url.scheme == "https" else 80))
        with suppress(OSError), socket.create_connection(address, 1):
            raise NotReady(
                f"a server already responds at {self.where}: end it, or leave out --models-start to test"
                " that server"
            )

    def _launch(self) -> None:
        filled = self.command.filled(self.values)
        name = filled.program
        # A path is one from where the command runs.
        path = str(self.folder / name) if Path(name).name != name else name
        program = shutil.which(path, path=self._environment.get("PATH"))
        if program is None:
            what = f"program {name} on the PATH" if path == name else f"file {path} that can be run"
            raise NotReady(self._shown(f"cannot be run: there is no {what}"))
        try:
            self._child = Child([program, *filled.words[1:]], self._environment, self.folder)
        except OSError as error:
            raise NotReady(self._shown(f"cannot be run: {error.strerror}")) from None

    @property
    def _environment(self) -> dict[str, str]:
        return environment(self._inherited, self.values, self.command.filled(self.values))

    # --- waiting ---------------------------------------------------------------------------------

    def _wait(self, path: str, serves: Callable[[int], bool]) -> None:
        """Ask for the path until an answer will do; ends the server when none does."""
        try:
            self._await(path, serves)
        except BaseException:
            self.end()
            raise

    def _await(self, path: str, serves: Callable[[int], bool]) -> None:
        deadline = time.monotonic() + self.timeout
        pause, self._last_answer = FIRST_PAUSE, ""
        while (left := deadline - time.monotonic()) > 0:
            is_ready = serves(self._status(path, left))
            if failure := self.failure():
                raise NotReady(failure)
            if is_ready:
                self._last_answer = ""
                return
            time.sleep(min(pause, left))
            pause = min(2 * pause, LONGEST_PAUSE)
        late = f"did not serve at {self.where} within {self.timeout:g} s (--models-start-timeout)"
        answer = self._last_answer or f"none; {self._lost}"
        raise NotReady(self._described(late, self._port_named(), f"the last answer: {answer}"))

    def _status(self, path: str, seconds: float) -> int:
        """The status of the answer, 0 where there is none."""
        try:
            response = self.probe(path, seconds)
        except NotJudged as lost:
            self._lost = str(lost)
            return 0
        body = visible(response.body[: 4 * EXCERPT].decode("utf-8", "replace"), EXCERPT)
        self._last_answer = f"{response.status}, {body or 'without a body'}"
        return response.status

    # --- telling ---------------------------------------------------------------------------------

    def _port_named(self) -> str:
        """Whether command and base URL name the port: most servers that never answer do so elsewhere."""
        command, base_url = self.command.names("port"), "{port}" in self.template
        if command and base_url:
            return "both the command and the base URL name {port}: does the server listen there?"
        if command:
            return "the command names {port}, but --models-base-url does not: name it in both"
        if base_url:
            return (
                "the command does not name {port}: give it the port, have it read MODELS_CONTRACT_PORT, or"
                " say in --models-base-url where it listens"
            )
        return (
            "neither the command nor --models-base-url names {port}: does the server listen there?"
        )

    def _described(self, why: str, *more: str) -> str:
        """What became of the command, and its last lines."""
        lines = self._child.last_lines(self._redactor) if self._child else []
        wrote = (
            ["its last lines:", *(f"  {line}" for line in lines)] if lines else ["it wrote nothing"]
        )
        return self._shown(why, *more, *wrote)

    def _shown(self, *lines: str) -> str:
        return self._redactor.redact("\n".join([f"`{self.command.shown}` {lines[0]}", *lines[1:]]))

    @property
    def _redactor(self) -> Redactor:
        return Redactor([*self.secrets, *secrets_of(self._environment)])


class _Serving:
    """Whether statuses, as they come one after the other, are those of a server that serves."""

    def __init__(self) -> None:
        self._failing_since: float | None = None

    def __call__(self, status: int) -> bool:
        if not status or status in WAITED_OUT:
            self._failing_since = None
            return False
        if status < 500:
            return True
        now = time.monotonic()
        if self._failing_since is None:
            self._failing_since = now
        return now - self._failing_since >= STEADY


def _ended(status: int) -> str:
    """How a command ended, by its exit status."""
    if name := name_of_signal(status):
        return f"was ended by {name}"
    hint = ": the server must stay in the foreground" if status == 0 else ""
    return f"ended with exit status {status}{hint}"
