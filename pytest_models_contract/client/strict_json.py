"""JSON as RFC 8259 has it, which is stricter than Python's reader; and no more than can be borne."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

from pytest_models_contract.client.gc_pause import no_collecting
from pytest_models_contract.client.pool import Kept, Pool

DEEPEST = 100
"""How deep arrays and objects may stand in each other: further down, whoever looks at them fails."""
MOST_DIGITS = 400
"""How long an integer may be; the largest that a double holds has 309 digits."""
MOST_VALUES = 300_000
"""How many values a body may hold: a page of 1000 models has less than a third of it."""

_TOO_DEEP = Kept(None, depth=DEEPEST)
_SPACE = b" \t\n\r"
_NOUGHTS = bytes.maketrans(b"123456789", b"0" * 9)
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
    if _values(body) > MOST_VALUES:
        return None, f"more than {MOST_VALUES:,} values in one body, too many to look at"
    value = _pooled(text, body.translate(_NOUGHTS, _SPACE), problems, pool or Pool())
    if "\\u" in text and _SURROGATE.search(text):
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


def _values(body: bytes) -> int:
    """At least as many as there are, counted before any is built."""
    return sum(map(body.count, (b",", b"[", b"{")))


def _pooled(text: str, squeezed: bytes, problems: list[str], pool: Pool) -> Any:
    """The value out of the pool; None where the text is no JSON, or too deep for those who look at it.

    `squeezed` is the text without white space, each digit a nought: what is odd shows there at once.
    """
    found: list[str] = []
    closely = b"0" * (MOST_DIGITS + 1) in squeezed
    try:
        with no_collecting():
            kept = pool.keep(_parsed(text, found, closely=closely))
        if kept.members != squeezed.count(b'":'):
            # A key stands twice, or something looks like one more key: slow, but it tells.
            found.clear()
            _parsed(text, found, closely=True)
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


def _parsed(text: str, problems: list[str], *, closely: bool) -> Any:
    """The value; looked at closely, long numbers and keys that stand twice are named."""

    def constant(name: str) -> float:
        problems.append(f"{name}, which is not JSON")
        return float(name)

    def integer(digits: str) -> int:
        if (length := len(digits.lstrip("-"))) > MOST_DIGITS:
            problems.append(f"a number of {length:,} digits")
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

    hooks: dict[str, Any] = {"parse_int": integer, "object_pairs_hook": members} if closely else {}
    return json.loads(text, parse_constant=constant, **hooks)


def _whole(value: Any, problems: list[str]) -> Any:
    """The value with a question mark for each half of a surrogate pair, which no one could write."""
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        problems.append("half of a surrogate pair in a string, which is no character")
        return json.loads(text.encode("utf-8", "replace"))
    return value
