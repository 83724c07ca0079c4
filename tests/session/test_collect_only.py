"""The contract can be read without a server."""

from __future__ import annotations

import contracting
import pytest
from collected import PACKAGE, expected
from contracting import CONFORMANT_APP, LOADED, contract, reported


def test_the_contract_can_be_read_without_a_server(pytester: pytest.Pytester) -> None:
    result = contract(pytester, "--co", "-q", app="")
    assert result.ret == pytest.ExitCode.OK
    rule = (
        "Newer models come first; models of equal or unknown date (an epoch) may come in any order."
    )
    assert f"order/newest_first  must  {rule}" in result.stdout.lines


@pytest.mark.slow
@pytest.mark.parametrize("more", [(), ("-v",), ("-qq",), ("-q", "-n", "2")])
def test_it_can_be_listed_with_every_option(
    pytester: pytest.Pytester, more: tuple[str, ...]
) -> None:
    if "-n" in more:
        pytest.importorskip("xdist")
    assert contract(pytester, "--collect-only", *more, app="").ret == pytest.ExitCode.OK


def test_listing_does_not_touch_the_server(pytester: pytest.Pytester) -> None:
    result = contract(pytester, "--co", app="no_such_module:app")
    assert result.ret == pytest.ExitCode.OK
    assert not contracting.has_closing_lines(result)


@pytest.mark.slow
def test_a_missing_target_is_one_error_under_xdist(pytester: pytest.Pytester) -> None:
    pytest.importorskip("xdist")
    result = contract(pytester, "-n", "2", app="", process=True)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    stated = result.stdout.str() + result.stderr.str()
    assert stated.count("no server under test. Name one of") == 1


@pytest.mark.slow
def test_by_address_under_xdist_the_report_is_complete(pytester: pytest.Pytester) -> None:
    pytest.importorskip("xdist")
    arguments = ("--pyargs", PACKAGE, "--models-app", CONFORMANT_APP, "-n", "2")
    result = pytester.runpytest_subprocess(*LOADED, *arguments, "--models-report", "report.json")
    assert result.ret == pytest.ExitCode.OK
    assert len(reported(pytester)["checks"]) == len(expected())
