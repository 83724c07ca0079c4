"""Unusual bodies are decoded or left alone; bad files get one clear message."""

from __future__ import annotations

import gzip
import json
import os
from base64 import b64encode
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from cassette_samples import BODY, HAR, LIST, RUBY, ask, har_with, saved, vcrpy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_models_contract.target import cassette as cassettes
from pytest_models_contract.target.cassette import CassetteError, NotRecorded, load


@pytest.mark.parametrize("body", [gzip.compress(BODY.encode()), BODY], ids=["encoded", "decoded"])
def test_an_encoded_body_is_decoded(tmp_path: Path, body: Any) -> None:
    path = saved(tmp_path, vcrpy(LIST, body=body, content_encoding="gzip", content_length="7"))
    response = ask(path, "/v1/models")
    assert response.text == BODY
    assert "content-encoding" not in response.headers


@pytest.mark.parametrize(
    ("body", "encoding"), [(b"\x1f\x8b\xff\xff", "gzip"), (b"\x8b\xff\x03", "x-odd")]
)
def test_a_body_that_cannot_be_decoded_is_not_judged(
    tmp_path: Path, body: bytes, encoding: str
) -> None:
    path = saved(tmp_path, vcrpy(LIST, body=body, content_encoding=encoding))
    with pytest.raises(NotRecorded, match="cannot be decoded"):
        ask(path, "/v1/models")


def test_a_decompression_bomb_is_not_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pytest_models_contract.target.interaction.LARGEST_BODY", 2**20)
    bomb = gzip.compress(bytes(2**24))
    path = saved(tmp_path, vcrpy(LIST, body=bomb, content_encoding="gzip"))
    with pytest.raises(NotRecorded, match="cannot be decoded"):
        ask(path, "/v1/models")


def test_binary_and_unusual_bodies_are_unchanged(tmp_path: Path) -> None:
    assert ask(saved(tmp_path, vcrpy(LIST, body=b"\x00\xff")), "/v1/models").content == b"\x00\xff"
    assert ask(saved(tmp_path, vcrpy(LIST, body=None)), "/v1/models").content == b""


def test_a_har_body_may_be_base64_or_left_out(tmp_path: Path) -> None:
    encoded = {"encoding": "base64", "text": b64encode(b"\x00bin").decode()}
    assert ask(saved(tmp_path, har_with(encoded), "a.har"), "/v1/models").content == b"\x00bin"
    with pytest.raises(NotRecorded, match="the body was not saved with it"):
        ask(saved(tmp_path, har_with({"size": 99}), "b.har"), "/v1/models")


# --- bad files -----------------------------------------------------------------------------------

NESTED = "a: " + "[" * 100_000
ENDS_EARLY = "it ends in the middle: the file is cut short, or a quote or bracket"
NO_YAML, NO_JSON = "it cannot be read as YAML: ", "it cannot be read as JSON: "
NO_END = "the file does not end with a line break: is it cut short?"
TAG = "it has tags that are not read, for safety: "


