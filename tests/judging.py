"""Run the suite on a server, mostly in process, without pytest: a verdict for each check."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import FunctionType, SimpleNamespace
from typing import Any, cast

import httpx
import reused_threads
from remembered_sdks import RememberedSdks

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import Finding
from pytest_models_contract.client.profile import Need
from pytest_models_contract.client.sdk.every import Sdks
from pytest_models_contract.client.verdict import Check, NotJudged, Unexercised, Violation
from pytest_models_contract.evidence.explore.explored import Explored
from pytest_models_contract.evidence.explore.exploring import Bound
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.fake import Fake
from pytest_models_contract.session import options
from pytest_models_contract.session.run import Run
from pytest_models_contract.spec.revision import Revision, UnknownClause
from pytest_models_contract.suite import test_headers as headers
from pytest_models_contract.suite.checks import AREAS, cases, check_id, files_of, module_of
from pytest_models_contract.target.applications import Wsgi
from pytest_models_contract.target.targets import IN_PROCESS

KEY = "sk-test-0123456789abcdef"
ALONE = tuple(area for area in AREAS if area not in {"clients", "explore", "proxy"})
"""The areas of the checks that need no option."""
NEED_A_SECOND_KEY = {headers.test_another_key_changes_nothing}
PYTHON_SDKS = ("sync", "async")
SEED = 1

ALIASES = {"claude-opus-latest": "claude-opus-4-1-20250805"}


@dataclass(frozen=True)
class Verdict:
    """The outcome of a check: `holds`, `violated`, `unexercised` or `error`, its level, and why.

    A violation has its findings here, and the first in words: `why` says what was seen and expected,
    `where`, `hint` and `when` the rest. For a check that passed, `why` is the evidence.
    """

    verdict: str
    level: str
    why: str
    where: str = ""
    hint: str = ""
    when: str = ""
    findings: tuple[Finding, ...] = ()


def judged(app: Any, revision: str = "2026-04-16", **how: Any) -> dict[str, Verdict]:
    """The verdict of every check on a server, by the check's id; `how` is as for `judged_in_a_run`."""
    return judged_in_a_run(app, revision, **how)[0]


def judged_in_a_run(
    app: Any,
    revision: str = "2026-04-16",
    *,
    key: str | None = KEY,
    aliases: Mapping[str, str] = ALIASES,
    only: Sequence[str] = (),
    expected: Sequence[str] = (),
    needs: Sequence[Need] = (),
    sdks: Sequence[str] = PYTHON_SDKS,
    explore: int = 0,
    seed: int = SEED,
    at_once: int = 1,
    **given: Any,
) -> tuple[dict[str, Verdict], Run]:
    """The verdict of every check on a server, by the check's id, and the run with what it has seen.

    `app` is a WSGI application, a base URL, or a transport of httpx. `only` names areas; `expected` are
    ids of `--models-expect`; `needs` are requests of profiles, `sdks` the SDKs that ask; `explore` is the
    number of requests of an exploration afterwards, if any; `at_once` is the most requests in flight;
    `given` are more arguments of `ModelsAPI`.
    """
    run = _run(app, Revision.load(revision), key, **given)
    run.explored = Explored(run.asked, Bound(requests=explore), seed)
    run.settings.aliases = tuple(aliases.items())  # type: ignore[misc]
    run.asked.api.ahead.most = at_once
    areas = [*(only or (*ALONE, "clients")), *(["explore"] if explore else [])]
    every = [check for area in areas for check in checks_of(area, run, aliases, expected, needs)]
    wanted = [each for each in every if each[2].get("models_sdk", sdks[0]) in sdks]
    checks = [
        each for each in wanted if given.get("second_key") or each[1] not in NEED_A_SECOND_KEY
    ]
    found: dict[str, Verdict] = {}
    try:
        for check, function, arguments, level in checks:
            run.send_ahead(each[0] for each in checks)
            found[check] = verdict_of(run, function, arguments, level)
        return found, run
    finally:
        _close(run)


def judged_alone(check: str, app: Any, revision: str = "2026-04-16") -> tuple[Verdict, Run]:
    """The verdict of one check, by its id, without any other; and its run."""
    run = _run(app, Revision.load(revision), KEY)
    vars(run.asked)["sdks"] = Sdks(run.asked.api)
    checks = checks_of(check.partition("/")[0], run, ALIASES)
    _, function, arguments, level = next(each for each in checks if each[0] == check)
    try:
        return verdict_of(run, function, arguments, level), run
    finally:
        _close(run)


def _close(run: Run) -> None:
    _sdks(run.asked).close()
    run.asked.api.close()


def _sdks(evidence: Evidence) -> Sdks:
    """The SDKs that ask the server of the evidence."""
    found: Sdks = vars(evidence).setdefault("sdks", RememberedSdks(evidence.api))
    return found


def violated(app: Any, revision: str = "2026-04-16", **arguments: Any) -> dict[str, str]:
    """The ids of the violated checks of an application, with their level."""
    return not_holding(judged(app, revision, **arguments))


