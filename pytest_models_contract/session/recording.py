"""Recording a run: what is refused beforehand, and what is written when the run is over."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_models_contract import __version__
from pytest_models_contract.client.redact import KEY_PSEUDONYM, WRONG_KEY_PSEUDONYM, Redactor
from pytest_models_contract.session import options
from pytest_models_contract.suite import checks

if TYPE_CHECKING:
    import httpx

    from pytest_models_contract.session.run import Run
    from pytest_models_contract.target.recorder import Recorder
    from pytest_models_contract.target.targets import Target

PARTIAL = ("keyword", "markexpr", "deselect", "lf", "stepwise")
HALF = "a cassette of half of the suite would answer half of it"


def refuse(config: pytest.Config, path: Path, target: Target | None) -> None:
    """Raise `pytest.UsageError` when the options cannot come to a whole recording at `path`."""
    options.writable(path, "--models-record")
    # What is renamed into its place would displace a device or a file that is locked.
    if path.exists() and not (path.is_file() and path.stat().st_mode & 0o222):
        raise pytest.UsageError(
            f"--models-record {path}: that is a device or a read-only file, name another"
        )
    if target and target.kind == "cassette":
        raise pytest.UsageError(
            "--models-record needs a server: give --models-base-url or --models-app, not a cassette"
        )
    if options.has_workers(config):
        raise pytest.UsageError(
            "--models-record cannot run under -n: each worker would record a part. Record without -n"
        )
    if is_partial(config):
        raise pytest.UsageError(
            f"--models-record records the whole suite: {HALF}. Leave out -k, -m, --deselect, --lf and --sw"
        )


def is_partial(config: pytest.Config) -> bool:
    """Whether an option asks for some of the checks only."""
    return any(config.getoption(name, None) for name in PARTIAL)


def require_whole(suite: Collection[pytest.Function]) -> None:
    """Raise `pytest.UsageError` when only some of the checks were collected: by path or by node id."""
    collected = {(item.path, item.originalname) for item in suite}
    if missing := [found for found in checks.functions() if found not in collected]:
        raise pytest.UsageError(
            f"--models-record records the whole suite, but {len(missing)} of its checks were not collected:"
            f" {HALF}. Name no file or check of it, give --models-contract"
        )


def recorder(
    transport: httpx.BaseTransport, base_url: str, key: str | None, headers: Mapping[str, str]
) -> Recorder:
    """A transport that records what goes through `transport`, without the secrets of the run."""
    from pytest_models_contract.client.wire import secrets_of
    from pytest_models_contract.target.recorder import Recorder

    named = {WRONG_KEY_PSEUDONYM: WRONG_KEY_PSEUDONYM, **({key: KEY_PSEUDONYM} if key else {})}
    return Recorder(transport, Redactor(secrets_of(base_url, headers), named))


def why_not(run: Run) -> str:
    """Why the run has not come to a whole recording, or the empty string."""
    unrun = run.chosen - run.results.keys()
    if run.interrupted:
        return "the run was interrupted"
    if run.recorder is None or (run.evidence and run.evidence.api.dead):
        return "the server was not asked to the end"
    return f"{len(unrun)} of {len(run.chosen)} checks did not run; {HALF}" if unrun else ""


def write(run: Run, path: Path) -> str:
    """Write the cassette of a whole run and say so; raises `CassetteError`, the old file left whole."""
    provenance = {
        "where": run.target.where if run.target else "",
        "recorded_at": datetime.now(UTC).date().isoformat(),
        "revision": run.revision.name,
        "plugin": __version__,
    }
    count = run.recorder.write(path, provenance) if run.recorder else 0
    return f"recorded {count} exchanges into {path}"
