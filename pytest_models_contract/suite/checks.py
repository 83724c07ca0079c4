"""The id, level and clause of each check, the same however the suite was collected."""

from __future__ import annotations

import importlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest
from _pytest.mark import ParameterSet

from pytest_models_contract import DOCUMENTATION
from pytest_models_contract.spec.revision import Clause, Level, Property, Revision, UnknownClause

SUITE = Path(__file__).parent
AREAS = (
    "model_list",
    "model_info",
    "order",
    "limit",
    "cursors",
    "retrieve",
    "headers",
    "lifecycle",
    "clients",
    "errors",
    "explore",
    "proxy",
)
FILES = {
    "clients": ("clients", "clients_sdk", "clients_paging"),
    "proxy": (
        *("proxy_catalogue", "proxy_models", "proxy_retrieve", "proxy_callers"),
        *("proxy_passed_on", "proxy_keys", "proxy_failures", "proxy_change"),
    ),
}
"""The files of an area that has several, in the order of their checks."""
ADDED_BY = {"explore": "explore", "proxy": "upstream"}
"""The option that adds a whole area."""
LAST = {"start": 1, "upstream": 2}
"""What restarts the server comes after all that does not, what needs the upstream at the very end."""
ALIAS = "ALIAS"
NAMED = {
    "retrieve/alias_resolves": ALIAS,
    "retrieve/expected_model_is_listed_and_found": "ID",
    "clients/profile": "NAME:request",
}
"""The checks that are made for each value of an option, and what stands for any value."""
DOCUMENT = f"{DOCUMENTATION}contract.html"


@dataclass(frozen=True)
class Facts:
    """What is known of a check before it runs.

    `needs` names the option that adds the check (such as `alias`, or a client); it is empty where none is
    needed. `needs_too` names a second one, where two are needed. `place` is its place among the collected
    checks.
    """

    id: str
    level: Level
    clause: Clause
    title: str
    needs: str = ""
    needs_too: str = ""
    place: int = 0

    @property
    def heading(self) -> str:
        """The heading of the check in the document of the contract."""
        return f"{DOCUMENT}#{anchor(self.id)}"


def order(facts: Facts) -> tuple[int, int]:
    """What the checks of a run are sorted by."""
    return LAST.get(facts.needs, 0), AREAS.index(facts.id.partition("/")[0])


def anchor(check: str) -> str:
    """The anchor of a heading that is the check's id, on the site as on GitHub and GitLab.

    >>> anchor("limit/refuses[-1]")
    'limitrefuses-1'
    """
    return re.sub(r"[^\w-]", "", _any_alias(check).lower())


def suite_files(without: Collection[str] = ()) -> list[Path]:
    """The files of the suite, in the order of its areas, without some areas."""
    return [path for area in AREAS if area not in without for path in files_of(area)]


def files_of(area: str) -> list[Path]:
    """The files of an area, in order."""
    return [SUITE / f"test_{name}.py" for name in FILES.get(area, (area,))]


def area_of(module: ModuleType) -> str:
    """The area that the checks of a module belong to."""
    name = module.__name__.rpartition(".")[2].removeprefix("test_")
    return next((area for area, names in FILES.items() if name in names), name)


def functions() -> Iterator[tuple[Path, str]]:
    """File and name of every check function that is collected without a further option."""
    for path in suite_files():
        module = module_of(path)
        yield from ((path, found.__name__) for found in _checks(module) if not _needs(found))


def module_of(path: Path) -> ModuleType:
    """The module of a suite file, however pytest would import it."""
    return importlib.import_module(f"pytest_models_contract.suite.{path.stem}")


def facts_of(item: pytest.Function, revision: Revision) -> Facts | None:
    """The facts of a collected check; None when the revision does not have its clause.

    Raises `pytest.Collector.CollectError` when no revision has it.
    """
    params: dict[str, Any] = item.callspec.params if hasattr(item, "callspec") else {}
    own = item.callspec.id if params else ""
    return described(item.function, revision, own, params.get("models_property"))