def not_holding(found: Mapping[str, Verdict], verdict: str = "violated") -> dict[str, str]:
    """The checks with such a verdict, and their level."""
    return {check: seen.level for check, seen in found.items() if seen.verdict == verdict}


def fake(*faults: Any, revision: str = "2026-04-16", models: Any = 27) -> Fake:
    """The fake with the key and the aliases that `judged` uses."""
    aliases = ALIASES if models == 27 else {}
    return Fake(models=models, revision=revision, key=KEY, faults=faults, aliases=aliases)


def check_of(check: Callable[..., None] | tuple[Callable[..., None], str]) -> tuple[str, str]:
    """The id of a check function, or of one of its cases, and the level it is marked with."""
    function, own = check if isinstance(check, tuple) else (check, "")
    module = importlib.import_module(function.__module__)
    level = _citation(function).kwargs.get("level", "must")
    if function.__name__ == "test_property":
        return f"model_info/{own}", level
    return check_id(module, cast(FunctionType, function), own), level


def _citation(function: Callable[..., None]) -> Any:
    marks = function.pytestmark  # type: ignore[attr-defined]
    return next(mark for mark in marks if mark.name == "models_cites")


def _run(app: Any, revision: Revision, key: str | None, **given: Any) -> Run:
    settings: options.Settings = SimpleNamespace()  # type: ignore[assignment]
    run = Run(settings, revision, {}, None, process=app if hasattr(app, "restart") else None)
    where, transport = (app, None) if isinstance(app, str) else (IN_PROCESS, _transport(app))
    run.evidence = Evidence(ModelsAPI(where, transport, key=key, **given), revision)
    run.asked.api.wire.start = reused_threads.start
    return run


def _transport(app: Any) -> httpx.BaseTransport:
    return app if isinstance(app, httpx.BaseTransport) else Wsgi(app)


def checks_of(
    area: str,
    run: Run,
    aliases: Mapping[str, str],
    expected: Sequence[str] = (),
    needs: Sequence[Need] = (),
) -> Iterator[tuple[str, FunctionType, dict[str, Any], str]]:
    """The checks of an area with their arguments, but for those that need a server to restart."""
    functions = [
        (module, function)
        for module in map(module_of, files_of(area))
        for name, function in vars(module).items()
        if name.startswith("test_") and isinstance(function, FunctionType)
    ]
    for module, function in functions:
        cites, revision = _citation(function), run.revision
        if "models_restart" in inspect.signature(function).parameters and run.process is None:
            continue
        for own, arguments in _arguments(function, revision, aliases, expected, needs):
            prop = arguments.get("models_property")
            try:
                revision.clause(cites.args[0])
            except UnknownClause:
                continue
            level = cites.kwargs.get("level", "must")
            yield check_id(module, function, own, prop), function, arguments, level


def _arguments(
    function: Any,
    revision: Revision,
    aliases: Mapping[str, str],
    expected: Sequence[str],
    needs: Sequence[Need],
) -> Iterator[tuple[str | None, dict[str, Any]]]:
    names = _parameters(function)
    if "models_property" in names:
        yield from ((None, {"models_property": prop}) for prop in revision.properties)
    elif "models_alias" in names:
        yield from ((alias, {"models_alias": (alias, own)}) for alias, own in aliases.items())
    elif "models_expected" in names:
        yield from ((model, {"models_expected": model}) for model in expected)
    elif "models_need" in names:
        yield from ((need.id, {"models_need": need}) for need in needs)
    else:
        yield from cases(function)


@cache
def _parameters(function: Callable[..., None]) -> tuple[str, ...]:
    return tuple(inspect.signature(function).parameters)


def verdict_of(run: Run, function: Any, arguments: dict[str, Any], level: str) -> Verdict:
    """The verdict of one check."""
    evidence = run.asked
    check = Check(incomparable=lambda: evidence.changing)
    fixtures = {
        "models_api": evidence.api,
        "models_evidence": evidence,
        "models_catalogue": evidence.catalogue,
        "models_revision": run.revision,
        "models_check": check,
        "models_sdks": _sdks(evidence),
        "models_aliases": getattr(run.settings, "aliases", tuple(ALIASES.items())),
        "models_restart": run.process and run.process.restart,
        "models_exploration": run.explored,
        **arguments,
    }
    wanted = {name: fixtures[name] for name in _parameters(function)}
    try:
        run.judge(lambda: function(**wanted))
    except Violation as violation:
        first = violation.findings[0]
        why = f"{first.seen}; expected {first.expected}"
        more = (first.where, first.hint, first.when, tuple(violation.findings))
        return Verdict("violated", first.level or level, why, *more)
    except Unexercised as why:
        return Verdict("unexercised", level, str(why))
    except NotJudged as why:
        return Verdict("error", level, str(why))
    return Verdict("holds", level, "; ".join(check.evidence))
