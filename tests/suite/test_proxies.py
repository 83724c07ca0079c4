"""The area `proxy/`: exactly the checks of its row catch each faulty proxy; conformant proxies pass."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest
from judging import Verdict, not_holding
from proxies import own_catalogues
from proxies.conformant import CONFORMANT
from proxies.judging import EVERY, FAILURES, REST, diagnosed, judged, judged_in_halves
from proxies.table import TABLES
from sampling import enough_to_show, first_of

TAKE_LONG = {
    "cut_body_has_no_end",
    "failures_are_tried_again_for_ever",
    "redirects_are_followed_for_ever",
    "silent_upstream_is_waited_for",
    "first_upstream_page_alone[1000]",
}
"""Clients wait for these until their time-out, or all models are read."""


def name_of(check: str) -> str:
    """A check without its case."""
    return check.partition("[")[0]


ROWS = {row.fault: row for table in TABLES for row in table.all()}
CATCHES = {
    fault: {name_of(check) for check in ROWS[fault].catches}
    for fault in sorted(ROWS.keys() - TAKE_LONG)
}
"""The checks that catch each fault, without their cases."""


@pytest.mark.parametrize("fault", enough_to_show(CATCHES))
def test_a_faulty_proxy_is_caught_by_the_checks_in_its_row(fault: str) -> None:
    row = ROWS[fault]
    only = {check: row.catches[check] for check in one_case_of_each(row.catches)}
    assert not_holding(judged(row.setup, only=only, **row.circumstances)) == only


def one_case_of_each(checks: Iterable[str]) -> set[str]:
    """Of each check with parameters one case, the last."""
    return set({name_of(check): check for check in checks}.values())


@pytest.mark.slow
@pytest.mark.parametrize("fault", sorted(ROWS))
def test_a_faulty_proxy_is_caught_by_no_other_check(fault: str) -> None:
    """Every case is judged in a half that has checks of its row, and one case of each check in another."""
    row = ROWS[fault]
    whole = [half for half in (REST, FAILURES) if half & row.catches.keys()]
    only = one_case_of_each(sorted(EVERY)).union(*whole)
    found = judged_in_halves(row.setup, only, **row.circumstances)
    assert [check for check, seen in found.items() if seen.verdict == "error"] == []
    assert not_holding(found) == row.catches
    titles = [own.title for own in diagnosed(found)]
    assert len(titles) == (row.diagnoses if row.catches else 0), titles


def test_every_fault_has_a_row_and_a_check() -> None:
    assert [fault for fault, row in ROWS.items() if not (row.catches or row.because)] == []


@pytest.mark.parametrize("name", first_of(CONFORMANT))
def test_a_conformant_proxy_passes(name: str) -> None:
    assert problems(judged(CONFORMANT[name])) == {}


@pytest.mark.parametrize("name", first_of(own_catalogues.CONFORMANT, 0))
def test_a_conformant_proxy_with_a_catalogue_of_its_own_passes(name: str) -> None:
    assert problems(judged(own_catalogues.CONFORMANT[name], expect="own")) == {}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["plain", "has_a_key_of_its_own", "reads_the_whole_list[1000]"])
def test_a_conformant_proxy_passes_with_all_models(name: str) -> None:
    found = judged(CONFORMANT[name], large=True)
    assert problems(found) == {}
    later = [seen.verdict for check, seen in found.items() if "later_page" in check]
    assert set(later) == {"holds"}


def test_a_proxy_that_closes_where_the_upstream_does_gets_no_advice_either() -> None:
    assert not_holding(judged(CONFORMANT["closes_where_the_upstream_does"], only=REST)) == {}


def problems(found: Mapping[str, Verdict]) -> dict[str, str]:
    """The violated checks that are a must, and what could not be judged."""
    return {
        check: seen.why
        for check, seen in found.items()
        if seen.verdict == "error" or (seen.verdict == "violated" and seen.level == "must")
    }
