"""Verdicts, findings and messages are the same with several requests in flight as with one."""

from __future__ import annotations

import re
from typing import Any

import pytest
from conformant_variants import CONFORMANT, aliases_of
from contracting import LOADED, reported
from fault_rows import all_fault_rows
from judging import ALONE, KEY, Verdict, fake, judged_in_a_run, not_holding
from sampling import each_nth, first_of

from pytest_models_contract.client import ahead
from pytest_models_contract.client.exchange import Finding
from pytest_models_contract.fake import Ask, Fake, Request, Response, serve
from pytest_models_contract.session.run import Run

FAULT_ROWS = {name: row for name, row in all_fault_rows().items() if not row.races}
AT_ONCE = {"concurrent_answers_mixed_up", "concurrent_retrieves_mixed_up"}


def _is_moving(make: Any) -> bool:
    made = getattr(make, "func", make)
    return "moving" in made.__module__ or made.__annotations__["return"] == "Moving"


COUNTING = {
    "created_at_is_now",
    "cursors_advance_by_themselves",
    "one_model_less_in_the[later]",
    "request_id_comes_in_pairs",
}
"""Faults of a request by its number or its time: the words about them depend on the order of the requests."""
MOVED_BY_USE = "retrieved_models_come_first"
ALIKE = sorted(set(FAULT_ROWS) - AT_ONCE - COUNTING - {MOVED_BY_USE})
MOVING = {name for name, make in CONFORMANT.items() if _is_moving(make)}
"""Conformant variants that change, or fail, at a request by its number."""
STEADY = sorted(set(CONFORMANT) - MOVING)
ONE_BY_ONE = 4
"""So many requests are sent alone, besides repetitions: for the list (3), an alias."""
_REQUEST_ID = re.compile(r"req_x?[0-9]+")


