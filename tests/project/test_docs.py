"""The documents are true: their commands run; what they name exists, and what exists is named."""

from __future__ import annotations

import re
from pathlib import Path

import print_fault_table
import pytest
from documented import ROOT, Section, all_sections, documents
from shell import reader

import pytest_models_contract
from pytest_models_contract import plugin
from pytest_models_contract.cli.main import PROGRAMS
from pytest_models_contract.fake.faults import FAULTS
from pytest_models_contract.session import option_table
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.suite.checks import known_ids

# Other tests run their commands: test_applications.py, test_proxies_document.py, test_tutorials.py, and those
# of real servers.
ELSEWHERE = {
    *("docs/in-process.md", "docs/proxies.md", "docs/servers.md"),
    *(f"docs/tutorials/{name}.md" for name in ("client", "gateway", "recording")),
}
# The beginnings of commands that are not run here, each with the reason.
OUTSIDE = {
    "docker run": "needs an engine; test_ci.py runs its inner script",
    "git submodule add ADDRESS": "the reader's address; test_ci.py checks the source of the action",
    "nox": "makes environments; CI runs it",
    "pipx run": "makes an environment; `nox -s command` runs it",
    "uvx": "makes an environment; `nox -s command` runs it",
    "pre-commit": "changes the checkout and fetches hooks",
    "python docs/generate.py": "writes into the checkout; test_generated_pages.py compares",
    "python -m pytest_models_contract.fake": "serves until Ctrl-C; test_serving.py runs it",
    "python -m pytest_models_contract.document": "writes into the checkout; test_document.py compares",
    "pytest --models-contract -k ID": "the reader's check; every failure prints such a command",
    "python tests/reference.py": "records the shipped cassette; test_recording.py compares",
    "python tests/print_fault_table.py": "needs a checkout; see below",
    "pytest tests/": "runs tests of this suite",
    "pytest -n 3 -m slow": "runs tests of this suite",
    "python3 -m venv --clear .venv && .venv/bin/pip install -c constraints.txt": "is this suite",
}
INTERNAL = {
    "models_aliases",
    "models_sdks",
    "models_evidence",
    "models_exploration",
    "models_check",
    "models_restart",
    "models_proxy",
}
MARKS = {"models_cites", "models_only_with"}
PROPERTIES = {"models_check", "models_level", "models_clause", "models_verdict"}
TEXT = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in documents()}
ALL = "\n".join(TEXT.values())


def outside(command: str) -> bool:
    """Whether the command is listed as one that is not run here."""
    return any(command.startswith(start) for start in OUTSIDE)


RUN_HERE = [
    section
    for section in all_sections()
    if section.document not in ELSEWHERE and not all(map(outside, section.commands))
]


@pytest.mark.slow
@pytest.mark.parametrize("section", RUN_HERE, ids=str)
def test_every_command_runs(section: Section, tmp_path: Path) -> None:
    if "import anthropic" in "".join(section.files.values()):
        pytest.importorskip("anthropic")
    # The files of CONTRIBUTING.md are parts of the package; test_contributing.py puts them there.
    files = section.files if section.document.startswith("docs/") else {}
    with reader(tmp_path, files) as shell:
        for command in section.commands:
            if not outside(command):
                done = shell.run(command)
                assert done.returncode == 0, f"$ {command}\n{done.stdout}{done.stderr}"


def test_every_command_that_is_not_run_is_documented() -> None:
    commands = [command for section in all_sections() for command in section.commands]
    unused = [start for start in OUTSIDE if not any(c.startswith(start) for c in commands)]
    assert unused == []


def test_every_option_is_documented_and_exists(pytestconfig: pytest.Config) -> None:
    documented = set(re.findall(r"--models-[a-z-]+[a-z]", ALL))
    there = {
        option
        for group in pytestconfig._parser._groups
        for one in group.options
        for option in one.names()
        if option.startswith("--models-")
    }
    assert documented == there


def test_every_ini_option_is_documented_and_exists(pytestconfig: pytest.Config) -> None:
    there = {name for name in pytestconfig._parser._inidict if name.startswith("models_")}
    assert there - _names() == set()
    assert _names() - there - _fixtures() - INTERNAL - MARKS - PROPERTIES == set()


def test_every_fixture_is_documented() -> None:
    listed = re.findall(r"^\| `(models_\w+)` \|", TEXT["docs/fixtures.md"], re.MULTILINE)
    assert set(listed) == _fixtures() - INTERNAL


def test_every_public_name_is_documented_and_exists() -> None:
    imported = re.findall(r"from pytest_models_contract import ([\w, ]+)", ALL)
    assert set(", ".join(imported).split(", ")) == set(pytest_models_contract.__all__)


def test_every_environment_variable_exists() -> None:
    code = "\n".join(path.read_text() for path in (ROOT / "pytest_models_contract").rglob("*.py"))
    readers = ("servers/test_real_servers.py", "spec/test_reference_pages.py")
    code += "".join((ROOT / "tests" / name).read_text() for name in readers)
    assert [
        name for name in set(re.findall(r"\bMODELS_CONTRACT_[A-Z_]*[A-Z]", ALL)) if name not in code
    ] == []


def test_every_fault_that_is_named_exists() -> None:
    named = {*re.findall(r'\.inject\("([^"]+)"', ALL)}
    assert named
    assert named - set(FAULTS) == set()


def test_every_revision_is_documented() -> None:
    assert [name for name in Revision.known() if f"`{name}`" not in TEXT["docs/revisions.md"]] == []


@pytest.mark.parametrize("name", TEXT)
def test_every_link_has_a_target(name: str) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", TEXT[name])
    assert [link for link in links if not ((ROOT / name).parent / link).exists()] == []


def _names() -> set[str]:
    """What the documents call `models_…`, other than checks, node ids and faults."""
    return set(re.findall(r"(?<!/)\bmodels_[a-z_]+\b(?!::)", ALL)) - {
        name.partition("[")[0] for name in FAULTS
    }


def _fixtures() -> set[str]:
    return {
        name
        for name, found in vars(plugin).items()
        if name.startswith("models_") and isinstance(found, type(plugin.models_api))
    }


def test_the_fault_table_can_be_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["print_fault_table.py", "--totals"])
    print_fault_table.main()
    assert f"{len(known_ids())} checks" in capsys.readouterr().out


def test_every_option_of_the_command_is_documented_and_exists() -> None:
    text = TEXT["docs/command.md"]
    options = {f"--{option.word}" for option in option_table.options()}
    programs = {
        "--compare",
        "--jobs",
        "--spec",
        "--from",
        "--durations",
        "--help",
        "--port",
        "--models-contract",
        "--sdk",
    }
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*[a-z]\b(?!-)", text))
    assert named - options - programs == set()
    assert set(re.findall(r"models-contract ([\w-]+)", text)) >= set(PROGRAMS)


def test_the_picture_in_the_readme_is_small() -> None:
    [picture] = re.findall(r"!\[[^]]+\]\((.+?)\)", TEXT["README.md"])
    assert 50_000 < (ROOT / picture).stat().st_size < 200_000
