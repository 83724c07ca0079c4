"""The plugin in pytest: loaded once, cheap if unused, and independent of other plugins."""

from __future__ import annotations

import re
import subprocess
import sys
from types import SimpleNamespace

import pytest
from contracting import CONFORMANT_APP, LOADED, contract, faulty_app, reported
from sampling import first_of

from pytest_models_contract import plugin
from pytest_models_contract.session import ordering

HEAVY = ("httpx", "jsonschema", "vcr", "yaml", "asgi_lifespan", "anthropic", "jinja2")


def test_an_unused_plugin_imports_nothing_heavy(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # others may import what they like
    pytester.makepyfile(
        f"""
        import sys

        def test_own(request):
            assert request.config.pluginmanager.hasplugin("pytest_models_contract")
            assert [name for name in {HEAVY} if name in sys.modules] == []
        """
    )
    command = [sys.executable, "-m", "pytest", "-q", *LOADED]
    done = subprocess.run(command, cwd=pytester.path, capture_output=True, text=True, timeout=60)  # noqa: S603
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("autoload", [True, False])
@pytest.mark.parametrize("way", first_of(["command line", "addopts", "both"]))
def test_it_is_loaded_once(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, autoload: bool, way: str
) -> None:
    if not autoload:
        monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    if way != "command line":
        pytester.makeini("[pytest]\naddopts = -p pytest_models_contract")
    pytester.makepyfile(
        """
        def test_own(request):
            from pytest_models_contract import plugin
            known = request.config.pluginmanager.get_plugins()
            assert [found for found in known if found is plugin] == [plugin]
        """
    )
    loaded = () if way == "addopts" else LOADED
    result = pytester.runpytest_subprocess(*loaded)
    result.assert_outcomes(passed=1)


@pytest.mark.slow
@pytest.mark.parametrize(
    "taken", first_of(["terminal", "cacheprovider", "junitxml", "logging", "doctest"])
)
def test_it_needs_no_other_plugin(pytester: pytest.Pytester, taken: str) -> None:
    result = contract(pytester, "-p", f"no:{taken}", "--models-report", "report.json")
    assert result.ret == pytest.ExitCode.OK
    assert reported(pytester)["verdict"] == "conforms"


@pytest.mark.slow
def test_without_a_terminal_a_failure_still_fails(pytester: pytest.Pytester) -> None:
    app = faulty_app(pytester, "envelope_key_absent[has_more]")
    result = contract(pytester, "-p", "no:terminal", "--models-report", "report.json", app=app)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert reported(pytester)["verdict"] == "violates"


@pytest.mark.slow
@pytest.mark.parametrize(
    "flag",
    first_of(["-q", "-qq", "-v", "-vv", "--durations=3", "--tb=no", "--color=yes"], most=2),
)
def test_it_works_with_every_option_that_only_shows(pytester: pytest.Pytester, flag: str) -> None:
    result = contract(pytester, flag)
    assert result.ret == pytest.ExitCode.OK
    assert ": conforms" in result.stdout.str()


def test_the_marks_are_explained(pytester: pytest.Pytester) -> None:
    text = pytester.runpytest_inprocess(*LOADED, "--markers").stdout.str()
    for mark in ("only_with(option, other, **by_parameter)", "must", "should"):
        assert f"models_{mark}: a check" in text
    assert "models_cites(pointer, level='must'): the clause" in text


def test_the_fixtures_are_explained(pytester: pytest.Pytester) -> None:
    text = pytester.runpytest_inprocess(*LOADED, "--fixtures").stdout.str()
    promised = "base_url api_key headers transport api catalogue revision fake"
    for name in promised.split():
        assert re.search(rf"^models_{name}\b", text, re.MULTILINE)
        said, *_ = getattr(plugin, f"models_{name}").__doc__.splitlines()
        assert said in text


def test_fixtures_and_marks_are_shown_without_a_server(pytester: pytest.Pytester) -> None:
    for flag in ("--markers", "--fixtures"):
        assert contract(pytester, flag, app="").ret == pytest.ExitCode.OK


def test_the_header_says_what_is_run_against(pytester: pytest.Pytester) -> None:
    result = contract(pytester, "-k", "order/newest_first")
    assert f"models contract: app {CONFORMANT_APP}, revision 2026-04-16" in result.stdout.lines


@pytest.mark.slow
def test_a_trailing_v1_is_removed_and_the_header_says_so(pytester: pytest.Pytester) -> None:
    url = ("--models-base-url", "http://127.0.0.1:9/gateway/v1")
    result = contract(pytester, *url, "--models-report", "report.json", app="")
    assert "models contract: the trailing /v1 was removed" in result.stdout.lines
    assert reported(pytester)["target"]["where"] == "http://127.0.0.1:9/gateway"


class Parsed(str):
    """A node id as pytest 9.2 keeps it."""

    @classmethod
    def parse(cls, text: str) -> Parsed:
        return cls(text)


@pytest.mark.parametrize(("place", "before"), [("_nodeid", "a::b"), ("_id", Parsed("a::b"))])
def test_a_check_gets_its_id_in_any_pytest(place: str, before: str) -> None:
    item = SimpleNamespace(**{place: before})
    ordering._set_node_id(item, "models_contract::x")
    assert vars(item) == {place: "models_contract::x"}
    assert type(vars(item)[place]) is type(before)


@pytest.mark.slow
def test_a_fixture_may_name_the_server(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        """
        import httpx
        import pytest
        from pytest_models_contract.fake import Fake

        @pytest.fixture(scope="session")
        def models_base_url():
            return "http://own.test"

        @pytest.fixture(scope="session")
        def models_transport():
            return httpx.WSGITransport(Fake())
        """
    )
    result = contract(pytester, "--models-report", "report.json", app="")
    assert result.ret == pytest.ExitCode.OK
    assert reported(pytester)["models"] == 27


def test_a_fixture_without_a_server_shows_the_options(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_own(models_api): pass")
    result = pytester.runpytest_inprocess(*LOADED, "-Wignore::pytest.PytestAssertRewriteWarning")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*no server under test. Name one of"])


def test_exit_status_5_if_no_check_was_tested(pytester: pytest.Pytester) -> None:
    path = pytester.makepyfile("def test_own(): pass")
    arguments = (str(path), "-k", "test_own or cursors/has_more_backward")
    result = contract(pytester, *arguments, app=faulty_app(pytester, models=1))
    assert result.parseoutcomes()["passed"] == 1
    assert result.ret == pytest.ExitCode.NO_TESTS_COLLECTED
