"""Known deviations: a TOML file of checks that are expected to be violated, and why."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pytest_models_contract.client.redact import visible

TODO = "TODO"
EXAMPLE = """\
[[deviation]]
check = "order/newest_first"
reason = "the gateway sorts by provider; tracked in #42"
expires = 2027-03-01  # optional"""


class DeviationError(ValueError):
    """The file cannot be used; the text says what to write instead."""


@dataclass(frozen=True)
class Deviation:
    """One check that is expected to be violated."""

    check: str
    reason: str
    expires: date | None = None

    @property
    def shown(self) -> str:
        """The reason, and the day on which it expires."""
        return f"{self.reason} (until {self.expires})" if self.expires else self.reason

    @property
    def unfinished(self) -> bool:
        """Whether the reason is still to fill in."""
        return self.reason.strip().startswith(TODO)

    def expired(self, today: date) -> bool:
        """Whether the date of expiry has passed."""
        return self.expires is not None and self.expires < today


def load(path: Path, *, unfinished: bool = False) -> dict[str, Deviation]:
    """The deviations of a file by check; reasons may be `unfinished`. Raises `DeviationError`."""
    from pytest_models_contract.client import toml_file

    _, data = toml_file.read(path, DeviationError, EXAMPLE)
    entries = data.get("deviation", [])
    if set(data) - {"deviation"} or not isinstance(entries, list):
        raise DeviationError(f"{path} may contain only [[deviation]] tables, such as\n{EXAMPLE}")
    found = [_deviation(path, entry) for entry in entries]
    for deviation in found:
        if deviation.unfinished and not unfinished:
            raise _needs_reason(path, deviation.check)
    checks = [deviation.check for deviation in found]
    if twice := next((check for check in checks if checks.count(check) > 1), None):
        raise DeviationError(f"{path}: {twice} is listed twice, delete one of the entries")
    return {deviation.check: deviation for deviation in found}


def _deviation(path: Path, entry: Any) -> Deviation:
    if not isinstance(entry, dict) or set(entry) - {"check", "reason", "expires"}:
        raise DeviationError(
            f"{path}: an entry has check, reason and optionally expires, such as\n{EXAMPLE}"
        )
    check, reason, expires = (entry.get(name) for name in ("check", "reason", "expires"))
    if not (isinstance(check, str) and check):
        raise DeviationError(f"{path}: an entry names no check, such as\n{EXAMPLE}")
    if not (isinstance(reason, str) and reason.strip()):
        raise _needs_reason(path, check)
    if expires is not None and type(expires) is not date:
        raise DeviationError(
            f"{path}: {visible(check)}: `expires` has to be a date, such as 2027-03-01"
        )
    return Deviation(check, reason, expires)


def _needs_reason(path: Path, check: str) -> DeviationError:
    return DeviationError(
        f"{path}: {visible(check)} needs a reason: say why the server deviates and where that is tracked"
    )


def text(found: Iterable[tuple[str, str, Deviation | None]]) -> str:
    """A file of deviations, from each check, its title, and its existing entry or None."""
    head = "# Known deviations: fill in each reason, then run with --models-xfails.\n"
    return "\n".join([head, *(_entry(*each) for each in found)])


def _entry(check: str, title: str, known: Deviation | None) -> str:
    lines = [
        f"# {' '.join(title.split())}",
        "[[deviation]]",
        f"check = {_quoted(check)}",
        f"reason = {_quoted(known.reason if known else TODO)}",
        *([f"expires = {known.expires}"] if known and known.expires else []),
    ]
    return "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    """A TOML basic string: the JSON string with one more character escaped."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
