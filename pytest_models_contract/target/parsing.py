"""Parsing the text of a recording, and saying what is wrong with it.

The problem is looked for in the text itself: parsers differ by version in their messages and in their
limits of nesting. The parser's message is quoted only where nothing is found.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import Any

import yaml

from pytest_models_contract.client.redact import visible
from pytest_models_contract.target.interaction import CassetteError

DEEPEST = 64
"""How deep arrays and objects may be nested. Much deeper ones crash the C parser of YAML."""

_TOO_DEEP = f"it is nested more than {DEEPEST} levels deep; no cassette is"
_ENDS_EARLY = (
    "it ends in the middle: the file is cut short, or a quote or bracket in it is never closed;"
    " record or save it again"
)
_JSON_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)
_NESTS = {"[": 1, "{": 1, "]": -1, "}": -1}
_YAML = "tag:yaml.org,2002:"
_NAMES = """null bool int float str binary timestamp seq map omap pairs set python/str python/unicode
    python/tuple python/object/new:_io.BytesIO python/object/apply:builtins.iter"""
_TAGS = {"!", *(_YAML + name for name in _NAMES.split())}
"""The tags of YAML itself, and those that vcrpy has written and reads without running code."""


def parse_json(text: str) -> Any:
    """The value of a JSON text. Raises `CassetteError` where it is not JSON, or is nested too deep."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        why = f"it cannot be read as JSON: {_shown(error)}"
        raise CassetteError(_ENDS_EARLY if _left_open(text) > 0 else why) from None


def forbid_traps(text: str) -> None:
    """Raise `CassetteError` for what is not YAML, or is dangerous to load even with a safe loader.

    Deep nesting crashes the C parser, merge keys can multiply without end, and tags can name code to
    run. Reading the events of the parser, as here, is safe.
    """
    try:
        _look_for_traps(text)
    except CassetteError:
        raise
    except Exception as error:  # the parsers let any exception over a bad escape or version through
        raise CassetteError(_why_refused(text, error)) from None


def unreadable(text: str, error: Exception) -> str:
    """The message that a text cannot be read as YAML, with the message of the parser."""
    # Every recorder of YAML ends its files with a line break.
    cut = (
        "" if text.endswith("\n") else "; the file does not end with a line break: is it cut short?"
    )
    return f"it cannot be read as YAML: {_shown(error)}{cut}"


def _left_open(text: str) -> int:
    """How many brackets of a JSON text are never closed; a string without an end hides the rest."""
    depth = 0
    for token in _JSON_TOKEN.finditer(text):
        depth += _NESTS.get(text[token.start()], 0)
        if depth > DEEPEST:
            raise CassetteError(_TOO_DEEP)
    return depth


def _look_for_traps(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise CassetteError(_TOO_DEEP)
        if isinstance(event, yaml.ScalarEvent) and event.value == "<<" and event.implicit[0]:
            raise CassetteError(
                "it has merge keys (`<<`), which no recorder writes; replace them by the full mappings"
            )
        tag = getattr(event, "tag", None) or "!"
        if tag not in _TAGS:
            shown = visible(tag.replace(_YAML, "!!"))
            raise CassetteError(f"it has tags that are not read, for safety: {shown}")


def _why_refused(text: str, error: Exception) -> str:
    """What is wrong with a text that the YAML parser refused, by the place where it stopped."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return unreadable(text, error)
    with suppress(yaml.YAMLError):
        # The parser reads ahead and may refuse deep nesting before its events come.
        _look_for_traps(text[: mark.index])
    return _ENDS_EARLY if mark.index >= len(text.rstrip()) else unreadable(text, error)


def _shown(error: Exception) -> str:
    """The message of the parser and the line, without the piece of the file that it may quote."""
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or error
    return visible(" ".join(f"{problem}{f' in line {mark.line + 1}' if mark else ''}".split()), 200)
