"""What a run notes and what it says of unknown keys: in the report, in the terminal and in Markdown."""

from __future__ import annotations

import time
from dataclasses import replace
from threading import Lock
from typing import Any

import contracting
import pytest
from conformant.kit import altered, on_copy
from conformant.moving import Moving
from contracting import contract, reported
from judging import ALONE, KEY, fake, judged, judged_alone

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.evidence import notes
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.evidence.wording import NO_MODELS
from pytest_models_contract.fake import Ask, Fake, Request, Response
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.target.applications import Wsgi
from pytest_models_contract.target.targets import IN_PROCESS

AT_ONCE = "cursors/requests_at_the_same_moment_get_their_own_answers"


def noted(app: Any, check: str = "order/newest_first") -> list[str]:
    _, run = judged_alone(check, app)
    found: list[str] = run.facts()["notes"]
    return found


def test_a_conformant_server_leaves_nothing_to_note() -> None:
    assert noted(fake()) == noted(fake(), AT_ONCE) == []


# --- a list without models ------------------------------------------------------------------------


@pytest.mark.slow
def test_an_empty_list_is_the_first_line(pytester: pytest.Pytester) -> None:
    app = contracting.faulty_app(pytester, models=0)
    reports = [f"--models-report=report.{suffix}" for suffix in ("json", "md")]
    result = contract(pytester, *reports, app=app)
    lines = result.stdout.lines
    title = next(n for n, line in enumerate(lines) if "= models contract =" in line)
    assert next(filter(None, lines[title + 1 :])) == NO_MODELS
    assert reported(pytester)["notes"] == [NO_MODELS]
    assert "nothing about models was tested" in (pytester.path / "report.md").read_text("utf-8")
    assert lines.count(NO_MODELS) == 1


@pytest.mark.slow
def test_an_empty_list_fails_for_claude_code_and_with_an_expected_model(
    pytester: pytest.Pytester,
) -> None:
    app = contracting.faulty_app(pytester, models=0)
    options = ("--models-client=claude-code", "--models-expect=claude-opus-5")
    contract(pytester, *options, "--models-report=report.json", app=app)
    found = contracting.verdicts(pytester)
    assert found["clients/claude_code_keeps_a_model"] == "violated"
    assert found["retrieve/expected_model_is_listed_and_found[claude-opus-5]"] == "violated"
    violated = [check for check, verdict in found.items() if verdict == "violated"]
    assert [check for check in violated if not check.startswith("errors/")] == [
        "retrieve/expected_model_is_listed_and_found[claude-opus-5]",
        "clients/claude_code_keeps_a_model",
    ]


# --- a catalogue that changes ---------------------------------------------------------------------


@pytest.mark.parametrize("moment", [30, 60])
def test_a_catalogue_that_loses_models_during_the_run_is_noted(moment: int) -> None:
    own = Fake().models
    server = Moving(altered(models=list(own)), altered(models=[*own[:7], *own[9:]]), moment)
    api = ModelsAPI(IN_PROCESS, Wsgi(server), key=KEY)
    evidence = Evidence(api, Revision.load())
    assert len(evidence.pages) > 9
    for _ in range(60):
        api.send_again(api.list().request)
    evidence.forget()
    assert len(evidence.ids) == 25
    gone = ", ".join(str(model["id"]) for model in own[7:9])
    changed = f"the catalogue changed during the run: 27 models, then 25; gone: {gone}"
    assert notes.notes_of(evidence) == [changed]
    api.close()


def test_models_that_come_are_named_up_to_five() -> None:
    before, now = ["a"], ["a", *(f"new-{n}" for n in range(7))]
    assert list(notes._changes([before, before, now])) == [
        "the catalogue changed during the run: 1 model, then 8; new: new-0, new-1, new-2, new-3, new-4"
        " and 2 more"
    ]


@pytest.mark.slow
def test_a_whole_run_notes_the_change_and_no_violation(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        vanishing="""
        from pytest_models_contract.fake import Fake

        whole, fewer = Fake(), Fake(models=Fake().models[2:])
        asked = []

        def app(environ, start_response):
            asked.append(environ)
            return (whole if len(asked) <= 30 else fewer)(environ, start_response)
        """
    )
    result = contract(pytester, "--models-report=report.json", app="vanishing:app")
    report = reported(pytester)
    assert (report["verdict"], report["models"]) == ("conforms", 25)
    assert report["notes"] == [
        "the catalogue changed during the run: 27 models, then 25; gone: claude-opus-5, claude-sonnet-5"
    ]
    result.stdout.fnmatch_lines(["the catalogue changed during the run: 27 models, then 25;*"])


# --- slow lists -----------------------------------------------------------------------------------


