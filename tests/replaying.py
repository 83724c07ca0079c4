"""Judge a server while it is recorded, and then the recording, without pytest."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import judging
import pytest
from judging import ALIASES, Verdict

from pytest_models_contract.session import finish, recording
from pytest_models_contract.session.run import Run
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.target.applications import Wsgi
from pytest_models_contract.target.targets import IN_PROCESS, Target, recorded

Verdicts = dict[str, Verdict]
SETTINGS = {
    "auth": "x-api-key",
    "timeout": 10.0,
    "max_body": 2**26,
    "secrets": (),
    "second_key": None,
    "target": None,
}


def recorded_and_replayed(
    app: Any, folder: Path, revision: str, key: str | None = None
) -> tuple[Verdicts, Verdicts]:
    """The verdicts on a WSGI application or a target, and those on what was recorded in `folder`."""
    path = folder / "cassette.yaml"
    target = app
    if not isinstance(app, Target):
        target = Target("app", "app", IN_PROCESS, lambda: Wsgi(app))
    run, live = judged(target, revision, key, record=path)
    run.chosen, run.results = set(live), {check: {} for check in live}
    assert recording.why_not(run) == ""
    recording.write(run, path)
    return live, judged(recorded(str(path)), revision)[1]


def judged(
    target: Target,
    revision: str,
    key: str | None = None,
    aliases: Mapping[str, str] = ALIASES,
    record: Path | None = None,
) -> tuple[Run, Verdicts]:
    """The run on a target, and the verdict of every check."""
    settings: Any = SimpleNamespace(record=record, **SETTINGS)
    run = Run(settings, Revision.load(revision), {}, target)
    with finish.gathered_evidence(run, target.base_url, key, {}, target.open()):
        verdicts = {
            check: judging.verdict_of(run, function, arguments, level)
            for area in (*judging.ALONE, "clients")
            for check, function, arguments, level in judging.checks_of(area, run, aliases)
        }
    return run, verdicts


def said(result: pytest.RunResult) -> str:
    """The output of a run on one line: the closing lines of the contract are wrapped."""
    return " ".join(result.stdout.str().split())