@pytest.fixture(autouse=True)
def any_server_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send ahead to servers in process as well, and count no pause of this machine as an overload."""
    monkeypatch.setattr(ahead, "SLOW", -1.0)
    monkeypatch.setattr(ahead, "LONGER", float("inf"))


def all_said(app: Any, at_once: int, **how: Any) -> tuple[dict[str, Any], Run]:
    """What is said of each check, without what the server numbers; and the run."""
    found, run = judged_in_a_run(app, at_once=at_once, **how)
    return {check: _said(seen) for check, seen in found.items()}, run


def _said(seen: Verdict) -> Any:
    words = (seen.verdict, seen.level, seen.why, seen.where, seen.hint, seen.when)
    return _unnumbered(str(words)), sorted(map(_finding, seen.findings))


def _finding(found: Finding) -> str:
    said = (
        found.response.request,
        found.seen,
        found.expected,
        found.where,
        found.level,
        found.hint,
    )
    return _unnumbered(str(said))


def _unnumbered(text: str) -> str:
    return _REQUEST_ID.sub("req", text)


@pytest.mark.parametrize("fault", each_nth(ALIKE, 300, slow=10))
def test_a_fault_is_found_alike(fault: str) -> None:
    row = FAULT_ROWS[fault]
    how = {"revision": row.revision, "only": ALONE, **row.circumstances, "explore": 0}
    alone, _ = all_said(row.fake(), 1, **how)
    together, run = all_said(row.fake(), 4, **how)
    assert together == alone
    assert not run.asked.api.ahead.trouble or row.because


@pytest.mark.parametrize("name", each_nth(STEADY, 60, slow=10))
def test_a_conformant_variant_is_judged_alike_with_as_many_requests(name: str) -> None:
    def run(at_once: int) -> tuple[dict[str, Any], Run]:
        app = CONFORMANT[name]()
        how = {"revision": app.revision, "only": ALONE, "aliases": aliases_of(app)}
        return all_said(app, at_once, **how)

    (alone, one), (together, four) = run(1), run(4)
    assert together == alone
    assert four.asked.api.ahead.unused == 0
    assert four.so_far == one.so_far
    assert not four.asked.api.ahead.trouble


@pytest.mark.parametrize("name", each_nth(sorted(MOVING), 30, slow=10))
def test_a_variant_that_changes_is_no_violation(name: str) -> None:
    app = CONFORMANT[name]()
    how = {"only": ALONE, "aliases": aliases_of(app), "at_once": 4}
    found, _ = judged_in_a_run(app, app.revision, **how)
    assert "must" not in not_holding(found).values()
    assert not not_holding(found, "error")


@pytest.mark.parametrize("fault", sorted(COUNTING))
def test_a_fault_by_number_is_found_as_well(fault: str) -> None:
    row = FAULT_ROWS[fault]
    found, _ = judged_in_a_run(row.fake(), row.revision, only=ALONE, at_once=4)
    assert not_holding(found) == row.catches


def test_a_list_that_requests_reorder_is_found_as_well() -> None:
    row = FAULT_ROWS[MOVED_BY_USE]
    found, _ = judged_in_a_run(row.fake(), row.revision, only=ALONE, at_once=4)
    assert row.catches.items() <= not_holding(found).items()


def test_exchanges_are_in_the_order_of_the_checks() -> None:
    def asked(at_once: int) -> list[str]:
        _, run = all_said(fake(), at_once, only=ALONE)
        # Requests at the same moment are in any order, however many may be in flight.
        every = (each.request for each in run.asked.api.exchanges)
        return [f"{each} {each.again}" for each in every if each.again != 9]

    assert asked(4) == asked(1)


def test_most_requests_of_a_run_are_sent_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[Any] = []
    plain = ahead.Ahead.take

    def take(self: ahead.Ahead, request: Any) -> Any:
        taken.append(found := plain(self, request))
        return found

    monkeypatch.setattr(ahead.Ahead, "take", take)
    _, run = all_said(fake(), 4, only=ALONE)
    once = [each for each in run.asked.api.exchanges if not each.request.again]
    assert len(once) - len([each for each in taken if each]) <= ONE_BY_ONE


# --- runs of pytest -------------------------------------------------------------------------------


def ran(pytester: pytest.Pytester, app: Fake, *arguments: str) -> dict[str, Any]:
    with serve(app) as url:
        target = ("--models-contract", "--models-base-url", url, "--models-report", "report.json")
        pytester.runpytest_inprocess(*LOADED, *target, *arguments)
    return reported(pytester)


@pytest.mark.parametrize(
    ("arguments", "most"),
    first_of([((), 4), (("--models-concurrency=1",), 1), (("--models-concurrency=2",), 2)]),
)
def test_the_option_bounds_the_requests_of_a_run(
    arguments: tuple[str, ...],
    most: int,
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[int] = []
    plain = ahead.Ahead.send

    def send(self: ahead.Ahead, *given: Any) -> None:
        seen.append(self.most)
        plain(self, *given)

    monkeypatch.setenv("MODELS_CONTRACT_API_KEY", KEY)
    monkeypatch.setattr(ahead.Ahead, "send", send)
    report = ran(pytester, fake(), *arguments)
    assert report["verdict"] == "conforms"
    assert set(seen) == {most}
    assert report["notes"] == []


@pytest.mark.slow
def test_a_busy_server_is_noted_and_conforms(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[Request] = []

    def busy(ask: Ask, request: Request) -> Response:
        if not refused and request.get("limit") == "2":
            refused.append(request)
            return Response(429, {"retry-after": "0"}, {})
        return ask(request)

    monkeypatch.setenv("MODELS_CONTRACT_API_KEY", KEY)
    report = ran(pytester, fake(busy))
    assert report["verdict"] == "conforms"
    assert report["notes"] == [
        "requests are sent one at a time: GET /v1/models?limit=2: status 429"
    ]


@pytest.mark.parametrize("kind", first_of(["cassette", "app", "record"]))
def test_nothing_is_sent_ahead_elsewhere(
    kind: str, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = ahead.Ahead.send

    def send(self: ahead.Ahead, *given: Any) -> None:
        assert self.most == 1
        plain(self, *given)

    monkeypatch.setenv("MODELS_CONTRACT_API_KEY", KEY)
    monkeypatch.setattr(ahead.Ahead, "send", send)
    with serve(fake()) as url:
        options = {
            "app": ["--models-app=pytest_models_contract.fake:Fake"],
            "cassette": ["--models-cassette=reference"],
            "record": [f"--models-base-url={url}", "--models-record=recorded.yaml"],
        }[kind]
        given = (*LOADED, "--models-contract", "--models-report=report.json", *options)
        pytester.runpytest_inprocess(*given)
    assert reported(pytester)["verdict"] == "conforms"
