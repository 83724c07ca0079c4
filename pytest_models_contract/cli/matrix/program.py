"""`models-contract matrix SERVERS.toml -o FILE`: its arguments, its output and its exit status."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from pytest_models_contract.cli.check import UsageError
from pytest_models_contract.cli.matrix import changes, markdown, page, running, servers
from pytest_models_contract.cli.matrix.table import Table, fails, table, verdict
from pytest_models_contract.client.redact import encodable
from pytest_models_contract.session.option_values import writable
from pytest_models_contract.session.outputs import write_whole

PROG = "models-contract matrix"
WRONG_USAGE, INTERRUPTED = 2, 130
SUFFIXES = (".html", ".md", ".json")
EPILOG = f"""\
the file of servers:
  [[server]]
  name = "my gateway"
  url = "http://localhost:4000"    # or start = "my-gateway --port {{port}}", or app = "myserver:app"
  upstream = 0                     # optional: [HOST:]PORT of an upstream, for a proxy
  revision = "2026-04-16"          # optional
  key_env = "MY_GATEWAY_KEY"       # optional: the environment variable that has the key
  options = ["--strict"]           # optional: options of `models-contract check`

Exit status: 0 every server conforms; 1 a server does not, or did not start; {WRONG_USAGE} wrong usage."""


def main(arguments: Sequence[str] | None = None, prog: str = PROG) -> int:
    """Run every server, write the tables, return the exit status."""
    given = _parser(prog).parse_args(arguments)
    try:
        for path in given.output:
            _require(path)
        named = servers.load(given.servers)
        earlier = changes.load(given.compare) if given.compare else None
    except (UsageError, pytest.UsageError) as error:
        print(f"{prog}: {error}", file=sys.stderr)
        return WRONG_USAGE
    rows, stopped = running.run_all(named, given.jobs, _show)
    made = table(rows)
    if earlier:
        changes.mark(made, earlier)
    for path in given.output:
        write_whole(path.absolute(), rendered(made, path))
        print(encodable(f"{path} written"))
    return INTERRUPTED if stopped else int(any(map(fails, rows)))


def rendered(made: Table, path: Path) -> str:
    """The table in the format of the suffix."""
    if path.suffix == ".json":
        return json.dumps(made, indent=2) + "\n"
    return page.text(made) if path.suffix == ".html" else markdown.text(made)


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=prog,
        description="Test many servers, each in a run of its own, and write a table of areas by servers.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    suffixes = ", ".join(SUFFIXES)
    parser.add_argument(
        "servers", metavar="SERVERS.toml", type=Path, help="names the servers, see below"
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", type=Path, action="append", default=[],
        help=f"write the table there: {suffixes}; repeatable",
    )  # fmt: skip
    parser.add_argument(
        "--jobs", metavar="N", type=_jobs, default=1, help="so many servers at the same time (1)"
    )
    parser.add_argument(
        "--compare", metavar="FILE", type=Path, help="mark changes since this earlier .json table"
    )
    return parser


def _jobs(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of servers: give 1 or more")
    return int(text)


def _require(path: Path) -> None:
    """Refuse an output that cannot be written."""
    if path.suffix not in SUFFIXES:
        raise UsageError(f"-o {path}: the suffix selects the format, give {', '.join(SUFFIXES)}")
    if path.suffix == ".html" and (missing := page.why_not()):
        raise UsageError(f"-o {path}: {missing}")
    writable(path.absolute(), "-o")


def _show(row: Mapping[str, Any]) -> None:
    """A line for a server that is done, and what was said where it did not run."""
    print(encodable(f"{row['name']}: {verdict(dict(row))}"), flush=True)
    for line in (row["said"] or "").splitlines():
        print(encodable(f"  {line}"))
