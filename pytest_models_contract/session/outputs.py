"""The files that a run writes, each in full or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from pytest_models_contract.report import contents
from pytest_models_contract.session import deviations, observing, recording
from pytest_models_contract.session.deviations import Deviation, DeviationError
from pytest_models_contract.session.run import Run
from pytest_models_contract.suite import checks


def write(run: Run) -> list[str]:
    """Write the files that the options name. Returns the problems and adds notes on the rest."""
    problems = [
        problem
        for path in run.settings.reports
        for problem in _written("--models-report", path, run.spelled(_rendered(run, path)))
    ]
    if run.settings.write_xfails:
        problems += _write_deviations(run, run.settings.write_xfails)
    if run.settings.record and not recording.why_not(run):
        problems += _record(run, run.settings.record)
    return problems


def _written(flag: str, path: Path, text: str) -> Iterator[str]:
    try:
        write_whole(path, text)
    except OSError as error:
        yield f"{flag} {path} could not be written: {error.strerror}"


def _rendered(run: Run, path: Path) -> str:
    if path.suffix == ".json":
        return contents.as_json(run.report)
    if path.suffix == observing.HTML:
        from pytest_models_contract.report.webpage.rendering import as_html

        return as_html(
            run.report, run.problems, observing.overview(run), observing.not_asked_for(run)
        )
    from pytest_models_contract.report.markdown import as_markdown

    return as_markdown(run.report, run.problems)


def _write_deviations(run: Run, path: Path) -> list[str]:
    if run.interrupted or run.report["verdict"] == "error":
        run.notes.append(f"{path} was not written: the run did not test the whole contract")
        return []
    try:
        listed = deviations.load(path, unfinished=True) if path.exists() else {}
    except DeviationError as error:
        return [f"--models-write-xfails did not replace the existing file: {error}"]
    found = list(_deviations(run, listed | run.deviations))
    unfinished = any(known is None or known.unfinished for *_, known in found)
    expired = any(known and known.expired(date.today()) for *_, known in found)
    todo = [*["fill in the reasons"] * unfinished, *["some have expired"] * expired]
    listing = f"{path} lists {contents.plural(len(found), 'known deviation')}"
    run.notes.append(": ".join([listing, *filter(None, [" and ".join(todo)])]))
    text = run.spelled(deviations.text(found))
    return list(_written("--models-write-xfails", path, text))


def _deviations(
    run: Run, listed: Mapping[str, Deviation]
) -> Iterator[tuple[str, str, Deviation | None]]:
    """The checks that fail in this run, and those that are listed already and were not tested."""
    kinds = {check["id"]: check["kind"] for check in run.report["checks"]}
    for check in run.report["checks"]:
        if check["kind"] in ("violated", "expected"):
            yield check["id"], check["title"], listed.get(check["id"])
    for check, known in listed.items():
        untested = kinds.get(check, "deselected") in ("deselected", "unexercised", "error")
        if untested and checks.is_known(check):
            yield check, "not tested in this run", known


def _record(run: Run, path: Path) -> list[str]:
    from pytest_models_contract.target.cassette import CassetteError

    try:
        run.notes.append(recording.write(run, path))
    except CassetteError as error:
        return [str(error)]
    return []


def write_whole(path: Path, text: str) -> None:
    """Write a file in full or not at all. Raises `OSError`."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
