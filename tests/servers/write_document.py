"""Write docs/servers.md from the rows that the tests of real servers left in a folder.

`nox -s servers` runs the tests and then this program.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import rows
from real import SERVERS
from real_proxies import PROXIES

from pytest_models_contract.cli.matrix import markdown
from pytest_models_contract.cli.matrix.table import table

NAMES = [own.name for own in (*SERVERS, *PROXIES)]
DOCUMENT = Path(__file__).parents[2] / "docs" / "servers.md"
HEAD = """\
# Servers and proxies in the tests

The tests of this project run the contract on servers and proxies that others wrote. This page shows the
results. A failed check means that a response differs from the reference of the Models API. It is no
judgement of the software: many of these servers do not claim to implement this API in full, and each was
tested with one configuration, that of `tests/servers/configs`. The name in brackets is the tested package
with its version.

The command below each result repeats it. Commands that start with `pytest` need a checkout of this project
and install the server from pinned versions. `models-contract` commands run in
`tests/servers/configs/proxies`; the proxy must be installed. `nox -s servers` repeats everything and
generates this page."""


def text(found: Mapping[str, Any]) -> str:
    """The document of these rows, in the order of the tests. Raises `KeyError` for a server without a row."""
    return markdown.text(table([found[name] for name in NAMES]), HEAD)


def main() -> None:
    """Read the rows in the folder that the argument names, and write the document."""
    found = rows.read(Path(sys.argv[1]))
    if missing := [name for name in NAMES if name not in found]:
        sys.exit(
            f"{DOCUMENT.name} was not written: {sys.argv[1]} has no row of {', '.join(missing)}"
        )
    DOCUMENT.write_text(text(found), "utf-8")


if __name__ == "__main__":
    main()
