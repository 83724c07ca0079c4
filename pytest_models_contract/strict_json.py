"""JSON as RFC 8259 has it, which is stricter than Python's reader; and no more than can be borne."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

from pytest_models_contract.pool import Kept, Pool

DEEPEST = 100
"""How deep arrays and objects may stand in each other: further down, whoever looks at them fails."""
MOST_DIGITS = 400
"""How long an integer may be; the largest that a double holds has 309 digits."""
MOST_VALUES = 300_000
"""How many values a body may hold: a page of 1000 models has less than a third of it."""

_TOO_DEEP = Kept(None, depth=DEEPEST)
_SPACED_KEY = re.compile(r'"[ \t\n\r]+:')
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def read_json(body: bytes, pool: Pool | None = None) -> tuple[Any, str]:
    """Return (value, problem): the value as far as it can be read, and why it is not strict JSON.

    The problem is the empty string for strict JSON. Objects that equal one in the `pool` are that
    one. Never raises, whatever the bytes; the value holds no half characters and can be looked
    through to its ground.
    """
    problems: list[str] = []
    text = _text(body, problems)
    if not text.strip():
        return None, problems[0] if problems else "an empty body"
    if _values(text) > MOST_VALUES:
        return None, f"more than {MOST_VALUES:,} values in one body, too many to look at"
    value = _pooled(text, problems, pool or Pool())
    if _SURROGATE.search(text):
        value = _whole(value, problems)
    return value, problems[0] if problems else ""


def _text(body: bytes, problems: list[str]) -> str:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        problems.append(f"not UTF-8: byte 0x{body[error.start]:02x} at offset {error.start}")
        text = body.decode("utf-8", "replace")
    if text.startswith("\ufeff"):
        problems.append("a byte order mark before the JSON")
        text = text[1:]
    return text


def _values(text: str) -> int:
    """At least as many as there are, counted before any is built."""
    return sum(map(text.count, ",[{"))


def _pooled(text: str, problems: list[str], pool: Pool) -> Any:
    """The value out of the pool; None where the text is no JSON, or too deep for those who look at it."""
    found: list[str] = []
    try:
        kept = pool.keep(_parsed(text, found))
        if kept.members != text.count('":') or _SPACED_KEY.search(text):
            # A key stands twice, or something looks like one more key: slow, but it tells.
            found.clear()
            _parsed(text, found, twice=True)
    except json.JSONDecodeError as error:
        problems += [*found, f"not JSON: {error}"[:200]]
        return None
    except (RecursionError, ValueError):
        kept = _TOO_DEEP
    problems += found
    if kept.depth < DEEPEST:
        return kept.value
    problems.append(f"nested more than {DEEPEST} deep")
    return None


def _parsed(text: str, problems: list[str], *, twice: bool = False) -> Any:
    """The value; `twice` has keys named that an object holds twice, of which the last one counts."""

    def constant(name: str) -> float:
        problems.append(f"{name}, which is not JSON")
        return float(name)

    def integer(digits: str) -> int:
        if len(digits) > MOST_DIGITS:
            problems.append(f"a number of {len(digits):,} digits")
            return 0
        return int(digits)

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        counts = Counter(key for key, _ in pairs)
        problems.extend(
            f"the key {json.dumps(key)[:80]} twice in one object"
            for key, count in counts.items()
            if count > 1
        )
        return dict(pairs)

    return json.loads(
        text,
        parse_constant=constant,
        parse_int=integer,
        object_pairs_hook=members if twice else None,
    )


def _whole(value: Any, problems: list[str]) -> Any:
    """The value with a question mark for each half of a surrogate pair, which no one could write."""
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        problems.append("half of a surrogate pair in a string, which is no character")
        return json.loads(text.encode("utf-8", "replace"))
    return value
