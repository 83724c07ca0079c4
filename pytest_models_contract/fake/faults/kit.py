"""Building blocks of faults: their registration, and functions to alter requests and responses.

Models are shared between fakes, so a fault must not change them. The functions here copy what they
alter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast
from urllib.parse import unquote

from pytest_models_contract.fake.catalogue import Model
from pytest_models_contract.fake.exchange import LIST, Ask, Fault, Request, Response

FAULTS: dict[str, Fault] = {}
BREAKS: dict[str, str] = {}
"""The check that catches a fault, for faults without a row in the table of faults."""

Case = TypeVar("Case")
Params = ParamSpec("Params")
Edit = Callable[[Model], Any]


def fault(injected: Fault) -> Fault:
    """Register a fault under the name of its function."""
    return _register(getattr(injected, "__name__", ""), injected)


def family(
    cases: Mapping[str, Case],
) -> Callable[[Callable[[Ask, Request, Case], Response]], Callable[[Ask, Request, Case], Response]]:
    """Register a fault once for each case, as `fault[case]`; the function also gets the case's value."""

    def registered(
        injected: Callable[[Ask, Request, Case], Response],
    ) -> Callable[[Ask, Request, Case], Response]:
        for name, case in cases.items():
            _register(f"{injected.__name__}[{name}]", _with(injected, case))
        return injected

    return registered


def named(*names: str) -> dict[str, str]:
    """Cases whose values are their names."""
    return {name: name for name in names}


def _with(injected: Callable[[Ask, Request, Case], Response], case: Case) -> Fault:
    @wraps(injected)
    def wrapped(ask: Ask, request: Request) -> Response:
        return injected(ask, request, case)

    return wrapped


def _register(name: str, injected: Fault) -> Fault:
    if name in FAULTS:
        raise ValueError(f"two faults are called {name}")
    FAULTS[name] = injected
    return injected


def breaks(check: str) -> Callable[[Fault], Fault]:
    """Register a fault that exactly one check catches, by the id of that check."""

    def registered(injected: Fault) -> Fault:
        BREAKS[getattr(injected, "__name__", "")] = check
        return fault(injected)

    return registered


def lists(injected: Callable[Params, Response]) -> Callable[Params, Response]:
    """The fault applies only to lists."""
    return _only_when(injected, is_list)


def retrieves(injected: Callable[Params, Response]) -> Callable[Params, Response]:
    """The fault applies only to single models."""
    return _only_when(injected, lambda request: not is_list(request))


def _only_when(
    injected: Callable[Params, Response], applies: Callable[[Request], bool]
) -> Callable[Params, Response]:
    @wraps(injected)
    def wrapped(*arguments: Params.args, **named: Params.kwargs) -> Response:
        ask, request = cast("tuple[Ask, Request]", arguments[:2])
        return injected(*arguments, **named) if applies(request) else ask(request)

    return wrapped


def is_list(request: Request) -> bool:
    """Whether it is a request for a page."""
    return request.path.endswith(LIST)


def name_asked(request: Request) -> str:
    """The model id or alias in a request for a single model."""
    return unquote(request.path.partition(f"{LIST}/")[2])


def asks_for(request: Request, name: str) -> Request:
    """The request changed into one for the model `name`, already percent-encoded."""
    return replace(request, path=f"{_list_path(request)}/{name}")


def with_query(request: Request, **changes: object) -> Request:
    """The request with other query parameters; None removes one."""
    kept = [(name, value) for name, value in request.query if name not in changes]
    new = [(name, str(value)) for name, value in changes.items() if value is not None]
    return replace(request, query=(*kept, *new))


def without_cursor(request: Request) -> Request:
    """The same list request without a cursor."""
    return with_query(request, after_id=None, before_id=None)


def backwards(request: Request) -> bool:
    """Whether it is a request for the page before a cursor."""
    return request.get("before_id") is not None


def has_cursor(request: Request) -> bool:
    """Whether a cursor was sent."""
    return backwards(request) or request.get("after_id") is not None


def has_unknown_cursor(ask: Ask, request: Request) -> bool:
    """Whether one cursor was sent, and no listed model has that id; never where no model is listed."""
    cursors = [request.get(name) for name in ("after_id", "before_id")]
    sent = [cursor for cursor in cursors if cursor is not None]
    ids = [model["id"] for model in everything(ask, request)]
    return len(sent) == 1 and bool(ids) and sent[0] not in ids


def is_page(response: Response) -> bool:
    """Whether the response is a page, not a single model or an error."""
    return isinstance(response.body, dict) and isinstance(response.body.get("data"), list)


def is_model(response: Response) -> bool:
    """Whether the response is a single model."""
    return isinstance(response.body, dict) and "id" in response.body


