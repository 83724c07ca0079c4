"""The fixtures: the server under test, what was read from it, and the fake."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import pytest

from pytest_models_contract.session import options
from pytest_models_contract.session.pytest_state import CHECK, SERVER_FIXTURES

if TYPE_CHECKING:
    import httpx

    from pytest_models_contract.client.api import ModelsAPI
    from pytest_models_contract.client.sdk.every import Sdks
    from pytest_models_contract.client.verdict import Check
    from pytest_models_contract.evidence.catalogue import Catalogue
    from pytest_models_contract.evidence.explore.explored import Explored
    from pytest_models_contract.evidence.explore.explorer import Explorer
    from pytest_models_contract.evidence.gathering import Evidence
    from pytest_models_contract.evidence.proxy.under_test import ProxyUnderTest
    from pytest_models_contract.fake.server import FakeServer
    from pytest_models_contract.fake.upstream import Upstream
    from pytest_models_contract.session.run import Run
    from pytest_models_contract.spec.revision import Revision


def _run(config: pytest.Config) -> Run:
    from pytest_models_contract.session import collection

    return collection.run_of(config)


@pytest.fixture(scope="session")
def models_revision(request: pytest.FixtureRequest) -> Revision:
    """The revision: its schemas and clauses, `validate_model_info(obj)`, `validate_model_list(obj)`."""
    return _run(request.config).revision


@pytest.fixture(scope="session")
def models_base_url(request: pytest.FixtureRequest) -> str:
    """The base URL of the server under test, as an SDK has it. Override it to give another one."""
    from pytest_models_contract.session import ordering, servers
    from pytest_models_contract.target import targets

    run = _run(request.config)
    servers.begin(run)
    if run.target:
        return run.target.base_url
    if ordering.overridden(request._pyfuncitem, "models_transport"):
        return targets.IN_PROCESS
    raise pytest.UsageError(options.NO_TARGET)


@pytest.fixture(scope="session")
def models_api_key(request: pytest.FixtureRequest) -> str | None:
    """The API key, from MODELS_CONTRACT_API_KEY. Override it to give another one."""
    return _run(request.config).settings.key


@pytest.fixture(scope="session")
def models_headers(request: pytest.FixtureRequest) -> Mapping[str, str]:
    """Headers of every request. Override it to give others."""
    return _run(request.config).settings.headers


@pytest.fixture(scope="session")
def models_transport(
    request: pytest.FixtureRequest, models_base_url: str
) -> httpx.BaseTransport | httpx.AsyncBaseTransport:
    """The httpx transport to the server under test. Override it to give another one."""
    from pytest_models_contract.target import targets

    chosen = _run(request.config).target or targets.live(models_base_url)
    return chosen.open()


@pytest.fixture(scope="session")
def models_evidence(request: pytest.FixtureRequest) -> Iterator[Evidence]:
    """What the suite has read from the server under test."""
    from pytest_models_contract.session import finish

    run = _run(request.config)
    # By name: for parameters, pytest would repeat the look-up for each check.
    with finish.gathered_evidence(run, *map(request.getfixturevalue, SERVER_FIXTURES)):
        yield run.asked


@pytest.fixture(scope="session")
def models_api(models_evidence: Evidence) -> ModelsAPI:
    """The client of the suite: `list` and `retrieve` return the response, `page`, `walk` and `model`
    return its content."""
    return models_evidence.api


@pytest.fixture(scope="session")
def models_catalogue(models_evidence: Evidence) -> Catalogue:
    """Every model of the server under test, newest first, read once per run."""
    return models_evidence.catalogue


@pytest.fixture(scope="session")
def models_upstream(request: pytest.FixtureRequest) -> Upstream:
    """The upstream of `--models-upstream`, behind the server under test: `base_url` is its address without
    `/v1`, `keys` are the keys that it knows (`client`, `second`, `server`)."""
    from pytest_models_contract.session import servers

    return servers.upstream_of(_run(request.config))


@pytest.fixture(scope="session")
def models_proxy(
    request: pytest.FixtureRequest, models_api: ModelsAPI, models_upstream: Upstream
) -> ProxyUnderTest:
    """The server under test as a proxy, seen from both sides."""
    from pytest_models_contract.evidence.proxy.under_test import ProxyUnderTest
    from pytest_models_contract.session import servers

    run = _run(request.config)
    expect, restart = run.settings.proxy, servers.restarter(run, cold=True)
    return ProxyUnderTest(
        models_api, run.revision, models_upstream, expect, restart, apart=run.apart
    )


@pytest.fixture(scope="session")
def models_restart(request: pytest.FixtureRequest) -> Callable[[], None] | None:
    """Restarts the server under test; None where `--models-start` did not start it."""
    from pytest_models_contract.session import servers

    return servers.restarter(_run(request.config), cold=False)


@pytest.fixture(scope="session")
def models_sdks(models_api: ModelsAPI) -> Iterator[Sdks]:
    """The official SDKs, which ask the server under test over the client of the suite."""
    from pytest_models_contract.client.sdk.every import Sdks

    found = Sdks(models_api)
    yield found
    found.close()


@pytest.fixture(scope="session")
def models_aliases(request: pytest.FixtureRequest) -> Sequence[tuple[str, str]]:
    """The aliases of `--models-alias`, each with the id of its model."""
    return _run(request.config).settings.aliases


@pytest.fixture(scope="session")
def models_explorer(models_evidence: Evidence) -> Explorer:
    """Asks for windows (parts of the list) in tests with Hypothesis: `ask`, `expected` and `judge`."""
    from pytest_models_contract.session import exploring

    return exploring.explorer(models_evidence)


@pytest.fixture(scope="session")
def models_exploration(request: pytest.FixtureRequest, models_evidence: Evidence) -> Explored:
    """What came of the windows that `--models-explore` asks for; explored once, when first needed."""
    from pytest_models_contract.session import exploring

    return exploring.explored(_run(request.config), models_evidence, request.config)


@pytest.fixture
def models_check(request: pytest.FixtureRequest, models_evidence: Evidence) -> Check:
    """The running check: it judges cases and keeps the evidence."""
    from pytest_models_contract.client.verdict import Check

    check = Check(incomparable=lambda: models_evidence.changing)
    request.node.stash[CHECK] = check
    return check


@pytest.fixture
def models_fake() -> Iterator[FakeServer]:
    """A conformant Models API on a loopback port, for tests of clients: `base_url` is its address."""
    from pytest_models_contract.fake.server import fake_server

    with fake_server() as server:
        yield server
