"""What a client profile needs of the server under test: its requests, and what is wrong with a response."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import (
    ABSENT,
    Finding,
    Page,
    Request,
    Response,
    counted,
    model_id,
    page_of,
    shown,
)
from pytest_models_contract.client.profile import Keeps, Need
from pytest_models_contract.client.redirects import path_below
from pytest_models_contract.client.variant import DEFAULT_VERSION, Variant
from pytest_models_contract.client.verdict import Check, Unexercised
from pytest_models_contract.evidence.gathering import Evidence

MOST_REDIRECTS = 5


def responses(need: Need, evidence: Evidence) -> list[Response]:
    """What the server responds to the request, once for each credential that can be sent."""
    api = evidence.api
    if evidence.why_no_models and not evidence.opening:
        raise Unexercised(evidence.why_no_models)
    sent = need.credentials if api.key and need.credentials else (api.auth,)
    return [asked(need, credential, api) for credential in sent]


def asked(need: Need, credential: str, api: ModelsAPI) -> Response:
    """The response to the request with this credential, behind the redirects that the client follows."""
    response = api.ask(_request(need, credential, api))
    for _ in range(MOST_REDIRECTS):
        if not (need.follows_redirects and 300 <= response.status < 400):
            break
        if not (location := response.header("location")):
            break
        response = api.ask(_redirected(response, location, api))
    return response


def problem(need: Need, response: Response) -> Finding | None:
    """What is wrong with the response for the client, besides the models that it keeps."""
    return _wrong_status(need, response) or _late(need, response) or _lacking(need, response)


def has_a_case(need: Need, response: Response) -> bool:
    """Whether the response has a place for any field that the client reads, where it reads some."""
    fields = [*need.present, *need.not_null]
    return not fields or any(list(_values(response.json, field)) for field in fields)


def none_kept(need: Need, page: Page) -> Finding | None:
    """The finding where the client drops every model of the page."""
    if not need.keeps or kept(need.keeps, page):
        return None
    ids = page.ids
    seen = f"{counted(len(ids))}, all dropped: {', '.join(ids[:3])}" if ids else "no model"
    mark = f", or a model with `{need.keeps.marked}`" if need.keeps.marked else ""
    return page.response.finding(seen, f"an id that {need.keeps.means}{mark}")


def kept(keeps: Keeps, page: Page) -> list[str]:
    """The ids of the models that the client keeps."""
    return [
        own
        for own, model in zip(page.ids, page.data, strict=True)
        if re.search(keeps.pattern, own) or (keeps.marked and _field(model, keeps.marked))
    ]


def note_dropped(need: Need, page: Page, check: Check) -> None:
    """Add to the evidence which models the client, and its earlier versions, drop."""
    if need.keeps is None:
        return
    stay = kept(need.keeps, page)
    if dropped := [own for own in page.ids if own not in stay]:
        check.evidence.append(f"drops {', '.join(dropped)}")
    if need.keeps.earlier:
        pattern, versions = need.keeps.earlier
        if older := [own for own in stay if not re.search(pattern, own)]:
            check.evidence.append(f"versions {versions} drop {', '.join(older)} too")


def _request(need: Need, credential: str, api: ModelsAPI) -> Request:
    headers = dict(need.headers)
    version = headers.pop("anthropic-version", DEFAULT_VERSION)
    betas = [beta.strip() for beta in headers.pop("anthropic-beta", "").split(",")]
    variant = Variant(
        _auth(credential, api), version, tuple(filter(None, betas)), tuple(headers.items())
    )
    return Request(need.path, need.query, variant, method=need.method)


def _auth(credential: str, api: ModelsAPI) -> str:
    """The credential as a variant names it; without a key there is only one request."""
    if not api.key or credential == api.auth:
        return "key"
    return "none" if credential == "none" else "other-way"


def _redirected(response: Response, location: str, api: ModelsAPI) -> Request:
    """The request that follows a redirect."""
    path, _, query = path_below(response, location, api).partition("?")
    pairs = tuple(parse_qsl(query, keep_blank_values=True))
    return replace(response.request, path=path, query=pairs)


def _wrong_status(need: Need, response: Response) -> Finding | None:
    if need.breaks_at:
        if response.status not in need.breaks_at:
            return None
        return response.finding(response.status_text, f"any status but {_either(need.breaks_at)}")
    if response.status in need.status:
        return None
    redirect = 300 <= response.status < 400 and not need.follows_redirects
    hint = f"{need.title} treats any redirect as a failure" if redirect else ""
    return response.finding(response.status_text, f"status {_either(need.status)}", hint=hint)


def _either(statuses: Sequence[int]) -> str:
    return " or ".join(map(str, statuses))


def _late(need: Need, response: Response) -> Finding | None:
    if need.deadline is None or response.seconds <= need.deadline:
        return None
    seen = f"a response after {response.seconds:.1f} s"
    return response.finding(seen, f"one within {need.deadline:g} s")


def _lacking(need: Need, response: Response) -> Finding | None:
    """The first field that the client reads in vain, with the number of places without it."""
    if need.keeps and (found := _without_ids(response)):
        return found
    for field in dict.fromkeys([*need.present, *need.not_null]):
        values = list(_values(response.json, field))
        wrong = [
            (where, value)
            for where, value in values
            if value is ABSENT or (value is None and field in need.not_null)
        ]
        if wrong:
            where, value = wrong[0]
            many = f" in {len(wrong)} of {len(values)} places" if len(values) > 1 else ""
            expected = "a value that is not null" if field in need.not_null else "the field"
            seen = f"`{field}` is {shown(value)}{many}"
            return response.finding(seen, expected, where)
    return None


def _without_ids(response: Response) -> Finding | None:
    page = page_of(response)
    if page is None:
        return response.finding("no array `data`", "`data[].id`", "/data")
    for n, model in enumerate(page.data):
        if model_id(model) is None:
            return response.finding(shown(model), "an id that is a string", f"/data/{n}/id")
    return None


def _values(value: Any, field: str, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Every place of a field such as `data[].id`, with the value there or `ABSENT`."""
    step, _, rest = field.partition(".")
    name = step.removesuffix("[]")
    found, here = _field(value, name, ABSENT), f"{pointer}/{name}"
    if step != name:
        if not isinstance(found, list):
            yield here, ABSENT
            return
        places = [(f"{here}/{n}", each) for n, each in enumerate(found)]
    else:
        places = [(here, found)]
    for place, each in places:
        if rest:
            yield from _values(each, rest, place)
        else:
            yield place, each


def _field(value: Any, name: str, default: Any = None) -> Any:
    return value.get(name, default) if isinstance(value, dict) else default
