"""What is wrong with the file of a client profile: where, and what is allowed there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from math import isfinite
from typing import Any

from pytest_models_contract.client.redact import visible
from pytest_models_contract.spec import json_schema, shipped

_TABLE = re.compile(r"^[ \t]*\[\[[ \t]*request[ \t]*\]\]", re.MULTILINE)
_RANKS = {"additionalProperties": 0, "required": 2}
Wrong = Iterator[tuple[tuple[int, int], "ProfileError"]]
"""Errors, each with what it is sorted by: the request, then unknown keys before missing ones."""


class ProfileError(ValueError):
    """The file is no client profile; the text says where, and what is allowed there."""


@dataclass(frozen=True)
class File:
    """A file that is read: its name for messages, and its text."""

    name: str
    text: str

    def error(self, why: str, place: Sequence[str | int] = ()) -> ProfileError:
        """The error at a place such as `["request", 0, "deadline"]`."""
        number = place[1] if len(place) > 1 and isinstance(place[1], int) else None
        names = [step for step in place[2 if number is not None else 0 :] if isinstance(step, str)]
        line = self._line(number, names)
        which = [f"request {number + 1}"] if number is not None else []
        return ProfileError(
            ", ".join([self.name, *([f"line {line}"] if line else []), *which]) + f": {why}"
        )

    def _line(self, number: int | None, names: Sequence[str]) -> int:
        """The line of the last of these keys that is found below the table; 0 where none is."""
        tables = [match.start() for match in _TABLE.finditer(self.text)]
        inside = number is not None and number < len(tables)
        at = tables[number] if inside and number is not None else 0
        line = self.text.count("\n", 0, at) + 1 if inside else 0
        for name in names:
            key = re.compile(rf"(?<![\w-])[\"']?{re.escape(name)}[\"']?\s*[=\]]")
            if found := key.search(self.text, at):
                at = found.start()
                line = self.text.count("\n", 0, at) + 1
        return line


def wrong(file: File, data: Any) -> Wrong:
    """Every error in the data of a file."""
    for error in json_schema.validator(_schema()).iter_errors(data):
        place = list(error.absolute_path)
        why, key = _why(error)
        yield (_number(place), _RANKS.get(str(error.validator), 1)), file.error(why, [*place, *key])
    if isinstance(data.get("request"), list):
        for number, request in enumerate(data["request"]):
            if isinstance(request, dict):
                yield from _beyond_the_schema(file, number, request)


def _number(place: Sequence[Any]) -> int:
    return place[1] + 1 if len(place) > 1 and isinstance(place[1], int) else 0


def _beyond_the_schema(file: File, number: int, request: Mapping[str, Any]) -> Wrong:
    """Patterns that are none, a deadline without an end, and two keys of which one makes the other idle."""
    keeps = request.get("keeps")
    for pattern in _patterns(keeps):
        try:
            re.compile(pattern)
        except re.error as error:
            why = f"`pattern` is no regular expression: {error}"
            yield (number + 1, 1), file.error(why, ["request", number, "keeps", "pattern"])
    deadline = request.get("deadline")
    if isinstance(deadline, float) and not isfinite(deadline):
        why = f"`deadline` is {deadline}: give seconds above 0, such as 3"
        yield (number + 1, 1), file.error(why, ["request", number, "deadline"])
    if "status" in request and "breaks_at" in request:
        why = "give `status` or `breaks_at`, not both"
        yield (number + 1, 1), file.error(why, ["request", number, "breaks_at"])
    if request.get("method") == "HEAD":
        for key in ("present", "not_null", "keeps"):
            if key in request:
                why = f"the response to HEAD has no body: leave out `{key}`, or ask with GET"
                yield (number + 1, 1), file.error(why, ["request", number, key])


def _patterns(keeps: Any) -> Iterator[str]:
    for table in [keeps, keeps.get("earlier")] if isinstance(keeps, dict) else []:
        if isinstance(table, dict) and isinstance(table.get("pattern"), str):
            yield table["pattern"]


def _why(error: Any) -> tuple[str, list[str]]:
    """What is wrong, and the key that is."""
    own = error.schema.get("properties", {})
    if error.validator == "required":
        key = next(name for name in error.validator_value if name not in error.instance)
        return f"`{key}` is missing: give {own[key]['description']}", []
    if error.validator == "additionalProperties" and own:
        key = next(name for name in error.instance if name not in own)
        near = get_close_matches(key, own, n=1)
        meant = f"did you mean `{near[0]}`? " if near else ""
        return f"unknown key `{visible(key, 60)}`: {meant}The keys are {', '.join(own)}", [key]
    names = [step for step in error.absolute_path if isinstance(step, str)]
    at = f"`{visible(names[-1], 60)}` is " if names else ""
    return f"{at}{_shown(error.instance)}: give {error.schema['description']}", []


def _shown(value: Any) -> str:
    return visible(json.dumps(value, ensure_ascii=False, default=str), 60)


@cache
def _schema() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(
        shipped.folder("schemas").joinpath("profile.json").read_text("utf-8")
    )
    return found
