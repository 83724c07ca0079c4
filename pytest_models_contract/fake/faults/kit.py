"""What lies are made of: how one is registered, and the handles by which it grips an answer.

No lie may change an object that the honest fake handed out, beyond the answer itself: models are
shared between fakes. The helpers here copy what they alter.
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

Case = TypeVar("Case")
Params = ParamSpec("Params")
Edit = Callable[[Model], Any]


def fault(injected: Fault) -> Fault:
    """Register a lie under its own name."""
    return _register(getattr(injected, "__name__", ""), injected)


def family(
    cases: Mapping[str, Case],
) -> Callable[[Callable[[Ask, Request, Case], Response]], Callable[[Ask, Request, Case], Response]]:
    """Register a lie once for each case, as `lie[case]`; the lie gets the case's value as well."""

    def registered(
        injected: Callable[[Ask, Request, Case], Response],
    ) -> Callable[[Ask, Request, Case], Response]:
        for name, case in cases.items():
            _register(f"{injected.__name__}[{name}]", _with(injected, case))
        return injected

    return registered


def named(*names: str) -> dict[str, str]:
    """Cases that are their own names."""
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


def lists(injected: Callable[Params, Response]) -> Callable[Params, Response]:
    """The lie is told about lists only."""
    return _only_when(injected, is_list)


def retrieves(injected: Callable[Params, Response]) -> Callable[Params, Response]:
    """The lie is told about single models only."""
    return _only_when(injected, lambda request: not is_list(request))


def _only_when(
    injected: Callable[Params, Response], applies: Callable[[Request], bool]
) -> Callable[Params, Response]:
    @wraps(injected)
    def wrapped(*spoken: Params.args, **named: Params.kwargs) -> Response:
        ask, request = cast("tuple[Ask, Request]", spoken[:2])
        return injected(*spoken, **named) if applies(request) else ask(request)

    return wrapped


def is_list(request: Request) -> bool:
    """Whether the question asks for a page."""
    return request.path.endswith(LIST)


def name_asked(request: Request) -> str:
    """The model id or alias that a retrieve asks for."""
    return unquote(request.path.partition(f"{LIST}/")[2])


def asks_for(request: Request, name: str) -> Request:
    """The question turned into a retrieve of `name`, already percent-encoded."""
    return replace(request, path=f"{_list_path(request)}/{name}")


def with_query(request: Request, **changes: object) -> Request:
    """The question with query parameters set anew; None takes one away."""
    kept = [(name, value) for name, value in request.query if name not in changes]
    new = [(name, str(value)) for name, value in changes.items() if value is not None]
    return replace(request, query=(*kept, *new))


def without_cursor(request: Request) -> Request:
    """The same list question from the start."""
    return with_query(request, after_id=None, before_id=None)


def backwards(request: Request) -> bool:
    """Whether the page before a cursor is asked for."""
    return request.get("before_id") is not None


def has_cursor(request: Request) -> bool:
    """Whether a cursor was sent."""
    return backwards(request) or request.get("after_id") is not None


def has_unknown_cursor(ask: Ask, request: Request) -> bool:
    """Whether one cursor was sent, and no listed model is called so."""
    cursors = [request.get(name) for name in ("after_id", "before_id")]
    sent = [cursor for cursor in cursors if cursor is not None]
    return len(sent) == 1 and sent[0] not in [own["id"] for own in everything(ask, request)]


def is_page(response: Response) -> bool:
    """Whether the answer is a page, not a single model and no error."""
    return isinstance(response.body, dict) and isinstance(response.body.get("data"), list)


def is_model(response: Response) -> bool:
    """Whether the answer is a single model."""
    return isinstance(response.body, dict) and "id" in response.body


def with_body(response: Response, body: Any) -> Response:
    """The answer with another body."""
    return replace(response, body=body, text=None)


def with_page(response: Response, **members: Any) -> Response:
    """A page with other members of the envelope; any other answer as it is."""
    return with_body(response, response.body | members) if is_page(response) else response


def with_data(response: Response, data: Iterable[Any]) -> Response:
    """A page with other models, its cursors agreeing; any other answer as it is."""
    models = list(data)
    ids = [model["id"] for model in models] or [None]
    return with_page(response, data=models, first_id=ids[0], last_id=ids[-1])


def with_headers(response: Response, **headers: str | None) -> Response:
    """The answer with headers set anew; None takes one away, `_` stands for `-`."""
    new = {name.replace("_", "-"): value for name, value in headers.items()}
    merged = response.headers | new
    return replace(
        response, headers={name: text for name, text in merged.items() if text is not None}
    )


def without_headers(request: Request, *names: str) -> Request:
    """The question without some of its headers."""
    kept = {name: text for name, text in request.headers.items() if name not in names}
    return replace(request, headers=kept)


def refusal(request: Request, response: Response, status: int, kind: str, message: str) -> Response:
    """An error with a well-formed body instead of the answer."""
    problem = {"type": kind, "message": message}
    body = {"type": "error", "error": problem, "request_id": f"req_{request.number:024d}"}
    return replace(response, status=status, body=body, text=None)


def not_found(request: Request, response: Response) -> Response:
    """The model that is asked for is not there."""
    message = f"model: {name_asked(request)}"
    return refusal(request, response, 404, "not_found_error", message)


def everything(ask: Ask, request: Request) -> list[Model]:
    """All listed models, asked for as the question was (same headers, same stages)."""
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
    """The page that an honest server would cut from other models, or from another order of them."""
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
    """The id of the model that a lie about one model is told about.

    The third last one, so that it hides on a late page; or an earlier one, when that has no
    property at `path`. None when no model has it.
    """
    models = everything(ask, replace(request, query=()))
    candidates = models[: max(1, len(models) - 2)]
    return next((model["id"] for model in reversed(candidates) if has_path(model, path)), None)


def edited(ask: Ask, request: Request, edit: Edit, of: str | None = None) -> Response:
    """The answer with `edit` applied to each model in it, or to the one with the id `of` alone."""
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
    """The answer with `edit` applied to one late model alone, which has a property at `path`."""
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
