"""Pages cut by a slip of the code: where a slice ends, how a cursor is looked up, what is counted."""

from __future__ import annotations

from collections.abc import Callable

from pytest_models_contract.fake import Ask, Request, Response
from pytest_models_contract.fake.faults.kit import (
    backwards,
    everything,
    is_list,
    is_model,
    is_page,
    lists,
    not_found,
    with_data,
    with_page,
    with_query,
    without_cursor,
)
from wrong_servers.kit import Body, many, said, shows, size_of
from wrong_servers.paging import at_most, error_object


def _numbered(number: int) -> list[Body]:
    """A catalogue whose ids begin each other: `claude-1` and `claude-12`."""
    return [{**model, "id": f"claude-{number - n}"} for n, model in enumerate(many(number))]


def _cut(response: Response, left: list[Body], request: Request) -> Response:
    """The page at the near end of what is left in the direction of the request."""
    if not is_page(response):
        return response
    size, back = size_of(request), backwards(request)
    page = left[-size:] if back else left[:size]
    return with_page(with_data(response, page), has_more=len(left) > size)


@shows("`limit` is counted from the beginning of the list, not from the cursor with `after_id`")
@lists
def slice_up_to_the_limit(ask: Ask, request: Request) -> Response:
    response, cursor = ask(request), request.get("after_id")
    if not is_page(response) or not cursor or backwards(request):
        return response
    models = everything(ask, request)
    place = [model["id"] for model in models].index(cursor) + 1
    return with_data(response, models[place : size_of(request)])


@shows(
    "`after_id` and `before_id` are compared with ids, not with places in the list",
    hint="the date, and the id where dates are equal",
)
@lists
def where_id_is_less_than_the_cursor(ask: Ask, request: Request) -> Response:
    after, before = request.get("after_id"), request.get("before_id")
    models = everything(ask, request)
    if after and not before:
        models = [model for model in models if model["id"] < after]
    elif before and not after:
        models = [model for model in models if model["id"] > before]
    return _cut(ask(request), models, request)


@shows(
    "`after_id` and `before_id` lead to another model whose id begins so",
    "models after the 25th of the list lead to another model whose id begins so",
    hint="as a whole",
    models=_numbered(27),
)
def cursor_is_a_pattern(ask: Ask, request: Request) -> Response:
    names = [model["id"] for model in everything(ask, request)]

    def found(name: str) -> str:
        return next((own for own in names if own.startswith(name)), name)

    if not is_list(request):
        path, _, name = request.path.rpartition("/")
        return ask(Request(**{**vars(request), "path": f"{path}/{found(name)}"}))
    cursors = {name: request.get(name) for name in ("after_id", "before_id") if request.get(name)}
    return ask(with_query(request, **{name: found(str(own)) for name, own in cursors.items()}))


@shows("pages hold 2 times as many models as `limit`", hint="merged from several")
@lists
def limit_for_each_of_two_providers(ask: Ask, request: Request) -> Response:
    response = ask(request)
    if not is_page(response):
        return response
    return ask(with_query(request, limit=min(1000, 2 * size_of(request))))


@shows("pages hold one model less than `limit`", models=many(3))
@lists
def limit_less_one(ask: Ask, request: Request) -> Response:
    response = ask(request)
    if not is_page(response) or not response.body["data"]:
        return response
    size, models = size_of(request), response.body["data"]
    if len(models) < size:
        return response
    short = with_data(response, models[1:] if backwards(request) else models[:-1])
    return with_page(short, has_more=True)


@shows(
    "`before_id` answers from the wrong end",
    "`limit` is capped at 10",
    "the default of `limit` is 10, not 20",
)
@lists
def first_models_and_at_most_ten(ask: Ask, request: Request) -> Response:
    asked = at_most(
        request if request.get("limit") is not None else with_query(request, limit=10), 10
    )
    response, before = ask(asked), request.get("before_id")
    if not is_page(response) or not before or request.get("after_id"):
        return response
    models = everything(ask, request)
    place = [model["id"] for model in models].index(before)
    page = models[: min(place, size_of(asked))]
    return with_page(with_data(response, page), has_more=place > len(page))


@shows("pages hold fewer models than asked for", hint="a filter that comes after `limit`")
def models_left_out_of_each_page(ask: Ask, request: Request) -> Response:
    response = ask(request)
    if not is_page(response):
        hidden = is_model(response) and not response.body["capabilities"]
        return not_found(request, response) if hidden else response
    return with_data(response, [own for own in response.body["data"] if own["capabilities"]])


def _sliced_before(
    ask: Ask, request: Request, cut: Callable[[list[Body], int, int], list[Body]]
) -> Response:
    """The page before a cursor, from the list, the place where it begins, and that of the cursor."""
    response, before = ask(request), request.get("before_id")
    if not is_page(response) or not before or request.get("after_id"):
        return response
    models = everything(ask, request)
    place = [model["id"] for model in models].index(before)
    return with_data(response, cut(models, place - size_of(request), place))


