"""The list as a response: its status, what it is instead of JSON, and where legal requests are refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial

from pytest_models_contract.client.exchange import Finding, Response, page_of
from pytest_models_contract.client.redact import visible
from pytest_models_contract.client.wire import OVERLOADED
from pytest_models_contract.evidence.diagnoses.causes import Cause, Follows
from pytest_models_contract.evidence.diagnoses.checks import ERROR_BODY, VARIANTS
from pytest_models_contract.evidence.diagnoses.counting import clause, grouped, joined, share
from pytest_models_contract.evidence.diagnoses.known_formats import list_format
from pytest_models_contract.evidence.diagnoses.lifecycle_filters import fails_without
from pytest_models_contract.evidence.diagnoses.observed import (
    Observed,
    among,
    either,
    is_error,
    is_filtered,
    is_list,
    whatever,
)
from pytest_models_contract.evidence.diagnoses.scope import ENDS, extents
from pytest_models_contract.evidence.diagnoses.traits import KINDS, limit_of
from pytest_models_contract.evidence.diagnoses.variants import plain_response
from pytest_models_contract.evidence.diagnoses.windows import asked_rightly, is_usual

_TITLE = re.compile(rb"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_SERVERS = (
    "nginx",
    "cloudflare",
    "varnish",
    "envoy",
    "traefik",
    "apache",
    "caddy",
    "haproxy",
    "awselb",
)
_OF_GATEWAYS = (502, 503, 504)
_MOUNTED = (
    "the base URL is an SDK's: without /v1, with the path prefix that the server is mounted under"
)


# --- web pages -----------------------------------------------------------------------------------


def is_web_page(response: Response) -> bool:
    """Whether a page for people comes."""
    start = response.body[:200].lstrip().lower()
    return start.startswith((b"<!doctype html", b"<html")) or (
        response.media_type == "text/html" and response.json is None and bool(start)
    )


def lists_models(response: Response) -> bool:
    """Whether models come, in whatever format."""
    listed = page_of(response) or (response.ok and list_format(response.json))
    return bool(listed) and not is_error(response)


def is_redirect(response: Response) -> bool:
    return 300 <= response.status < 400


def web_pages(seen: Observed) -> Iterator[Cause]:
    """Web pages where JSON is due: of another application, of a sign-in, of a gateway in front."""
    found = [own for own in seen.responses.values() if is_web_page(own) and not is_redirect(own)]
    for status, pages in grouped(found, lambda response: response.status).items():
        due = [page for page in pages if is_list(page) and (status < 300 or is_due(page, seen))]
        if not due or (status >= 400 and _fails_now_and_then(due[0], seen)):
            continue
        lists = max(len(pages), len(seen.lists))
        count = clause(len(pages), lists, "response", "is", "are")
        name = _name(due[0])
        what, hint = _web_page(due[0])
        with_status = f" with {status}" if status >= 400 else ""
        title = f"{what} comes instead of JSON: {count} HTML{name}{with_status}"
        yield Cause(f"web page {status}", title, partial(_is_one, status), hint)


def _is_one(status: int, _: str, found: Finding) -> bool:
    """Whether it is a web page with that status that a check found, whenever it came."""
    return found.response.status == status and is_web_page(found.response)


def _fails_now_and_then(page: Response, seen: Observed) -> bool:
    """Whether it is the server's own error page, which some pages of a list that is there get."""
    served = any(own.ok and is_due(own, seen) for own in seen.lists)
    return served and not _gateway(page)


def _gateway(page: Response) -> str:
    """The gateway that an error page names, or the empty string."""
    return next((name for name in _SERVERS if name in _signs(page)), "")


def _web_page(page: Response) -> tuple[str, str]:
    """What kind of page it is, and what to do."""
    if page.status >= 400:
        name = _gateway(page)
        whose = f" of {name}" if name else ""
        return f"an error page{whose}", _whose_error(page.status, is_named=bool(name))
    if b"password" in page.body.lower():
        return (
            "a sign-in page",
            "the route needs a login in a browser: accept the key of a client",
        )
    return "a web page", f"the route is not there, and another application answers; {_MOUNTED}"


def _whose_error(status: int, *, is_named: bool) -> str:
    """Who sends an error page, as far as it shows, and what to do."""
    if is_named or status in _OF_GATEWAYS:
        return "a gateway in front answers, not the server behind it"
    if status >= 500:
        return "the server fails: its log says why"
    if status == 404:
        return f"the route is not there; {_MOUNTED}"
    return "a framework or a gateway answers before the API does"