def described(
    function: FunctionType, revision: Revision, own: str = "", prop: Property | None = None
) -> Facts | None:
    """The facts of a check function with its parameter, under the revision; None where it has none."""
    marker = _mark(function, "models_cites")
    if marker is None:
        raise pytest.Collector.CollectError(
            f"{function.__name__} has no clause: mark it with models_cites"
        )
    try:
        clause = prop.clause if prop else revision.clause(marker.args[0])
    except UnknownClause:
        _require_known(marker.args[0])
        return None
    return Facts(
        check_id(importlib.import_module(function.__module__), function, own, prop),
        marker.kwargs.get("level", "must"),
        clause,
        " ".join((prop.clause.rule if prop else function.__doc__ or function.__name__).split()),
        _needs(function, own),
        _needs_too(function),
    )


def check_id(
    module: ModuleType, function: FunctionType, own: str | None, prop: Property | None = None
) -> str:
    """`<area>/<name>`, with `[own]` where the check has a parameter."""
    area = area_of(module)
    if prop:
        return f"{area}/{prop.path}"
    return f"{area}/{function.__name__.removeprefix('test_')}" + (f"[{own}]" if own else "")


def of_revision(revision: Revision) -> Iterator[Facts]:
    """Every check of a revision in the order of the suite, including those that need an option.

    The check of aliases is there once, with `ALIAS` as its parameter.
    """
    for path in suite_files():
        for function in _checks(module_of(path)):
            cases = [described(function, revision, *case) for case in _cases(function, revision)]
            yield from (facts for facts in cases if facts)


def known_ids() -> set[str]:
    """The ids of all checks of all revisions; the check of aliases has `ALIAS` as its parameter."""
    return {facts.id for name in Revision.known() for facts in of_revision(Revision.load(name))}


def is_known(check: str) -> bool:
    """Whether the id names a check of some revision, with any alias."""
    return _any_alias(check) in known_ids()


def _any_alias(check: str) -> str:
    """The id with `ALIAS` or `ID` for the value of an option, or the id itself."""
    name, _, value = check.partition("[")
    return (
        f"{name}[{NAMED[name]}]" if name in NAMED and value[:-1] and check.endswith("]") else check
    )


def _checks(module: ModuleType) -> Iterator[Any]:
    yield from (
        found
        for name, found in vars(module).items()
        if name.startswith("test_") and isinstance(found, FunctionType)
    )


def _cases(function: Any, revision: Revision) -> Iterator[tuple[str, Property | None]]:
    """The parameters of a check function, each with its property, if any."""
    wanted = function.__code__.co_varnames[: function.__code__.co_argcount]
    name = check_id(importlib.import_module(function.__module__), function, "")
    if "models_property" in wanted:
        yield from ((prop.path, prop) for prop in revision.properties)
    elif name in NAMED:
        yield NAMED[name], None
    else:
        yield from ((own, None) for own, _ in cases(function))


def cases(function: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """What `parametrize` gives a check function: the parameter in the id, and the arguments."""
    marker = _mark(function, "parametrize")
    if marker is None:
        yield "", {}
        return
    first, given = marker.args
    names = [first] if isinstance(first, str) else first
    for value in given:
        if isinstance(value, ParameterSet):
            own = "" if value.id is pytest.HIDDEN_PARAM else str(value.id)
            yield own, dict(zip(names, value.values, strict=True))
        else:
            yield str(value), {names[0]: value}


def applies(function: Any, given: Collection[str]) -> bool:
    """Whether a check function, with any of its parameters, applies with these options."""
    marker = _mark(function, "models_only_with")
    needed = {marker.args[0], *marker.kwargs.values()} if marker else {""}
    return not needed.isdisjoint(given) and _needs_too(function) in given


def _needs(function: Any, own: str = "") -> str:
    """The option that adds the check, which may be another one for some of its parameters."""
    marker = _mark(function, "models_only_with")
    return str(marker.kwargs.get(own.partition("-")[0], marker.args[0])) if marker else ""


def _needs_too(function: Any) -> str:
    marker = _mark(function, "models_only_with")
    return str(marker.args[1]) if marker and len(marker.args) > 1 else ""


def _mark(function: Any, name: str) -> pytest.Mark | None:
    return next((mark for mark in getattr(function, "pytestmark", []) if mark.name == name), None)


def _require_known(pointer: str) -> None:
    for name in Revision.known():
        try:
            Revision.load(name).clause(pointer)
        except UnknownClause:
            continue
        return
    raise pytest.Collector.CollectError(f"no revision has the clause {pointer}")
