"""With plugins that patch HTTP clients or block the network: neither side affects the other.

Only the inner runs load the plugins; the tests of a plugin that is not installed are skipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec

import pytest
from replaying import said
from sampling import first_of

from pytest_models_contract.fake import Fake, serve
from pytest_models_contract.suite.checks import SUITE

APP = "--models-app=pytest_models_contract.fake:Fake"
CASSETTE = "--models-cassette=reference"
PLUGINS = {
    "pytest_httpx": "pytest_httpx",
    "respx": "respx.plugin",
    "pytest_recording": "pytest_recording.plugin",
    "pytest_socket": "pytest_socket",
}

HTTPX_MOCK = """
    import httpx, pytest

    @pytest.fixture(autouse=True)
    def everywhere(httpx_mock):
        pass
"""
HTTPX_MOCK_OWN = """
    import httpx

    def test_own(httpx_mock):
        httpx_mock.add_response(json={"own": True})
        assert httpx.get("http://own.example/v1/models").json() == {"own": True}
"""
RESPX_MOCK = """
    import pytest

    @pytest.fixture(autouse=True)
    def everywhere(respx_mock):
        pass
"""
RESPX_SESSION = """
    import pytest, respx

    @pytest.fixture(autouse=True, scope="session")
    def everywhere():
        with respx.mock(using="{using}"):
            yield
"""
RESPX_OWN = """
    import httpx

    def test_own(respx_mock):
        route = respx_mock.get("http://own.example/v1/models").respond(json={"own": True})
        assert httpx.get("http://own.example/v1/models").json() == {"own": True}
        assert route.called
"""
VCR_MARK = """
    import pytest

    def pytest_collection_modifyitems(items):
        for item in items:
            item.add_marker(pytest.mark.vcr)
"""


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the plugins that a test names are loaded; no key is set."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("MODELS_CONTRACT_API_KEY", raising=False)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serve(Fake()) as base_url:
        yield base_url


@pytest.fixture
def target(request: pytest.FixtureRequest, url: str) -> str:
    return {"live": f"--models-base-url={url}", "app": APP, "cassette": CASSETTE}[request.param]


def run(pytester: pytest.Pytester, plugin: str, *arguments: str) -> pytest.RunResult:
    """A run of the contract, or of the project's tests, together with one other plugin."""
    # Without an import: only the inner run imports the plugin.
    if not find_spec(plugin):
        pytest.skip(f"{plugin} is not installed")
    plugins = ("-p", "pytest_models_contract", "-p", PLUGINS[plugin], "-p", "no:cacheprovider")
    return pytester.runpytest_subprocess(*plugins, "-Werror", *arguments)


def conforms(result: pytest.RunResult) -> None:
    result.stdout.fnmatch_lines(["*: conforms*"])
    assert result.ret == 0


# --- what replaces responses --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("plugin", "conftest", "own"),
    [
        ("pytest_httpx", HTTPX_MOCK, HTTPX_MOCK_OWN),
        ("respx", RESPX_MOCK, RESPX_OWN),
        ("respx", RESPX_SESSION.replace("{using}", "httpcore"), ""),
        ("respx", RESPX_SESSION.replace("{using}", "httpx"), ""),
    ],
    ids=["httpx_mock", "respx_mock", "respx_all_along", "respx_in_httpx"],
)
@pytest.mark.parametrize("target", first_of(["live", "app", "cassette"]), indirect=True)
def test_mocked_clients_and_the_contract_do_not_meet(
    pytester: pytest.Pytester, plugin: str, conftest: str, own: str, target: str
) -> None:
    pytester.makeconftest(conftest)
    host = pytester.makepyfile(test_host=own) if own else None
    conforms(run(pytester, plugin, "--models-contract", target, *([str(host)] if host else [])))


@pytest.mark.parametrize("plugin", ["pytest_httpx", "respx"])
def test_our_fixtures_reach_the_server_while_clients_are_mocked(
    pytester: pytest.Pytester, plugin: str, url: str
) -> None:
    mock, conftest = (
        ("httpx_mock", HTTPX_MOCK) if plugin == "pytest_httpx" else ("respx_mock", RESPX_MOCK)
    )
    pytester.makeconftest(conftest)
    pytester.makepyfile(
        f"""
        def test_ours(models_catalogue, {mock}):
            assert len(models_catalogue) == 27
        """
    )
    run(pytester, plugin, f"--models-base-url={url}").assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("mode", "target"),
    first_of(
        [
            *((mode, "live") for mode in ("none", "once", "new_episodes", "rewrite")),
            ("rewrite", "app"),
            ("rewrite", "cassette"),
        ]
    ),
    indirect=["target"],
)
def test_pytest_recording_neither_records_nor_replays_our_requests(
    pytester: pytest.Pytester, mode: str, target: str
) -> None:
    pytester.makeconftest(VCR_MARK)
    conforms(
        run(pytester, "pytest_recording", "--models-contract", target, f"--record-mode={mode}")
    )
    assert not list(pytester.path.rglob("*.yaml"))
    assert not (SUITE / "cassettes").exists()


def test_we_record_together_with_pytest_recording(pytester: pytest.Pytester, url: str) -> None:
    pytester.makeconftest(VCR_MARK)
    live = ("--models-contract", f"--models-base-url={url}", "--models-record=ours.yaml")
    conforms(run(pytester, "pytest_recording", *live, "--record-mode=once"))
    assert [path.name for path in pytester.path.rglob("*.yaml")] == ["ours.yaml"]


# --- what blocks the network ---------------------------------------------------------------------

BLOCKS = [
    ("pytest_recording", "--block-network", "--allowed-hosts=127.0.0.1"),
    ("pytest_socket", "--disable-socket", "--allow-hosts=127.0.0.1"),
    ("pytest_socket", "--allow-hosts=10.0.0.1", "--allow-hosts=127.0.0.1"),
]


@pytest.mark.parametrize(("plugin", "block", "_allow"), first_of(BLOCKS))
@pytest.mark.parametrize("offline", [APP, CASSETTE])
def test_offline_targets_need_no_network(
    pytester: pytest.Pytester, plugin: str, block: str, _allow: str, offline: str
) -> None:
    conforms(run(pytester, plugin, "--models-contract", offline, block))


@pytest.mark.parametrize(("plugin", "block", "allow"), BLOCKS)
def test_a_server_is_reached_if_its_host_is_allowed(
    pytester: pytest.Pytester, plugin: str, block: str, allow: str, url: str
) -> None:
    live = ("--models-contract", f"--models-base-url={url}")
    conforms(run(pytester, plugin, *live, block, allow))


@pytest.mark.parametrize(("plugin", "block", "allow"), BLOCKS)
def test_a_blocked_server_is_one_clear_message(
    pytester: pytest.Pytester, plugin: str, block: str, allow: str, url: str
) -> None:
    # Without pytest's short summary, which repeats the text on CI.
    result = run(pytester, plugin, "--models-contract", f"--models-base-url={url}", block, "-rN")
    assert result.ret == 1
    text = said(result)
    assert text.count("cannot send to http://127.0.0.1") == 2  # of the first check, and in the end
    assert allow.partition("=")[0] in text
    assert "Traceback" not in text
    assert "Warning" not in text
