"""Workers share an exploration, and a terminal shows its progress."""

from __future__ import annotations

import re
import sys
from concurrent.futures import ThreadPoolExecutor

import contracting
import pytest
from contracting import LOADED, contract, reported
from controlling import Controller
from explored_servers import CAPPED, ONLY
from judging import KEY
from terminals import on_a_terminal

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.sharing import Peers
from pytest_models_contract.evidence.explore.explored import Explored
from pytest_models_contract.evidence.explore.exploring import Bound
from pytest_models_contract.evidence.explore.outcome import Outcome
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.fake import Fake
from pytest_models_contract.fake.faults import FAULTS
from pytest_models_contract.fake.serving import serve
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.target.applications import Wsgi
from pytest_models_contract.target.targets import IN_PROCESS

# --- progress ------------------------------------------------------------------------------------


@pytest.mark.slow
def test_progress_is_shown_on_a_terminal_alone(pytester: pytest.Pytester) -> None:
    command = [sys.executable, "-m", "pytest", *LOADED, "--models-contract", *ONLY]
    command += ["--models-app", contracting.CONFORMANT_APP, "--models-explore", "0.6s"]
    shown = "".join(on_a_terminal(command, str(pytester.path)))
    assert len(re.findall(r"\rexploring: \d+ requests", shown)) >= 2
    assert "explored: " in shown
    logged = pytester.runpytest_subprocess(*command[3:])
    logged.stdout.no_fnmatch_line("*exploring:*")
    logged.stdout.fnmatch_lines(["explored: * requests*"])


# --- workers -------------------------------------------------------------------------------------


def parts(controller: Controller, fake: Fake, bound: Bound, *, seed: int = 3) -> list[Outcome]:
    """What two workers know of an exploration that they share."""

    def outcome(worker: Peers) -> Outcome:
        api = ModelsAPI(IN_PROCESS, Wsgi(fake), key=KEY)
        api.peers = worker
        return Explored(Evidence(api, Revision.load()), bound, seed).outcome

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(outcome, [controller.worker(), controller.worker()]))


def test_workers_share_the_requests(controller: Controller) -> None:
    fake = Fake(60, key=KEY, faults=[FAULTS[CAPPED]])
    one, other = parts(controller, fake, Bound(requests=101))
    assert one == other
    assert one.requests == 101
    assert one.found["page"].when.endswith("give 20 models; 20 is right")


def test_one_worker_does_the_parts_of_those_that_have_none(controller: Controller) -> None:
    fake = Fake(key=KEY)
    api = ModelsAPI(IN_PROCESS, Wsgi(fake), key=KEY)
    api.peers = controller.worker()
    outcome = Explored(Evidence(api, Revision.load()), Bound(requests=50), 3).outcome
    assert outcome.requests == api.passed == 50


@pytest.mark.slow
def test_pytest_xdist_shares_them(pytester: pytest.Pytester) -> None:
    fake = Fake(60, faults=[FAULTS[CAPPED]])
    with serve(fake) as base_url:
        way = ("--models-base-url", base_url, "-n", "2", *ONLY)
        result = contract(
            pytester,
            *way,
            "--models-explore",
            "80",
            "--models-report",
            "r.json",
            app="",
            process=True,
        )
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "*--models-explore 80 --models-explore-seed * -n 2 -k explore/*",
            "explored: 80 requests, *",
        ]
    )
    assert reported(pytester, "r.json")["requests"] == len(fake.asked)
