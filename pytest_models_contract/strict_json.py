"""JSON as RFC 8259 has it, which is stricter than Python's reader."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any


def read_json(body: bytes) -> tuple[Any, str]:
    """Return (value, problem): the value as far as it can be read, and why it is not strict JSON.

    The problem is the empty string for strict JSON. Never raises, whatever the bytes.
    """
    problems: list[str] = []
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        problems.append(f"not UTF-8: byte 0x{body[error.start]:02x} at offset {error.start}")
        text = body.decode("utf-8", "replace")
    if text.startswith("\ufeff"):
        problems.append("a byte order mark before the JSON")
        text = text[1:]
    if not text.strip():
        return None, "an empty body"
    value = _parse(text, problems)
    if "\\u" in text and not problems and _has_lone_surrogate(value):
        problems.append("half of a surrogate pair in a string, which is no character")
    return value, problems[0] if problems else ""


def _parse(text: str, problems: list[str]) -> Any:
    def constant(name: str) -> float:
        problems.append(f"{name}, which is not JSON")
        return float(name)

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            counts = Counter(key for key, _ in pairs)
            twice = next(key for key, count in counts.items() if count > 1)
            problems.append(f"the key {json.dumps(twice)[:80]} twice in one object")
        return found

    try:
        return json.loads(text, parse_constant=constant, object_pairs_hook=members)
    except RecursionError:
        problems.append("nested too deep to be read")
    except ValueError as error:
        problems.append(f"not JSON: {error}"[:200])
    return None


def _has_lone_surrogate(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    except RecursionError:
        return False
    return False
