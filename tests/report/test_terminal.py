"""The summary in the terminal: the diagnoses first, short, readable without colour, as wide as it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import contracting
import pytest
from contracting import CONFORMANT_APP, contract
from made_reports import check, diagnosis, made

from pytest_models_contract.report import contents, terminal
from pytest_models_contract.report.terminal import Findings


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    contracting.without_environment(monkeypatch)


def lines(found: contents.Report, **more: Any) -> list[str]:
    findings = replace(Findings([], []), **more)
    return [line for line, _ in terminal.lines(found, findings)]


def test_a_run_without_findings_has_two_lines() -> None:
    assert lines(made(check("a"), check("b"))) == [
        "http://here.test: revision 2026-04-16, 27 models, 31 requests, 1.9 s",
        "2 passed: conforms",
    ]


@pytest.mark.parametrize(
    ("met", "said"),
    [
        (None, []),
        ("2026-04-16", []),
        ("2026-03-18", ["every model meets revision 2026-03-18 in full"]),
        (
            "2026-10-07",
            [
                "every model meets revision 2026-10-07 in full, which is newer than 2026-04-16:"
                " test it with --models-revision 2026-10-07"
            ],
        ),
    ],
)
def test_another_revision_that_the_server_meets_is_named(met: str | None, said: list[str]) -> None:
    assert lines(made(check("a"), meets_revision=met))[1:-1] == said


def test_the_number_1_has_a_singular() -> None:
    head, _ = lines(made(check("a"), models=1, requests=1))
    assert head.endswith("1 model, 1 request, 1.9 s")


def test_a_diagnosis_has_two_lines() -> None:
    checks = [check("a", "violated"), check("b", "violated"), check("c", "advice"), check("d")]
    first = diagnosis("`limit` is ignored", *checks[:3], hint="read it")
    found = lines(made(*checks, diagnoses=[first]))
    assert found[1:] == [
        "`limit` is ignored",
        "  3 checks (1 advice), such as order/a: read it",
        "1 passed, 2 failed, 1 advice: violates the contract",
    ]


def test_a_check_that_nothing_explains_has_its_rule_as_diagnosis() -> None:
    assert lines(made(check("a", "violated")))[1:-1] == [
        "A rule with `code`.",
        "  order/a: GET /v1/models: seen this",
    ]


def test_advice_is_grouped_and_says_what_was_requested_and_seen() -> None:
    checks = [check("a", "advice"), check("b", "advice")]
    found = made(*checks, diagnoses=[diagnosis("No key is wanted", *checks, hint="want one")])
    assert lines(found)[1:-1] == [
        "advice (fails with --models-strict):",
        "No key is wanted",
        "  2 checks, such as order/a: GET /v1/models: seen this",
    ]


def test_known_deviations_come_last_with_their_reasons() -> None:
    checks = [check("a", "expected"), check("b", "violated"), check("c", "violated")]
    both = diagnosis("`limit` is ignored", *checks[1:2], checks[0])
    found = made(*checks, diagnoses=[both, diagnosis("A rule", checks[2])])
    assert lines(found)[1:] == [
        "`limit` is ignored",
        "  2 checks (1 known deviation), such as order/b",
        "A rule",
        "  order/c",
        "known deviations:",
        "  order/a  seen this",
        "2 failed, 1 known deviation: violates the contract",
    ]


@pytest.mark.parametrize(("width", "end"), [(None, "x" * 300), (120, "..."), (60, "...")])
def test_a_line_is_cut_only_at_the_width_of_a_terminal(width: int | None, end: str) -> None:
    found = lines(made(check("a", "violated", title="x" * 300)), width=width)
    [line] = [line for line in found if line.startswith("xxx")]
    assert line.endswith(end)
    assert len(line) == (width or 300)


def test_a_note_on_a_check_is_shown_even_if_it_passed() -> None:
    found = lines(made(check("a", note="drops x, y")))
    assert found[1:-1] == ["notes:", "  order/a", "    drops x, y"]


def test_a_common_reason_is_shown_once() -> None:
    checks = [check(f"c{n}", "unexercised", summary="see order/a") for n in range(5)]
    checks += [check("z", "unexercised", id="limit/z", summary="see order/a")]
    found = lines(made(check("a"), *checks, complete=False))
    assert found[1:] == [
        "not tested:",
        "  6 checks: order 5, limit 1",
        "    see order/a",
        "1 passed, 6 not tested: conforms, but not every must rule was tested",
    ]


def test_verbose_shows_every_check() -> None:
    checks = [check(f"c{n}", "unexercised") for n in range(5)]
    found = lines(made(check("a"), *checks), verbose=True)
    assert [line for line in found if line.startswith("  order/c")] == [
        f"  order/c{n}  seen this" for n in range(5)
    ]


@pytest.mark.parametrize(
    "kind", ["violated", "advice", "unexercised", "error", "expected", "stale"]
)
@pytest.mark.parametrize("name", ["a", "a_long_name" * 5])
def test_it_fits_the_terminal(kind: str, name: str) -> None:
    checks = [check(f"{name}{n}", kind, summary="seen " * 99) for n in range(6)]
    unknown = ["ModelInfo." + "x" * 99]
    where = {"kind": "live", "where": "http://" + "h" * 60}
    found = lines(
        made(*checks, news=unknown, target=where, meets_revision="2024-12-17"),
        problems=["a sentence " * 20],
        notes=["a note " * 30],
        width=80,
    )
    assert max(map(len, found)) <= 80


@pytest.mark.parametrize("sign", ["\x1b[31m", "\n::error::", "\r", "\u202e"])
def test_control_characters_reach_neither_terminal_nor_runner(sign: str) -> None:
    found = made(check("a", "violated", summary=f"{sign}x"), news=[f"ModelInfo.{sign}x"])
    assert not any(sign in line for line in lines(found))


@pytest.mark.parametrize(
    ("more", "kinds"),
    [({"problems": ["too old"]}, []), ({}, ["stale"]), ({"complete": True}, ["unexercised"])],
)
def test_a_failing_run_of_a_conformant_server_says_so_in_red(
    more: dict[str, Any], kinds: list[str]
) -> None:
    found = made(check("a"), *(check(kind, kind) for kind in kinds))
    *_, (last, colour) = terminal.lines(found, replace(Findings([], []), **more))
    assert last.endswith("the server conforms, the run fails for the reasons above")
    assert colour["red"]
    assert not colour["green"]


@pytest.mark.slow
def test_the_summary_of_a_conformant_server_is_short(pytester: pytest.Pytester) -> None:
    text = contract(pytester, "-q").stdout.str()
    closing = text.rpartition("models contract")[2]
    assert CONFORMANT_APP in closing
    assert len(closing.splitlines()) < 16
