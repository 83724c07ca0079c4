"""The suite itself: each mutant is killed by the checks it names, none other; no innocent is accused."""

from __future__ import annotations

import asgi_app
import pytest
from conformant_variants import CONFORMANT, aliases_of
from fault_rows import FaultRow, all_fault_rows, catch_counts
from fault_table.clients import CLIENTS
from judging import ALIASES, ALONE, KEY, Verdict, fake, judged
from odd_http import Send, chunked, closing, gzip_in_chunks, http_1_0, served

from pytest_models_contract.fake import Fake
from pytest_models_contract.fake.faults import FAULTS
from pytest_models_contract.spec.json_schema import at
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.suite import checks
from pytest_models_contract.target.applications import Asgi

FAULT_ROWS = all_fault_rows()
CLIENT_FAULT_ROWS = list(CLIENTS.all())


def verdicts(fault_row: FaultRow, *areas: str) -> tuple[dict[str, str], set[str]]:
    """The violated checks with their levels, and the checks that could not be judged."""
    found = judged(
        fault_row.fake(),
        fault_row.revision,
        only=areas,
        aliases=fault_row.aliases,
        explore=fault_row.explore,
    )
    violated = {check: seen.level for check, seen in found.items() if seen.verdict == "violated"}
    return violated, {check for check, seen in found.items() if seen.verdict == "error"}


@pytest.mark.parametrize("fault", sorted(FAULT_ROWS))
def test_a_mutant_is_killed_by_the_checks_it_names(fault: str) -> None:
    fault_row = FAULT_ROWS[fault]
    violated, errors = verdicts(fault_row, *ALONE)
    if fault_row.races:
        violated = {check: level for check, level in violated.items() if check in fault_row.catches}
    assert violated == fault_row.catches
    assert bool(errors) == (fault_row.because == "not judged")


@pytest.mark.parametrize("fault_row", CLIENT_FAULT_ROWS, ids=lambda fault_row: fault_row.fault)
def test_a_client_notices(fault_row: FaultRow) -> None:
    assert verdicts(fault_row, "clients") == (fault_row.catches, set())


def test_every_lie_is_in_the_table() -> None:
    assert set(FAULT_ROWS) == set(FAULTS)
    assert all(fault_row.catches or fault_row.because for fault_row in FAULT_ROWS.values())


def test_every_check_kills_a_mutant() -> None:
    assert set(catch_counts()) == checks.known_ids()


@pytest.mark.parametrize("name", Revision.known())
def test_every_clause_is_cited_or_excluded(name: str) -> None:
    revision = Revision.load(name)
    cited = {facts.clause.pointer for facts in checks.of_revision(revision)}
    excluded = {
        clause.pointer for clause in revision.clauses if _exclusion(revision, clause.pointer)
    }
    assert cited | excluded == {clause.pointer for clause in revision.clauses}
    assert not cited & excluded


def _exclusion(revision: Revision, pointer: str) -> str:
    """Why no check cites a clause: the schema says it under `x-not-judged`."""
    stem, _, path = pointer.partition("#")
    reason: str = at(revision.schemas[stem], path).get("x-not-judged", "")
    return reason


@pytest.mark.parametrize("name", Revision.known())
def test_the_honest_fake_keeps_every_revision(name: str) -> None:
    found = judged(Fake(revision=name, key=KEY, aliases=ALIASES), name)
    assert {seen.verdict for seen in found.values()} <= {"holds", "unexercised"}


@pytest.mark.parametrize("name", sorted(CONFORMANT))
def test_an_innocent_is_not_accused(name: str) -> None:
    app = CONFORMANT[name]()
    found = judged(app, app.revision, only=ALONE, aliases=aliases_of(app), explore=40)
    assert {check: seen.why for check, seen in found.items() if _accuses(seen)} == {}


