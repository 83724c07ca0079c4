"""`models-contract spec-draft`: writes the folder of a new revision from an installed SDK."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from pytest_models_contract.cli.sdk.differences import Difference, differences
from pytest_models_contract.cli.sdk.reading import LANGUAGES, Sdk, SdkError, read
from pytest_models_contract.cli.sdk.writing import drafted
from pytest_models_contract.report.contents import plural
from pytest_models_contract.spec.revision import Revision, UnknownRevision

PROG = "models-contract spec-draft"
WRONG_USAGE = 2
TO_WRITE = "TO WRITE"
"""Stands in SOURCE.md until somebody writes what is new; the tests of the schemas look for it."""


def main(arguments: Sequence[str] | None = None, prog: str = PROG) -> int:
    """Write the draft, print what it contains, return the exit status."""
    given = parser(prog).parse_args(arguments)
    folder = given.output / given.date
    try:
        if given.date <= given.base:
            raise SdkError(f"{given.date} is not after {given.base}, the revision it starts from")
        if folder.exists():
            raise SdkError(f"{folder} exists already")
        base, sdk = Revision.load(given.base), read(given.sdk)
        found = list(differences(base, sdk))
        if found:
            draft = drafted(base, given.date, found, sdk.language.page)
            left = list(differences(draft, sdk))
            _write(folder, draft, _source(draft.name, base.name, sdk, found, left))
            print(*found, *_left(left), f"draft written: {folder}", sep="\n")
    except (UnknownRevision, SdkError, OSError) as error:
        print(f"{prog}: {error}", file=sys.stderr)
        return WRONG_USAGE
    if not found:
        print(f"nothing to draft: {sdk} does not differ from revision {base.name}")
    return 1 if found else 0


def parser(prog: str) -> argparse.ArgumentParser:
    """The parser of `spec-draft`."""
    made = argparse.ArgumentParser(
        prog=prog,
        description="Write the folder of a new revision from an installed SDK. The descriptions of what is"
        " new are left empty.",
        epilog="Exit status: 0 nothing differs, 1 a draft was written, 2 wrong usage.",
    )
    made.add_argument("date", metavar="DATE", type=_date, help="the name of the new revision")
    newest = Revision.known()[-1]
    made.add_argument(
        "--from",
        dest="base",
        metavar="REVISION",
        default=newest,
        help=f"the revision to start from; default {newest}",
    )
    made.add_argument(
        "--sdk", choices=LANGUAGES, default="python", help="the language of the SDK; default python"
    )
    made.add_argument(
        "-o",
        "--output",
        metavar="FOLDER",
        type=Path,
        default=Path("schemas"),
        help="the folder of the revisions; default schemas",
    )
    return made


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a day: write YYYY-MM-DD") from None


def _write(folder: Path, draft: Revision, source: str) -> None:
    folder.mkdir(parents=True)
    for name, schema in draft.schemas.items():
        text = json.dumps(schema, indent=2, ensure_ascii=False)
        (folder / f"{name}.json").write_text(f"{text}\n", "utf-8")
    (folder / "SOURCE.md").write_text(source, "utf-8")


def _source(
    name: str, base: str, sdk: Sdk, found: Sequence[Difference], left: Sequence[Difference]
) -> str:
    """The text of SOURCE.md."""
    lines = [
        f"# Where the revision {name} comes from",
        "",
        f"{TO_WRITE}: what is new, in a sentence.",
        "",
        f"- What follows: the types of `{sdk.language.package}` {sdk.version}, the",
        f"  [{sdk.language.title} SDK]({sdk.language.page}).",
        *(f"  - {each.word} `{each.path}`" for each in found),
        *(
            f"- {TO_WRITE}, as the schemas of a draft cannot say it: `{each.path}`."
            for each in left
        ),
        f"- Everything older: as in [{base}](../{base}/SOURCE.md).",
        "",
        "The sentences in the schemas are this project's own wording; each `$comment` names the page its",
        "rule comes from.",
    ]
    return "\n".join(lines) + "\n"


def _left(left: Sequence[Difference]) -> Iterator[str]:
    if left:
        yield f"{plural(len(left), 'difference')} the draft cannot say:"
        yield from (f"  {each.path}" for each in left)
