"""Faults of unusual requests only: a success that is no correct page, or no correct model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pytest_models_contract.fake.exchange import Ask, Request, Response
from pytest_models_contract.fake.faults.kit import (
    backwards,
    family,
    fault,
    has_unknown_cursor,
    is_list,
    is_model,
    is_page,
    lists,
    retrieves,
    with_body,
    with_data,
    with_headers,
    with_page,
    with_query,
    without_cursor,
    without_headers,
)
from pytest_models_contract.fake.faults.lifecycle import stages_of
from pytest_models_contract.fake.faults.variants import VARIANTS

Spoil = Callable[[Response], Response]
Applies = Callable[[Request], bool]


def _as_text(response: Response) -> Response:
    return with_headers(response, content_type="text/plain")


def _with_mark(response: Response) -> Response:
    return replace(response, text=b"\xef\xbb\xbf" + response.encoded())


def _with_a_key_twice(response: Response) -> Response:
    text = response.encoded()
    first_key = text[1 : text.index(b":")]
    return replace(response, text=b"{%b:0,%b" % (first_key, text[1:]))


def _of_ids(response: Response) -> Response:
    """The ids alone of the models."""
    if is_page(response):
        return with_page(response, data=[{"id": own["id"]} for own in response.body["data"]])
    return with_body(response, {"id": response.body["id"]})


FORMS: dict[str, Spoil] = {"text": _as_text, "mark": _with_mark, "key-twice": _with_a_key_twice}


@family(
    {
        f"{variant}-{place}-{form}": (VARIANTS[variant], place == "list", FORMS[form])
        for variant, place, form in (
            ("beta-query", "list", "text"),
            ("beta-query", "model", "mark"),
            ("betas", "list", "key-twice"),
            ("betas", "model", "text"),
            ("newer-version", "list", "mark"),
            ("newer-version", "model", "text"),
            ("bearer", "list", "text"),
            ("bearer", "model", "mark"),
        )
    }
)
def form_is_spoiled_for(ask: Ask, request: Request, case: tuple[Applies, bool, Spoil]) -> Response:
    """A request variant gets the right models as plain text, or as JSON that is not strict."""
    applies, of_lists, spoil = case
    response = ask(request)
    if response.status != 200 or is_list(request) != of_lists or not applies(request):
        return response
    return spoil(response)


UNUSUAL_LISTS: dict[str, Spoil] = {
    "no-data": lambda page: with_page(page, data=None),
    "text": _as_text,
    "ids": _of_ids,
    "wrong-last_id": lambda page: with_page(page, last_id=page.body["first_id"]),
    "oldest-first": lambda page: with_data(page, reversed(page.body["data"])),
    "a-model-twice": lambda page: with_data(page, [page.body["data"][0], *page.body["data"][:-1]]),
    "a-renamed-model": lambda page: with_page(
        page, data=[{**page.body["data"][0], "display_name": "Claude"}, *page.body["data"][1:]]
    ),
}


@family({name: UNUSUAL_LISTS[name] for name in ("no-data", "text", "a-renamed-model")})
@lists
def unknown_parameter_gets(ask: Ask, request: Request, spoil: Spoil) -> Response:
    """A list request with an unknown query parameter gets a page that breaks the contract."""
    known = {"limit", "after_id", "before_id", "beta", "lifecycle[]"}
    response = ask(request)
    if not is_page(response) or known.issuperset(name for name, _ in request.query):
        return response
    return spoil(response)


@family({name: UNUSUAL_LISTS[name] for name in ("ids", "wrong-last_id", "oldest-first")})
@lists
def unknown_cursor_gets_the_first_page(ask: Ask, request: Request, spoil: Spoil) -> Response:
    """An unknown cursor gets the first page, and that page breaks the contract."""
    if not has_unknown_cursor(ask, request):
        return ask(request)
    return spoil(ask(without_cursor(request)))


@fault
@lists
def unknown_cursor_forgets_the_limit(ask: Ask, request: Request) -> Response:
    """An unknown cursor gets the first page, with 20 models whatever the limit."""
    if not has_unknown_cursor(ask, request):
        return ask(request)
    return ask(with_query(without_cursor(request), limit=None))


@fault
@lists
def both_cursors_repeat_a_model(ask: Ask, request: Request) -> Response:
    """Both cursors at once get the first page with a model twice."""
    if request.get("after_id") is None or not backwards(request):
        return ask(request)
    return UNUSUAL_LISTS["a-model-twice"](ask(without_cursor(request)))


@fault
@lists
def malformed_limit_gets_no_data(ask: Ask, request: Request) -> Response:
    """A limit with a fraction or a tail gets 200 with `data` null."""
    if request.get("limit") not in {"1.5", "5abc"}:
        return ask(request)
    return UNUSUAL_LISTS["no-data"](ask(with_query(request, limit=None)))


UNUSUAL_MODELS: dict[str, Spoil] = {
    "an-id": _of_ids,
    "text": _as_text,
    "key-twice": _with_a_key_twice,
    "another-model": lambda model: with_body(model, model.body | {"id": "claude"}),
}


def _has_an_unknown_beta(request: Request) -> bool:
    return request.headers.get("anthropic-beta", "").startswith("no-such-beta")


@fault
@lists
def unknown_beta_gets_ids(ask: Ask, request: Request) -> Response:
    """A list request with an unknown beta gets models that have only an id."""
    if not _has_an_unknown_beta(request):
        return ask(request)
    return _of_ids(ask(without_headers(request, "anthropic-beta")))


@family(UNUSUAL_MODELS)
@retrieves
def unknown_beta_on_retrieve_gets(ask: Ask, request: Request, spoil: Spoil) -> Response:
    """A retrieve with an unknown beta gets a wrong model, or not as JSON."""
    if not _has_an_unknown_beta(request):
        return ask(request)
    return _if_found(ask(without_headers(request, "anthropic-beta")), spoil)


@fault
@lists
def unknown_workspace_gets_ids(ask: Ask, request: Request) -> Response:
    """A list request with a workspace in `anthropic-workspace-id` gets models that have only an id."""
    response = ask(request)
    return _if_found(response, _of_ids) if "anthropic-workspace-id" in request.headers else response


def _if_found(response: Response, spoil: Spoil) -> Response:
    return spoil(response) if is_page(response) or is_model(response) else response


FILTERED: dict[str, Any] = {
    "text": _as_text,
    "null-cursors": lambda page: with_page(page, first_id=None, last_id=None),
    "renamed-models": lambda page: with_page(
        page, data=[{**own, "display_name": "Claude"} for own in page.body["data"]]
    ),
}


@family(FILTERED)
@lists
def filtered_page_after_a_cursor_has(ask: Ask, request: Request, spoil: Spoil) -> Response:
    """With a filter and after_id, a page has other names, no cursors, or is plain text."""
    response = ask(request)
    if not is_page(response) or not stages_of(request) or request.get("after_id") is None:
        return response
    return spoil(response)


@fault
@lists
def filtered_first_id_is_the_last(ask: Ask, request: Request) -> Response:
    """With a filter, first_id names the last model of the page."""
    response = ask(request)
    if not is_page(response) or not stages_of(request):
        return response
    return with_page(response, first_id=response.body["last_id"])
