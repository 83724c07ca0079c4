"""`models-contract spec-diff`: compares a revision with an installed SDK."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence

from pytest_models_contract.cli.sdk.differences import Difference, differences
from pytest_models_contract.cli.sdk.reading import HIDDEN_BY_ALL, LANGUAGES, Sdk, SdkError, read
from pytest_models_contract.report.contents import plural
from pytest_models_contract.spec.revision import Revision, UnknownRevision

PROG = "models-contract spec-diff"
WRONG_USAGE = 2


def main(arguments: Sequence[str] | None = None, prog: str = PROG) -> int:
    """Compare, print the differences, return the exit status."""
    given = parser(prog).parse_args(arguments)
    try:
        revision, sdk = Revision.load(given.revision), read(given.sdk)
    except (UnknownRevision, SdkError) as error:
        print(f"{prog}: {error}", file=sys.stderr)
        return WRONG_USAGE
    found = list(differences(revision, sdk))
    print(*_lines(revision, sdk, found), sep="\n")
    return 1 if found else 0


def parser(prog: str) -> argparse.ArgumentParser:
    """The parser of `spec-diff`."""
    made = argparse.ArgumentParser(
        prog=prog,
        description="Compare a revision with an installed SDK, field by field.",
        epilog="Exit status: 0 nothing differs, 1 something differs, 2 the SDK cannot be read.",
    )
    newest = Revision.known()[-1]
    made.add_argument(
        "revision", metavar="REVISION", nargs="?", default=newest, help=f"default {newest}"
    )
    made.add_argument(
        "--sdk", choices=LANGUAGES, default="python", help="the language of the SDK; default python"
    )
    return made


def _lines(revision: Revision, sdk: Sdk, found: Sequence[Difference]) -> Iterator[str]:
    yield from map(str, found)
    counted = plural(len(found), "difference") if found else "no difference"
    yield f"{counted} from revision {revision.name} to {sdk} ({sdk.language.title})"
    yield f"not shown by this SDK: {HIDDEN_BY_ALL}, {sdk.language.hidden}"
