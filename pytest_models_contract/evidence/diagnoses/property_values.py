"""Properties with a wrong value: of another type, null, a date in another format."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from pytest_models_contract.client.exchange import Finding
from pytest_models_contract.client.redact import visible
from pytest_models_contract.evidence.diagnoses.causes import Cause, Follows
from pytest_models_contract.evidence.diagnoses.counting import grouped, quoted
from pytest_models_contract.evidence.diagnoses.dates import date_format
from pytest_models_contract.evidence.diagnoses.observed import Observed, either
from pytest_models_contract.evidence.diagnoses.wrong_properties import (
    Wrong,
    are,
    count,
    model_of,
    of_checks,
    value_of,
    wrong_properties,
)
from pytest_models_contract.evidence.wording import is_absent
from pytest_models_contract.spec.revision import Property

NOT_EMPTY = "model_info/display_name_is_not_empty"
_KINDS: dict[type, str] = {
    bool: "a boolean",
    str: "a string",
    list: "an array",
    dict: "an object",
    type(None): "null",
}


class Kind(NamedTuple):
    """What a wrong value is, and what was expected; the latter is empty where the former says it."""

    what: str
    expected: str


def wrong_values(seen: Observed) -> Iterator[Cause]:
    """Values that are wrong in one way, in several properties, are one cause."""
    pairs = [
        (wrong.prop, own)
        for wrong in wrong_properties(seen)
        for own in wrong.findings
        if not is_absent(own.seen)
    ]
    for kind, found in grouped(pairs, lambda pair: _kind(*pair)).items():
        by_path = grouped(found, lambda pair: pair[0].path)
        alike = [Wrong(own[0][0], [finding for _, finding in own]) for own in by_path.values()]
        yield _cause(kind, alike, seen)


def empty_names(seen: Observed) -> Iterator[Cause]:
    """Names for people that show them nothing."""
    found = [own for _, own in seen.findings(NOT_EMPTY)]
    if found:
        names = list(dict.fromkeys(map(model_of, found)))
        title = f"`display_name` is empty: {count(names, seen)}"
        hint = "clients show it to people: put the id there where there is no other name"
        yield Cause("empty names", title, lambda check, _: check == NOT_EMPTY, hint)


def _kind(prop: Property, found: Finding) -> Kind:
    holder = prop.holder(value_of(found)) or {}
    value = holder.get(prop.name)
    dated = prop.demands.get("format") == "date-time"
    if dated and (form := date_format(value)):
        return Kind(form, "")
    if isinstance(value, dict):  # each object is wrong in a way of its own
        return Kind("an object", f"{prop.path}: {found.expected}")
    return Kind(_KINDS.get(type(value), "a number"), "" if value is None else found.expected)


def _cause(kind: Kind, alike: Sequence[Wrong], seen: Observed) -> Cause:
    paths = [wrong.prop.path for wrong in alike]
    findings = [own for wrong in alike for own in wrong.findings]
    names = list(dict.fromkeys(name for wrong in alike for name in wrong.models))
    title = f"{quoted(paths)} {_says(kind, paths, findings)}: {count(names, seen)}"
    follows = either(of_checks(paths, findings), *map(_staged, alike), partial(_unusable, paths))
    return Cause(f"value {kind.what} {kind.expected}", title, follows)


def _says(kind: Kind, paths: Sequence[str], findings: Sequence[Finding]) -> str:
    """What the values are, in words that go on after the properties."""
    verb, what = are(paths), kind.what if len(paths) == 1 else plural(kind.what)
    if what == "null":
        return f"{verb} null, which {'it' if verb == 'is' else 'they'} may not be"
    values = _values(findings)
    if not kind.expected:
        return f"{verb} {what}: {values}"
    return f"{verb} {what}, {values}, expected {visible(findings[0].expected, 80)}"


def _values(findings: Sequence[Finding]) -> str:
    """The first of the values."""
    values = list(dict.fromkeys(own.seen for own in findings))
    if len(values) > 2:
        return f"{visible(values[0], 60)} and {len(values) - 1} others"
    return " or ".join(visible(value, 60) for value in values)


def plural(kind: str) -> str:
    """
    >>> plural("a string"), plural("an empty string"), plural("a date without a time"), plural("null")
    ('strings', 'empty strings', 'dates without a time', 'null')
    """
    article, _, words = kind.partition(" ")
    noun = re.match(r"(empty )?[\w-]+", words)
    if article not in {"a", "an"} or noun is None:
        return kind
    return f"{noun[0]}s{words[noun.end() :]}"


def _unusable(paths: Sequence[str], check: str, found: Finding) -> bool:
    """A client reads the same property in vain."""
    return check.startswith("clients/") and found.where.rpartition("/")[2] in paths


def _staged(wrong: Wrong) -> Follows:
    """A stage that does not exist puts the model into no filtered list."""
    names = set(wrong.models) if wrong.prop.path == "lifecycle" else set()
    return lambda check, found: check.startswith("lifecycle/") and found.where in names
