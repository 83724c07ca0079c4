"""The findings as annotations of a GitHub workflow."""

from __future__ import annotations

import contracting
import pytest
from contracting import contract, faulty_app
from made_reports import check, diagnosis, made

from pytest_models_contract.report import github

FAULT = "envelope_key_absent[has_more]"


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    contracting.without_environment(monkeypatch)


def test_findings_become_annotations() -> None:
    found = made(
        check("a", "violated", message="two\r\nlines, 100%: x"),
        check("b", "advice"),
        check("c", "expected"),
        check("d", "unexercised"),
    )
    assert list(github.commands(found, ["too old"])) == [
        "::error title=order/a::two%0D%0Alines, 100%25: x",
        "::warning title=order/b::text",
        "::error title=models contract::too old",
    ]


def test_a_diagnosis_is_one_annotation() -> None:
    checks = [check(name, "violated", message=f"text of {name}") for name in "abc"]
    found = made(*checks, diagnoses=[diagnosis("`limit` is ignored", *checks, hint="read it")])
    assert list(github.commands(found, [])) == [
        "::error title=order/a and 2 more::`limit` is ignored%0Aread it%0Atext of a"
        "%0Aalso order/b, order/c"
    ]


def test_a_known_deviation_gets_no_annotation() -> None:
    checks = [check("a", "expected"), check("b", "expected")]
    found = made(*checks, diagnoses=[diagnosis("`limit` is ignored", *checks)])
    assert list(github.commands(found, [])) == []


def test_a_title_is_escaped() -> None:
    found = made(check("x", "violated", id="retrieve/alias[a:b,c%]"))
    [line] = github.commands(found, [])
    assert line == "::error title=retrieve/alias[a%3Ab%2Cc%25]::text"


def test_one_cause_of_many_errors_is_one_annotation() -> None:
    found = made(*(check(f"c{n}", "error", summary="no server") for n in range(9)))
    assert len(list(github.commands(found, []))) == 1


@pytest.mark.slow
@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_they_appear_only_on_github(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, workers: tuple[str, ...]
) -> None:
    if workers:
        pytest.importorskip("xdist")
    app = faulty_app(pytester, FAULT)
    assert "::error" not in contract(pytester, app=app).stdout.str()
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    found = contract(pytester, *workers, app=app, process=bool(workers)).stdout.lines
    errors = [line for line in found if line.startswith("::error")]
    assert len(errors) == 1
    assert "%0A`has_more` is true or false.%0A  page" in errors[0]
    assert errors[0].startswith(
        "::error title=model_list/has_more::`has_more` is missing: each of "
    )
