"""A run that starts its server: what it shows, what it keeps to itself, and that it leaves nothing behind."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import contracting
import jsonschema
import pytest
from contracting import LOADED, contract, reported, verdicts
from little_servers import all_end, pids, script

from pytest_models_contract.fake.upstream import upstream
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

GATEWAY = (
    PROXY
    + """
def sent(head):
    lines = [line.partition(": ") for line in head.splitlines()[1:] if line]
    return {name: value for name, _, value in lines if name.lower() in ("x-api-key", "anthropic-version")}

serve(sys.argv[1], lambda path, head: passed_on(path, sent(head)))
"""
)


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    contracting.without_environment(monkeypatch)


def started(
    pytester: pytest.Pytester, text: str, *arguments: str, process: bool = False
) -> pytest.RunResult:
    """The run of the suite, or of what the arguments name, on the server that a script is."""
    command = f"{script(pytester.path, text)} {{port}}"
    return contract(pytester, "--models-start", command, *arguments, app="", process=process)


def schema() -> Any:
    return json.loads(shipped.folder("schemas").joinpath("report.json").read_text("utf-8"))


# --- what it shows -------------------------------------------------------------------------------


def test_a_run_starts_its_server_restarts_it_last_and_ends_it(pytester: pytest.Pytester) -> None:
    result = started(
        pytester, PLAIN, "-v", "-k", "order or model_list", "--models-report", "report.json"
    )
    assert result.ret == pytest.ExitCode.OK
    found = reported(pytester)
    jsonschema.validate(found, schema())
    where = found["target"]["where"]
    assert found["target"] == {"kind": "live", "where": where, "started": True}
    assert "upstream" not in found
    result.stdout.fnmatch_lines([f"models contract: live {where}, started by python*, revision *"])
    last = found["checks"][-1]
    assert (last["id"], last["verdict"]) == ("order/is_the_same_after_a_restart", "holds")
    own = pids(pytester.path / "pids")
    assert len(own) == 2
    assert all_end(own, 0)


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


def test_what_fails_is_stated_without_keys_and_can_be_repeated(pytester: pytest.Pytester) -> None:
    wanted = (
        "-k",
        "order or has_more or display_name",
        "--tb=long",
        "--models-report",
        "report.json",
    )
    result = started(
        pytester, SHUFFLING, *wanted, "--models-start-timeout", "50", "--models-strict"
    )
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    found = verdicts(pytester)
    assert [check for check in found if found[check] == "violated"] == [
        "model_list/has_more",
        "order/is_the_same_after_a_restart",
    ]
    keys = json.loads((pytester.path / "keys").read_text())
    assert [len(key) for key in keys] == [43, 43, 43]
    shown = f"{result.stdout}{result.stderr}{(pytester.path / 'report.json').read_text()}"
    assert not any(key in shown for key in keys)
    words = repeated(result, "model_list/has_more")
    assert words[:2] == ["--models-start", f"{script(pytester.path, SHUFFLING)} {{port}}"]
    assert words[2:] == ["--models-start-timeout", "50", "-k", "model_list/has_more"]
    again = contract(pytester, *words, "--models-report", "again.json", app="")
    assert again.ret == pytest.ExitCode.TESTS_FAILED
    assert verdicts(pytester, "again.json") == {"model_list/has_more": "violated"}


def repeated(result: pytest.RunResult, check: str) -> list[str]:
    """The options of the command that repeats a check."""
    lines = [shlex.split(line) for line in result.stdout.lines if line.startswith("  repeat ")]
    [own] = [words for words in lines if words[-1] == check]
    return own[own.index("--models-contract") + 1 :]


def test_a_repeat_command_keeps_all_that_belongs_to_the_pair(pytester: pytest.Pytester) -> None:
    text = (
        FAKE
        + PROXY
        + """
