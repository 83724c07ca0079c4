"""A server that refuses the key: the other header is tried once, and its own words are quoted."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.credentials import other_way
from pytest_models_contract.client.exchange import Response
from pytest_models_contract.client.redact import visible
from pytest_models_contract.client.variant import Variant
from pytest_models_contract.client.verdict import NotJudged, if_answered

OTHER_WAY = Variant(auth="other-way")
HEADERS = {"x-api-key": "`x-api-key`", "bearer": "`Authorization: Bearer`"}
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.DOTALL | re.IGNORECASE)


def accepted(response: Response, api: ModelsAPI, hint: Callable[[], str]) -> Response:
    """The response to the first request; a server may want the key in the other header.

    That header is then used for the rest of the run. Raises `NotJudged` where the server lets us in
    in neither way: nothing more is asked. `hint` says what else is known of the key.
    """
    if not 400 <= response.status < 500 or response.status == 404:
        return response
    other = if_answered(lambda: api.list(variant=OTHER_WAY)) if api.key else None
    if other and other.ok:
        api.send_key_the_other_way()
        return api.ask(response.request)
    if response.status in {401, 403}:
        api.dead = _refusal(response, other, api, hint())
        raise NotJudged(api.dead)
    return response


def _refusal(response: Response, other: Response | None, api: ModelsAPI, hint: str) -> str:
    status, said = response.status, said_by(response)
    words = f": it says {said}" if said else ""
    if not api.key:
        return _joined(
            f"the server wants a key ({status}){words}",
            "set MODELS_CONTRACT_API_KEY to one that it accepts",
            hint,
        )
    headers = " and as ".join([HEADERS[api.auth], *([HEADERS[other_way(api.auth)]] * bool(other))])
    return _joined(
        f"the server refused the key with {status}, sent as {headers}{words}",
        "set MODELS_CONTRACT_API_KEY to a key that it accepts",
        "a gateway may be passing on a refusal of its upstream",
        hint,
    )


def _joined(*parts: str) -> str:
    return "; ".join(filter(None, parts))


def said_by(response: Response) -> str:
    """What the server says of a refusal, in quotes; the empty string where it says nothing."""
    text = _message(response.json) if response.json_problem == "" else ""
    if not text:
        body = response.body[:2000].decode("utf-8", "replace")
        title = _TITLE.search(body)
        text = title[1] if title else body
    return f'"{visible(" ".join(text.split()), 200)}"' if text.strip() else ""


def _message(body: Any) -> str:
    """The message of an error body, in the usual places of this and other APIs."""
    if isinstance(body, str):
        return body
    if not isinstance(body, dict):
        return ""
    places = (body.get(name) for name in ("error", "message", "detail", "msg"))
    return next((found for place in places if (found := _message(place))), "")