TOO_FEW = "where fewer models than `limit` are left: each of"


@shows(f"`before_id` counts from the end of the list {TOO_FEW}", hint="use 0 at least")
@lists
def slice_from_a_negative_index(ask: Ask, request: Request) -> Response:
    return _sliced_before(
        ask, request, lambda models, start, _: models[start:][: size_of(request)]
    )  # array_slice of PHP, [start, length] of Ruby


@shows(f"`before_id` goes on past the cursor {TOO_FEW}", hint="end the page at the cursor")
@lists
def slice_of_the_full_size(ask: Ask, request: Request) -> Response:
    return _sliced_before(
        ask, request, lambda models, start, _: models[max(0, start) :][: size_of(request)]
    )


@shows("before the first model the last models come: ", hint="use 0 at least")
@lists
def range_up_to_index_minus_one(ask: Ask, request: Request) -> Response:
    def cut(models: list[Body], start: int, end: int) -> list[Body]:
        return models[max(0, start) : end] if end else models[start:]  # [0..end - 1] of Ruby

    return _sliced_before(ask, request, cut)


@shows(f"pages with `before_id` and {TOO_FEW.removesuffix(': each of')} are answered with 500")
@lists
def index_out_of_bounds(ask: Ask, request: Request) -> Response:
    places: list[int] = []
    page = _sliced_before(
        ask, request, lambda models, start, end: places.append(start) or models[max(0, start) : end]
    )
    problem = error_object("api_error", "fromIndex = -20")  # subList of Java
    return said(request, 500, problem) if any(place < 0 for place in places) else page


@shows("`before_id` repeats the model of the cursor: each of")
@lists
def slice_that_includes_its_end(ask: Ask, request: Request) -> Response:
    return _sliced_before(ask, request, lambda models, start, end: models[max(0, start) : end + 1])


@shows("`limit` is counted from the beginning of the list", models=many(3))
@lists
def three_models_up_to_the_limit(ask: Ask, request: Request) -> Response:
    return slice_up_to_the_limit(ask, request)


@shows("`after_id` is compared with ids, not with places in the list", models=many(3))
@lists
def three_models_after_the_cursor_by_id(ask: Ask, request: Request) -> Response:
    response, after = ask(request), request.get("after_id")
    if not is_page(response) or not after or request.get("before_id"):
        return response
    left = [model for model in everything(ask, request) if model["id"] > after]
    return with_data(response, left[: size_of(request)])


# --- has_more ------------------------------------------------------------------------------------


@shows("`has_more` is true: ", hint="for an empty page")
@lists
def more_while_there_are_models(ask: Ask, request: Request) -> Response:
    response = ask(request)
    return with_page(response, has_more=bool(is_page(response) and response.body["data"]))


@shows("`has_more` is true on every page that is not the whole list", hint="in the direction")
@lists
def more_in_either_direction(ask: Ask, request: Request) -> Response:
    response = ask(request)
    if not is_page(response):
        return response
    held, number = len(response.body["data"]), len(everything(ask, request))
    return with_page(response, has_more=0 < held < number)


@shows("`after_id` and `before_id` are ignored", models=many(1500))
@lists
def first_page_of_a_long_list(ask: Ask, request: Request) -> Response:
    return ask(without_cursor(request))


@shows("pages where `limit` is 2, 9, 26 or 27 are refused with 400", hint="at most 1000")
@lists
def limit_compared_as_text(ask: Ask, request: Request) -> Response:
    limit = request.get("limit") or "1"
    if not limit.isdecimal() or not limit.isascii() or limit <= "1000":
        return ask(request)
    return said(request, 400, error_object("invalid_request_error", "limit: at most 1000"))


@shows(
    "pages where `limit` is 14 or less are refused with 400",
    "`anthropic-beta` is not accepted on retrieve",
    models=many(40),
)
def no_small_limits_and_no_betas_on_retrieve(ask: Ask, request: Request) -> Response:
    limit = request.get("limit") or "1000"
    small = limit.isdecimal() and int(limit) < 28
    if not (small if is_list(request) else request.headers.get("anthropic-beta")):
        return ask(request)
    return said(request, 400, error_object("invalid_request_error", "not allowed"))


@shows(
    "`limit` is capped at 100",
    "`has_more` is computed from the page's length",
    "the default of `limit` is 50, not 20",
    models=many(300),
)
@lists
def full_page_of_a_capped_limit(ask: Ask, request: Request) -> Response:
    asked = with_query(request, limit=50) if request.get("limit") is None else at_most(request, 100)
    response = ask(asked)
    full = is_page(response) and len(response.body["data"]) == size_of(asked)
    return with_page(response, has_more=full)
