"""`models-contract COMMAND …`: finds the program of a command and runs it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import NamedTuple

from pytest_models_contract import __version__
from pytest_models_contract.cli.output import closable

PROG = "models-contract"
WRONG_USAGE, INTERRUPTED, CHECK_INTERRUPTED = 2, 130, 2


class Program(NamedTuple):
    """The module whose `main(arguments, prog)` runs it, and what the help says of it."""

    module: str
    text: str


PROGRAMS = {
    "check": Program("cli.check", "test a server against the contract"),
    "matrix": Program("cli.matrix.program", "test many servers, and write a table of them"),
    "fake": Program("fake.command", "serve a conformant Models API, for tests of clients"),
    "drift": Program("cli.drift", "compare two recordings, or a recording with a server"),
    "spec-diff": Program("cli.sdk.diff", "compare a revision with an installed SDK"),
    "spec-draft": Program("cli.sdk.draft", "write a new revision from an installed SDK"),
    "document": Program("cli.document", "print every check with its rule and its page"),
}
HELP = f"""\
usage: {PROG} COMMAND ...

Test servers of the Anthropic Models API.

commands:
{{commands}}

{PROG} COMMAND --help explains a command.

examples:
  {PROG} check https://gateway.example/anthropic
  {PROG} check --start 'my-gateway --port {{{{port}}}} --upstream {{{{upstream}}}}' --upstream 0
  {PROG} check reference"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that the arguments name. Returns its exit status."""
    with closable():
        name, *rest = (sys.argv[1:] if arguments is None else [*arguments]) or [""]
        if name in PROGRAMS:
            return _run(name, rest)
        if name in ("-h", "--help"):
            print(help_text())
            return 0
        if name == "--version":
            print(f"{PROG} {__version__}")
            return 0
        print(_unknown(name), file=sys.stderr)
        return WRONG_USAGE


def help_text() -> str:
    """The help of `models-contract`."""
    lines = (f"  {name:<10} {program.text}" for name, program in PROGRAMS.items())
    return HELP.format(commands="\n".join(lines))


def _run(name: str, arguments: Sequence[str]) -> int:
    module = import_module(f"pytest_models_contract.{PROGRAMS[name].module}")
    try:
        return module.main(arguments, f"{PROG} {name}") or 0
    except SystemExit as end:  # of argparse
        return end.code if isinstance(end.code, int) else WRONG_USAGE
    except KeyboardInterrupt:
        return CHECK_INTERRUPTED if name == "check" else INTERRUPTED


def _unknown(name: str) -> str:
    if not name:
        return help_text()
    if name.startswith(("http://", "https://")) or name == "reference":
        return f"{PROG}: did you mean {PROG} check {name}?"
    near = get_close_matches(name, PROGRAMS, n=1)
    meant = f"Did you mean {near[0]}? " if near else ""
    return f"{PROG}: there is no command {name}. {meant}The commands are {', '.join(PROGRAMS)}"
