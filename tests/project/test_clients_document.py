"""docs/clients.md: its tables have exactly the checks of each client, and its profile is one."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from documented import FENCE, ROOT, sections

from pytest_models_contract.client import profile
from pytest_models_contract.session import option_values
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.suite.checks import of_revision

DOCUMENT = ROOT / "docs" / "clients.md"
TEXT = {
    section.split("\n", 1)[0]: section for section in DOCUMENT.read_text("utf-8").split("\n## ")
}
HEADINGS = {
    "claude-code": "Claude Code",
    "claude-desktop": "Claude Desktop",
    "anthropic-sdk": "The Python SDK",
    "typescript-sdk": "The TypeScript SDK",
    "profile": "A profile of your own",
}


def checks_in(heading: str) -> list[str]:
    """The ids in the first column of the table of checks of a section."""
    rows = re.findall(r"^\| (`clients/.*?) \|", TEXT[heading], re.MULTILINE)
    return [check for row in rows for check in re.findall(r"`(clients/[^`]+)`", row)]


def checks_of(client: str) -> list[str]:
    if client in option_values.WITHOUT_CHECKS_OF_ITS_OWN:
        return [f"clients/profile[{need.id}]" for need in profile.known(client).needs.values()]
    every = {
        facts.id: facts for name in Revision.known() for facts in of_revision(Revision.load(name))
    }
    return [check for check, facts in every.items() if facts.needs == client]


@pytest.mark.parametrize("client", [*option_values.CLIENTS, "profile"])
def test_the_table_of_a_client_has_its_checks(client: str) -> None:
    listed = checks_in(HEADINGS[client])
    assert len(listed) == len(set(listed))
    assert sorted(listed) == sorted(checks_of(client))


def test_every_client_has_a_row() -> None:
    rows = re.findall(r"^\| `([^`]+)` \| (?:as|with) ", TEXT["# Clients"], re.MULTILINE)
    assert rows == [*option_values.CLIENTS, "FILE.toml"]


@pytest.mark.parametrize("client", ["claude-code", "claude-desktop"])
def test_the_source_of_a_shipped_profile_is_named(client: str) -> None:
    text = (ROOT / "schemas" / "profiles" / f"{client}.toml").read_text("utf-8")
    source = re.search(r'^source = "(.+)"', text, re.MULTILINE)
    assert source
    assert source[1] in TEXT[HEADINGS[client]]


def test_the_profile_is_one_and_every_key_is_documented(tmp_path: Path) -> None:
    [own] = [section for section in sections(DOCUMENT) if section.heading == HEADINGS["profile"]]
    path = tmp_path / "needs.toml"
    path.write_text(own.files["needs.toml"], "utf-8")
    assert set(profile.load(path).needs) == {"picker", "health"}
    schema = json.loads((ROOT / "schemas" / "profile.json").read_text("utf-8"))
    keys = {*schema["properties"]["request"]["items"]["properties"]}
    documented = set(
        re.findall(r"^\| `(\w+)` \|", FENCE.sub("", TEXT[HEADINGS["profile"]]), re.MULTILINE)
    )
    assert keys <= documented
