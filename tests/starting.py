"""Servers that a run starts, as scripts, and the run that starts one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from contracting import contract
from little_servers import script

from pytest_models_contract.spec import shipped

FAKE = """
import json, os, random, sys
from pytest_models_contract.fake import Fake, serve
from pytest_models_contract.fake.catalogue import catalogue
from pytest_models_contract.fake.faults import FAULTS

def run(models, *faults, port=sys.argv[1]):
    with open("pids", "a") as file:
        file.write(f"{os.getpid()}\\n")
    key = os.environ["MODELS_CONTRACT_API_KEY"]
    with serve(Fake(models, key=key, faults=[FAULTS[name] for name in faults]), port=int(port)):
        import threading
        threading.Event().wait()
"""


PLAIN = FAKE + "run(27)"


PROXY = """
from urllib.request import Request, urlopen
from urllib.error import HTTPError

def passed_on(path, headers):
    url = os.environ["MODELS_CONTRACT_UPSTREAM_URL"] + path
    try:
        answer = urlopen(Request(url, headers=headers))
    except HTTPError as refusal:
        answer = refusal
    return answer.status, answer.read().decode()
"""


def started(
    pytester: pytest.Pytester, text: str, *arguments: str, process: bool = False
) -> pytest.RunResult:
    """The run of the suite, or of what the arguments name, on the server that a script is."""
    command = f"{script(pytester.path, text)} {{port}}"
    return contract(pytester, "--models-start", command, *arguments, app="", process=process)


def schema() -> Any:
    return json.loads(shipped.folder("schemas").joinpath("report.json").read_text("utf-8"))


SHUFFLING = (
    FAKE
    + """
turn = len(open("pids").read().split()) if os.path.exists("pids") else 0
models = [dict(model) for model in catalogue(27, "2026-04-16")]
keys = [value for name, value in os.environ.items() if name.endswith("_KEY") and "CONTRACT" in name]
json.dump(keys, open("keys", "w"))
models[0]["display_name"] = " ".join(keys)
models[5]["created_at"] = models[6]["created_at"]
models[5:7] = sorted(models[5:7], key=lambda model: model["id"], reverse=turn % 2)
run(models, "envelope_key_absent[has_more]")
"""
)
