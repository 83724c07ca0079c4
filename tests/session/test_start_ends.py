"""However a run ends, the server that it started ends."""

from __future__ import annotations

import pytest
from contracting import LOADED, reported, verdicts
from little_servers import all_end, pids, script
from starting import FAKE, PLAIN, PROXY, started
from systems import POSIX

pytestmark = POSIX

# --- when it fails -------------------------------------------------------------------------------


def test_a_server_that_does_not_serve_is_a_usage_error(pytester: pytest.Pytester) -> None:
    text = (
        FAKE
        + PROXY
        + """
open("pids", "w").write(f"{os.getpid()}\\n")
passed_on("/v1/models", {"x-api-key": os.environ["MODELS_CONTRACT_API_KEY"]})
print("using", os.environ["MODELS_CONTRACT_UPSTREAM_KEY"], flush=True)
sys.exit(1)
"""
    )
    result = started(pytester, text, "--models-upstream", "0")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        [
            "ERROR: --models-start: `*{port}` ended with exit status 1",
            "its last lines:",
            "  using ***",
            "requests that reached the upstream at http://127.0.0.1:*: 1",
        ]
    )
    assert all_end(pids(pytester.path / "pids"), 0)


@pytest.mark.slow
def test_a_server_that_ends_during_the_run_is_stated(pytester: pytest.Pytester) -> None:
    text = """
left = [0]
def answer(path, head):
    left[0] += 1
    if left[0] > 2: sys.exit("out of memory " + os.environ["MODELS_CONTRACT_API_KEY"])
    return 404, "{}"
serve(sys.argv[1], answer)
"""
    result = started(pytester, text, "-k", "model_list", "--models-report", "report.json")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "error" in verdicts(pytester).values()
    assert "the server ended before the run did: `" in (stated := " ".join(result.stdout.lines))
    assert "out of memory ***" in stated


@pytest.mark.slow
def test_a_restart_that_fails_is_an_error(pytester: pytest.Pytester) -> None:
    text = FAKE + "sys.exit('no second time') if os.path.exists('pids') else run(27)"
    result = started(pytester, text, "-k", "order", "--models-report", "report.json")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    checks = {check["id"]: check for check in reported(pytester)["checks"]}
    last = checks["order/is_the_same_after_a_restart"]
    assert (last["verdict"], checks["order/newest_first"]["verdict"]) == ("error", "holds")
    assert "ended with exit status 1\nits last lines:\n  no second time" in last["message"]


# --- the end -------------------------------------------------------------------------------------


ASKS = """
import os, signal, pytest

def test_that_asks(models_api):
    assert models_api.list().status == 200

def test_that_ends_it():
    {how}

def test_that_is_not_reached():
    pass
"""


def asks_and(pytester: pytest.Pytester, how: str) -> tuple[str, ...]:
    """The options of a run of a project's own tests, one of which ends the run."""
    pytester.makepyfile(ASKS.format(how=how))
    command = f"{script(pytester.path, PLAIN, 'gateway.py')} {{port}}"
    return (*LOADED, "--models-start", command)


@pytest.mark.slow
@pytest.mark.parametrize(
    "how",
    [
        "os._exit(1)",
        "os.kill(os.getpid(), signal.SIGTERM)",
        "os.kill(os.getpid(), signal.SIGINT)",
    ],
)
def test_the_server_ends_where_the_run_is_ended(pytester: pytest.Pytester, how: str) -> None:
    result = pytester.runpytest_subprocess(*asks_and(pytester, how))
    assert result.ret not in (0, pytest.ExitCode.USAGE_ERROR)
    assert all_end(pids(pytester.path / "pids"))


@pytest.mark.slow
@pytest.mark.parametrize("how", ["assert False", "pytest.exit('enough')"])
def test_the_server_ends_where_the_run_stops_early(pytester: pytest.Pytester, how: str) -> None:
    result = pytester.runpytest_inprocess(*asks_and(pytester, how), "-x")
    assert result.ret in (pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED)
    assert all_end(pids(pytester.path / "pids"), 0)


@pytest.mark.slow
def test_an_internal_error_ends_it_too(pytester: pytest.Pytester) -> None:
    pytester.syspathinsert()
    pytester.makepyfile(crashing="def pytest_runtest_logreport(report): 1 / 0")
    result = started(pytester, PLAIN, "-k", "order/newest_first", "-p", "crashing")
    assert result.ret == pytest.ExitCode.INTERNAL_ERROR
    assert all_end(pids(pytester.path / "pids"), 0)


@pytest.mark.parametrize("option", ["--collect-only", "--setup-plan", "--fixtures", "--help"])
def test_nothing_starts_where_nothing_runs(pytester: pytest.Pytester, option: str) -> None:
    result = started(pytester, "open('started', 'w')", "--models-upstream", "0", option)
    assert result.ret == pytest.ExitCode.OK
    assert not (pytester.path / "started").exists()
