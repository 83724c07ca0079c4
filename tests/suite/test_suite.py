"""The suite itself: exactly the checks in the table catch each fault; conformant variants pass."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Barrier

import asgi_app
import pytest
from conformant_variants import CONFORMANT, aliases_of
from diagnosed import diagnosed
from fault_rows import FaultRow, all_fault_rows, catch_counts
from fault_table.clients import CLIENTS
from fault_table.sdks import caught_by_installed
from judging import ALIASES, ALONE, KEY, Verdict, fake, judged, not_holding
from sampling import each_nth, first_to_show
from unusual_http import Send, chunked, closing, gzip_in_chunks, http_1_0, served

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import Request as Asked
from pytest_models_contract.client.exchange import Response as Received
from pytest_models_contract.fake import Ask, Fake, Fault, Request, Response
from pytest_models_contract.fake.faults import FAULTS
from pytest_models_contract.spec.json_schema import at
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.suite import checks
from pytest_models_contract.suite import test_cursors as cursors
from pytest_models_contract.target.applications import Asgi

FAULT_ROWS = all_fault_rows()
CLIENT_FAULT_ROWS = {row.fault: row for row in CLIENTS.all()}
AT_ONCE = {"concurrent_answers_mixed_up", "concurrent_retrieves_mixed_up"}
CATCHES = {name: row.catches for name, row in sorted(FAULT_ROWS.items()) if name not in AT_ONCE}


def verdicts(
    fault_row: FaultRow, *areas: str, more: Sequence[Fault] = ()
) -> tuple[dict[str, str], set[str]]:
    """The violated checks with their levels, and the checks that could not be judged."""
    app = fault_row.fake(*more)
    found = judged(app, fault_row.revision, only=areas, **fault_row.circumstances)
    return not_holding(found), {*not_holding(found, "error")}


def kind_of(check: str) -> str:
    """A check without its case; all properties of a model are one kind."""
    name = check.partition("[")[0]
    return "model_info" if name.startswith("model_info/") else name


def kinds_of(fault: str) -> set[str]:
    """The kinds of the checks that catch a fault; none if it takes an exploration, which is slow."""
    return set() if FAULT_ROWS[fault].explore else {*map(kind_of, CATCHES[fault])}


@pytest.mark.parametrize("fault", first_to_show({fault: kinds_of(fault) for fault in CATCHES}))
def test_a_fault_is_caught_by_the_checks_in_its_row(fault: str) -> None:
    fault_row = FAULT_ROWS[fault]
    found = diagnosed(fault_row.fake(), fault_row.revision, **fault_row.circumstances)
    violated = not_holding(found.verdicts)
    if fault_row.races:
        violated = {check: level for check, level in violated.items() if check in fault_row.catches}
    else:
        assert len(found.diagnoses) == (fault_row.diagnoses if violated else 0), found.titles
    assert violated == fault_row.catches
    assert bool(not_holding(found.verdicts, "error")) == (fault_row.because == "not judged")


@pytest.mark.parametrize("fault", sorted(AT_ONCE))
def test_a_fault_at_the_same_moment_is_caught(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    row = FAULT_ROWS[fault]
    assert verdicts(row, *ALONE, more=[_meeting(monkeypatch)]) == (row.catches, set())


def _meeting(monkeypatch: pytest.MonkeyPatch) -> Fault:
    """A middleware in which requests that are sent at the same moment wait for each other."""
    barriers: list[Barrier] = []
    plain = cursors._at_once

    def at_once(requests: Sequence[Asked], api: ModelsAPI) -> list[Received]:
        barriers[:] = [Barrier(len(requests), timeout=60)]
        try:
            return plain(requests, api)
        finally:
            barriers.clear()

    def meet(ask: Ask, request: Request) -> Response:
        for barrier in barriers:
            barrier.wait()
        return ask(request)

    monkeypatch.setattr(cursors, "_at_once", at_once)
    return meet


@pytest.mark.parametrize(
    "fault",
    first_to_show(
        {fault: {*map(kind_of, row.catches)} for fault, row in CLIENT_FAULT_ROWS.items()}
    ),
)
def test_a_fault_is_caught_by_a_client_check(fault: str) -> None:
    fault_row = CLIENT_FAULT_ROWS[fault]
    assert verdicts(fault_row, "clients") == (caught_by_installed(fault_row), set())


def test_every_fault_is_in_the_table() -> None:
    assert set(FAULT_ROWS) == set(FAULTS)
    assert all(fault_row.catches or fault_row.because for fault_row in FAULT_ROWS.values())


def test_every_check_catches_a_fault() -> None:
    assert set(catch_counts()) == checks.known_ids()


@pytest.mark.parametrize("name", Revision.known())
def test_every_clause_has_a_check_or_is_excluded(name: str) -> None:
    revision = Revision.load(name)
    with_a_check = {facts.clause.pointer for facts in checks.of_revision(revision)}
    excluded = {
        clause.pointer for clause in revision.clauses if _exclusion(revision, clause.pointer)
    }
    assert with_a_check | excluded == {clause.pointer for clause in revision.clauses}
    assert not with_a_check & excluded


def _exclusion(revision: Revision, pointer: str) -> str:
    """Why a clause has no check: the schema says it under `x-not-judged`."""
    stem, _, path = pointer.partition("#")
    reason: str = at(revision.schemas[stem], path).get("x-not-judged", "")
    return reason


@pytest.mark.parametrize("name", Revision.known())
def test_the_conformant_fake_follows_every_revision(name: str) -> None:
    found = judged(Fake(revision=name, key=KEY, aliases=ALIASES), name)
    assert {seen.verdict for seen in found.values()} <= {"holds", "unexercised"}


@pytest.mark.parametrize("name", each_nth(sorted(CONFORMANT), 25))
def test_a_conformant_variant_passes(name: str) -> None:
    app = CONFORMANT[name]()
    found = judged(app, app.revision, only=ALONE, aliases=aliases_of(app))
    assert {check: seen.why for check, seen in found.items() if _is_problem(seen)} == {}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(CONFORMANT))
def test_a_conformant_variant_passes_an_exploration(name: str) -> None:
    app = CONFORMANT[name]()
    found = judged(app, app.revision, only=["order"], explore=40)
    assert {check: seen.why for check, seen in found.items() if _is_problem(seen)} == {}


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", sorted(CONFORMANT))
def test_a_conformant_variant_passes_a_long(name: str, seed: int) -> None:
    app = CONFORMANT[name]()
    found = judged(app, app.revision, only=["order"], explore=400, seed=seed)
    assert {check: seen.why for check, seen in found.items() if _is_problem(seen)} == {}


def _is_problem(seen: Verdict) -> bool:
    return seen.verdict == "error" or (seen.verdict == "violated" and seen.level == "must")


@pytest.mark.parametrize("send", [http_1_0, chunked, closing, gzip_in_chunks])
def test_a_conformant_variant_passes_over_sockets(send: Send) -> None:
    with served(fake(), send) as base_url:
        found = judged(base_url, only=ALONE)
    assert {check: seen.why for check, seen in found.items() if seen.verdict == "violated"} == {}
    assert not any(_is_problem(seen) for seen in found.values())


def test_a_conformant_variant_passes_over_asgi() -> None:
    found = judged(Asgi(asgi_app.app), only=ALONE, key=None, aliases={})
    assert not any(_is_problem(seen) for seen in found.values())


# What a small catalogue has no case for, and the reason in the report.
DEFAULT = {"limit/default": "only a list of more than 20 models shows the default"}
PLAIN = {"retrieve/ids_that_need_encoding_are_found": "no listed id needs encoding"}
NOT_TESTED = {
    1: {
        "cursors/after_id_starts_after_the_cursor": "a list of one model has nothing beyond a cursor",
        "cursors/before_id_ends_before_the_cursor": "a list of one model has nothing beyond a cursor",
        "cursors/before_id_undoes_after_id": "no walk has a second page",
        "cursors/has_more_backward": "no page backward has models",
        "cursors/walking_backward_yields_every_model_once": "a walk needs more than one model",
        "order/newest_first": "fewer than two models have a release date",
        "retrieve/unknown_id_is_refused[head]": "no two listed ids have a common prefix",
        **DEFAULT,
        **PLAIN,
    },
    2: DEFAULT | PLAIN,
    20: DEFAULT | PLAIN,
    21: PLAIN,
    27: {},
}


@pytest.mark.parametrize("count", NOT_TESTED)
def test_a_small_catalogue_leaves_checks_not_tested(count: int) -> None:
    found = judged(Fake(count, key=KEY), only=ALONE, aliases={})
    not_tested = {c: seen.why for c, seen in found.items() if seen.verdict == "unexercised"}
    assert not_tested == NOT_TESTED[count]


@pytest.mark.parametrize("count", [2, 3, 4, 7, 21])
def test_a_slice_from_a_negative_index_is_found_in_a_list_of_any_length(count: int) -> None:
    found = diagnosed(fake(FAULTS["before_wraps_around"], models=count))
    assert found.verdicts["cursors/walking_backward_yields_every_model_once"].verdict == "violated"
    assert found.sentences == ["`before_id` gives nothing where fewer models than `limit` are left"]


@pytest.mark.parametrize(
    ("fault", "reason", "checks_left_out"),
    [
        ("list_redirects[307]", "the list request got status 307: see model_list/status", 90),
        (
            "list_shape_is[models]",
            "the list is under `models`, not under `data`: see model_list/shape",
            28,
        ),
        ("property_absent[id]", "a model has no id that is a string: see model_info/id", 10),
        (
            "model_twice_on_a_page",
            "an id is twice on a page: see model_list/ids_are_unique_on_a_page",
            5,
        ),
    ],
)
def test_checks_that_a_fault_leaves_not_tested_name_the_cause(
    fault: str, reason: str, checks_left_out: int
) -> None:
    found = judged(fake(FAULTS[fault]), only=ALONE)
    reasons = [seen.why for seen in found.values() if seen.verdict == "unexercised"]
    assert reasons.count(reason) >= checks_left_out
    assert "the catalogue is empty" not in reasons
    assert found["cursors/before_id_undoes_after_id"].why in {
        reason,
        "no walk has a second page",
    }


def test_an_empty_catalogue_says_so_everywhere() -> None:
    found = judged(Fake(0, key=KEY), only=ALONE, aliases={})
    unexercised = {
        check: seen.why for check, seen in found.items() if seen.verdict == "unexercised"
    }
    assert len(unexercised) > len(Revision.load().properties)
    assert "the catalogue is empty" in set(unexercised.values())
    assert {seen.verdict for seen in found.values()} == {"holds", "unexercised"}