def _name(page: Response) -> str:
    found = _TITLE.search(page.body[:4000])
    text = " ".join(found[1].decode("utf-8", "replace").split()) if found else ""
    return f' titled "{visible(text, 60)}"' if text else ""


def _signs(page: Response) -> str:
    """Where a gateway names itself."""
    headers = [value for name, value in page.headers if name.lower() in {"server", "via"}]
    return " ".join([*headers, page.body[:4000].decode("utf-8", "replace")]).lower()


# --- statuses ------------------------------------------------------------------------------------


def is_due(response: Response, seen: Observed) -> bool:
    """Whether a page must be given, asked for without a filter."""
    usual = is_usual(response, seen) and not is_filtered(response)
    return usual and asked_rightly(response, seen)


def statuses(seen: Observed) -> Iterator[Cause]:
    """Legal requests for a page that are not answered with 200."""
    due = [own for own in seen.lists if is_due(own, seen) and not _is_due_to_its_variant(own, seen)]
    odd = [response for response in due if response.status not in {200, *OVERLOADED}]
    for status, alike in grouped(odd, lambda response: response.status or -1).items():
        for inside, (where, count) in extents(alike, due, seen, "request"):
            if not where and (where := _of_limits(inside, due)):
                count = share(len(inside), len(inside), "such request")
            whole = len(inside) == len(due)
            says, hint = _status(max(0, status), where, inside, seen, whole=whole)
            follows = _follows(inside, where, seen)
            part = where if inside is not alike else ""
            yield Cause(f"list {status}{part}", f"{says}: {count}", follows, hint)


def _is_due_to_its_variant(response: Response, seen: Observed) -> bool:
    """Whether the same request is answered with 200 without its headers or `beta=true`."""
    plain = plain_response(response, seen)
    return not response.ok and plain is not None and plain.ok


def _of_limits(inside: Sequence[Response], due: Sequence[Response]) -> str:
    """Which values of `limit` it is, where others are served."""
    known = set(map(id, inside))
    own, others = set(map(limit_of, inside)), {limit_of(one) for one in due if id(one) not in known}
    numbers = sorted(number for number in own if number is not None)
    if not others or own & others or len(numbers) < len(own):
        return ""
    return f" where `limit` is {joined([str(number) for number in numbers], 'or')}"


def _status(
    status: int, where: str, inside: Sequence[Response], seen: Observed, *, whole: bool
) -> tuple[str, str]:
    """The sentence for a status, and a hint."""
    said = next(filter(None, map(seen.quote, inside)), "")
    if not status:
        return f"the connection is closed when pages are asked for{where}", ""
    if status < 300:
        return f"pages{where} come with {status}, not 200", ""
    if status < 400:
        place = visible(inside[0].header("location") or "nowhere", 80)
        hint = "clients do not follow the redirect, or send their key to its target"
        return f"the list{where} redirects to {place} with {status}", hint
    if where.strip() in ENDS:
        return f"{where.strip()} comes {status}, not an empty page", said
    if status >= 500 or where or not whole:
        how = "answered" if status >= 500 else "refused"
        return f"pages{where} are {how} with {status}", said
    mounted = not any(own.ok for own in seen.lists) and (status == 404 or not said)
    hints = [said, _MOUNTED if mounted else ""]
    return f"the list is answered with {status}", "; ".join(filter(None, hints))


def _follows(inside: Sequence[Response], where: str, seen: Observed) -> Follows:
    status = inside[0].status
    if 200 < status < 300:
        empty = [response for response in inside if not response.body]
        return either(
            among(inside, "model_list/status", *VARIANTS, "clients/"),
            among(empty, "model_list/strict_json"),
        )
    alike = [own for own in seen.lists if own.status == status]
    if where:
        bodies = {response.body for response in inside}
        kinds = [kind for kind in KINDS if kind.phrase == where.strip()]
        others = (own for kind in kinds for own in filter(kind.holds, alike))
        filtered = (own for own in alike if is_filtered(own) and fails_without(own, seen))
        alike = [*inside, *(own for own in others if own.body in bodies), *filtered]
    forms = [own for own in alike if isinstance(own.json, dict) and "data" in own.json]
    if not any(response.ok for response in seen.responses.values()):
        # Nothing is there at all: neither is anything that would write errors as it should.
        alike = forms = [own for own in seen.responses.values() if own.status == status]
    return either(whatever(alike), among(forms, *ERROR_BODY))