def with_body(response: Response, body: Any) -> Response:
    """The response with another body."""
    return replace(response, body=body, text=None)


def with_page(response: Response, **members: Any) -> Response:
    """A page with other members of the envelope; any other response unchanged."""
    return with_body(response, response.body | members) if is_page(response) else response


def with_data(response: Response, data: Iterable[Any]) -> Response:
    """A page with other models and the cursors of these; any other response unchanged."""
    models = list(data)
    ids = [model["id"] for model in models] or [None]
    return with_page(response, data=models, first_id=ids[0], last_id=ids[-1])


def with_headers(response: Response, **headers: str | None) -> Response:
    """The response with other headers; None removes one, `_` means `-`."""
    new = {name.replace("_", "-"): value for name, value in headers.items()}
    merged = response.headers | new
    return replace(
        response, headers={name: text for name, text in merged.items() if text is not None}
    )


def without_headers(request: Request, *names: str) -> Request:
    """The request without some of its headers."""
    kept = {name: text for name, text in request.headers.items() if name not in names}
    return replace(request, headers=kept)


def refusal(request: Request, response: Response, status: int, kind: str, message: str) -> Response:
    """An error with a well-formed body instead of the response."""
    problem = {"type": kind, "message": message}
    body = {"type": "error", "error": problem, "request_id": f"req_{request.number:024d}"}
    return replace(response, status=status, body=body, text=None)


def not_found(request: Request, response: Response) -> Response:
    """The error for a model that does not exist, instead of the response."""
    message = f"model: {name_asked(request)}"
    return refusal(request, response, 404, "not_found_error", message)


def everything(ask: Ask, request: Request) -> list[Model]:
    """All listed models, requested with the headers and stages of the request."""
    found: list[Model] = []
    start = without_cursor(replace(request, method="GET", path=_list_path(request)))
    after = None
    while True:
        response = ask(with_query(start, limit=1000, after_id=after))
        if not is_page(response):
            return found
        found += response.body["data"]
        after = response.body["last_id"]
        if not response.body["has_more"]:
            return found


def cut_from(ask: Ask, request: Request, choice: Callable[[list[Model]], list[Model]]) -> Response:
    """The page of a conformant server with other models, or with another order of them."""
    response = ask(request)
    if not is_page(response):
        return response
    models = choice(everything(ask, request))
    ids = [model["id"] for model in models]
    limit = int(request.get("limit") or 20)
    before, after = request.get("before_id"), request.get("after_id")
    if not {before, after} - {None} <= set(ids):
        return response
    if before is not None:
        end = ids.index(before)
        start, more = max(0, end - limit), end > limit
    else:
        start = 0 if after is None else ids.index(after) + 1
        end, more = start + limit, len(ids) > start + limit
    changed = with_data(response, models[start:end])
    changed.body["has_more"] = more
    return changed


def late_model(ask: Ask, request: Request, path: str = "id") -> str | None:
    """The id of the model to which a fault of one model applies.

    It is the third last one, so that it is on a late page. If that has no property at `path`, it is an
    earlier one. None when no model has the property.
    """
    models = everything(ask, replace(request, query=()))
    candidates = models[: max(1, len(models) - 2)]
    return next((model["id"] for model in reversed(candidates) if has_path(model, path)), None)


def edited(ask: Ask, request: Request, edit: Edit, of: str | None = None) -> Response:
    """The response with `edit` applied to each model in it, or only to the one with the id `of`."""
    response = ask(request)
    if is_page(response):
        data = [
            edit(model) if of in (None, model["id"]) else model for model in response.body["data"]
        ]
        return with_body(response, response.body | {"data": data})
    if is_model(response) and of in (None, response.body["id"]):
        return with_body(response, edit(response.body))
    return response


def edited_late(ask: Ask, request: Request, path: str, edit: Edit) -> Response:
    """The response with `edit` applied only to one late model that has a property at `path`."""
    late = late_model(ask, request, path)
    return ask(request) if late is None else edited(ask, request, edit, late)


def has_path(model: Model, path: str) -> bool:
    """Whether the model has a property at the dotted path (null counts)."""
    node: Any = model
    for step in path.split("."):
        if not isinstance(node, dict) or step not in node:
            return False
        node = node[step]
    return True


def put(model: Model, path: str, value: Any) -> Model:
    """A copy of the model with another value at the dotted path."""
    step, _, below = path.partition(".")
    return model | {step: put(model[step], below, value) if below else value}


def dropped(model: Model, path: str) -> Model:
    """A copy of the model without the property at the dotted path."""
    step, _, below = path.partition(".")
    if below:
        return model | {step: dropped(model[step], below)}
    return {name: value for name, value in model.items() if name != step}


def _list_path(request: Request) -> str:
    return request.path.partition(LIST)[0] + LIST
