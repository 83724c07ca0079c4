"""A conformant Models API in process: a WSGI application, for tests of clients and of this contract.

`Fake()` serves 27 models and follows every rule of its revision. `Fake(faults=[...])` injects faults.
A fault is a middleware, `fault(ask, request) -> Response`. It may alter the request, the conformant
response that `ask(request)` returns, or both. Faults keep no state of their own: what a fault needs to
remember is in the request (`number`, `asked`, `count`), so one fault can be used by many fakes.

`python -m pytest_models_contract.fake --port 8000` serves it from the command line.
"""

from __future__ import annotations

import hmac
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, reduce
from http.client import responses
from itertools import count as numbers
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from pytest_models_contract.fake.catalogue import (
    DEFAULT_REVISION,
    REVISIONS,
    Model,
    catalogue,
    completed,
    has,
    of_beta,
)
from pytest_models_contract.fake.exchange import LIST, Ask, Fault, Request, Response, request_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

VERSIONS = ("2023-06-01", "2026-10-21")
STAGES = ("active", "deprecated", "retired")
LIMITS = range(1, 1001)
DEFAULT_LIMIT = 20

ERRORS = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    405: "invalid_request_error",
    500: "api_error",
}


class Refused(Exception):
    """The response is an error: a status and a message."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class Fake:
    """A Models API that follows the contract, except for the injected faults.

    models: how many (0 to 100000), or models of your own; of those only `id` is needed, and they
    are served newest first. revision: the one to follow. key: if given, each request needs it as
    `x-api-key` or bearer token. faults: applied in order, the last one gets the response last.
    aliases: alias -> id of a model. prefix: the path before `/v1`.

    `models` is the catalogue. `requests` are the requests so far, for tests of what a client sends.
    ValueError: an unknown revision, a number of models out of range, an alias of an unknown model.
    """

    def __init__(
        self,
        models: int | Sequence[Mapping[str, Any]] = 27,
        revision: str = DEFAULT_REVISION,
        key: str | None = None,
        faults: Sequence[Fault] = (),
        aliases: Mapping[str, str] | None = None,
        prefix: str = "",
    ) -> None:
        if revision not in REVISIONS:
            raise ValueError(f"unknown revision {revision!r}: one of {', '.join(REVISIONS)}")
        self._beta_models = _models(models, revision)
        self.models = tuple(map(_without_fallbacks, self._beta_models))
        self.revision = revision
        self.requests: deque[Request] = deque(maxlen=10_000)
        self._key = key
        self._aliases = dict(aliases or {})
        self._list = prefix.rstrip("/") + LIST
        self._positions = {model["id"]: place for place, model in enumerate(self.models)}
        self._numbers = numbers(1)
        conformant: Ask = self._conformant
        self._ask = reduce(with_fault, faults, conformant)
        if unknown := set(self._aliases.values()) - set(self._positions):
            raise ValueError(f"aliases of unknown models: {', '.join(sorted(unknown))}")

    @property
    def asked(self) -> deque[Request]:
        """The older name of `requests`."""
        return self.requests

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The fake as a WSGI application."""
        response = self.respond(request_of(environ))
        content = response.encoded()
        headers = [*response.headers.items(), ("content-length", str(len(content)))]
        reason = responses.get(response.status, "Error")
        start_response(f"{response.status} {reason}", headers)
        return [content]

    def respond(self, request: Request) -> Response:
        """The response to a request, with the faults."""
        request = replace(request, number=next(self._numbers), asked=self.requests)
        self.requests.append(request)
        return self._ask(request)

    def _conformant(self, request: Request) -> Response:
        request_id = f"req_{request.number:024d}"
        headers = {"content-type": "application/json", "request-id": request_id}
        try:
            return Response(200, headers, self._body(request))
        except Refused as refused:
            if refused.status == 405:
                headers["allow"] = "GET"  # RFC 9110, 15.5.6
            return Response(
                refused.status, headers, error(refused.status, refused.message, request_id)
            )

    def _body(self, request: Request) -> Model:
        self._admit(request)
        if request.path != self._list and not request.path.startswith(f"{self._list}/"):
            raise Refused(404, f"no such path; the paths are {self._list} and {self._list}/{{id}}")
        if request.method != "GET":
            raise Refused(405, f"{self._list} allows only GET")
        self._check_headers(request.headers)
        if request.path == self._list:
            return self._page(request)
        return self._named(unquote(request.path[len(self._list) + 1 :]), request)

    def _admit(self, request: Request) -> None:
        if self._key is None or request.trusted:
            return
        if not request.keys:
            raise Refused(401, "a key is needed: send x-api-key, or Authorization: Bearer")
        right = self._key.encode()
        if not any(hmac.compare_digest(key.encode(), right) for key in request.keys):
            raise Refused(401, "the key is wrong")

    def _check_headers(self, headers: Mapping[str, str]) -> None:
        version = headers.get("anthropic-version", VERSIONS[0])
        if version not in VERSIONS:
            raise Refused(400, f"anthropic-version: {version} is not one of {', '.join(VERSIONS)}")
        betas = [beta.strip() for beta in headers.get("anthropic-beta", "").split(",")]
        for beta in filter(None, betas):
            if beta not in self._betas:
                raise Refused(400, f"anthropic-beta: {beta} is not known")

    @cached_property
    def _betas(self) -> frozenset[str]:
        # Imported when needed: the schemas take more time than the rest of the fake.
        from pytest_models_contract.spec.revision import Revision

        return frozenset(Revision.load(self.revision).betas)

    def _named(self, name: str, request: Request) -> Model:
        place = self._positions.get(self._aliases.get(name, name))
        if place is None:
            raise Refused(404, f"model: {name}")
        return self._model_at(request)(place)

    def _model_at(self, request: Request) -> Callable[[int], Model]:
        """What is shown of the model at a place: with or without what `?beta=true` adds."""
        if request.get("beta") != "true":
            return self.models.__getitem__
        return lambda place: of_beta(self._beta_models[place], self.revision)

    def _page(self, request: Request) -> Model:
        limit, stages = _limit(request), self._stages(request)
        models = self._from_cursor(request)
        wanted = (model for model in models if stages is None or model.get("lifecycle") in stages)
        found = list(islice(wanted, limit + 1))
        data = found[:limit]
        if request.get("before_id") is not None:
            data.reverse()
        return {
            "data": data,
            "has_more": len(found) > limit,
            "first_id": data[0]["id"] if data else None,
            "last_id": data[-1]["id"] if data else None,
        }

    def _from_cursor(self, request: Request) -> Iterator[Model]:
        """The models from the cursor on, in the direction of the request."""
        after, before = request.get("after_id"), request.get("before_id")
        if after is not None and before is not None:
            raise Refused(400, "after_id and before_id: send only one of them")
        places = range(len(self.models))
        if after is not None:
            places = range(self._place("after_id", after) + 1, len(self.models))
        elif before is not None:
            places = range(self._place("before_id", before) - 1, -1, -1)
        return map(self._model_at(request), places)

    def _place(self, name: str, cursor: str) -> int:
        if cursor not in self._positions:
            raise Refused(400, f"{name}: {cursor} names no model")
        return self._positions[cursor]

    def _stages(self, request: Request) -> Sequence[str] | None:
        if not has(self.revision, "lifecycle"):
            return None
        asked = [value for name, value in request.query if name == "lifecycle[]"]
        if len(asked) > len(STAGES) or not set(asked) <= set(STAGES):
            raise Refused(400, f"lifecycle[]: up to three of {', '.join(STAGES)}")
        return asked or ("active", "deprecated")


def error(status: int, message: str, request_id: str | None) -> Model:
    """The body of an error, with the type that belongs to the status."""
    kind = {"type": ERRORS[status], "message": message}
    return {"type": "error", "error": kind, "request_id": request_id}


def _without_fallbacks(model: Model) -> Model:
    return {name: value for name, value in model.items() if name != "allowed_fallback_models"}


def _models(given: int | Sequence[Mapping[str, Any]], revision: str) -> tuple[Model, ...]:
    if isinstance(given, int):
        return catalogue(given, revision)
    return completed(given, revision)


def _limit(request: Request) -> int:
    written = request.get("limit")
    if written is None:
        return DEFAULT_LIMIT
    digits = re.fullmatch(r"0*([0-9]{1,4})", written)
    if digits is None or int(digits[1]) not in LIMITS:
        raise Refused(400, f"limit: {written!r} is not an integer from {LIMITS[0]} to {LIMITS[-1]}")
    return int(digits[1])


def with_fault(ask: Ask, fault: Fault) -> Ask:
    """`ask` with a fault around it."""
    return lambda request: fault(ask, request)
