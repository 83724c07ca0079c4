"""The command that a failure prints: it runs that check alone, with the same options."""

from __future__ import annotations

import shlex
from itertools import chain, pairwise

import pytest
from contracting import contract, faulty_app, reported, verdicts
from sampling import first_of

from pytest_models_contract.fake import Fake
from pytest_models_contract.fake.faults import FAULTS
from pytest_models_contract.fake.serving import serve

CHECK = "model_list/has_more"
FAULT = "envelope_key_absent[has_more]"
KEY = "sk-s3cret-0123456789"


def judged(pytester: pytest.Pytester, *arguments: str, fault: str = FAULT) -> pytest.RunResult:
    app = faulty_app(pytester, *([fault] if fault else []))
    return contract(pytester, "-v", "--models-report", "report.json", *arguments, app=app)


def command(check: str, result: pytest.RunResult) -> list[str]:
    lines = [line for line in result.stdout.lines if line.startswith("  repeat ")]
    words = [shlex.split(line.removeprefix("  repeat ")) for line in lines]
    [own] = [found for found in words if found[-1] == check]
    assert own[:4] == ["pytest", "-p", "pytest_models_contract", "--models-contract"]
    return own[1:]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "check", "more"),
    [
        (FAULT, CHECK, []),
        ("limit_clamped[-1]", "limit/refuses[-1]", []),
        ("property_absent[capabilities]", "model_info/capabilities", []),
        (FAULT, CHECK, ["--models-revision", "2026-03-18", "--models-timeout", "5"]),
    ],
)
def test_it_runs_that_check_alone(
    pytester: pytest.Pytester, fault: str, check: str, more: list[str]
) -> None:
    own = command(check, judged(pytester, *more, fault=fault))
    again = pytester.runpytest_inprocess(*own, "--models-report", "again.json")
    assert again.ret == pytest.ExitCode.TESTS_FAILED
    assert verdicts(pytester, "again.json") == {check: "violated"}
    assert reported(pytester, "again.json")["revision"] in [*more, "2026-04-16"]


@pytest.mark.slow
def test_it_reaches_a_live_server_with_the_same_options(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODELS_CONTRACT_API_KEY", KEY)
    monkeypatch.setenv("TENANT", "blue")
    fake = Fake(key=KEY, prefix="/team-a", faults=[FAULTS[FAULT]])
    with serve(fake) as base_url:
        way = ("--models-base-url", f"{base_url}/team-a", "--models-auth", "bearer")
        header = ("--models-header", "x-tenant: env:TENANT")
        own = command(CHECK, contract(pytester, *way, *header, app=""))
        fake.asked.clear()
        again = pytester.runpytest_inprocess(*own, "--models-report", "again.json")
        assert again.ret == pytest.ExitCode.TESTS_FAILED
    assert verdicts(pytester, "again.json") == {CHECK: "violated"}
    assert fake.asked[-1].headers["x-tenant"] == "blue"
    assert fake.asked[-1].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.slow
@pytest.mark.parametrize("alias", first_of(["the opus", "opus", "opus@latest", "a/b", "not ok"]))
def test_it_repeats_the_check_of_one_alias(pytester: pytest.Pytester, alias: str) -> None:
    check = f"retrieve/alias_resolves[{alias}]"
    asked = ("--models-alias", f"{alias}=claude-opus-5", "--models-alias", "haiku=claude-opus-5")
    own = command(check, judged(pytester, *asked, fault=""))
    pytester.runpytest_inprocess(*own, "--models-report", "again.json")
    assert verdicts(pytester, "again.json") == {check: "violated"}


@pytest.mark.slow
def test_it_repeats_the_check_of_a_client(pytester: pytest.Pytester) -> None:
    check = "clients/claude_code_discovers_the_models[x-api-key]"
    own = command(
        check, judged(pytester, "--models-client", "claude-code", fault="list_redirects[301]")
    )
    pytester.runpytest_inprocess(*own, "--models-report", "again.json")
    assert verdicts(pytester, "again.json") == {check: "violated"}


def test_it_keeps_every_option_of_the_run(pytester: pytest.Pytester) -> None:
    advice = "errors/list_wants_the_key[no_key]"
    (pytester.path / "known list.toml").write_text("")
    switches = ["--models-strict", "--models-complete"]
    given = [
        *(("--models-xfails", "known list.toml"), ("--models-max-age", "30")),
        *(("--models-max-body", "99999"), ("--models-timeout", "7")),
        *(("--models-client", "claude-code"), ("--models-alias", "opus=claude-opus-5")),
        *(("--models-expect", "claude-opus-5"), ("--models-expect", "an/other one")),
    ]
    options = [*switches, *chain.from_iterable(given)]
    own = command(advice, judged(pytester, *options, "-k", advice, fault=""))
    assert set(given) <= set(pairwise(own))
    assert set(switches) <= set(own)
    again = pytester.runpytest_inprocess(*own, "--models-report", "again.json")
    assert again.ret == pytest.ExitCode.TESTS_FAILED
    assert verdicts(pytester, "again.json") == {advice: "violated"}
