"""Faults of a model that is retrieved by its alias."""

from __future__ import annotations

import json

from pytest_models_contract.fake.exchange import Ask, Request, Response
from pytest_models_contract.fake.faults.kit import (
    everything,
    fault,
    is_model,
    name_asked,
    not_found,
    retrieves,
    with_body,
)


@fault
@retrieves
def alias_is_unknown(ask: Ask, request: Request) -> Response:
    """Retrieve does not resolve an alias."""
    response = ask(request)
    return not_found(request, response) if _is_alias(request, response) else response


@fault
@retrieves
def alias_comes_back_as_id(ask: Ask, request: Request) -> Response:
    """A model that is retrieved by its alias has the alias as its id."""
    response = ask(request)
    if not _is_alias(request, response):
        return response
    return with_body(response, response.body | {"id": name_asked(request)})


@fault
@retrieves
def alias_leads_elsewhere(ask: Ask, request: Request) -> Response:
    """An alias resolves to the newest model."""
    response = ask(request)
    return (
        with_body(response, everything(ask, request)[0])
        if _is_alias(request, response)
        else response
    )


@fault
@retrieves
def alias_gives_less(ask: Ask, request: Request) -> Response:
    """A model that is retrieved by its alias has another display_name than in the list."""
    response = ask(request)
    if not _is_alias(request, response):
        return response
    return with_body(response, response.body | {"display_name": json.dumps(name_asked(request))})


def _is_alias(request: Request, response: Response) -> bool:
    return is_model(response) and response.body["id"] != name_asked(request)