@pytest.mark.long_exploration
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", sorted(CONFORMANT))
def test_a_long_exploration_does_not_accuse_a_conformant_variant(name: str, seed: int) -> None:
    app = CONFORMANT[name]()
    found = judged(app, app.revision, only=["order"], explore=400, seed=seed)
    assert {check: seen.why for check, seen in found.items() if _accuses(seen)} == {}


def _accuses(seen: Verdict) -> bool:
    return seen.verdict == "error" or (seen.verdict == "violated" and seen.level == "must")


@pytest.mark.parametrize("send", [http_1_0, chunked, closing, gzip_in_chunks])
def test_an_innocent_is_not_accused_over_sockets(send: Send) -> None:
    with served(fake(), send) as base_url:
        found = judged(base_url, only=ALONE)
    assert {check: seen.why for check, seen in found.items() if seen.verdict == "violated"} == {}
    assert not any(_accuses(seen) for seen in found.values())


def test_an_innocent_is_not_accused_over_asgi() -> None:
    found = judged(Asgi(asgi_app.app), only=ALONE, key=None, aliases={})
    assert not any(_accuses(seen) for seen in found.values())


# What a small catalogue gives no occasion for, and the reason that is told.
DEFAULT = {"limit/default": "it takes more than 20 models to show the default"}
PLAIN = {"retrieve/ids_that_need_encoding_are_found": "no listed id needs encoding"}
UNEXERCISED = {
    1: {
        "cursors/after_id_starts_after_the_cursor": "one model leaves nothing beyond a cursor",
        "cursors/before_id_ends_before_the_cursor": "one model leaves nothing beyond a cursor",
        "cursors/before_id_undoes_after_id": "the walks made no second page",
        "cursors/has_more_backward": "no page in this direction says true or false: see model_list/has_more",
        "cursors/walking_backward_yields_every_model_once": "one model cannot be walked",
        "order/newest_first": "fewer than two models have a release date",
        "retrieve/unknown_id_is_refused[head]": "no two listed ids begin alike",
        **DEFAULT,
        **PLAIN,
    },
    2: DEFAULT | PLAIN,
    20: DEFAULT | PLAIN,
    21: PLAIN,
    27: {},
}


@pytest.mark.parametrize("count", UNEXERCISED)
def test_a_small_catalogue_leaves_checks_unexercised(count: int) -> None:
    found = judged(Fake(count, key=KEY), only=ALONE, aliases={})
    unexercised = {c: seen.why for c, seen in found.items() if seen.verdict == "unexercised"}
    assert unexercised == UNEXERCISED[count]


@pytest.mark.parametrize(
    ("fault", "reason", "checks_left_out"),
    [
        ("list_redirects[307]", "the list was answered with 307: see model_list/status", 90),
        (
            "list_shape_is[models]",
            "the list is under `models`, not under `data`: see model_list/shape",
            70,
        ),
        ("property_absent[id]", "a model has no id that is a string: see model_info/id", 10),
        (
            "model_twice_on_a_page",
            "an id stands twice on a page: see model_list/ids_are_unique_on_a_page",
            5,
        ),
    ],
)
def test_what_a_lie_leaves_unexercised_leads_to_its_cause(
    fault: str, reason: str, checks_left_out: int
) -> None:
    found = judged(fake(FAULTS[fault]), only=ALONE)
    told = [seen.why for seen in found.values() if seen.verdict == "unexercised"]
    assert told.count(reason) >= checks_left_out
    assert "the catalogue is empty" not in told
    assert found["cursors/before_id_undoes_after_id"].why in {
        reason,
        "the walks made no second page",
    }


def test_an_empty_catalogue_says_so_everywhere() -> None:
    found = judged(Fake(0, key=KEY), only=ALONE, aliases={})
    unexercised = {
        check: seen.why for check, seen in found.items() if seen.verdict == "unexercised"
    }
    assert len(unexercised) > len(Revision.load().properties)
    assert "the catalogue is empty" in set(unexercised.values())
    assert {seen.verdict for seen in found.values()} == {"holds", "unexercised"}