@pytest.fixture(params=["C", "Python"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The parser of libyaml, if installed, and the one in Python."""
    if request.param == "Python":
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("missing.yaml", None, "there is no such file; record one with --models-record"),
        ("empty.yaml", " \n", "the file is empty"),
        ("bracket.yaml", "a: [1, 2", ENDS_EARLY),
        ("quote.yaml", "a: 'b\n", ENDS_EARLY),
        ("key.yaml", "a: 1\nb", ENDS_EARLY),
        ("body.yaml", "a: !!binary |\n  YWJ", NO_END),
        ("escape.yaml", 'a: "\\u12', NO_END),
        ("colon.yaml", "a: b: c\nd: e\n", NO_YAML),
        ("date.yaml", "a: 2025-99-99\n", NO_YAML),
        ("key_is_a_list.yaml", "? [a]\n: b\n", NO_YAML),
        ("zero.yaml", "a: \0\n", NO_YAML),
        ("version.yaml", f"%YAML 1.{'1' * 5000}\n--- a\n", NO_YAML),
        ("no.har", '{"log": {"entr', ENDS_EARLY),
        ("brackets.har", '{"log": {"entries": [', ENDS_EARLY),
        ("word.har", '{"log": nothing}', NO_JSON),
        ("text.har", f'{{"log": "{"[" * 100}\\"", no}}', NO_JSON),
        ("text.yaml", "just text", "it is not a VCR cassette"),
        ("ancient.yaml", "- request: 1", "vcrpy before 1.0"),
        ("none.yaml", "interactions: []", "it has no interactions"),
        ("none.har", '{"log": {"entries": []}}', "it has no entries"),
        ("cut.yaml", "interactions:\n- request: {uri: x}\n", "interaction 1 lacks `response`"),
        ("binary.yaml", b"\x1f\x8b\x08\xff", "not UTF-8 text"),
        ("nested.yaml", NESTED, "nested more than 64 levels deep"),
        ("closed.yaml", f"{NESTED}{']' * 100_000}", "nested more than 64 levels deep"),
        ("mappings.yaml", "{a: " * 100_000, "nested more than 64 levels deep"),
        ("lines.yaml", "- " * 65 + "a\n", "nested more than 64 levels deep"),
        ("64.yaml", "[" * 64 + "]" * 64, "it is a list"),
        ("nested.har", "[" * 100_000, "nested more than 64 levels deep"),
        ("merge.yaml", "a: &a {x: 1}\nb: {<<: *a}", "it has merge keys"),
        ("tag.yaml", "!!python/object/apply:os.getcwd []", f"{TAG}!!python/object/apply:os.getcwd"),
        ("own_tag.yaml", "a: !mine b", f"{TAG}!mine"),
        ("folder", "/", "a folder or a device"),
        ("status.yaml", "interactions: [{request: {uri: /v1/models}, response: {}}]", "no status"),
        ("url.yaml", "interactions: [{request: {uri: 'http://['}, response: {}}]", "URL of"),
        (
            "b64.yaml",
            "interactions: [{request: {uri: /v1/models}, response: {status: 200,"
            " body: {base64_string: a}}}]",
            "marked as base64 and is not base64",
        ),
    ],
)
def test_a_bad_file_gets_one_clear_message(
    tmp_path: Path, name: str, content: str | bytes | None, why: str
) -> None:
    path = tmp_path / name
    if content == "/":
        path.mkdir()
    elif content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(CassetteError) as caught:
        load(path)
    message = str(caught.value)
    assert message.startswith(f"the cassette {path} cannot be used: ")
    assert why in message
    assert "\n" not in message
    assert len(message) < 700


@pytest.mark.parametrize("value", [
    "!!binary YQ==", "!!python/unicode a", "!!python/tuple [a]", "! a", "2025-07-30",
    "!!python/object/new:_io.BytesIO {state: [a]}",
    "!!python/object/apply:builtins.iter {args: [[a]]}",
])  # fmt: skip
def test_tags_that_recorders_write_are_read(tmp_path: Path, value: str) -> None:
    path = saved(tmp_path, vcrpy(LIST))
    path.write_text(f"{path.read_text()}more: {value}\n")
    assert load(path).responses


def test_a_parser_may_allow_less_nesting_than_we_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parse = yaml.parse

    def bounded(text: str, **how: Any) -> Any:
        if text.count("[") > 100:
            raise yaml.MarkedYAMLError(problem_mark=yaml.Mark("", 100, 0, 100, "", 0))
        return parse(text, **how)

    monkeypatch.setattr(yaml, "parse", bounded)
    (tmp_path / "a.yaml").write_text("[" * 1000 + "]" * 1000)
    with pytest.raises(CassetteError, match="nested more than 64 levels deep"):
        load(tmp_path / "a.yaml")


@pytest.mark.usefixtures("parser")
def test_no_piece_of_the_file_is_shown(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("authorization: Bearer geheim: x\n")
    with pytest.raises(CassetteError, match="line 1") as caught:
        load(tmp_path / "a.yaml")
    assert "geheim" not in str(caught.value)


WORDS = [
    "log",
    "entries",
    "interactions",
    "http_interactions",
    "request",
    "response",
    "uri",
    "url",
    "method",
    "headers",
    "body",
    "string",
    "base64_string",
    "status",
    "code",
    "status_code",
    "content",
    "text",
    "encoding",
    "size",
    "name",
    "value",
    "recorded_at",
    "startedDateTime",
    "metadata",
    "models_contract",
    "GET",
    "base64",
    "gzip",
    "content-encoding",
    "anthropic-beta",
    "x-models-contract-again",
    "http://[",
    "http://x/v1/models",
    "200",
    "2025-01-01",
]
SCALARS = st.one_of(
    st.sampled_from(WORDS), st.none(), st.booleans(), st.integers(), st.floats(), st.text()
)
TREES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=5)
    ),
    max_leaves=30,
)


def either_read_or_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with suppress(CassetteError, NotRecorded):
        [*map(load(path).response, load(path).responses)]


@pytest.mark.slow
@settings(suppress_health_check=[*HealthCheck], deadline=None)
@given(request=TREES, response=TREES, outer=TREES, har=st.booleans())
def test_any_parsed_data_is_read_or_refused(
    tmp_path: Path, request: Any, response: Any, outer: Any, har: bool
) -> None:
    asked = {"url": LIST, "method": "GET", **(request if isinstance(request, dict) else {})}
    entry = {"request": asked, "response": response, "recorded_at": request}
    for data in (
        outer,
        {"interactions": [entry], "metadata": outer},
        {"log": {"entries": [entry]}},
    ):
        content = json.dumps(data).encode()
        either_read_or_refused(tmp_path / ("any.har" if har else "any.yaml"), content)


@settings(suppress_health_check=[*HealthCheck], deadline=None)
@given(at=st.integers(0, 400), noise=st.binary(max_size=4), cut=st.booleans())
def test_a_damaged_file_is_read_or_refused(
    tmp_path: Path, at: int, noise: bytes, cut: bool
) -> None:
    for name, data in (("a.yaml", RUBY), ("a.har", HAR), ("b.yaml", vcrpy(LIST))):
        whole = saved(tmp_path, data, name).read_bytes()
        rest = b"" if cut else whole[at + len(noise) :]
        either_read_or_refused(tmp_path / name, whole[:at] + noise + rest)


def test_tags_run_no_code(tmp_path: Path) -> None:
    trap, path = tmp_path / "trap", tmp_path / "cassette.yaml"
    path.write_text(f"a: !!python/object/apply:os.mkdir ['{trap}']")
    with pytest.raises(CassetteError):
        load(path)
    assert not trap.exists()


def test_a_file_without_permission_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refused)
    with pytest.raises(CassetteError, match=r"Permission denied.*check its permissions"):
        load(saved(tmp_path, vcrpy(LIST)))


def test_a_file_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.yaml"
    path.touch()
    os.truncate(path, cassettes.LARGEST_FILE + 1)
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("it was read"))
    with pytest.raises(CassetteError, match="33,554,433 bytes are more than the 33,554,432"):
        load(path)


def test_a_cassette_of_another_api_says_what_it_has(tmp_path: Path) -> None:
    path = saved(tmp_path, vcrpy("https://user:pw@api.example.com/v1/messages"))
    with pytest.raises(CassetteError) as caught:
        load(path)
    assert "only GET https://api.example.com/v1/messages" in str(caught.value)


def test_the_lists_of_two_unknown_servers_are_not_mixed(tmp_path: Path) -> None:
    path = saved(tmp_path, vcrpy("http://a.example/v1/models", "http://b.example/v1/models"))
    with pytest.raises(CassetteError, match=r"keep one: http://a\.example, http://b\.example"):
        load(path)