assert passed_on("/v1/models", {"x-api-key": os.environ["MODELS_CONTRACT_API_KEY"]})[0] == 200
assert os.environ["GATEWAY_KEY"] == "sk-of-the-gateway"
run(27, "envelope_key_absent[has_more]")
"""
    )
    options = {
        "--models-start": f"GATEWAY_KEY=sk-of-the-gateway {script(pytester.path, text)} {{port}}",
        "--models-base-url": "http://localhost:{port}",
        "--models-upstream": "0",
        "--models-proxy": "own",
        "--models-header": "x-upstream: {upstream}/v1",
    }
    given = [word for pair in options.items() for word in pair]
    result = contract(pytester, *given, "-k", "model_list/has_more", app="")
    own = repeated(result, "model_list/has_more")
    words = [*given, "-k", "model_list/has_more"]
    hidden = "GATEWAY_KEY=*** " + options["--models-start"].partition(" ")[2]
    assert sorted(own) == sorted([hidden if word == given[1] else word for word in words])
    result.stdout.fnmatch_lines(
        [
            "models contract: live http://localhost:*, started by *",
            "models contract: upstream at http://127.0.0.1:*: the server has a catalogue of its own*",
        ]
    )


def test_a_command_of_the_ini_file_runs_in_its_folder_and_stays_there(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = script(pytester.path, FAKE + "run(27, 'envelope_key_absent[has_more]')")
    relative = own.replace(str(pytester.path / "server.py"), "server.py")
    pytester.makeini(f"[pytest]\nmodels_start = {relative} {{port}}")
    monkeypatch.chdir(pytester.mkdir("inner"))
    result = contract(pytester, "-k", "model_list/has_more", app="")
    assert repeated(result, "model_list/has_more") == ["-k", "model_list/has_more"]
    assert all_end(pids(pytester.path / "pids"), 0)


# --- when it fails -------------------------------------------------------------------------------


def test_a_server_that_does_not_serve_is_a_usage_error(pytester: pytest.Pytester) -> None:
    text = (
        FAKE
        + PROXY
        + """
open("pids", "w").write(f"{os.getpid()}\\n")
passed_on("/v1/models", {"x-api-key": os.environ["MODELS_CONTRACT_API_KEY"]})
print("using", os.environ["MODELS_CONTRACT_UPSTREAM_KEY"], flush=True)
sys.exit(1)
"""
    )
    result = started(pytester, text, "--models-upstream", "0")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        [
            "ERROR: --models-start: `*{port}` ended with exit status 1",
            "its last lines:",
            "  using ***",
            "requests that reached the upstream at http://127.0.0.1:*: 1",
        ]
    )
    assert all_end(pids(pytester.path / "pids"), 0)


def test_a_server_that_ends_during_the_run_is_stated(pytester: pytest.Pytester) -> None:
    text = """
left = [0]
def answer(path, head):
    left[0] += 1
    if left[0] > 2: sys.exit("out of memory " + os.environ["MODELS_CONTRACT_API_KEY"])
    return 404, "{}"
serve(sys.argv[1], answer)
"""
    result = started(pytester, text, "-k", "model_list", "--models-report", "report.json")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "error" in verdicts(pytester).values()
    assert "the server ended before the run did: `" in (stated := " ".join(result.stdout.lines))
    assert "out of memory ***" in stated


def test_a_restart_that_fails_is_an_error(pytester: pytest.Pytester) -> None:
    text = FAKE + "sys.exit('no second time') if os.path.exists('pids') else run(27)"
    result = started(pytester, text, "-k", "order", "--models-report", "report.json")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    checks = {check["id"]: check for check in reported(pytester)["checks"]}
    last = checks["order/is_the_same_after_a_restart"]
    assert (last["verdict"], checks["order/newest_first"]["verdict"]) == ("error", "holds")
    assert "ended with exit status 1\nits last lines:\n  no second time" in last["message"]


def test_a_server_that_a_restart_lost_is_judged_no_more(pytester: pytest.Pytester) -> None:
    once = "sys.exit('no second time') if os.path.exists('once') else open('once', 'w').close()\n"
    wanted = ("-k", "a_restart or unknown_id_stays or version_reaches")
    options = ("--models-upstream", "0", *wanted, "--models-report", "report.json")
    result = started(pytester, once + GATEWAY, *options)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    found = verdicts(pytester)
    assert len(found) > 2
    assert set(found.values()) == {"error"}


# --- the end -------------------------------------------------------------------------------------

ASKS = """
import os, signal, pytest

def test_that_asks(models_api):
    assert models_api.list().status == 200

def test_that_ends_it():
    {how}

def test_that_is_not_reached():
    pass
"""


def asks_and(pytester: pytest.Pytester, how: str) -> tuple[str, ...]:
    """The options of a run of a project's own tests, one of which ends the run."""
    pytester.makepyfile(ASKS.format(how=how))
    command = f"{script(pytester.path, PLAIN, 'gateway.py')} {{port}}"
    return (*LOADED, "--models-start", command)


