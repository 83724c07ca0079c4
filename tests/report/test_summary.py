"""The closing lines of the terminal: short, clear without colour, at most 80 columns."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import contracting
import pytest
from contracting import CONFORMANT_APP, contract
from made_reports import check, made

from pytest_models_contract.report import contents, terminal
from pytest_models_contract.report.terminal import Findings


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    contracting.without_environment(monkeypatch)


def lines(found: contents.Report, **more: Any) -> list[str]:
    findings = replace(Findings([], []), **more)
    return [line for line, _ in terminal.lines(found, findings)]


def test_when_all_is_fine_two_lines_say_so() -> None:
    assert lines(made(check("a"), check("b"))) == [
        "http://here.test: revision 2026-04-16, 27 models, 31 requests, 1.9 s",
        "holds 2: conforms",
    ]


def test_one_of_each_is_counted_as_one() -> None:
    head, _ = lines(made(check("a"), models=1, requests=1))
    assert head.endswith("1 model, 1 request, 1.9 s")


def test_a_finding_is_a_line_and_advice_stands_apart() -> None:
    found = made(check("a", "violated"), check("b", "advice"), check("c", "expected"))
    assert lines(found)[1:] == [
        "violated:",
        "  order/a  seen this",
        "advice (--models-strict makes it fail):",
        "  order/b  seen this",
        "known deviations:",
        "  order/c  seen this",
        "violated 1, advice 1, expected 1: violates the contract",
    ]


def test_what_is_noted_of_a_check_is_told_though_it_holds() -> None:
    told = lines(made(check("a", note="drops x, y")))
    assert told[1:-1] == ["noted:", "  order/a", "    drops x, y"]


def test_what_has_one_cause_is_told_once() -> None:
    checks = [check(f"c{n}", "unexercised", summary="see order/a") for n in range(5)]
    checks += [check("z", "unexercised", id="limit/z", summary="see order/a")]
    found = lines(made(check("a"), *checks, complete=False))
    assert found[1:] == [
        "unexercised:",
        "  6 checks: order 5, limit 1",
        "    see order/a",
        "holds 1, unexercised 6: conforms, as far as exercised",
    ]


def test_verbose_names_them_all() -> None:
    checks = [check(f"c{n}", "unexercised") for n in range(5)]
    found = lines(made(check("a"), *checks), verbose=True)
    assert [line for line in found if line.startswith("  order/c")] == [
        f"  order/c{n}  seen this" for n in range(5)
    ]


@pytest.mark.parametrize(
    "kind", ["violated", "advice", "unexercised", "error", "expected", "stale"]
)
@pytest.mark.parametrize("name", ["a", "a_long_name" * 5])
def test_it_fits_80_columns(kind: str, name: str) -> None:
    checks = [check(f"{name}{n}", kind, summary="seen " * 99) for n in range(6)]
    news = ["ModelInfo." + "x" * 99]
    where = {"kind": "live", "where": "http://" + "h" * 60}
    told = lines(
        made(*checks, news=news, target=where, meets_revision="2024-12-17"),
        problems=["a sentence " * 20],
        notes=["a note " * 30],
    )
    assert max(map(len, told)) <= 80


@pytest.mark.parametrize("sign", ["\x1b[31m", "\n::error::", "\r", "\u202e"])
def test_no_line_acts_on_the_terminal_or_the_runner(sign: str) -> None:
    found = made(check("a", "violated", summary=f"{sign}x"), news=[f"ModelInfo.{sign}x"])
    assert not any(sign in line for line in lines(found))


@pytest.mark.parametrize(
    ("more", "kinds"),
    [({"problems": ["too old"]}, []), ({}, ["stale"]), ({"complete": True}, ["unexercised"])],
)
def test_a_red_run_is_not_told_as_a_green_one(more: dict[str, Any], kinds: list[str]) -> None:
    found = made(check("a"), *(check(kind, kind) for kind in kinds))
    *_, (last, colour) = terminal.lines(found, replace(Findings([], []), **more))
    assert last.endswith("conforms, but the run fails")
    assert colour["red"]
    assert not colour["green"]


def test_an_honest_server_is_told_in_a_few_lines(pytester: pytest.Pytester) -> None:
    text = contract(pytester, "-q").stdout.str()
    closing = text.rpartition("models contract")[2]
    assert CONFORMANT_APP in closing
    assert len(closing.splitlines()) < 16
