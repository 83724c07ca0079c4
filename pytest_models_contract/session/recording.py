"""Record a run: refuse what cannot become a whole recording, and write the cassette at the end."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_models_contract import __version__
from pytest_models_contract.client.credentials import wrong_key
from pytest_models_contract.client.redact import KEY_PSEUDONYM, WRONG_KEY_PSEUDONYM, Redactor
from pytest_models_contract.session import option_sources, options
from pytest_models_contract.suite import checks

if TYPE_CHECKING:
    import httpx

    from pytest_models_contract.session.run import Run
    from pytest_models_contract.target.recorder import Recorder
    from pytest_models_contract.target.targets import Target

SELECTING = ("models_named", "keyword", "markexpr", "deselect", "lf", "stepwise")
WITHOUT_KEY = "none"
WHY_WHOLE = "a recording of a part cannot test the rest"


def refuse(config: pytest.Config, path: Path, target: Target | None) -> None:
    """Raise `pytest.UsageError` when the options do not allow a whole recording at `path`."""
    options.writable(path, "--models-record")
    # The new file is renamed to this path: that would replace a device or a read-only file.
    if path.exists() and not (path.is_file() and path.stat().st_mode & 0o222):
        raise pytest.UsageError(
            f"--models-record {path}: that is a device or a read-only file, name another"
        )
    if target and target.kind == "cassette":
        raise pytest.UsageError(
            "--models-record needs a server: give --models-base-url, --models-start or"
            " --models-app, not a cassette"
        )
    if option_sources.has_workers(config):
        raise pytest.UsageError(
            "--models-record cannot run under -n: each worker would record a part. Leave out -n"
        )
    if is_partial(config):
        raise pytest.UsageError(
            f"--models-record records the whole suite: {WHY_WHOLE}. Leave out -k, -m, --deselect, --lf, --sw"
        )


def is_partial(config: pytest.Config) -> bool:
    """Whether an option selects only some of the checks."""
    return any(config.getoption(name, None) for name in SELECTING)


def require_whole(suite: Collection[pytest.Function]) -> None:
    """Raise `pytest.UsageError` when paths or node ids selected only some of the checks."""
    collected = {(item.path, item.originalname) for item in suite}
    if missing := [found for found in checks.functions() if found not in collected]:
        raise pytest.UsageError(
            f"--models-record records the whole suite, but {len(missing)} of its checks were not collected:"
            f" {WHY_WHOLE}. Give --models-contract without a file or a check of the suite"
        )


def recorder(
    transport: httpx.BaseTransport,
    base_url: str,
    key: str | None,
    headers: Mapping[str, str],
    more: Iterable[str | None] = (),
) -> Recorder:
    """A transport that records the exchanges of `transport`, without the secrets of the run.

    `more` are secrets that are not sent, such as other keys.
    """
    from pytest_models_contract.client.wire import secrets_of
    from pytest_models_contract.target.recorder import Recorder

    wrong = dict.fromkeys([WRONG_KEY_PSEUDONYM, wrong_key(key)], WRONG_KEY_PSEUDONYM)
    named = {**wrong, **({key: KEY_PSEUDONYM} if key else {})}
    return Recorder(transport, Redactor([*secrets_of(base_url, headers), *more], named))


def why_not(run: Run) -> str:
    """Why the recording of the run is incomplete, or the empty string."""
    unrun = run.chosen - run.results.keys()
    if run.interrupted:
        return "the run was interrupted"
    if run.recorder is None or (run.evidence and run.evidence.api.dead):
        return "the run did not send all its requests"
    return f"{len(unrun)} of {len(run.chosen)} checks did not run; {WHY_WHOLE}" if unrun else ""


def write(run: Run, path: Path) -> str:
    """Write the cassette of a whole run; returns a note. Raises `CassetteError`, the old file unchanged."""
    provenance = {
        "where": run.target.where if run.target else "",
        "recorded_at": datetime.now(UTC).date().isoformat(),
        "revision": run.revision.name,
        "plugin": __version__,
    }
    if run.evidence and run.evidence.api.key is None:
        provenance["auth"] = WITHOUT_KEY
    elif run.evidence and run.evidence.api.auth != options.DEFAULT_AUTH:
        provenance["auth"] = run.evidence.api.auth
    count = run.recorder.write(path, provenance) if run.recorder else 0
    return f"recorded {count} exchanges into {path}"
