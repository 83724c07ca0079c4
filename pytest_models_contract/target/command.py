"""The command that starts a server: split like a shell line, its placeholders and its environment."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass

from pytest_models_contract.client.redact import HIDDEN, SHORT

PLACEHOLDERS = ("port", "upstream", "upstream_key", "api_key")
VARIABLES = {
    "port": "MODELS_CONTRACT_PORT",
    "upstream": "MODELS_CONTRACT_UPSTREAM_URL",
    "upstream_key": "MODELS_CONTRACT_UPSTREAM_KEY",
    "api_key": "MODELS_CONTRACT_API_KEY",
    "second_key": "MODELS_CONTRACT_SECOND_KEY",
}
"""Under which variable of the environment the server finds each value."""
ESCAPE = "" if os.name == "nt" else "\\"
"""On Windows a backslash separates the parts of a path."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")

_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)
_SECRET_NAME = re.compile(r"KEY|TOKEN|SECRET|PASSW|CREDENTIAL", re.IGNORECASE)


@dataclass(frozen=True)
class Command:
    """A command line: the variables that its leading `NAME=value` words set, and the other words."""

    variables: Mapping[str, str]
    words: tuple[str, ...]

    @property
    def program(self) -> str:
        """The word that names the program."""
        return self.words[0]

    @property
    def shown(self) -> str:
        """The command line without the values of variables that are named like secrets."""
        variables = (f"{name}={_shown(name, value)}" for name, value in self.variables.items())
        return " ".join([*variables, *map(_quoted, self.words)])

    def names(self, placeholder: str) -> bool:
        """Whether the placeholder stands anywhere in it."""
        mark = f"{{{placeholder}}}"
        return any(mark in text for text in (*self.words, *self.variables.values()))

    def filled(self, values: Mapping[str, str]) -> Command:
        """The command with the values in place of their placeholders; other braces stay."""
        variables = {name: fill(text, values) for name, text in self.variables.items()}
        return Command(variables, tuple(fill(word, values) for word in self.words))


def parse(text: str, escape: str = ESCAPE) -> Command:
    """Split a command line as a POSIX shell would, without running one.

    `escape` is what takes the meaning from the next character, empty for none.
    ValueError: a quotation is left open, or there is no program.
    """
    lexer = shlex.shlex(text, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.commenters, lexer.escape = True, "", escape
    words = list(lexer)
    variables: dict[str, str] = {}
    while words and (assignment := _ASSIGNMENT.fullmatch(words[0])):
        variables[assignment[1]] = assignment[2]
        words.pop(0)
    if not words:
        raise ValueError("it names no program")
    return Command(variables, tuple(words))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with the values in place of their placeholders, such as `{port}`."""
    for name in PLACEHOLDERS:
        if name in values:
            text = text.replace(f"{{{name}}}", values[name])
    return text


def variables(values: Mapping[str, str]) -> dict[str, str]:
    """The variables under which a server finds the values."""
    return {VARIABLES[name]: value for name, value in values.items()}


def environment(
    inherited: Mapping[str, str], values: Mapping[str, str], command: Command
) -> dict[str, str]:
    """What the command inherits, the values, and its own variables; loopback is asked without a proxy."""
    found = {**inherited, **variables(values), **command.variables}
    for name, other in (("NO_PROXY", "no_proxy"), ("no_proxy", "NO_PROXY")):
        found[name] = _with_loopback(found.get(name) or found.get(other) or "")
    return found


def secrets_of(environment: Mapping[str, str]) -> list[str]:
    """The values of those variables that are named like secrets; short ones are switches, not secrets."""
    return [
        value
        for name, value in environment.items()
        if len(value) >= SHORT and _SECRET_NAME.search(name)
    ]


def _with_loopback(no_proxy: str) -> str:
    hosts = [host.strip() for host in no_proxy.split(",") if host.strip()]
    if hosts == ["*"]:
        return "*"  # beside other names it would be one
    return ",".join([*hosts, *(host for host in LOOPBACK if host not in hosts)])


def _shown(name: str, value: str) -> str:
    is_placeholder = value.startswith("{") and value[1:-1] in PLACEHOLDERS
    return HIDDEN if _SECRET_NAME.search(name) and not is_placeholder else _quoted(value)


def _quoted(word: str) -> str:
    """The word for a shell; placeholders need no quotation."""
    return word if re.fullmatch(r"[\w@%+=:,./{}-]+", word) else shlex.quote(word)
