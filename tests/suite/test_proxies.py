"""The area `proxy/`: exactly the checks of its row catch each faulty proxy; conformant proxies pass."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from judging import Verdict
from proxies import own_catalogues
from proxies.conformant import CONFORMANT, KINDS
from proxies.judging import judged, judged_in_halves, violated
from proxies.table import TABLES
from sampling import first_of, one_of_each_family

ROWS = {row.fault: row for table in TABLES for row in table.all()}


@pytest.mark.parametrize("fault", one_of_each_family(sorted(ROWS)))
def test_a_faulty_proxy_is_caught_by_the_checks_in_its_row(fault: str) -> None:
    row = ROWS[fault]
    found = judged(row.setup, expect=row.expect, large=row.large, only=row.catches)
    assert violated(found) == row.catches


@pytest.mark.slow
@pytest.mark.parametrize("fault", sorted(ROWS))
def test_a_faulty_proxy_is_caught_by_no_other_check(fault: str) -> None:
    row = ROWS[fault]
    found = judged_in_halves(row.setup, expect=row.expect, large=row.large)
    assert [check for check, seen in found.items() if seen.verdict == "error"] == []
    assert violated(found) == row.catches


def test_every_fault_has_a_row_and_a_check() -> None:
    assert [fault for fault, row in ROWS.items() if not (row.catches or row.because)] == []


@pytest.mark.parametrize("name", [case for kind in KINDS for case in first_of(sorted(kind))])
def test_a_conformant_proxy_passes(name: str) -> None:
    assert problems(judged(CONFORMANT[name])) == {}


@pytest.mark.parametrize("name", first_of(sorted(own_catalogues.CONFORMANT)))
def test_a_conformant_proxy_with_a_catalogue_of_its_own_passes(name: str) -> None:
    assert problems(judged(own_catalogues.CONFORMANT[name], expect="own")) == {}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["plain", "has_a_key_of_its_own", "reads_the_whole_list[1000]"])
def test_a_conformant_proxy_passes_with_all_models(name: str) -> None:
    found = judged(CONFORMANT[name], large=True)
    assert problems(found) == {}
    later = [seen.verdict for check, seen in found.items() if "later_page" in check]
    assert set(later) == {"holds"}


def problems(found: Mapping[str, Verdict]) -> dict[str, str]:
    """The violated checks that are a must, and what could not be judged."""
    return {
        check: seen.why
        for check, seen in found.items()
        if seen.verdict == "error" or (seen.verdict == "violated" and seen.level == "must")
    }