@pytest.mark.parametrize(
    "how",
    [
        "os._exit(1)",
        "os.kill(os.getpid(), signal.SIGTERM)",
        "os.kill(os.getpid(), signal.SIGINT)",
    ],
)
def test_the_server_ends_where_the_run_is_ended(pytester: pytest.Pytester, how: str) -> None:
    result = pytester.runpytest_subprocess(*asks_and(pytester, how))
    assert result.ret not in (0, pytest.ExitCode.USAGE_ERROR)
    assert all_end(pids(pytester.path / "pids"))


@pytest.mark.parametrize("how", ["assert False", "pytest.exit('enough')"])
def test_the_server_ends_where_the_run_stops_early(pytester: pytest.Pytester, how: str) -> None:
    result = pytester.runpytest_inprocess(*asks_and(pytester, how), "-x")
    assert result.ret in (pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED)
    assert all_end(pids(pytester.path / "pids"), 0)


def test_an_internal_error_ends_it_too(pytester: pytest.Pytester) -> None:
    pytester.syspathinsert()
    pytester.makepyfile(crashing="def pytest_runtest_logreport(report): 1 / 0")
    result = started(pytester, PLAIN, "-k", "order/newest_first", "-p", "crashing")
    assert result.ret == pytest.ExitCode.INTERNAL_ERROR
    assert all_end(pids(pytester.path / "pids"), 0)


@pytest.mark.parametrize("option", ["--collect-only", "--setup-plan", "--fixtures", "--help"])
def test_nothing_starts_where_nothing_runs(pytester: pytest.Pytester, option: str) -> None:
    result = started(pytester, "open('started', 'w')", "--models-upstream", "0", option)
    assert result.ret == pytest.ExitCode.OK
    assert not (pytester.path / "started").exists()


# --- together with others ------------------------------------------------------------------------


def test_each_worker_has_its_own_pair(pytester: pytest.Pytester) -> None:
    pytest.importorskip("xdist")
    text = (
        FAKE
        + PROXY
        + """
key = os.environ["MODELS_CONTRACT_API_KEY"]
assert passed_on("/v1/models", {"x-api-key": key})[0] == 200
open(f"pair {os.environ['MODELS_CONTRACT_UPSTREAM_URL'].rpartition(':')[2]} {sys.argv[1]}", "w")
run(27)
"""
    )
    options = (
        "-n2",
        "-k",
        "model_list",
        "--models-upstream",
        "0",
        "--models-report",
        "report.json",
    )
    result = started(pytester, text, *options)
    assert result.ret == pytest.ExitCode.OK
    pairs = [path.name.split()[1:] for path in pytester.path.glob("pair *")]
    assert [len({pair[n] for pair in pairs}) for n in (0, 1)] == [2, 2]
    found = reported(pytester)
    assert found["upstream"] == {"requests": 2, "models": 1205, "expect": "mirror"}
    assert found["target"]["started"] is True
    assert all_end(pids(pytester.path / "pids"), 0)


def test_a_worker_that_cannot_start_its_server_says_why(pytester: pytest.Pytester) -> None:
    pytest.importorskip("xdist")
    result = started(pytester, "sys.exit('no configuration')", "-n2")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["ERROR: --models-start: *ended with exit status 1", "  no configuration"]
    )


def test_a_recording_has_no_secret_of_the_pair(pytester: pytest.Pytester) -> None:
    text = FAKE + PROXY + SHUFFLING.removeprefix(FAKE)
    result = started(pytester, text, "--models-record", "recorded.yaml")
    assert "recorded" in " ".join(result.stdout.lines)
    recorded = (pytester.path / "recorded.yaml").read_text()
    assert "*** models-contract-key-0000 ***" in " ".join(recorded.split())
    assert not any(key in recorded for key in json.loads((pytester.path / "keys").read_text()))


def test_a_proxy_is_held_to_the_upstream_behind_it(pytester: pytest.Pytester) -> None:
    wanted = (
        "-k",
        "every_model or odd_id_is_found or order/",
        "--models-report",
        "report.json",
    )
    result = started(pytester, GATEWAY, "--models-upstream", "0", *wanted)
    assert result.ret == pytest.ExitCode.OK
    found = reported(pytester)
    ids = [check["id"] for check in found["checks"]]
    restart = ids.index("order/is_the_same_after_a_restart")
    assert restart > 0
    assert [each for each in ids if each.startswith("proxy/")] == ids[restart + 1 :] != []
    assert {check["verdict"] for check in found["checks"]} == {"holds"}
    assert found["upstream"]["requests"] >= found["requests"] > 0


