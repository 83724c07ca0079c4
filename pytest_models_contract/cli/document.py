"""The contract as a document, made from the schemas and the suite.

`python -m pytest_models_contract.document > docs/contract.md` writes it. In a checkout it also counts
faults: `catch_counts` in `tests/fault_rows.py` says how many faults each check catches, by its id.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from itertools import groupby
from pathlib import Path

from pytest_models_contract.report.contents import plural
from pytest_models_contract.spec.revision import DEFAULT_REVISION, Revision
from pytest_models_contract.suite.checks import Facts, of_revision

TESTS = Path(__file__).parents[2] / "tests"
PROG = "python -m pytest_models_contract.document"
Catches = Mapping[str, int]
OPTIONS = {
    "alias": "--models-alias ALIAS=ID",
    "expect": "--models-expect ID",
    "explore": "--models-explore N",
    "profile": "--models-client FILE.toml",
    "second-key": "MODELS_CONTRACT_SECOND_KEY",
    "start": "--models-start COMMAND",
    "upstream": "--models-upstream [HOST:]PORT",
}
HEAD = """\
# The contract

This page lists every check of the suite with its rule and the page that states the rule.
A violated check of level `must` fails the run. A violated check of level `should` is advice, unless
`--models-strict` is given. `pytest --models-contract -k ID` runs one check.

Each rule belongs to a revision of the reference, which `--models-revision` selects; the default is
{revision}. "Catches" is the number of faulty servers in our tests that violate the check.
A walk reads the list page by page: each request has the cursor of the page before.

There are {all} checks, those of all revisions and of all options. A run without further options tests
{default} of them: {newer} belong only to other revisions, and {optional} are added by
{options}.
pytest also collects checks whose rule the revision does not have, and reports them as deselected.

`python -m pytest_models_contract.document` generates this file: change the suite or the schemas,
not this file."""


def text(catches: Catches | None = None) -> str:
    """The document in Markdown; without `catches` it does not mention faults."""
    return "\n".join(_lines(catches)) + "\n"


def catches() -> Catches | None:
    """How many faults each check catches, by its id; None outside of a checkout."""
    if not (TESTS / "fault_rows.py").is_file():
        return None
    sys.path.insert(0, str(TESTS))
    try:
        found: Catches = import_module("fault_rows").catch_counts()
    finally:
        sys.path.remove(str(TESTS))
    return found


def _lines(catches: Catches | None) -> Iterator[str]:
    known = _known()
    default = [facts for facts in of_revision(Revision.load()) if not facts.needs]
    optional = [facts for facts, _ in known.values() if facts.needs]
    yield HEAD.format(
        revision=DEFAULT_REVISION,
        all=len(known),
        default=len(default),
        newer=len(known) - len(default) - len(optional),
        optional=len(optional),
        options=", ".join(sorted({f"`{_option(facts.needs)}`" for facts in optional})),
    )
    for area, ids in groupby(known, lambda check: check.partition("/")[0]):
        yield from ("", f"## {area}")
        for check in ids:
            yield from ("", f"### {check}", "", *_entry(*known[check], catches))


def _known() -> dict[str, tuple[Facts, list[str]]]:
    """Each check as in the newest revision that has it, and the revisions that have it."""
    known: dict[str, tuple[Facts, list[str]]] = {}
    for name in Revision.known():
        for facts in of_revision(Revision.load(name)):
            _, revisions = known.get(facts.id, (facts, []))
            known[facts.id] = facts, [*revisions, name]
    newest = [facts.id for facts in of_revision(Revision.load(Revision.known()[-1]))]
    gone = [check for check in known if check not in newest]
    # The order of the newest revision; a check of older revisions only comes last in its area.
    areas = list(dict.fromkeys(check.partition("/")[0] for check in [*newest, *gone]))
    order = sorted([*newest, *gone], key=lambda check: areas.index(check.partition("/")[0]))
    return {check: known[check] for check in order}


def _entry(facts: Facts, revisions: list[str], catches: Catches | None) -> Iterator[str]:
    yield facts.title
    yield ""
    yield f"- level: `{facts.level}`{_absence(facts)}"
    yield f"- rule: `{facts.clause.pointer}`, from <{facts.clause.page}>"
    yield f"- revisions: {_span(revisions)}"
    if facts.needs:
        both = [f"`{_option(needs)}`" for needs in (facts.needs, facts.needs_too) if needs]
        yield f"- only with: {' and '.join(both)}"
    if catches is not None:
        yield f"- catches: {plural(catches.get(facts.id, 0), 'fault')}"


def _absence(facts: Facts) -> str:
    area, _, path = facts.id.partition("/")
    found = (prop for prop in Revision.load(Revision.known()[-1]).properties if prop.path == path)
    prop = next(found, None) if area == "model_info" else None
    lenient = prop is not None and prop.absence == "should"
    return "; its presence: `should`" if lenient else ""


def _span(revisions: list[str]) -> str:
    known = list(Revision.known())
    if revisions == known:
        return "all"
    since = known[known.index(revisions[0]) :]
    return f"from {revisions[0]} on" if revisions == since else ", ".join(revisions)


def _option(needs: str) -> str:
    return OPTIONS.get(needs, f"--models-client {needs}")


def main(arguments: Sequence[str] | None = None, prog: str = PROG) -> None:
    """Print the document. SystemExit with status 2: an argument is wrong."""
    description = "Print every check with its rule and its page, as Markdown."
    argparse.ArgumentParser(prog=prog, description=description).parse_args(arguments)
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(text(catches()))
