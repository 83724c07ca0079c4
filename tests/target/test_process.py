"""A server that a command starts: when it counts as ready, what is stated when it does not, and its end."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from types import SimpleNamespace

import pytest
from little_servers import script
from processes import KEY, SERVES, Make, refusal

from pytest_models_contract.target import process
from pytest_models_contract.target.process import _Serving

LOGGING = """
def log(path):
    with open("asked", "a") as file:
        print(path, file=file)
"""


def test_a_server_is_given_what_it_needs_to_know(make: Make, tmp_path: Path) -> None:
    own = script(
        tmp_path,
        """
import json
stated = {"words": sys.argv[1:], "environment": dict(os.environ), "folder": os.getcwd()}
open("stated", "w").write(json.dumps(stated))
"""
        + SERVES,
    )
    make(
        line=f"MODE=a,{{api_key}} {own} {{port}} --to '{{upstream}}/x y'", upstream="http://up"
    ).start()
    stated = json.loads((tmp_path / "stated").read_text())
    assert stated["words"][1:] == ["--to", "http://up/x y"]
    assert stated["environment"]["MODELS_CONTRACT_PORT"] == stated["words"][0]
    assert stated["environment"]["MODELS_CONTRACT_UPSTREAM_URL"] == "http://up"
    assert stated["environment"]["MODE"] == f"a,{KEY}"
    assert "127.0.0.1" in stated["environment"]["NO_PROXY"]
    assert stated["folder"] == str(tmp_path.resolve())


@pytest.mark.slow
def test_a_start_waits_until_the_list_is_served_and_a_restart_warms_no_cache(
    make: Make, tmp_path: Path
) -> None:
    server = make(
        LOGGING
        + """
starts = [502, 503, 504] if not os.path.exists("asked") else [503]
def answer(path, head):
    log(path + (" with the key" if "sk-s3cret" in head else ""))
    return (starts.pop(0) if starts else 401), "{}"
serve(sys.argv[1], answer)
"""
    )
    server.start()
    server.start()  # it runs
    server.restart()
    asked = (tmp_path / "asked").read_text().splitlines()
    assert asked == ["/v1/models with the key"] * 4 + ["/v1/models-contract-ready with the key"]
    server.restart(cold=False)
    assert (tmp_path / "asked").read_text().splitlines()[5:] == asked[:2]


@pytest.mark.parametrize(
    ("statuses", "ready_after"),
    [
        ([0, 0, 200], 2),
        ([404], 0),
        ([302], 0),
        ([502, 503, 504, 499], 3),
        ([500] * 5, 4),  # 2.5 s apart: ten seconds
        ([500, 500, 0, 500, 500, 500, 500, 500], 7),
        ([501, 500, 503, 500, 500, 500, 500, 500], 7),
        ([503] * 9, None),
        ([0] * 9, None),
    ],
)
def test_which_answers_count(
    monkeypatch: pytest.MonkeyPatch, statuses: list[int], ready_after: int | None
) -> None:
    serving = _Serving()
    stated = []
    for n, status in enumerate(statuses):
        now = SimpleNamespace(monotonic=lambda n=n: 2.5 * n)
        monkeypatch.setattr(process, "time", now)
        stated.append(serving(status))
    assert (stated.index(True) if any(stated) else None) == ready_after


def test_nothing_is_started_where_something_answers_already(make: Make, tmp_path: Path) -> None:
    server = make("open('started', 'w')")
    with socket.create_server(("127.0.0.1", int(server.values["port"]))):
        said = refusal(server)
    assert said.startswith(f"a server already responds at {server.where}: end it")
    assert not (tmp_path / "started").exists()