def test_tests_of_a_project_may_use_both_sides(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        def test_both(models_upstream, models_api):
            assert models_api.list().status == 200
            [seen] = [each for each in models_upstream.requests if each.path == "/v1/models"][-1:]
            assert seen.header("x-api-key") == models_api.key
            assert models_api.key not in repr(seen)
            models_upstream.fail(400)
            assert models_api.retrieve("claude-1").status == 400
        """
    )
    command = f"{script(pytester.path, GATEWAY, 'gateway.py')} {{port}}"
    options = ("--models-start", command, "--models-upstream", "0")
    pytester.runpytest_inprocess(*LOADED, *options).assert_outcomes(passed=1)
    without = pytester.runpytest_inprocess(*LOADED, "--models-start", command)
    without.stdout.fnmatch_lines(["*models_upstream needs --models-upstream, such as *"])


# --- the upstream alone --------------------------------------------------------------------------

APP = """
import os
from pytest_models_contract.fake import Fake

stated = {name: value for name, value in os.environ.items() if name.startswith("MODELS_CONTRACT_")}
"""


def app(pytester: pytest.Pytester, text: str) -> str:
    name = f"app_{abs(hash(pytester.path))}"
    Path(f"{name}.py").write_text(APP + text)
    return f"{name}:app"


def test_an_application_is_stated_of_the_upstream_before_it_is_imported(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODELS_CONTRACT_API_KEY", "sk-the-client")
    text = (
        PROXY
        + """
assert sorted(stated) == ["MODELS_CONTRACT_API_KEY", "MODELS_CONTRACT_UPSTREAM_URL"]

def app(environ, start_response):
    path = environ["PATH_INFO"] + "?" + environ["QUERY_STRING"]
    status, body = passed_on(path, {"x-api-key": environ.get("HTTP_X_API_KEY", "")})
    start_response(f"{status} Said", [("content-type", "application/json")])
    return [body.encode()]
"""
    )
    address = app(pytester, text)
    options = ("--models-upstream", "0", "-k", "model_list/data", "--models-report", "report.json")
    result = contract(pytester, *options, app=address)
    assert result.ret == pytest.ExitCode.OK
    found = reported(pytester)
    jsonschema.validate(found, schema())
    assert found["target"] == {"kind": "app", "where": address}
    assert found["upstream"]["requests"] > 0
    assert "MODELS_CONTRACT_UPSTREAM_URL" not in __import__("os").environ


def test_an_upstream_that_is_never_asked_is_never_green(pytester: pytest.Pytester) -> None:
    options = ("--models-upstream", "0", "-k", "model_list", "--models-report", "report.json")
    result = contract(pytester, *options, app=app(pytester, "app = Fake()"))
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert reported(pytester)["verdict"] == "error"
    stated = " ".join(line.strip() for line in result.stdout.lines)
    assert ": point the server at it, by {upstream} in" in stated
    assert "LiteLLM's model_list, one-api, Envoy AI Gateway) needs no --models-upstream" in stated


def test_an_upstream_that_is_open_to_the_network_is_stated(pytester: pytest.Pytester) -> None:
    options = ("--models-upstream", "0.0.0.0:0", "-k", "model_list/data")
    result = contract(pytester, *options, app=app(pytester, "app = Fake()"))
    result.stdout.fnmatch_lines(
        [
            "models contract: upstream at http://127.0.0.1:*: the server shows the same models *",
            "models contract: the upstream listens on 0.0.0.0: it is open to the network",
        ]
    )


def test_a_port_in_use_is_refused(pytester: pytest.Pytester) -> None:
    with upstream() as other:
        options = ("--models-upstream", str(other.port), "--models-base-url", "http://127.0.0.1:9")
        result = contract(pytester, *options, app="")
        assert result.ret == pytest.ExitCode.USAGE_ERROR
        said = f"ERROR: --models-upstream {other.port}: nothing can listen there: Address already in use*"
        result.stderr.fnmatch_lines([said])
        options = ("--models-start", "sleep 60", "--models-base-url", other.base_url)
        result = contract(pytester, *options, app="")
        assert result.ret == pytest.ExitCode.USAGE_ERROR
        result.stderr.fnmatch_lines(
            ["ERROR: --models-start: something answers at http://127.0.0.1:*"]
        )
