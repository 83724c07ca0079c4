"""In any project: its configuration, its conftest and its plugins change no verdict."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from textwrap import dedent

import pytest
from sampling import first_of

FAULTY_APP = """
from pytest_models_contract.fake import Fake
from pytest_models_contract.fake.faults import FAULTS

app = Fake(faults=[FAULTS["cursor_ignored[after_id]"], FAULTS["request_id_absent_on[errors]"]])
"""
OWN = {"test_own.py": "def test_own(models_fake):\n    assert models_fake.base_url\n"}
CONTRACT = ("--models-contract", "--models-app=faulty:app", "--models-report=report.json")
NEW = pytest.version_tuple >= (9, 0)

Files = Mapping[str, str]
Verdicts = dict[str, str]

# Settings that do not exclude each other share a run.
INI = {
    "names": """
        python_files = check_*.py
        python_functions = should_*
        python_classes = Describe
        testpaths = nowhere elsewhere
        norecursedirs = *
        markers = ours: a mark of the host
        usefixtures = everywhere
        empty_parameter_set_mode = fail_at_collect
        """,
    "strict": """
        filterwarnings = error
        xfail_strict = true
        junit_family = legacy
        addopts = --strict-markers --strict-config --junit-xml=junit.xml
        """,
    "importlib": "addopts = --import-mode=importlib --doctest-modules --doctest-glob=*.md",
    "append": "addopts = --import-mode=append -p no:cacheprovider -p no:doctest",
    "quiet": "addopts = -qq --tb=no --no-header --no-summary -s",
    "verbose": """
        addopts = -vv -ra --durations=5 --showlocals
        log_cli = true
        log_level = DEBUG
        """,
}
# The first has typed values; before pytest 9 only the second form existed.
STRICT = (
    """
    [tool.pytest]
    strict = true
    filterwarnings = ["error"]
    models_timeout = 20
    models_max_body = 1_000_000
    models_complete = true
    models_revision = "2026-04-16"
    """
    if NEW
    else """
    [tool.pytest.ini_options]
    addopts = "--strict-markers --strict-config"
    filterwarnings = ["error"]
    xfail_strict = true
    """
)
EVERYWHERE = "import pytest\n\n@pytest.fixture\ndef everywhere():\n    pass\n"
# Fixtures and hooks that do not exclude each other share a run.
CONFTEST = {
    "fixtures": """
        import pytest

        for _name in ("api", "catalogue", "revision", "check", "evidence", "page", "transport", "client"):
            globals()[_name] = pytest.fixture(name=_name)(lambda: 1 / 0)

        @pytest.fixture(autouse=True)
        def proxy(request):
            request.getfixturevalue("monkeypatch").setenv("HTTP_PROXY", "http://127.0.0.1:9")
            yield

        @pytest.fixture(autouse=True, scope="session")
        def database(tmp_path_factory):
            yield tmp_path_factory.mktemp("database")
        """,
    "hooks": """
        import pytest

        collect_ignore_glob = ["*"]

        def pytest_ignore_collect(collection_path):
            return None

        def pytest_generate_tests(metafunc):
            if "browser" in metafunc.fixturenames:
                metafunc.parametrize("browser", ["a", "b"])

        def pytest_collection_modifyitems(items):
            items.sort(key=lambda item: item.nodeid, reverse=True)
            for item in items:
                item.add_marker(pytest.mark.filterwarnings("error"))

        @pytest.hookimpl(wrapper=True)
        def pytest_runtest_makereport(item, call):
            report = yield
            report.host = item.name
            return report
        """,
}
PLUGINS = {
    "xdist": ("xdist.plugin", "-n2"),
    "xdist_loadfile": ("xdist.plugin", "-n2", "--dist=loadfile"),
    "randomly": ("pytest_randomly",),
    "asyncio": ("pytest_asyncio.plugin", "--asyncio-mode=auto"),
    "cov": ("pytest_cov.plugin", "--cov=faulty", "--cov-report="),
    "timeout": ("pytest_timeout", "--timeout=60"),
    "html": ("pytest_html.plugin", "-ppytest_metadata.plugin", "--html=all.html"),
    "sugar": ("pytest_sugar", "--force-sugar"),
    "rerunfailures": ("pytest_rerunfailures", "--reruns=1"),
    "recording": ("pytest_recording.plugin", "--record-mode=none", "--block-network"),
}
# Without it pytest-asyncio warns in every project.
ASYNCIO = "asyncio_default_fixture_loop_scope=function"


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment and the plugins of this run do not reach the inner run."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    for name in ("MODELS_CONTRACT_API_KEY", "MODELS_CONTRACT_BASE_URL", "PYTEST_ADDOPTS"):
        monkeypatch.delenv(name, raising=False)


def save(folder: Path, files: Files) -> None:
    for name, text in {"faulty.py": FAULTY_APP, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def verdicts(folder: Path) -> Verdicts:
    report = json.loads((folder / "report.json").read_text())
    assert report["target"]["kind"] == "app"
    return {check["id"]: f"{check['verdict']} {check['level']}" for check in report["checks"]}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Verdicts:
    """The verdicts in a project without settings."""
    folder = tmp_path_factory.mktemp("plain")
    save(folder, {})
    command = [sys.executable, "-m", "pytest", "-p", "pytest_models_contract", *CONTRACT]
    subprocess.run(command, cwd=folder, capture_output=True, timeout=120)  # noqa: S603 - pytest itself
    found = verdicts(folder)
    assert found["cursors/after_id_starts_after_the_cursor"] == "violated must"
    assert found["headers/request_id_on_every_answer"] == "violated should"
    assert "holds must" in found.values()
    return found


def run(pytester: pytest.Pytester, files: Files, *arguments: str) -> pytest.RunResult:
    save(pytester.path, files)
    return pytester.runpytest_subprocess("-p", "pytest_models_contract", *CONTRACT, *arguments)


@pytest.mark.slow
@pytest.mark.parametrize("habit", first_of(INI))
def test_configuration_changes_no_verdict(
    pytester: pytest.Pytester, plain: Verdicts, habit: str
) -> None:
    files = {"pytest.ini": f"[pytest]\n{dedent(INI[habit])}\n", "conftest.py": EVERYWHERE}
    result = run(pytester, files)
    assert verdicts(pytester.path) == plain
    assert result.ret == 1


@pytest.mark.slow
def test_strict_mode_changes_no_verdict(pytester: pytest.Pytester, plain: Verdicts) -> None:
    result = run(pytester, {"pyproject.toml": STRICT, **OWN}, "test_own.py", "-Werror")
    assert verdicts(pytester.path) == plain
    assert result.ret == 1


@pytest.mark.slow
@pytest.mark.parametrize("habit", first_of(CONFTEST))
def test_a_conftest_changes_no_verdict(
    pytester: pytest.Pytester, plain: Verdicts, habit: str
) -> None:
    pytester.makeconftest(CONFTEST[habit])
    result = run(pytester, {}, "-Werror")
    assert verdicts(pytester.path) == plain
    assert result.ret == 1


@pytest.mark.slow
@pytest.mark.parametrize("plugin", PLUGINS)
def test_a_plugin_changes_no_verdict(
    pytester: pytest.Pytester, plain: Verdicts, plugin: str
) -> None:
    name, *arguments = PLUGINS[plugin]
    # Without an import: only the inner run imports the plugin.
    if not find_spec(name.partition(".")[0]):
        pytest.skip(f"{name} is not installed")
    extra = [f"-o{ASYNCIO}"] if plugin == "asyncio" else []
    result = run(pytester, OWN, "test_own.py", "-Werror", "-p", name, *arguments, *extra)
    assert verdicts(pytester.path) == plain, result.stdout.str()
    assert result.ret == 1


@pytest.mark.slow
def test_all_plugins_at_once_change_no_verdict(
    pytester: pytest.Pytester, plain: Verdicts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    result = run(pytester, OWN, "test_own.py", f"-o{ASYNCIO}")
    assert verdicts(pytester.path) == plain, result.stdout.str()


@pytest.mark.slow
@pytest.mark.parametrize("where", first_of(["rootdir", "below"]))
def test_another_root_changes_no_verdict(
    pytester: pytest.Pytester, plain: Verdicts, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = pytester.mkdir("deep")
    save(pytester.path, {"pytest.ini": "[pytest]\ntestpaths = tests\n"})
    if where == "rootdir":
        run(pytester, {}, f"--rootdir={deep}")
        assert verdicts(pytester.path) == plain
        return
    save(deep, {})
    monkeypatch.chdir(deep)
    pytester.runpytest_subprocess("-p", "pytest_models_contract", *CONTRACT)
    assert verdicts(deep) == plain


@pytest.mark.slow
def test_by_address_it_is_the_same_suite(pytester: pytest.Pytester, plain: Verdicts) -> None:
    arguments = [argument for argument in CONTRACT if argument != "--models-contract"]
    save(pytester.path, {})
    pytester.runpytest_subprocess(
        "-p", "pytest_models_contract", "--pyargs", "pytest_models_contract.suite", *arguments
    )
    assert verdicts(pytester.path) == plain


@pytest.mark.slow
def test_own_tests_alone_do_not_start_the_contract(pytester: pytest.Pytester) -> None:
    save(pytester.path, OWN)
    result = pytester.runpytest_subprocess("-p", "pytest_models_contract", "-Werror")
    result.assert_outcomes(passed=1)
    assert "models contract" not in result.stdout.str()


@pytest.mark.slow
def test_a_projects_own_suite_folder_does_not_start_the_contract(pytester: pytest.Pytester) -> None:
    save(pytester.path, {"suite/test_own.py": OWN["test_own.py"]})
    result = pytester.runpytest_subprocess("-p", "pytest_models_contract", "-Werror", "suite")
    result.assert_outcomes(passed=1)
    assert "models contract" not in result.stdout.str()
