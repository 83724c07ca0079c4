"""Run the checks of the area `proxy/` on a proxy of ours, in this process: a verdict per check."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import httpx
from judging import Verdict, checks_of, verdict_of

from proxies.server import Proxy
from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.verdict import NotJudged
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.evidence.proxy import ProxyUnderTest
from pytest_models_contract.fake.catalogue import Model
from pytest_models_contract.fake.upstream import Keys, Upstream, upstream
from pytest_models_contract.fake.upstream import catalogue as made
from pytest_models_contract.session.run import Run
from pytest_models_contract.spec.revision import Revision

KEYS = Keys(
    "sk-client-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "sk-second-bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
    "sk-server-cccccccccccccccccccccccccccccccc",
)
TIMEOUT = 2.5
RECOVERY = 1.0
Setup = Callable[[Proxy], object]


@contextmanager
def running(setup: Setup | None, *, large: bool = False) -> Iterator[tuple[Proxy, Upstream]]:
    """A proxy in front of an upstream: with all its models, or with the few that most faults need."""
    with upstream(keys=KEYS) as behind:
        if not large:
            serve_few(behind)
        proxy = Proxy(behind.base_url, KEYS, setup)
        try:
            yield proxy, behind
        finally:
            behind.behave()
            proxy.close()


def serve_few(upstream: Upstream) -> None:
    """Give each key a small catalogue that has all that is odd."""
    models = {"client": made.clients, "second": made.seconds, "server": made.servers}
    for key, who in upstream.keys.known.items():
        shown = few(models[who](upstream.revision))
        upstream.serve(shown, key=key, aliases=made.aliases(shown))


def few(models: Sequence[Model]) -> Sequence[Model]:
    """The odd and the shared models among a hundred plain ones, none of them at the end of a page."""
    special = [
        model
        for model in models
        if model["id"] in {*made.ODD_IDS.values(), made.LOWER_CASE, *made.SHARED}
    ]
    found = [model for model in models if model not in special][:124]
    for n, model in enumerate(special):
        place = 3 + 10 * n
        date = found[place - 1]["created_at"]
        found.insert(place, {**model, "created_at": date})
    return found


def judged(
    setup: Setup | None = None,
    *,
    expect: str = "mirror",
    restarts: bool = True,
    large: bool = False,
) -> dict[str, Verdict]:
    """The verdict of every check of the area on such a proxy, by the check's id."""
    with running(setup, large=large) as (proxy, behind):
        run = _run(proxy, behind)
        restart = _restarting(proxy) if restarts else None
        both = ProxyUnderTest(
            run.asked.api, run.revision, behind, expect, restart, recovery=RECOVERY
        )
        try:
            return {
                found: verdict_of(run, function, {**arguments, "models_proxy": both}, level)
                for found, function, arguments, level in checks_of("proxy", run, {})
            }
        finally:
            run.asked.api.close()


def _restarting(proxy: Proxy) -> Callable[[], None]:
    def restart() -> None:
        try:
            proxy.restart()
        except Exception as problem:
            raise NotJudged(f"it does not start: {problem}") from None

    return restart


def _run(proxy: Proxy, upstream: Upstream) -> Run:
    revision = Revision.load(upstream.revision)
    settings: Any = SimpleNamespace()
    run = Run(settings, revision, {}, None)
    keys = upstream.keys
    api = ModelsAPI(
        proxy.base_url,
        httpx.HTTPTransport(verify=False, trust_env=False),
        key=keys.client,
        second_key=keys.second,
        secrets=[keys.server],
        timeout=TIMEOUT,
    )
    run.evidence = Evidence(api, revision)
    return run


def violated(found: Mapping[str, Verdict]) -> dict[str, str]:
    """The violated checks, with their level."""
    return {check: seen.level for check, seen in found.items() if seen.verdict == "violated"}
