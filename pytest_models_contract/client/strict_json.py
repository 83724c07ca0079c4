"""JSON as RFC 8259 defines it, which is stricter than Python's reader, within bounds on its size."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

from pytest_models_contract.client.gc_pause import no_collecting
from pytest_models_contract.client.pool import Kept, Pool

DEEPEST = 100
"""How deep arrays and objects may be nested; deeper ones exceed Python's recursion limit somewhere."""
MOST_DIGITS = 400
"""How long an integer may be; the largest that a double holds has 309 digits."""
MOST_VALUES = 300_000
"""How many values a body may hold: a page of 1000 models has less than a third of it."""
NOT_JSON = "not JSON"
"""How the problem of a text begins that cannot be read at all."""

_TOO_DEEP = Kept(None, depth=DEEPEST)
_SPACE = b" \t\n\r"
_ZEROS = bytes.maketrans(b"123456789", b"0" * 9)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def read_json(body: bytes, pool: Pool | None = None) -> tuple[Any, str]:
    """Return (value, problem): the value as far as it can be read, and why it is not strict JSON.

    The problem is the empty string for strict JSON. Objects that equal one in the `pool` are replaced
    by it. Never raises, whatever the bytes. The value holds no half of a surrogate pair, and recursion
    through it is safe.
    """
    problems: list[str] = []
    text = _text(body, problems)
    if not text.strip():
        return None, problems[0] if problems else "an empty body"
    if _values(body) > MOST_VALUES:
        return None, f"more than {MOST_VALUES:,} values in one body, too many to check"
    value = _pooled(text, body.translate(_ZEROS, _SPACE), problems, pool or Pool())
    if "\\u" in text and _SURROGATE.search(text):
        value = _without_half_pairs(value, problems)
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
    """An upper bound of the number of values, counted before any is built."""
    return sum(map(body.count, (b",", b"[", b"{")))


def _pooled(text: str, squeezed: bytes, problems: list[str], pool: Pool) -> Any:
    """The value from the pool; None where the text is not JSON, or is nested too deep.

    `squeezed` is the text without white space and with 0 for each digit, for quick searches.
    """
    found: list[str] = []
    strictly = b"0" * (MOST_DIGITS + 1) in squeezed
    try:
        with no_collecting():
            kept = pool.keep(_parsed(text, found, strictly=strictly))
        if kept.members != squeezed.count(b'":'):
            # A key comes twice, or a string looks like one more key: the slow parser decides.
            found.clear()
            _parsed(text, found, strictly=True)
    except json.JSONDecodeError as error:
        problems += [*found, f"{NOT_JSON}: {error}"[:200]]
        return None
    except (RecursionError, ValueError):
        kept = _TOO_DEEP
    problems += found
    if kept.depth < DEEPEST:
        return kept.value
    problems.append(f"nested more than {DEEPEST} deep")
    return None


def _parsed(text: str, problems: list[str], *, strictly: bool) -> Any:
    """The value; if `strictly`, `problems` also names long numbers and keys that come twice."""

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

    hooks: dict[str, Any] = {"parse_int": integer, "object_pairs_hook": members} if strictly else {}
    return json.loads(text, parse_constant=constant, **hooks)


def _without_half_pairs(value: Any, problems: list[str]) -> Any:
    """The value with a question mark for each half of a surrogate pair, which cannot be encoded."""
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        problems.append("half of a surrogate pair in a string, which is not a character")
        return json.loads(text.encode("utf-8", "replace"))
    return value
