"""Reads the installed SDK of a language in a process of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pytest_models_contract.cli.sdk.facts import Facts, Presence, of_sdk

MISSING = 3
"""The exit status of a reader when a package is missing."""
DEADLINE = 120
"""The longest time that a reader may take, in seconds."""


class SdkError(Exception):
    """The SDK cannot be read; the text says what to install."""


class Language(NamedTuple):
    """How the SDK of a language is read, and what its types do not show."""

    title: str
    package: str
    page: str
    program: str
    script: str
    install: str
    presence: Presence
    coarse: Mapping[str, str]
    hidden: str


class Sdk(NamedTuple):
    """An installed SDK and what it says of the Models API."""

    language: Language
    version: str
    facts: Facts

    def __str__(self) -> str:
        return f"{self.language.package} {self.version}"


LANGUAGES: Mapping[str, Language] = {
    "python": Language(
        title="Python",
        package="anthropic",
        page="https://github.com/anthropics/anthropic-sdk-python",
        program=sys.executable,
        script="read_python.py",
        install="pip install anthropic",
        # pydantic gives a nullable field a default, so null and absent are the same to it.
        presence=lambda required, nullable: None if nullable else required,
        coarse={},
        hidden="whether a field that may be null is always present",
    ),
    "typescript": Language(
        title="TypeScript",
        package="@anthropic-ai/sdk",
        page="https://github.com/anthropics/anthropic-sdk-typescript",
        program="node",
        script="read_typescript.cjs",
        install="npm install @anthropic-ai/sdk typescript@6",
        presence=lambda required, _: required,
        coarse={"integer": "number", "date-time": "string"},
        hidden="integers (a `number`) and date-times (a `string`)",
    ),
}
HIDDEN_BY_ALL = (
    "the bounds and the default of `limit`, the number of values of `lifecycle[]`, the order of the list, the"
    " envelope (one type for many lists), empty strings and negative numbers, errors"
)


def read(name: str) -> Sdk:
    """The installed SDK of the language. Raises `SdkError`, which says what is missing."""
    language = LANGUAGES[name]
    program = shutil.which(language.program)
    if program is None:
        raise SdkError(f"node is not on the PATH: the {language.title} SDK is read by Node.js")
    printed = _printed([program, str(Path(__file__).with_name(language.script))], language)
    return Sdk(language, printed["version"], of_sdk(printed, language.presence))


def _printed(command: list[str], language: Language) -> dict[str, Any]:
    try:
        done = subprocess.run(  # noqa: S603 - our own script
            command, capture_output=True, text=True, encoding="utf-8", timeout=DEADLINE
        )
    except subprocess.TimeoutExpired:
        raise SdkError(f"reading {language.package} took longer than {DEADLINE} s") from None
    if done.returncode == MISSING:
        raise SdkError(f"{done.stderr.strip()}\n  {language.install}")
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no message"]
        # Python ends a traceback with the error. Node writes it in between.
        error = next((line for line in lines if line.startswith("Error: ")), lines[-1])
        raise SdkError(f"{language.package} cannot be read: {error}")
    printed: dict[str, Any] = json.loads(done.stdout)
    return printed
