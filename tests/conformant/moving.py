"""Servers whose catalogue changes while it is read, or that fail now and then."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from threading import Lock
from typing import Any

from judging import ALIASES

from conformant.kit import (
    altered,
    family,
    refused,
)
from pytest_models_contract.fake import Ask, Fake, Request, Response


class Moving:
    """A server whose catalogue changes once, at the given request."""

    def __init__(self, before: Fake, after: Fake, at: int) -> None:
        self._before, self._after, self._left = before, after, at
        self.models, self.revision = before.models, before.revision

    def __call__(self, environ: Any, start_response: Any) -> Any:
        self._left -= 1
        return (self._after if self._left < 0 else self._before)(environ, start_response)


MOMENTS = (
    1,
    2,
    3,
    4,
    5,
    7,
    9,
    12,
    15,
    18,
    20,
    22,
    25,
    28,
    30,
    33,
    36,
    40,
    45,
    50,
    55,
    60,
    65,
    70,
    75,
    80,
    85,
    90,
)


@family(MOMENTS)
def a_model_is_released_at(moment: int) -> Moving:
    own = Fake().models
    newest = {**own[0], "id": "claude-next", "created_at": "2026-12-01T00:00:00Z"}
    return Moving(altered(models=list(own)), altered(models=[newest, *own]), moment)


@family(MOMENTS[::3])
def a_model_is_retired_at(moment: int) -> Moving:
    own = Fake().models
    return Moving(altered(models=list(own)), altered(models=[*own[:7], *own[8:]]), moment)


@family(MOMENTS[::3])
def a_model_is_renamed_at(moment: int) -> Moving:
    own = list(Fake().models)
    return Moving(
        altered(models=own),
        altered(models=[*own[:5], {**own[5], "display_name": "New"}, *own[6:]]),
        moment,
    )


@family([1, 5, 20, 40])
def two_releases_from(moment: int) -> Moving:
    own = Fake().models
    first = {**own[0], "id": "claude-next", "created_at": "2026-12-01T00:00:00Z"}
    second = {**own[0], "id": "claude-later", "created_at": "2026-12-02T00:00:00Z"}
    fakes = (
        altered(models=list(own)),
        altered(models=[first, *own]),
        altered(models=[second, first, *own]),
    )
    return Moving(fakes[0], Moving(fakes[1], fakes[2], 25), moment)  # type: ignore[arg-type]


@family([(429, {"retry-after": "0"}), (500, {}), (503, {"retry-after": "0"}), (529, {}), (408, {})])
def fails_now_and_then(case: tuple[int, Mapping[str, str]]) -> Fake:
    status, headers = case

    def fail(ask: Ask, request: Request) -> Response:
        response = ask(request)
        if request.number % 7 == 3:
            return replace(refused(status), headers={**response.headers, **headers})
        return response

    return altered(fail)


@family([(which, moment) for which in (0, 10) for moment in range(1, 140, 6)])
def another_model_is_renamed_at(case: tuple[int, int]) -> Moving:
    """The newest model, or the one that the alias stands for."""
    which, moment = case
    own = list(Fake().models)
    renamed = [*own[:which], {**own[which], "display_name": "New"}, *own[which + 1 :]]
    return Moving(altered(models=own), altered(models=renamed), moment)


class AlwaysChanging:
    """A server that changes to the next of these catalogues after every `every` requests, up to the last."""

    def __init__(self, every: int, catalogues: list[list[Any]]) -> None:
        self._states = [altered(models=own) for own in catalogues]
        self._every, self._requests = every, 0
        self.models, self.revision = self._states[0].models, self._states[0].revision

    def __call__(self, environ: Any, start_response: Any) -> Any:
        state = min(self._requests // self._every, len(self._states) - 1)
        self._requests += 1
        return self._states[state](environ, start_response)


def _dated(number: int, year: int) -> dict[str, Any]:
    day = f"{year}-12-{number + 1:02d}T00:00:00Z"
    return {**Fake().models[0], "id": f"claude-{year}-{number}", "created_at": day}


@family([(25, 27), (40, 27), (40, 3), (60, 27)])
def a_model_is_released_again_and_again(case: tuple[int, int]) -> AlwaysChanging:
    every, models = case
    dated, own = [_dated(n, 2026) for n in range(28)], Fake(models=models).models
    return AlwaysChanging(every, [[*dated[:n][::-1], *own] for n in range(29)])


@family([25, 40])
def an_older_model_is_added_again_and_again(every: int) -> AlwaysChanging:
    dated, own = [_dated(n, 2020) for n in range(28)][::-1], Fake().models
    return AlwaysChanging(every, [[*own, *dated[:n]] for n in range(29)])


@family([(25, 1), (40, 0), (40, -1)])
def a_model_is_retired_again_and_again(case: tuple[int, int]) -> AlwaysChanging:
    every, which = case
    catalogues = [list(Fake().models)]
    while (left := list(catalogues[-1])).pop(which)["id"] not in ALIASES.values():
        catalogues.append(left)
    return AlwaysChanging(every, catalogues)


class OneAtATime:
    """A server that refuses requests while it handles another one."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._fake, self._busy, self._headers = altered(), Lock(), headers
        self.models, self.revision = self._fake.models, self._fake.revision

    def __call__(self, environ: Any, start_response: Any) -> Any:
        if not self._busy.acquire(blocking=False):
            start_response("429 Too Many Requests", [*self._headers.items()])
            return [b""]
        try:
            time.sleep(0.002)
            return self._fake(environ, start_response)
        finally:
            self._busy.release()


@family([{}, {"retry-after": "0"}])
def one_request_at_a_time(headers: Mapping[str, str]) -> OneAtATime:
    return OneAtATime(headers)
