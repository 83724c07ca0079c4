"""What a run says when it is called in a way that cannot work."""

from __future__ import annotations

import contracting
import pytest
from contracting import LOADED, contract
from sampling import first_of

from pytest_models_contract.fake import Fake
from pytest_models_contract.fake.serving import serve

HINT = "was given, but there is no test: add --models-contract to run the contract"


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    contracting.without_environment(monkeypatch)


# --- a base URL that ends in /v1/models ----------------------------------------------------------


@pytest.mark.parametrize("end", ["/v1/models", "/team/v1/models/"])
def test_a_base_url_of_the_list_stops_the_run_after_one_request(
    pytester: pytest.Pytester, end: str
) -> None:
    fake = Fake(prefix=end.partition("/v1")[0])
    with serve(fake) as base_url:
        result = contract(pytester, "--models-base-url", f"{base_url}{end}", app="")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    root = f"{base_url}{end}".partition("/v1")[0]
    said = f"gets status 404: give the base URL of an SDK, --models-base-url {root}"
    assert said in result.stderr.str() + result.stdout.str()
    assert [request.path for request in fake.requests] == [f"{end.rstrip('/')}/v1/models"]


@pytest.mark.slow
def test_a_prefix_that_ends_so_is_taken_where_the_list_is_there(pytester: pytest.Pytester) -> None:
    with serve(Fake(prefix="/v1/models")) as base_url:
        arguments = ("--models-base-url", f"{base_url}/v1/models", "-k", "model_list/status")
        assert contract(pytester, *arguments, app="").ret == pytest.ExitCode.OK


# --- a server under test without the suite -------------------------------------------------------


@pytest.mark.parametrize(
    "option", first_of(["--models-base-url=http://127.0.0.1:9", "--models-app=a:b"])
)
def test_a_server_without_a_test_gets_a_hint(pytester: pytest.Pytester, option: str) -> None:
    for quiet in ((), ("-q",)):
        result = pytester.runpytest_inprocess(*LOADED, option, *quiet)
        assert result.ret == pytest.ExitCode.NO_TESTS_COLLECTED
        assert f"{option.partition('=')[0]} {HINT}" in result.stdout.str()


def test_a_project_with_tests_gets_no_hint(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_one(): pass")
    result = pytester.runpytest_inprocess(*LOADED, "--models-base-url=http://127.0.0.1:9")
    assert result.ret == pytest.ExitCode.OK
    assert HINT not in result.stdout.str()


@pytest.mark.slow
def test_without_a_server_there_is_no_hint(pytester: pytest.Pytester) -> None:
    assert HINT not in pytester.runpytest_inprocess(*LOADED).stdout.str()
