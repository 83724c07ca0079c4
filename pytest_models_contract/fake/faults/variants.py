"""Faults of request variants only: the beta query, betas, a newer version, a bearer token."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pytest_models_contract.fake.exchange import Ask, Request, Response
from pytest_models_contract.fake.faults.kit import (
    dropped,
    edited,
    family,
    fault,
    is_list,
    is_page,
    lists,
    put,
    refusal,
    with_body,
    with_page,
    with_query,
)

Applies = Callable[[Request], bool]

VARIANTS: dict[str, Applies] = {
    "beta-query": lambda request: request.get("beta") == "true",
    "betas": lambda request: "anthropic-beta" in request.headers,
    "newer-version": lambda request: request.headers.get("anthropic-version") == "2026-10-21",
    "bearer": lambda request: "authorization" in request.headers,
}


@family(
    {
        f"{variant}-{place}": (applies, place)
        for variant, applies in VARIANTS.items()
        for place in ("list", "model")
    }
)
def renamed_for(ask: Ask, request: Request, case: tuple[Applies, str]) -> Response:
    """A request variant gets models with another display_name."""
    applies, place = case
    if not applies(request) or is_list(request) != (place == "list"):
        return ask(request)
    return edited(ask, request, lambda model: put(model, "display_name", "Claude"))


@family(
    {
        f"{variant}-{place}": (applies, place)
        for variant, applies in VARIANTS.items()
        for place in ("list", "model")
    }
)
def undated_for(ask: Ask, request: Request, case: tuple[Applies, str]) -> Response:
    """A request variant gets models without created_at."""
    applies, place = case
    if not applies(request) or is_list(request) != (place == "list"):
        return ask(request)
    return edited(ask, request, lambda model: dropped(model, "created_at"))


@family(
    {
        f"{variant}-{name}": (VARIANTS[variant], edit)
        for variant in ("beta-query", "newer-version", "bearer")
        for name, edit in {
            "null-cursors": lambda page: page | {"first_id": None, "last_id": None},
            "no-has_more": lambda page: {k: v for k, v in page.items() if k != "has_more"},
        }.items()
    }
)
def envelope_is_spoiled_for(ask: Ask, request: Request, case: tuple[Applies, Any]) -> Response:
    """A request variant gets a page with another envelope."""
    applies, edit = case
    response = ask(request)
    if not applies(request) or with_page(response) is response:
        return response
    return with_body(response, edit(response.body))


@family({variant: VARIANTS[variant] for variant in ("newer-version", "bearer")})
def model_refused_for(ask: Ask, request: Request, applies: Applies) -> Response:
    """A request variant is refused for a single model, and accepted for the list."""
    response = ask(request)
    if is_list(request) or not applies(request) or response.status != 200:
        return response
    return refusal(request, response, 400, "invalid_request_error", "not this variant")


@fault
def wrong_bearer_let_in_on_retrieve(ask: Ask, request: Request) -> Response:
    """Any bearer token is accepted for a single model; the list needs the right one."""
    accepted = not is_list(request) and VARIANTS["bearer"](request)
    return ask(replace(request, trusted=True) if accepted else request)


@family(
    {
        f"{variant}-{name}": (applies, changes)
        for variant, applies in VARIANTS.items()
        for name, changes in {
            "limit": {"limit": None},
            "cursor": {"after_id": None, "before_id": None},
        }.items()
    }
)
@lists
def parameter_is_forgotten_for(ask: Ask, request: Request, case: tuple[Applies, Any]) -> Response:
    """In a request variant, the limit or the cursor is ignored."""
    applies, changes = case
    return ask(with_query(request, **changes) if applies(request) else request)


@fault
@lists
def newest_sdk_is_refused(ask: Ask, request: Request) -> Response:
    """A request with both a bearer token and the newer version is refused; each alone is accepted."""
    both = VARIANTS["newer-version"](request) and VARIANTS["bearer"](request)
    response = ask(request)
    if not both:
        return response
    return refusal(request, response, 400, "invalid_request_error", "not this variant")


@fault
@lists
def has_more_turns_for_betas(ask: Ask, request: Request) -> Response:
    """With betas, has_more has the opposite value."""
    response = ask(request)
    if not VARIANTS["betas"](request) or not is_page(response):
        return response
    return with_page(response, has_more=not response.body["has_more"])
