"""The formats of recordings: VCR of several languages, and HAR as browsers and proxies save it.

Nothing here opens a file: the functions turn parsed data into interactions.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from pytest_models_contract.target.interaction import (
    CassetteError,
    Headers,
    Interaction,
    Key,
    decoded,
    header,
    is_text,
    split_url,
    without,
)

VARIANT_HEADER = "x-models-contract-variant"
AGAIN_HEADER = "x-models-contract-again"
CUT_OFF_HEADER = "x-models-contract-cut-off"

_CUT = "is the file cut short? Record or save it again"


def read_vcr(data: Any, *, own: bool) -> list[Interaction]:
    """The interactions of a VCR cassette: vcrpy's, Ruby's, R's or Go's.

    `own` says that this plugin recorded it: only then variants count, and bodies stay as they are.
    Raises `CassetteError` when it has the format of none of them.
    """
    listed = _interactions(data)
    if not listed:
        raise CassetteError("it has no interactions: nothing was recorded into it")
    return [_vcr_interaction(entry, n, own) for n, entry in enumerate(listed, 1)]


def read_har(data: Any) -> list[Interaction]:
    """The interactions of a HAR file; entries without a response (blocked, aborted) are left out.

    Raises `CassetteError` when it is not a HAR file.
    """
    entries = _member(_member(data, "log", "the file"), "entries", "its log", list)
    if not entries:
        raise CassetteError("it has no entries: reload the page with recording on, then save it")
    found = [_har_interaction(entry, n) for n, entry in enumerate(entries, 1)]
    return [interaction for interaction in found if interaction.status]


def _interactions(data: Any) -> list[Any]:
    if isinstance(data, list):
        raise CassetteError("it is a list, as vcrpy before 1.0 wrote it; record it again")
    for name in ("interactions", "http_interactions"):
        if isinstance(data, dict) and name in data:
            return _member(data, name, "the file", list) if data[name] else []
    raise CassetteError(
        "it is not a VCR cassette: it has neither `interactions` nor `http_interactions`"
    )


def _vcr_interaction(entry: Any, n: int, own: bool) -> Interaction:
    request = _member(entry, "request", f"interaction {n}")
    response = _member(entry, "response", f"interaction {n}")
    asked, headers = _headers(request.get("headers")), _headers(response.get("headers"))
    uri = request.get("uri", request.get("url"))
    origin, path, query = _split(uri, f"interaction {n}")
    key = Key(_method(request), path, query, _variant(asked, own), _again(asked, own))
    found = Interaction(
        key=key,
        origin=origin,
        status=_status(response, f"interaction {n}"),
        headers=without(headers, "content-length", "transfer-encoding", CUT_OFF_HEADER),
        body=_body(response.get("body", response.get("content"))),
        asked=asked,
        recorded_at=_day(entry.get("recorded_at")),
        cut_off=header(headers, CUT_OFF_HEADER) if own else "",
    )
    return found if own else _undo_encoding(found)


def _har_interaction(entry: Any, n: int) -> Interaction:
    request = _member(entry, "request", f"entry {n}")
    response = _member(entry, "response", f"entry {n}")
    content = response.get("content")
    content = content if isinstance(content, dict) else {}
    asked, headers = _headers(request.get("headers")), _headers(response.get("headers"))
    origin, path, query = _split(request.get("url"), f"entry {n}")
    saved = isinstance(content.get("text"), str) or not content.get("size")
    return Interaction(
        key=Key(_method(request), path, query, _variant(asked, own=False)),
        origin=origin,
        status=_number(response.get("status")),
        headers=without(headers, "content-encoding", "content-length", "transfer-encoding"),
        body=_har_body(content),
        asked=asked,
        recorded_at=_day(entry.get("startedDateTime")),
        unreadable="" if saved else "the body was not saved with it",
    )


def _undo_encoding(found: Interaction) -> Interaction:
    """Decode the body. Many recorders save the decoded body and keep the header, which is wrong then."""
    encoding = header(found.headers, "content-encoding")
    if not encoding:
        return found
    plain = decoded(encoding, found.body)
    if plain is None and not is_text(found.body):
        hint = "`pip install 'httpx[brotli,zstd]'` may help"
        return replace(found, unreadable=f"its body ({encoding}) cannot be decoded; {hint}")
    body = found.body if plain is None else plain
    return replace(found, body=body, headers=without(found.headers, "content-encoding"))


def _member(data: Any, name: str, owner: str, kind: type = dict) -> Any:
    found = data.get(name) if isinstance(data, dict) else None
    if not isinstance(found, kind):
        raise CassetteError(f"{owner} lacks `{name}`: {_CUT}")
    return found


def _split(url: Any, owner: str) -> tuple[str, str, Headers]:
    try:
        return split_url(url if isinstance(url, str) else "")
    except ValueError:
        raise CassetteError(f"the URL of {owner} cannot be read: {_CUT}") from None


def _method(request: Mapping[str, Any]) -> str:
    return str(request.get("method", "GET")).upper()


def _variant(asked: Headers, own: bool) -> str:
    if own:
        return header(asked, VARIANT_HEADER)
    betas = ",".join(value.strip() for value in header(asked, "anthropic-beta").split(","))
    return f"betas={betas}" if betas else ""


def _again(asked: Headers, own: bool) -> int:
    return _number(header(asked, AGAIN_HEADER)) if own else 0


def _status(response: Mapping[str, Any], owner: str) -> int:
    status = response.get("status")
    inner = status if isinstance(status, dict) else {"code": response.get("code", status)}
    candidates = (response.get("status_code"), inner.get("code"), inner.get("status_code"))
    for candidate in candidates:
        if 100 <= (number := _number(candidate)) <= 599:
            return number
    raise CassetteError(f"{owner} has no status: {_CUT}")


def _number(value: Any) -> int:
    """The number a value or a text such as `200 OK` begins with, 0 when there is none."""
    digits = str(value).partition(" ")[0]
    return int(digits) if digits.isdecimal() and len(digits) < 10 else 0


def _headers(raw: Any) -> Headers:
    return tuple((name, value) for name, value in _header_items(raw) if not name.startswith(":"))


def _header_items(raw: Any) -> Iterator[tuple[str, str]]:
    listed = raw if isinstance(raw, list) else []
    for name, values in raw.items() if isinstance(raw, dict) else map(_pair, listed):
        for value in values if isinstance(values, list | tuple) else (values,):
            yield _text(name), _text(value)


def _pair(item: Any) -> tuple[Any, Any]:
    if isinstance(item, dict):
        return item.get("name", ""), item.get("value", "")
    return tuple(item) if isinstance(item, list) and len(item) == 2 else ("", "")


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return value if isinstance(value, str) else "" if value is None else str(value)[:1000]


def _body(raw: Any) -> bytes:
    if isinstance(raw, dict):
        if isinstance(encoded := raw.get("base64_string"), str | bytes):
            return _from_base64(encoded)
        raw = raw.get("string", "")
    return raw if isinstance(raw, bytes) else _text_bytes(raw)


def _har_body(content: Mapping[str, Any]) -> bytes:
    text = content.get("text")
    return _from_base64(text or "") if content.get("encoding") == "base64" else _text_bytes(text)


def _text_bytes(text: Any) -> bytes:
    return text.encode("utf-8", "surrogatepass") if isinstance(text, str) else b""


def _from_base64(text: str | bytes) -> bytes:
    try:
        return b64decode(text)
    except ValueError:
        raise CassetteError(f"a body is marked as base64 and is not base64: {_CUT}") from None


def _day(value: Any) -> date | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return read(str(value)).date()
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    return None
