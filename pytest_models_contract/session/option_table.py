"""Every option once: `pytest` and `models-contract check` make their parsers from this table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from pytest_models_contract.session.option_values import SUFFIXES

PREFIX = "--models-"


class Option(NamedTuple):
    """An option: its name without `models_`, what stands for its value in the help, its help text.

    Without `metavar` it is a switch. `ini` is the type of the ini option of the same name, None where
    there is none. `many`: it may be given several times.
    """

    name: str
    metavar: str
    text: str
    ini: Literal["string", "int", "float", "bool", "linelist"] | None = "string"
    many: bool = False

    @property
    def key(self) -> str:
        """The name of its ini option, and of its value in pytest."""
        return f"models_{self.name}"

    @property
    def word(self) -> str:
        """What follows the dashes."""
        return self.name.replace("_", "-")

    @property
    def arguments(self) -> dict[str, Any]:
        """What `add_argument` of argparse, or `addoption` of pytest, needs besides the flag."""
        if not self.metavar:
            return {"action": "store_true", "default": None, "help": self.text}
        kind = {"action": "append", "default": []} if self.many else {"default": None}
        return {**kind, "metavar": self.metavar, "help": self.text}


# A line of the help has room for some 50 characters of text.
GROUPS = {
    "the server under test": (
        Option("base_url", "URL", "the server's base URL, as for an SDK: without /v1"),
        Option("start", "COMMAND", "start the server; fills in {port} and {upstream}"),
        Option("start_timeout", "SECONDS", "how long the server may take to start (60)", "float"),
        Option("app", "MODULE:ATTR", "a WSGI or ASGI application, or its factory"),
        Option("cassette", "FILE", "a VCR cassette, a .har file or `reference`"),
        Option("max_age", "DAYS", "fail the run if the cassette is older", "float"),
        Option("upstream", "[HOST:]PORT", "start an upstream for a proxy; 0: any free port"),
        Option("proxy", "mirror|own", "a proxy lists the upstream's models (mirror) or own"),
    ),
    "the requests": (
        Option("auth", "HOW", "how the key is sent: x-api-key (default) or bearer"),
        Option("header", "'NAME: VALUE'", "a header; env:NAME reads a variable *", "linelist", many=True),
        Option("timeout", "SECONDS", "deadline of one request, to its last byte (10)", "float"),
        Option("max_body", "BYTES", "the longest body that is read (8388608)", "int"),
        Option("concurrency", "N", "at most N requests at once to a slow server (4)", "int"),
    ),
    "the checks": (
        Option("revision", "DATE", "the revision of the reference (2026-04-16)"),
        Option("strict", "", "violated checks of level SHOULD fail too", "bool"),
        Option("complete", "", "checks that were not tested fail too", "bool"),
        Option("client", "NAME|FILE", "test what a client needs, by name or profile *", None, many=True),
        Option("alias", "ALIAS=ID", "an alias that retrieve must resolve *", "linelist", many=True),
        Option("expect", "ID", "a model that must be listed and found by its id *", "linelist", many=True),
        Option("explore", "N|SECONDSs|all", "then send random requests: 400, 60s or all"),
        Option("explore_seed", "N", "repeat the exploration that printed this seed", None),
    ),
    "the results": (
        Option("report", "FILE", f"write the verdicts: {', '.join(SUFFIXES)} *", None, many=True),
        Option("xfails", "FILE", "a TOML file of known deviations"),
        Option("write_xfails", "FILE", "write the violations of this run as such a file", None),
        Option("record", "FILE", "record the exchanges; an existing FILE is replaced", None),
    ),
}  # fmt: skip
MANY = "*"
"""Marks in a help text what may be given several times."""


def options() -> Iterator[Option]:
    """Every option of the plugin that says how the contract runs."""
    for group in GROUPS.values():
        yield from group
