"""A run that starts its server: what it shows, what it keeps to itself, and that it leaves nothing behind."""

from __future__ import annotations

import json
import shlex

import jsonschema
import pytest
from contracting import contract, reported, verdicts
from little_servers import all_end, pids, script
from starting import FAKE, PLAIN, PROXY, SHUFFLING, schema, started


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
    assert [len(key) for key in keys] == [52, 52, 52]
    shown = f"{result.stdout}{result.stderr}{(pytester.path / 'report.json').read_text()}"
    assert not any(key in shown for key in keys)
    words = repeated(result, "model_list/has_more")
    assert words[:2] == ["--models-start", f"{script(pytester.path, SHUFFLING)} {{port}}"]
    options = ["--models-start-timeout", "50", "--models-strict"]
    assert words[2:] == [*options, "-k", "model_list/has_more"]
    again = contract(pytester, *words, "--models-report", "again.json", app="")
    assert again.ret == pytest.ExitCode.TESTS_FAILED
    assert verdicts(pytester, "again.json") == {"model_list/has_more": "violated"}


def repeated(result: pytest.RunResult, check: str) -> list[str]:
    """The options of the command that repeats a check."""
    lines = [shlex.split(line) for line in result.stdout.lines if line.startswith("  repeat ")]
    [own] = [words for words in lines if words[-1] == check]
    return own[own.index("--models-contract") + 1 :]


@pytest.mark.slow
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


@pytest.mark.slow
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
