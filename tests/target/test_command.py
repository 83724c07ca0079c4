"""The command line of a server: its words, its placeholders, its variables and its environment."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from pytest_models_contract.target import command
from pytest_models_contract.target.command import environment, parse

VALUES = {
    "port": "4000",
    "upstream": "http://127.0.0.1:9",
    "upstream_key": "sk-u",
    "api_key": "sk-c",
}


@pytest.mark.parametrize(
    ("text", "variables", "words"),
    [
        ("gateway --port {port}", {}, ("gateway", "--port", "{port}")),
        (
            "A=1 B='two words' C= gateway D=4",
            {"A": "1", "B": "two words", "C": ""},
            ("gateway", "D=4"),
        ),
        ('"my gateway" "{upstream}/v1" a\\ b', {}, ("my gateway", "{upstream}/v1", "a b")),
        (
            "sh -c 'echo $HOME | cat > x && y; # z'",
            {},
            ("sh", "-c", "echo $HOME | cat > x && y; # z"),
        ),
        ("gateway a|b >c #d", {}, ("gateway", "a|b", ">c", "#d")),
        ("1A=2 gateway", {}, ("1A=2", "gateway")),
    ],
)
def test_a_line_is_split_as_a_shell_splits_it_and_no_shell_runs(
    text: str, variables: Mapping[str, str], words: tuple[str, ...]
) -> None:
    found = parse(text)
    assert (found.variables, found.words, found.program) == (variables, words, words[0])


@pytest.mark.parametrize("text", ["", "A=1", "gateway 'open", 'gateway "open'])
def test_what_is_no_command_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"No closing quotation|it names no program"):
        parse(text)


def test_placeholders_are_filled_in_words_and_variables_and_other_braces_stay() -> None:
    text = (
        """BASE={upstream}/x gateway --port={port} -k {upstream_key},{api_key} '{"a": {}}' {prot}"""
    )
    found = parse(text).filled(VALUES)
    assert found.variables == {"BASE": "http://127.0.0.1:9/x"}
    assert found.words == (
        *("gateway", "--port=4000", "-k", "sk-u,sk-c"),
        *('{"a": {}}', "{prot}"),
    )
    assert parse(text).names("port")
    assert parse(text).names("upstream")
    assert not parse("gateway {api_key}").names("port")


def test_the_environment_has_the_values_and_the_variables_of_the_line() -> None:
    values = {**VALUES, "second_key": "sk-2"}
    found = environment({"HOME": "/h", "A": "0"}, values, parse("A=1 gateway"))
    assert found.pop("NO_PROXY") == found.pop("no_proxy") == "127.0.0.1,localhost,::1"
    assert found == {
        "HOME": "/h",
        "A": "1",
        "MODELS_CONTRACT_PORT": "4000",
        "MODELS_CONTRACT_UPSTREAM_URL": "http://127.0.0.1:9",
        "MODELS_CONTRACT_UPSTREAM_KEY": "sk-u",
        "MODELS_CONTRACT_API_KEY": "sk-c",
        "MODELS_CONTRACT_SECOND_KEY": "sk-2",
    }


@pytest.mark.parametrize(
    ("given", "upper", "lower"),
    [
        ({"NO_PROXY": "a.test, localhost"}, *["a.test,localhost,127.0.0.1,::1"] * 2),
        ({"no_proxy": "a.test"}, *["a.test,127.0.0.1,localhost,::1"] * 2),
        (
            {"NO_PROXY": "a.test", "no_proxy": "b.test"},
            "a.test,127.0.0.1,localhost,::1",
            "b.test,127.0.0.1,localhost,::1",
        ),
        ({"NO_PROXY": "*"}, "*", "*"),
    ],
)
def test_loopback_is_asked_without_a_proxy(
    given: Mapping[str, str], upper: str, lower: str
) -> None:
    found = environment(given, {}, parse("gateway"))
    assert (found["NO_PROXY"], found["no_proxy"]) == (upper, lower)


def test_a_line_is_shown_without_the_values_of_secret_variables() -> None:
    text = (
        "OPENAI_API_KEY=sk-real UPSTREAM_KEY={upstream_key} MODE='a b' gateway --port {port} 'x y'"
    )
    assert parse(text).shown == (
        "OPENAI_API_KEY=*** UPSTREAM_KEY={upstream_key} MODE='a b' gateway --port {port} 'x y'"
    )


def test_secrets_are_known_by_the_names_of_their_variables() -> None:
    given = {
        "GITHUB_TOKEN": "ghp-123456",
        "USE_TOKEN": "yes",
        "DB_PASSWORD": "hunter2",
        "PATH": "/usr/bin",
    }
    assert command.secrets_of(given) == ["ghp-123456", "hunter2"]
