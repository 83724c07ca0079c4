"""A server that the run starts, together with workers, recordings and an upstream."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from contracting import LOADED, contract, reported, verdicts
from little_servers import all_end, pids, script
from starting import FAKE, PROXY, SHUFFLING, schema, started

from pytest_models_contract.fake.upstream import upstream

GATEWAY = (
    PROXY
    + """
def sent(head):
    lines = [line.partition(": ") for line in head.splitlines()[1:] if line]
    return {name: value for name, _, value in lines if name.lower() in ("x-api-key", "anthropic-version")}

serve(sys.argv[1], lambda path, head: passed_on(path, sent(head)))
"""
)


# --- together with others ------------------------------------------------------------------------


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_worker_that_cannot_start_its_server_says_why(pytester: pytest.Pytester) -> None:
    pytest.importorskip("xdist")
    result = started(pytester, "sys.exit('no configuration')", "-n2")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["ERROR: --models-start: *ended with exit status 1", "  no configuration"]
    )


@pytest.mark.slow
def test_a_recording_has_no_secret_of_the_pair(pytester: pytest.Pytester) -> None:
    text = FAKE + PROXY + SHUFFLING.removeprefix(FAKE)
    result = started(pytester, text, "--models-record", "recorded.yaml")
    assert "recorded" in " ".join(result.stdout.lines)
    recorded = (pytester.path / "recorded.yaml").read_text()
    assert "*** models-contract-key-0000 ***" in " ".join(recorded.split())
    assert not any(key in recorded for key in json.loads((pytester.path / "keys").read_text()))


def test_a_refusal_for_want_of_a_key_at_the_upstream_says_so(pytester: pytest.Pytester) -> None:
    without = GATEWAY.replace('"x-api-key", ', "")
    result = started(pytester, without, "--models-upstream", "0", "-k", "order")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        ["*the upstream got no key: the server does not pass the client's key on*"]
    )


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


@pytest.mark.slow
def test_a_server_that_a_restart_lost_is_judged_no_more(pytester: pytest.Pytester) -> None:
    once = "sys.exit('no second time') if os.path.exists('once') else open('once', 'w').close()\n"
    wanted = ("-k", "a_restart or unknown_id_stays or version_reaches")
    options = ("--models-upstream", "0", *wanted, "--models-report", "report.json")
    result = started(pytester, once + GATEWAY, *options)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    found = verdicts(pytester)
    assert len(found) > 2
    assert set(found.values()) == {"error"}


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
    Path(f"{name}.py").write_text(APP + text, encoding="utf-8")
    return f"{name}:app"


@pytest.mark.slow
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
            "models contract: upstream at http://127.0.0.1:*: the server lists the same models *",
            "models contract: the upstream listens on 0.0.0.0: it is open to the network",
        ]
    )


def test_a_port_in_use_is_refused(pytester: pytest.Pytester) -> None:
    with upstream() as other:
        options = ("--models-upstream", str(other.port), "--models-base-url", "http://127.0.0.1:9")
        result = contract(pytester, *options, app="")
        assert result.ret == pytest.ExitCode.USAGE_ERROR
        why = "the upstream cannot listen there: Address already in use"
        result.stderr.fnmatch_lines([f"ERROR: --models-upstream {other.port}: {why}*"])
        options = ("--models-start", "sleep 60", "--models-base-url", other.base_url)
        result = contract(pytester, *options, app="")
        assert result.ret == pytest.ExitCode.USAGE_ERROR
        result.stderr.fnmatch_lines(
            ["ERROR: --models-start: a server already responds at http://127.0.0.1:*"]
        )
