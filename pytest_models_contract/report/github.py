"""The findings as annotations of a GitHub workflow: one command to the runner per line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pytest_models_contract.report.contents import Report, by_id, diagnoses_of, of_kind

COMMANDS = {"violated": "error", "advice": "warning"}


def commands(report: Report, problems: Iterable[str]) -> Iterator[str]:
    """A command for each diagnosis, and for what else makes the run fail; one reason is said once."""
    checks = by_id(report)
    for kind, command in COMMANDS.items():
        for own in diagnoses_of(report, kind):
            yield _command(command, _title(own), _text(own, checks[own["checks"][0]]))
    reasons = {check["summary"]: check for check in reversed(of_kind(report, "error"))}
    for check in (*reversed(reasons.values()), *of_kind(report, "stale")):
        yield _command("error", check["id"], check["message"])
    yield from (_command("error", "models contract", text) for text in problems)


def _title(own: dict[str, Any]) -> str:
    first, more = own["checks"][0], len(own["checks"]) - 1
    return f"{first} and {more} more" if more else str(first)


def _text(own: dict[str, Any], first: dict[str, Any]) -> str:
    """The diagnosis, its hint, and the most telling check in full."""
    head = [own["title"], *([own["hint"]] if own["hint"] else [])]
    if own["title"] == first["title"]:
        head = []
    others = [f"also {', '.join(own['checks'][1:])}"] if own["checks"][1:] else []
    return "\n".join([*head, first["message"], *others])


def _command(name: str, title: str, text: str) -> str:
    return f"::{name} title={_property(title)}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
