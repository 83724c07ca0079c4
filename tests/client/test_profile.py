"""The file of a client profile: each mistake is named with its place and what is allowed there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from documented import ROOT
from jsonschema import Draft202012Validator

from pytest_models_contract.client import profile
from pytest_models_contract.client.profile import EXAMPLE, ProfileError

SCHEMA = json.loads((ROOT / "schemas" / "profile.json").read_text("utf-8"))
SHIPPED = sorted((ROOT / "schemas" / "profiles").glob("*.toml"))
HEAD = 'name = "my-app"\n[[request]]\nname = "list"\npath = "/v1/models"\n'


def written(folder: Path, text: str) -> Path:
    path = folder / "needs.toml"
    path.write_text(text, "utf-8")
    return path


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(ProfileError) as caught:
        profile.load(written(folder, text))
    return str(caught.value).replace(str(folder), "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = ", "/needs.toml is not TOML: Invalid value (at end of document). For example:"),
        ("", '/needs.toml: `name` is missing: give a name of lower-case letters'),
        ('name = "a"', "/needs.toml: `request` is missing: give at least one [[request]] table"),
        ('name = "a"\nrequest = []', "line 2: `request` is []: give at least one [[request]]"),
        ('name = "My App"', '`name` is "My App": give a name of lower-case letters'),
        ('nam = "a"', "/needs.toml, line 1: unknown key `nam`: did you mean `name`?"),
        (HEAD + "deadlin = 3", "line 5, request 1: unknown key `deadlin`: did you mean `deadline`?"),
        (HEAD + "deadline = -1", "/needs.toml, line 5, request 1: `deadline` is -1: give seconds above 0"),
        (HEAD + "deadline = nan", "line 5, request 1: `deadline` is nan: give seconds above 0"),
        (HEAD + "deadline = inf", "request 1: `deadline` is Infinity: give seconds above 0"),
        (HEAD + "deadline = true", "`deadline` is true: give seconds above 0, such as 3"),
        (HEAD + "[[request]]\npath = '/'", "line 5, request 2: `name` is missing"),
        (HEAD + "[[request]]\nname = 'list'\npath = '/'", "line 6, request 2: another request has this name"),
        (HEAD + "method = 'POST'", 'line 5, request 1: `method` is "POST": give "GET" or "HEAD"'),
        (HEAD + "status = [200]\nbreaks_at = [405]", "line 6, request 1: give `status` or `breaks_at`"),
        (HEAD + "status = [99]", "`status` is 99: give a status from 100 to 599"),
        (HEAD + "status = []", "`status` is []: give the list of statuses that the client takes"),
        (HEAD + "method = 'HEAD'\npresent = ['data']", "the response to HEAD has no body: leave out"),
        (HEAD + "present = ['data[0].id']", '`present` is "data[0].id": give a field such as'),
        (HEAD + "not_null = 'id'", '`not_null` is "id": give the list of fields'),
        (HEAD + "keeps = { pattern = '(' }", "request 1: `pattern` is no regular expression: missing )"),
        (HEAD + "keeps.pattern = '('", "line 5, request 1: `pattern` is no regular expression"),
        ("name = 'a'\nrequest = [1]", "request 1: `request` is 1: give a table"),
        (HEAD + "keeps = {}", "line 5, request 1: `pattern` is missing: give a regular expression"),
        (HEAD + "[request.keeps]\npattern = 'a'\nword = 'b'", "line 7, request 1: unknown key `word`"),
        (HEAD + "query = { limit = 1.5 }", "`limit` is 1.5: give a string, an integer, true or"),
        (HEAD + "query = { a = [1] }", "`a` is 1: give a string"),
        (HEAD + "headers = { 'a b' = 'c' }", "`headers` is \"a b\": give the name of a header"),
        (HEAD + "headers = { a = \"b\\n\" }", '`a` is "b\\n": give printable ASCII, or "env:NAME"'),
        (HEAD + "headers = { Host = 'b' }", "line 5, request 1: the header `Host` belongs to the connection"),
        (HEAD + "headers = { X-Api-Key = 'b' }", "the header `X-Api-Key` has the key: give `credentials`"),
        (HEAD + "headers = { x-gateway-key = 's3cret' }", "may have a secret: give `env:NAME`"),
        (HEAD + "headers = { x-a = 'env:NOT_SET' }", "line 5, request 1: the environment has no NOT_SET"),
        (HEAD + "credentials = ['basic']", '`credentials` is "basic": give "x-api-key", "bearer" or "none"'),
        (HEAD + "credentials = ['bearer', 'bearer']", "give how the key is sent"),
        (HEAD + "deadline = 2026-01-01", '`deadline` is "2026-01-01": give seconds above 0'),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(
    tmp_path: Path, text: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NOT_SET", raising=False)
    found = refusal(tmp_path, text)
    assert said in found
    assert "s3cret" not in found


@pytest.mark.parametrize(
    "path",
    [
        *("//evil.example/v1/models", "http://evil.example/", "v1/models", "", "/v1/../admin"),
        *("/..", "/v1/.", "/v1/models?limit=1", "/a#b", "/a b", "/%zz", "/\\evil", "/é", "/a\n"),
    ],
)
def test_a_path_stays_below_the_base_url(tmp_path: Path, path: str) -> None:
    found = refusal(tmp_path, f'name = "a"\n[[request]]\nname = "b"\npath = {json.dumps(path)}\n')
    assert "give a path below the base URL, percent-encoded and without a query" in found


@pytest.mark.parametrize("path", ["/", "/v1/models", "/v1/models/a%2Fb", "/v1/models/..a", "/@v1"])
def test_other_paths_are_taken(tmp_path: Path, path: str) -> None:
    text = f'name = "a"\n[[request]]\nname = "b"\npath = "{path}"\n'
    assert profile.load(written(tmp_path, text)).needs["b"].path == path


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"no\.toml: it cannot be read: No such file"):
        profile.load(tmp_path / "no.toml")
    (tmp_path / "needs.toml").write_bytes(b"name = '\xff'")
    with pytest.raises(ProfileError, match="it is not UTF-8"):
        profile.load(tmp_path / "needs.toml")


def test_a_header_may_come_from_the_environment_and_is_a_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATEWAY", "s3cret")
    text = HEAD + "headers = { X-Gateway-Key = 'env:GATEWAY', x-app = 'plain' }"
    found = profile.load(written(tmp_path, text))
    assert found.needs["list"].headers == (("x-gateway-key", "s3cret"), ("x-app", "plain"))
    assert found.secrets == ("s3cret",)
    assert "s3cret" not in repr(found)
    monkeypatch.setenv("GATEWAY", "s3cret\n")
    said = refusal(tmp_path, text)
    assert "GATEWAY in the environment is not printable ASCII" in said
    assert "s3cret" not in said


def test_values_of_the_query_become_strings(tmp_path: Path) -> None:
    text = HEAD + "query = { limit = 5, beta = true, 'lifecycle[]' = ['active', 'retired'] }"
    assert profile.load(written(tmp_path, text)).needs["list"].query == (
        *(("limit", "5"), ("beta", "true")),
        *(("lifecycle[]", "active"), ("lifecycle[]", "retired")),
    )


def test_the_example_is_a_profile(tmp_path: Path) -> None:
    need = profile.load(written(tmp_path, EXAMPLE)).needs["list"]
    assert (need.id, need.deadline, need.status) == ("my-app:list", 3, (200,))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_profile_is_legal(path: Path) -> None:
    assert profile.load(path) == profile.known(path.stem)
    assert profile.known(path.stem).name == path.stem


def test_every_part_of_the_schema_says_what_is_allowed() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert [place for place, node in nodes(SCHEMA) if "description" not in node] == []


def nodes(schema: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    yield place, schema
    children = {**schema.get("properties", {}), "[]": schema.get("items")}
    children |= {name: schema.get(name) for name in ("propertyNames", "additionalProperties")}
    for name, child in children.items():
        if isinstance(child, dict):
            yield from nodes(child, f"{place}/{name}")
