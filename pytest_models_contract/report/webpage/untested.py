"""What was not tested, why, and what would make it testable."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pytest_models_contract.report.contents import Report, of_kind
from pytest_models_contract.report.webpage.checks import anchor

MOST_CHECKS = 12
REMEDIES = (
    (r"^see |: see ", "Repair the check that it names: this one needs its response."),
    (
        r"MODELS_CONTRACT_API_KEY",
        "Set the variable MODELS_CONTRACT_API_KEY to a key of the server.",
    ),
    (r"second key|two clients", "Set MODELS_CONTRACT_SECOND_KEY to a key that the server accepts."),
    (
        r"cassette|recording|recorded",
        "Test the server itself, or record it again with --models-record.",
    ),
    (r"catalogue is empty|list is empty", "Use a key that may list models."),
    (
        r"more than \d+ models|one model|more than one|two models|one page|second page|few models",
        "Use a catalogue of more models.",
    ),
    (r"no page (backward|forward)|end of the list", "Use a catalogue of more models."),
    (
        r"no listed id|no two listed ids|no model has|no response carries|no alias",
        "Use a catalogue that has such a model.",
    ),
    (r"one request at a time|handles one", "Start the server so that it handles requests at once."),
    (
        r"changed|changes with each",
        "Test while the catalogue does not change.",
    ),
    (
        r"cache|Cache-Control",
        "Switch the cache of the server off, or start it with --models-start.",
    ),
    (
        r"status \d+|is refused|cannot be read|can be retrieved|no response",
        "Repair the request that fails: this check needs its response.",
    ),
)
"""Patterns of a reason, and what to do about it; the first that matches counts."""
OPTIONS = {
    "alias": ("--models-alias ALIAS=ID", "an alias must resolve to its model"),
    "expect": ("--models-expect ID", "a model must be listed and found"),
    "explore": ("--models-explore 400", "random requests, compared with the catalogue"),
    "second-key": ("MODELS_CONTRACT_SECOND_KEY", "the list of one client must not reach another"),
    "start": ("--models-start COMMAND", "the list must be the same after a restart"),
    "upstream": ("--models-upstream PORT", "a proxy must pass on what its upstream says"),
}
CLIENT = ("--models-client {}", "what this client needs of the server")


def section(report: Report, options: Mapping[str, int]) -> dict[str, Any]:
    """The reasons with their checks and remedies, and the options that add checks."""
    by_reason: dict[str, list[str]] = {}
    for check in of_kind(report, "unexercised"):
        by_reason.setdefault(check["summary"], []).append(check["id"])
    return {
        "reasons": [
            {
                "why": why,
                "remedy": remedy(why),
                "checks": [(name, anchor(name)) for name in checks[:MOST_CHECKS]],
                "more": max(0, len(checks) - MOST_CHECKS),
            }
            for why, checks in sorted(by_reason.items(), key=lambda each: -len(each[1]))
        ],
        "options": [(*_option(name), number) for name, number in options.items()],
    }


def remedy(why: str) -> str:
    """What would make checks testable that were not tested for this reason."""
    return next((text for pattern, text in REMEDIES if re.search(pattern, why)), "")


def _option(name: str) -> tuple[str, str]:
    return OPTIONS.get(name) or (CLIENT[0].format(name), CLIENT[1])
