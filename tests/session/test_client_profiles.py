"""`--models-client FILE.toml`: a run with a profile of one's own, and what is refused."""

from __future__ import annotations

from itertools import pairwise

import pytest
from contracting import contract, faulty_app, reported

PROFILE = """\
name = "my-app"

[[request]]
name = "list"
path = "/v1/models"
query = { limit = 100 }
headers = { x-gateway-key = "env:GATEWAY" }
present = ["data[].created_at"]

[[request]]
name = "head"
method = "HEAD"
path = "/"
breaks_at = [405]
"""
LIST, HEAD = "clients/profile[my-app:list]", "clients/profile[my-app:head]"
GIVEN = ("--models-client", "needs.toml", "-k", LIST, "--models-report", "report.json")


@pytest.fixture(autouse=True)
def profile(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    (pytester.path / "needs.toml").write_text(PROFILE)
    monkeypatch.setenv("GATEWAY", "s3cret-of-the-gateway")


def refusal(pytester: pytest.Pytester, *arguments: str) -> str:
    result = contract(pytester, *arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    return str(result.stderr)


def test_a_need_that_is_not_met_fails_the_run(pytester: pytest.Pytester) -> None:
    app = faulty_app(pytester, "property_absent[created_at]")
    result = contract(pytester, *GIVEN, app=app)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    [check] = reported(pytester)["checks"]
    assert (check["id"], check["verdict"], check["level"]) == (LIST, "violated", "must")
    assert "`data[].created_at` is absent in 1 of 27 places" in check["message"]
    files = result.stdout.str() + (pytester.path / "report.json").read_text("utf-8")
    assert "s3cret" not in files
    assert "'x-gateway-key': '***'" in files


def test_a_known_deviation_may_name_a_request_of_a_profile(pytester: pytest.Pytester) -> None:
    (pytester.path / "known.toml").write_text(f'[[deviation]]\ncheck = "{LIST}"\nreason = "#42"\n')
    app = faulty_app(pytester, "property_absent[created_at]")
    result = contract(pytester, *GIVEN, "--models-xfails", "known.toml", app=app)
    assert result.ret == pytest.ExitCode.OK
    assert reported(pytester)["counts"]["expected"] == 1


def test_the_command_that_repeats_the_check_names_the_profile(pytester: pytest.Pytester) -> None:
    app = faulty_app(pytester, "property_absent[created_at]", "head_gets_405")
    given = ("--models-client", "needs.toml", "--models-report", "report.json", "-k", "profile")
    contract(pytester, *given, app=app)
    messages = {check["id"]: check["message"] for check in reported(pytester)["checks"]}
    assert set(messages) == {LIST, HEAD}
    for check, message in messages.items():
        [line] = [line for line in message.splitlines() if line.startswith("  repeat")]
        words = line.split()
        assert ("--models-client", "needs.toml") in pairwise(words)
        assert words[-1].strip("'") == check
    assert "'HEAD')" in messages[HEAD].replace('"', "'")


@pytest.mark.parametrize("option", ["--models-client=no.toml", "--models-client=folder.toml"])
def test_a_file_that_cannot_be_read_is_refused(pytester: pytest.Pytester, option: str) -> None:
    (pytester.path / "folder.toml").mkdir()
    assert f"{option.replace('=', ' ')}: it cannot be read: " in refusal(pytester, option)


def test_two_profiles_of_one_name_are_refused(pytester: pytest.Pytester) -> None:
    (pytester.path / "more.toml").write_text(PROFILE)
    said = refusal(pytester, "--models-client=needs.toml", "--models-client=more.toml")
    assert "--models-client more.toml: another client is named my-app: give" in said


@pytest.mark.parametrize("name", ["claude-code", "claude-desktop", "anthropic-sdk"])
def test_a_profile_does_not_take_the_name_of_a_client(pytester: pytest.Pytester, name: str) -> None:
    (pytester.path / "needs.toml").write_text(PROFILE.replace("my-app", name))
    said = refusal(pytester, "--models-client=needs.toml")
    assert f"another client is named {name}" in said


def test_a_mistake_in_the_file_is_a_usage_error(pytester: pytest.Pytester) -> None:
    (pytester.path / "needs.toml").write_text(PROFILE.replace("present", "presents"))
    said = refusal(pytester, "--models-client=needs.toml")
    assert "--models-client needs.toml, line 8, request 1: unknown key `presents`: did you" in said


def test_a_shipped_profile_needs_no_file(pytester: pytest.Pytester) -> None:
    given = ("--models-client=claude-desktop", "-k", "profile", "--models-report=report.json")
    assert contract(pytester, *given).ret == pytest.ExitCode.OK
    [check] = reported(pytester)["checks"]
    assert (check["id"], check["verdict"]) == ("clients/profile[claude-desktop:discovery]", "holds")


@pytest.mark.slow
def test_a_recording_answers_every_request_of_a_profile(pytester: pytest.Pytester) -> None:
    recording = contract(pytester, *GIVEN[:2], "--models-record", "own.yaml")
    assert recording.ret == pytest.ExitCode.OK
    replay = contract(pytester, *GIVEN[:2], *GIVEN[4:], "--models-cassette", "own.yaml", app="")
    assert replay.ret == pytest.ExitCode.OK
    verdicts = {check["id"]: check["verdict"] for check in reported(pytester)["checks"]}
    assert (verdicts[LIST], verdicts[HEAD]) == ("holds", "holds")
    assert "s3cret" not in (pytester.path / "own.yaml").read_text("utf-8")
