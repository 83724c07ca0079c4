"""The area `proxy/`: exactly the checks of its row catch each faulty proxy; conformant proxies pass."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest
from judging import Verdict
from proxies import own_catalogues
from proxies.conformant import CONFORMANT
from proxies.judging import FAILURES, REST, judged, violated
from proxies.rows import ProxyRow
from proxies.table import TABLES
from sampling import one_of_each_family

ROWS = {row.fault: row for table in TABLES for row in table.all()}
ABOUT_FAILURES = {row.fault for table in TABLES[-2:] for row in table.all()}
"""Those of which most shows while the upstream fails, which takes half of the requests."""
SLOW_TO_SHOW = ("first_upstream_page_alone[1000]",)


def caught(row: ProxyRow, files: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """The checks of these files that are violated, and those that should be."""
    found = judged(row.setup, expect=row.expect, large=row.large, files=files)
    assert [check for check, seen in found.items() if seen.verdict == "error"] == []
    return violated(found), {check: row.catches[check] for check in found if check in row.catches}


@pytest.mark.parametrize("fault", one_of_each_family(sorted(ROWS)))
def test_a_faulty_proxy_is_caught_by_the_checks_in_its_row(fault: str) -> None:
    found, expected = caught(ROWS[fault], FAILURES if fault in ABOUT_FAILURES else REST)
    assert found == expected


@pytest.mark.slow
@pytest.mark.parametrize("fault", sorted(ROWS))
def test_a_faulty_proxy_is_caught_by_no_other_check(fault: str) -> None:
    found, expected = caught(ROWS[fault], REST if fault in ABOUT_FAILURES else FAILURES)
    assert found == expected


def test_a_row_has_checks_of_the_files_that_are_run() -> None:
    assert [fault for fault, row in ROWS.items() if not row.catches] == []


@pytest.mark.parametrize("name", one_of_each_family(sorted(CONFORMANT)))
def test_a_conformant_proxy_passes(name: str) -> None:
    assert problems(judged(CONFORMANT[name])) == {}


@pytest.mark.parametrize("name", one_of_each_family(sorted(own_catalogues.CONFORMANT)))
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
