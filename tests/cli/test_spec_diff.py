"""What `models-contract spec-diff` says of the differences between a revision and an SDK."""

from __future__ import annotations

import pytest
from made_sdks import BASE, REVISION, sdk
from sdk_changes import CASES

from pytest_models_contract.cli.sdk import diff
from pytest_models_contract.cli.sdk.differences import differences
from pytest_models_contract.cli.sdk.reading import SdkError


def said(case: str, language: str) -> list[str]:
    return sorted(map(str, differences(REVISION, sdk(CASES[case].change, language))))


@pytest.mark.parametrize("language", BASE)
def test_an_sdk_that_says_the_same_has_no_difference(language: str) -> None:
    assert list(differences(REVISION, sdk(language=language))) == []


@pytest.mark.parametrize("case", CASES)
def test_each_difference_has_its_path_and_both_sides(case: str) -> None:
    lines, only = CASES[case].lines, CASES[case].language
    for language in [only] if only else BASE:
        expected = sorted(lines)
        if language == "typescript":  # it has numbers, and dates are strings
            expected = [line.replace("-> integer", "-> number") for line in expected]
        assert said(case, language) == expected


@pytest.mark.parametrize("case", ["no date", "no integer"])
def test_what_typescript_does_not_show_is_no_difference(case: str) -> None:
    assert said(case, "typescript") == []


def test_what_python_does_not_show_is_no_difference() -> None:
    assert said("null may be absent", "python") == []


def test_a_revision_and_an_sdk_that_agree(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diff, "read", lambda name: sdk(language=name))
    monkeypatch.setattr(diff.Revision, "load", lambda _: REVISION)
    assert diff.main([]) == 0
    first, hidden = capsys.readouterr().out.splitlines()
    assert first == "no difference from revision 2030-01-01 to anthropic 9.9.9 (Python)"
    assert hidden.startswith("not shown by this SDK: the bounds and the default of `limit`, ")
    assert hidden.endswith("whether a field that may be null is always present")


def test_the_differences_are_counted(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diff, "read", lambda name: sdk(CASES["new beta"].change, name))
    monkeypatch.setattr(diff.Revision, "load", lambda _: REVISION)
    assert diff.main(["--sdk", "typescript"]) == 1
    found, counted, hidden = capsys.readouterr().out.splitlines()
    assert found == "new      anthropic-beta.c-3"
    assert (
        counted == "1 difference from revision 2030-01-01 to @anthropic-ai/sdk 9.9.9 (TypeScript)"
    )
    assert hidden.endswith("integers (a `number`) and date-times (a `string`)")


def test_an_unknown_revision_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert diff.main(["2020-01-01"]) == 2
    assert "no revision '2020-01-01'; the known ones are 2024-12-17" in capsys.readouterr().err


def test_an_sdk_that_cannot_be_read_is_wrong_usage(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(_: str) -> None:
        raise SdkError("No module named 'anthropic'\n  pip install anthropic")

    monkeypatch.setattr(diff, "read", missing)
    assert diff.main([]) == 2
    assert capsys.readouterr().err == (
        "models-contract spec-diff: No module named 'anthropic'\n  pip install anthropic\n"
    )
