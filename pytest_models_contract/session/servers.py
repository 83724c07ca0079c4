"""What the run starts itself: an upstream, and the server under test by its command."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pytest_models_contract.session.options import Settings
from pytest_models_contract.session.target_choice import Start

if TYPE_CHECKING:
    from pytest_models_contract.fake.upstream import Upstream
    from pytest_models_contract.session.run import Run
    from pytest_models_contract.spec.revision import Revision
    from pytest_models_contract.target.process import Probe, Process
    from pytest_models_contract.target.targets import Target

# --- before the server under test is chosen ------------------------------------------------------


def with_keys(settings: Settings) -> Settings:
    """The settings with a key made up for each that is unset, where a command is started."""
    if settings.start is None:
        return settings
    return replace(
        settings,
        key=settings.key or _made_up(),
        second_key=settings.second_key or _made_up(),
        upstream_key=settings.upstream_key or _made_up(),
    )


def _made_up() -> str:
    """A key with the same beginning as others, as real ones have: that tells no client from another."""
    return f"sk-contract-{secrets.token_hex(20)}"


def played(settings: Settings, revision: Revision, stack: ExitStack) -> Upstream | None:
    """The upstream that the options ask for, until the stack is closed. Raises `pytest.UsageError`."""
    address = settings.upstream
    if address is None:
        return None
    from pytest_models_contract.fake.upstream import Keys, upstream

    keys = Keys(settings.key, settings.second_key, settings.upstream_key)
    try:
        return stack.enter_context(upstream(address.host, address.port, keys, revision.name))
    except OSError as error:
        raise pytest.UsageError(
            f"--models-upstream {address}: the upstream cannot listen there: {error.strerror}. End the"
            " program that uses this port, or give another port"
        ) from None


def with_upstream(settings: Settings, base_url: str) -> Settings:
    """The settings with the base URL of the upstream in the headers that name `{upstream}`."""
    headers = {
        name: value.replace("{upstream}", base_url) for name, value in settings.headers.items()
    }
    return replace(settings, headers=headers)


def set_variables(settings: Settings, upstream: Upstream, stack: ExitStack) -> None:
    """Set the variables for an application that runs in this process, until the stack is closed."""
    from pytest_models_contract.target.command import variables

    patch = stack.enter_context(pytest.MonkeyPatch.context())
    for name, value in variables(_values(settings, upstream)).items():
        patch.setenv(name, value)


def _values(settings: Settings, upstream: Upstream | None) -> dict[str, str]:
    """What the server needs to know, by the names that a command has for it."""
    found = {
        "upstream": upstream.base_url if upstream else None,
        "upstream_key": settings.upstream_key,
        "api_key": settings.key,
        "second_key": settings.second_key,
    }
    return {name: value for name, value in found.items() if value}


# --- the server under test -----------------------------------------------------------------------


def commanded(
    start: Start, settings: Settings, upstream: Upstream | None, stack: ExitStack
) -> tuple[Target, Process]:
    """The server that the command will start; it ends when the stack is closed. Raises `TargetError`."""
    from pytest_models_contract.target import command, targets
    from pytest_models_contract.target.process import Process

    values = {"port": str(_free_port()), **_values(settings, upstream)}
    target = targets.live(command.fill(start.base_url, values))
    process = Process(
        start.command,
        start.base_url,
        target.where,
        values,
        _probe(target, settings),
        start.folder,
        settings.start_timeout,
        settings.secrets,
    )
    stack.callback(process.end)
    if upstream:
        stack.callback(upstream.release)  # else the server would wait for it
    return target, process


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _probe(target: Target, settings: Settings) -> Probe:
    """Asks the server as a client does."""
    from pytest_models_contract.client.exchange import Request, Response
    from pytest_models_contract.client.wire import Wire

    def probe(path: str, seconds: float) -> Response:
        wire = Wire(
            target.base_url,
            target.open(),
            settings.key,
            settings.auth,
            settings.headers,
            min(seconds, settings.timeout),
            settings.max_body,
        )
        try:
            return wire.once(Request(path))
        finally:
            wire.close()

    return probe


def begin(run: Run) -> None:
    """Start the server under test, unless it runs. Raises `pytest.UsageError`."""
    if run.process is None:
        return
    from pytest_models_contract.target.process import NotReady

    try:
        run.process.start()
    except NotReady as error:
        raise pytest.UsageError(f"--models-start: {error}{_reached(run)}") from None


def _reached(run: Run) -> str:
    """How many requests reached the upstream, which tells whether the server knows of it."""
    if run.upstream is None:
        return ""
    return f"\nrequests that reached the upstream at {run.upstream.base_url}: {run.upstream.count}"


def restarter(run: Run, *, cold: bool) -> Callable[[], None] | None:
    """What restarts the server under test, None where no command started it.

    `cold`: without filling its caches. It raises `NotJudged` when the server does not come back; where
    nothing else failed meanwhile (not `cold`), the run can ask it no more.
    """
    from pytest_models_contract.client.verdict import NotJudged
    from pytest_models_contract.target.process import NotReady

    process = run.process
    if process is None:
        return None

    def restart() -> None:
        try:
            process.restart(cold=cold)
        except NotReady as error:
            why = f"--models-start: {error}"
            if run.evidence and not cold:
                run.evidence.api.dead = why
            raise NotJudged(why) from None

    return restart


def upstream_of(run: Run) -> Upstream:
    """The upstream of the run. Raises `pytest.UsageError` when none is played."""
    if run.upstream is None:
        raise pytest.UsageError(
            "models_upstream needs --models-upstream, such as --models-upstream 0 beside --models-start"
        )
    return run.upstream
