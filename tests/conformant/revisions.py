"""Servers of every revision, judged by their own revision or by an older one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from conformant.kit import (
    Model,
    altered,
    conformant,
    empty_page,
    family,
    models_of,
    on_copy,
    refused,
)
from conformant.moving import Moving
from pytest_models_contract.fake import Ask, Fake, Request, Response
from pytest_models_contract.fake.catalogue import REVISIONS, catalogue

NEWEST = REVISIONS[-1]
DAY = "2026-01-01T00:00:00Z"


class JudgedBy:
    """A server that is judged by an older revision than the one it serves."""

    def __init__(self, app: Fake, revision: str) -> None:
        self._app, self.models, self.revision = app, app.models, revision

    def __call__(self, environ: Any, start_response: Any) -> Any:
        return self._app(environ, start_response)


# --- revisions -----------------------------------------------------------------------------------


@family(
    [(revision, count) for revision in REVISIONS for count in (0, 1, 2, 20, 21, 45)]
    + [(NEWEST, 2300)]
)
def of_its_own_revision(case: tuple[str, int]) -> Fake:
    revision, count = case
    return altered(models=count, revision=revision)


@family([(served, held) for served in REVISIONS for held in REVISIONS if held < served])
def ahead_of_its_revision(case: tuple[str, str]) -> JudgedBy:
    return JudgedBy(altered(revision=case[0]), case[1])


def staged(change: Callable[[int, Model], Model], count: int = 27) -> Fake:
    """A server of the newest revision whose models are changed one by one."""
    own = [change(n, dict(model)) for n, model in enumerate(catalogue(count, NEWEST))]
    return altered(models=own, revision=NEWEST)


@family(["active", "deprecated", "retired"])
def every_model_is(stage: str) -> Fake:
    dates = {"deprecated_at": None if stage == "active" else DAY, "retires_at": None}
    return staged(lambda _, model: {**model, "lifecycle": stage, **dates})


@conformant
def stages_take_turns() -> Fake:
    def turn(n: int, model: Model) -> Model:
        stage = ("active", "deprecated", "retired")[n % 3]
        dates = {
            "deprecated_at": DAY if n % 3 else None,
            "retires_at": DAY if n % 2 and n % 3 else None,
        }
        return {**model, "lifecycle": stage, **dates}

    return staged(turn, 60)


@conformant
def lines_of_every_kind() -> Fake:
    lines = [None, "opus", "", "a line nobody knows"]
    return staged(lambda n, model: {**model, "line": lines[n % 4]})


@family([None, {"summarize": {"supported": False}, "supported": False, "later": 1}])
def compaction_is_legal(value: object) -> Fake:
    """`?beta=true` adds `capabilities.compaction`."""

    def add(request: Request, response: Response) -> None:
        for model in models_of(response) if request.get("beta") else ():
            if model.get("capabilities"):
                model["capabilities"]["compaction"] = value

    return altered(on_copy(add), revision=NEWEST)


@conformant
def retired_models_cannot_be_retrieved() -> Fake:
    def gone(ask: Ask, request: Request) -> Response:
        response = ask(request)
        retired = response.status == 200 and response.body.get("lifecycle") == "retired"
        return refused(404) if retired else response

    return altered(gone, revision=NEWEST)


@family([400, 403, 404])
def another_workspace_is_refused(status: int) -> Fake:
    """A server that belongs to one workspace."""

    def own(ask: Ask, request: Request) -> Response:
        return refused(status) if "anthropic-workspace-id" in request.headers else ask(request)

    return altered(own, revision=NEWEST)


@conformant
def another_workspace_has_no_models() -> Fake:
    def own(ask: Ask, request: Request) -> Response:
        response = ask(request)
        return empty_page() if "anthropic-workspace-id" in request.headers else response

    return altered(own, revision=NEWEST)


@family([400, 422])
def unknown_stages_are_ignored_or(status: int) -> Fake:
    def strict(ask: Ask, request: Request) -> Response:
        response = ask(request)
        stages = [value for name, value in request.query if name == "lifecycle[]"]
        return (
            refused(status)
            if len(set(stages)) < len(stages) or response.status == 400
            else response
        )

    return altered(strict, revision=NEWEST)


@family([1, 3, 8, 20, 40, 60, 80])
def a_model_is_deprecated_at(moment: int) -> Moving:
    own = list(catalogue(27, NEWEST))
    later = [*own[:2], {**own[2], "lifecycle": "deprecated", "deprecated_at": DAY}, *own[3:]]
    return Moving(
        altered(models=own, revision=NEWEST), altered(models=later, revision=NEWEST), moment
    )
