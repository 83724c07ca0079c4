"""The findings as annotations of a GitHub workflow, one command to the runner a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pytest_models_contract.report.contents import Report, of_kind

COMMANDS = {"violated": "error", "error": "error", "stale": "error", "advice": "warning"}


def commands(report: Report, problems: Iterable[str]) -> Iterator[str]:
    """Commands for what turns the run red, and for advice; what has one cause is told once."""
    for kind, command in COMMANDS.items():
        told: set[str] = set()
        for check in of_kind(report, kind):
            if kind == "error" and check["summary"] in told:
                continue
            told.add(check["summary"])
            yield _command(command, check["id"], check["message"])
    yield from (_command("error", "models contract", text) for text in problems)


def _command(name: str, title: str, text: str) -> str:
    return f"::{name} title={_property(title)}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
