"""Run the checks of the area `proxy/` on a proxy of ours, in this process: a verdict per check."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from types import ModuleType, SimpleNamespace
from typing import Any

import httpx
import reused_threads
from judging import Verdict, checks_of, verdict_of

from proxies.server import Proxy
from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.verdict import NotJudged
from pytest_models_contract.evidence.diagnoses.causes import (
    Diagnosis,
    Violated,
    chosen,
    diagnoses,
)
from pytest_models_contract.evidence.diagnoses.observed import Observed
from pytest_models_contract.evidence.diagnoses.proxies.rules import RULES
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.evidence.proxy.under_test import ProxyUnderTest
from pytest_models_contract.fake.catalogue import Model
from pytest_models_contract.fake.serving import Server
from pytest_models_contract.fake.upstream import Keys, Upstream, upstream
from pytest_models_contract.fake.upstream import catalogue as made
from pytest_models_contract.session.run import Run
from pytest_models_contract.spec.revision import DEFAULT_REVISION, Revision
from pytest_models_contract.suite import checks, test_proxy_change, test_proxy_failures

KEYS = Keys(
    "sk-contract-client-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "sk-contract-second-bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
    "sk-contract-server-cccccccccccccccccccccccccccccccc",
)
TIMEOUT = 4.0
RECOVERY = 2.0
EVERY = frozenset(found for found in checks.known_ids() if found.startswith("proxy/"))


def checks_in(*files: ModuleType) -> frozenset[str]:
    """The ids of the checks in these files of the suite."""
    functions = {name for file in files for name in vars(file)}
    return frozenset(found for found in EVERY if f"test_{found[6:].partition('[')[0]}" in functions)


FAILURES = checks_in(test_proxy_failures, test_proxy_change)
REST = EVERY - FAILURES
"""The checks that need an upstream which fails or changes, and the others."""
Setup = Callable[[Proxy], object]


def _on_a_reused_thread(server: Server, request: Any, address: Any) -> None:
    server._open.add(request)
    reused_threads.start(partial(server.process_request_thread, request, address))


Server.process_request = _on_a_reused_thread  # type: ignore[method-assign]


@contextmanager
def running(
    setup: Setup | None, *, large: bool = False, revision: str = DEFAULT_REVISION
) -> Iterator[tuple[Proxy, Upstream]]:
    """A proxy in front of an upstream: with all its models, or with the few that most faults need."""
    with upstream(keys=KEYS, revision=revision) as behind:
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
    only: Container[str] = EVERY,
    revision: str = DEFAULT_REVISION,
) -> dict[str, Verdict]:
    """The verdict of every check, or of some by their ids, on such a proxy."""
    with running(setup, large=large, revision=revision) as (proxy, behind):
        restart = _restarting(proxy) if restarts else None
        return judged_at(proxy.base_url, behind, expect=expect, restart=restart, only=only)


def judged_in_halves(
    setup: Setup,
    only: Set[str],
    *,
    expect: str = "mirror",
    large: bool = False,
    revision: str = DEFAULT_REVISION,
) -> dict[str, Verdict]:
    """The verdict of these checks, half of them on one proxy and half on another, at the same time."""
    judge = partial(judged, setup, expect=expect, large=large, revision=revision)
    with ThreadPoolExecutor() as threads:
        rest, failures = threads.map(lambda half: judge(only=half & only), (REST, FAILURES))
        return {**rest, **failures}


def judged_at(
    base_url: str,
    upstream: Upstream,
    transport: httpx.BaseTransport | None = None,
    *,
    expect: str = "mirror",
    restart: Callable[[], None] | None = None,
    only: Container[str] = EVERY,
) -> dict[str, Verdict]:
    """The same for any server in front of that upstream."""
    revision = Revision.load(upstream.revision)
    settings: Any = SimpleNamespace()
    run = Run(settings, revision, {}, None)
    with closing(client(base_url, upstream.keys, transport)) as api:
        api.wire.start = reused_threads.start
        run.evidence = Evidence(api, revision)
        both = ProxyUnderTest(api, revision, upstream, expect, restart, recovery=RECOVERY)
        return {
            found: verdict_of(run, function, {**arguments, "models_proxy": both}, level)
            for found, function, arguments, level in checks_of("proxy", run, {})
            if found in only
        }


def diagnosed(verdicts: Mapping[str, Verdict]) -> list[Diagnosis]:
    """The diagnoses of what the area found; a check that no rule explains has one without a cause."""
    found = [
        Violated(check, own.level, own.findings)  # type: ignore[arg-type]
        for check, own in verdicts.items()
        if own.verdict == "violated"
    ]
    seen = Observed([], Revision.load(), [], found)
    drawn = diagnoses([cause for rule in RULES for cause in rule(seen)], found)
    kept = chosen(drawn, verdicts)
    explained = {check for own in kept for check in own.checks}
    alone = [own.check for own in found if own.check not in explained]
    return [*kept, *(Diagnosis("", check, None, (check,)) for check in alone)]


def client(base_url: str, keys: Keys, transport: httpx.BaseTransport | None = None) -> ModelsAPI:
    """The client of the suite, with the keys of both clients."""
    return ModelsAPI(
        base_url,
        transport or httpx.HTTPTransport(verify=False, trust_env=False),
        key=keys.client,
        second_key=keys.second,
        secrets=[keys.server],
        timeout=TIMEOUT,
    )


def _restarting(proxy: Proxy) -> Callable[[], None]:
    def restart() -> None:
        try:
            proxy.restart()
        except Exception as problem:
            raise NotJudged(f"it does not start: {problem}") from None

    return restart
