"""The list as a response: its status, what it is instead of JSON, and where legal requests are refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pytest_models_contract.client.exchange import Response
from pytest_models_contract.client.redact import visible
from pytest_models_contract.evidence.diagnoses.causes import Cause, Follows
from pytest_models_contract.evidence.diagnoses.counting import clause, share
from pytest_models_contract.evidence.diagnoses.observed import (
    Observed,
    among,
    either,
    is_filtered,
    is_list,
    message_of,
    whatever,
)
from pytest_models_contract.evidence.diagnoses.scope import ENDS, scope
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
_MOUNTED = (
    "the base URL is an SDK's: without /v1, with the path prefix that the server is mounted under"
)


def is_web_page(response: Response) -> bool:
    """Whether a page for people comes."""
    start = response.body[:200].lstrip().lower()
    return start.startswith((b"<!doctype html", b"<html")) or (
        response.media_type == "text/html" and response.json is None
    )


def web_pages(seen: Observed) -> Iterator[Cause]:
    """Web pages where JSON is due: of another application, of a sign-in, of a gateway in front."""
    for status, pages in _by_status(filter(is_web_page, seen.responses.values())).items():
        due = [own for own in pages if status < 400 or asked_rightly(own, seen)]
        if not any(is_list(own) and is_usual(own, seen) for own in due):
            continue
        alike = [
            response for response in seen.responses.values() if is_list(response) == is_list(due[0])
        ]
        shown = clause(len(pages), max(len(pages), len(alike)), "response", "is", "are")
        called = f" titled {_name(due[0])}" if _name(due[0]) else ""
        if status >= 400:
            whose = next((name for name in _SERVERS if name in _signs(due[0])), "")
            title = f"an error page{f' of {whose}' if whose else ''} comes instead of JSON: {shown} HTML{called} with {status}"
            hint = "a gateway in front answers, not the server behind it"
        elif b"password" in due[0].body.lower():
            title = f"a sign-in page comes instead of JSON: {shown} HTML{called}"
            hint = "the route is behind a login for people: let clients in with their key"
        else:
            title = f"a web page comes instead of JSON: {shown} HTML{called}"
            hint = f"the route is not there, and another application answers; {_MOUNTED}"
        yield Cause(f"web page {status}", title, among(pages, ""), hint)


def _by_status(responses: Iterator[Response]) -> dict[int, list[Response]]:
    found: dict[int, list[Response]] = {}
    for response in responses:
        found.setdefault(response.status, []).append(response)
    return found


def _name(response: Response) -> str:
    found = _TITLE.search(response.body[:4000])
    text = " ".join(found[1].decode("utf-8", "replace").split()) if found else ""
    return f'"{visible(text, 60)}"' if text else ""


def _signs(response: Response) -> str:
    headers = " ".join(
        value for name, value in response.headers if name.lower() in {"server", "via"}
    )
    return (headers + response.body[:4000].decode("utf-8", "replace")).lower()


def is_due(response: Response, seen: Observed) -> bool:
    """Whether a page must be given, asked for without a filter."""
    return asked_rightly(response, seen) and is_usual(response, seen) and not is_filtered(response)


def statuses(seen: Observed) -> Iterator[Cause]:
    """Legal requests for a page that are not answered with 200."""
    due = [own for own in seen.lists if is_due(own, seen)]
    odd = _by_status(response for response in due if response.status != 200)
    for status, inside in odd.items():
        outside = [response for response in due if response.status != status]
        where = scope(inside, outside, seen)
        whole = len(inside) + (0 if where else len(outside))
        phrase = str(where or "")
        noun = "such request" if phrase else "request"
        title, hint = _told(status, phrase, inside)
        title = f"{title}: {share(len(inside), whole, noun)}"
        yield Cause(f"list {status}", title, _follows(status, inside, phrase, seen), hint)


def _follows(status: int, inside: Sequence[Response], phrase: str, seen: Observed) -> Follows:
    if 200 < status < 300:
        empty = [response for response in inside if not response.body]
        return either(
            among(inside, "model_list/status", "headers/", "clients/"),
            among(empty, "model_list/strict_json"),
        )
    alike = inside if phrase else [response for response in seen.lists if response.status == status]
    pages = [own for own in alike if isinstance(own.json, dict) and "data" in own.json]
    if not any(response.ok for response in seen.responses.values()):
        pages = [own for own in seen.responses.values() if own.status == status]
    return either(whatever(alike), among(pages, "errors/body_"))


def _told(status: int, phrase: str, inside: Sequence[Response]) -> tuple[str, str]:
    said = next(filter(None, map(message_of, inside)), "")
    quote = f'the server says "{said}"' if said else ""
    if 300 <= status < 400:
        place = visible(inside[0].header("location") or "nowhere", 80)
        return f"the list{phrase} redirects to {place} with {status}", (
            "clients do not follow, or take their key to where it leads"
        )
    if 200 < status < 300:
        return f"pages{phrase} come with {status}, not 200", ""
    if not status:
        return f"the connection is closed when pages are asked for{phrase}", ""
    if phrase.strip() in ENDS:
        return f"{phrase.strip()} comes {status}, not an empty page", quote
    if status >= 500:
        return f"pages{phrase} are answered with {status}", quote
    if not phrase:
        return f"the list is answered with {status}", quote or _MOUNTED
    return f"pages{phrase} are refused with {status}", quote