def test_a_list_that_is_slower_than_claude_code_waits_is_noted() -> None:
    api = ModelsAPI(IN_PROCESS, Wsgi(fake()), key=KEY)
    lists = [replace(api.list(limit=n), seconds=seconds) for n, seconds in ((1, 3.0), (2, 4.04))]
    model = replace(api.retrieve("claude-opus-5"), seconds=9.0)
    assert list(notes._slow([lists[0], model])) == []
    assert list(notes._slow([*lists, model])) == [
        "the slowest list took 4.0 s (GET /v1/models?limit=2); Claude Code waits 3 s for its list"
    ]
    api.close()


def slow(seconds: float, *, one_by_one: bool) -> Any:
    lock = Lock()

    def wait(ask: Ask, request: Request) -> Response:
        if request.path != "/v1/models":
            return ask(request)
        if not one_by_one:
            time.sleep(seconds)
            return ask(request)
        with lock:
            time.sleep(seconds)
            return ask(request)

    return fake(wait, models=3)


@pytest.mark.slow
def test_lists_that_wait_for_each_other_are_noted() -> None:
    [text] = noted(slow(0.15, one_by_one=True), AT_ONCE)
    assert text.startswith(
        "requests for the list that are sent at the same time are answered one after the other:"
        " 4 of them took 0."
    )
    assert noted(slow(0.15, one_by_one=False), AT_ONCE) == []


# --- what the revision does not know --------------------------------------------------------------


def test_keys_of_the_envelope_that_nobody_knows_are_reported() -> None:
    @on_copy
    def partial(_: Request, response: Response) -> None:
        if response.status == 200 and "data" in response.body:
            response.body.update(partial=True, warnings=["a provider is down"])

    _, run = judged_alone("order/newest_first", altered(partial))
    assert run.facts()["news"] == [
        "the list's `partial`, in no known revision",
        "the list's `warnings`, in no known revision",
    ]
    found = judged(altered(partial), only=ALONE)
    assert [check for check, seen in found.items() if seen.verdict == "violated"] == []


# --- keys -----------------------------------------------------------------------------------------


def test_a_key_of_anthropic_that_is_not_used_is_mentioned(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-0123456789")
    app = contracting.faulty_app(pytester, key=KEY)
    result = contract(pytester, "--models-report=report.json", app=app)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    [why] = {
        check["message"] for check in reported(pytester)["checks"] if check["verdict"] == "error"
    }
    assert why.startswith("the server wants a key (401): it says ")
    assert why.endswith(
        "ANTHROPIC_API_KEY is set but not used: it is sent only to https://api.anthropic.com"
    )


def test_another_clients_key_adds_its_check_and_stays_a_secret(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = "sk-of-another-client"
    monkeypatch.setenv("MODELS_CONTRACT_API_KEY", KEY)
    monkeypatch.setenv("MODELS_CONTRACT_SECOND_KEY", second)
    app = contracting.faulty_app(pytester, "list_is_remembered_for_every_key", key=KEY)
    options = ("-k", "headers/another_key_changes_nothing", "--models-report=report.json")
    result = contract(pytester, *options, app=app)
    assert contracting.verdicts(pytester) == {"headers/another_key_changes_nothing": "violated"}
    assert second not in result.stdout.str() + (pytester.path / "report.json").read_text("utf-8")


def test_a_part_of_the_key_is_not_quoted(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODELS_CONTRACT_API_KEY", KEY)
    app = contracting.faulty_app(pytester, "header_shows_the_key_as[both-ends]", key=KEY)
    options = ("-k", "errors/no_answer_shows_a_part_of_the_key", "--models-strict")
    result = contract(pytester, *options, "--models-report=report.json", app=app)
    assert contracting.verdicts(pytester) == {
        "errors/no_answer_shows_a_part_of_the_key": "violated"
    }
    assert KEY[-8:] not in result.stdout.str() + (pytester.path / "report.json").read_text("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("header", ["x-api-key", "bearer"])
def test_a_recording_of_a_server_that_takes_one_header_says_the_same(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, header: str
) -> None:
    monkeypatch.setenv("MODELS_CONTRACT_API_KEY", KEY)
    app = contracting.faulty_app(pytester, f"key_not_taken_as[{header}]", key=KEY)
    contract(pytester, "--models-record=c.yaml", "--models-report=live.json", app=app)
    contract(pytester, "--models-cassette=c.yaml", "--models-report=again.json", app="")
    live, again = (contracting.verdicts(pytester, f"{name}.json") for name in ("live", "again"))
    assert {check for check in live if live[check] != again[check]} == set()
    assert "violated" in live.values()


@pytest.mark.slow
def test_an_expected_model_is_named_in_the_command_that_repeats_its_check(
    pytester: pytest.Pytester,
) -> None:
    expected = ("--models-expect=claude-next", "--models-expect", "claude-opus-5")
    result = contract(pytester, *expected)
    check = "retrieve/expected_model_is_listed_and_found[claude-next]"
    assert f" --models-expect claude-next -k '{check}'" in result.stdout.str()
    assert result.ret == pytest.ExitCode.TESTS_FAILED
