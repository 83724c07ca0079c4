"""Cassettes of any recorder are read; a transport replays them; ours are written in vcrpy's format.

The transport patches nothing. So plugins that patch HTTP clients, such as pytest-recording, do not
meet our requests, and we do not meet theirs.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import httpx
import yaml
from vcr.request import Request  # type: ignore[import-untyped]
from vcr.serialize import serialize  # type: ignore[import-untyped]
from vcr.serializers import yamlserializer  # type: ignore[import-untyped]

from pytest_models_contract.client.redact import visible
from pytest_models_contract.target.cassette_formats import (
    AGAIN_HEADER,
    CUT_OFF_HEADER,
    VARIANT_HEADER,
    read_har,
    read_vcr,
)
from pytest_models_contract.target.interaction import (
    CassetteError,
    Interaction,
    Key,
    NotRecorded,
    key_of,
)
from pytest_models_contract.target.parsing import forbid_traps, parse_json, unreadable

__all__ = ["LARGEST_FILE", "Cassette", "CassetteError", "NotRecorded", "load", "write"]

LARGEST_FILE = 32 * 2**20
"""The longest cassette or HAR file that is read, in bytes."""

PROVENANCE = "models_contract"
"""The key of the provenance under `metadata`, which vcrpy leaves to others."""

_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_HOW_TO_GET_ONE = "record one with --models-record FILE, or use `reference` for the shipped one"


@dataclass(frozen=True)
class Cassette:
    """The recorded responses of one server, by request.

    `provenance` describes the recording run (`where`, `recorded_at`, `revision`, `plugin`). It is None
    when another tool recorded the file; `where` and `recorded_at` then come from the interactions, if
    they have them.
    """

    path: Path
    responses: Mapping[Key, Interaction] = field(repr=False)
    where: str
    recorded_at: date | None = None
    provenance: Mapping[str, str] | None = None
    _used: set[Key] = field(default_factory=set, repr=False)

    def transport(self) -> httpx.BaseTransport:
        """A transport that responds from the cassette only and opens no socket.

        It raises `NotRecorded` for a request whose response the cassette lacks.
        """
        return _Replay(self)

    def response(self, key: Key) -> Interaction:
        """The response to a request, however often it is sent. Raises `NotRecorded`."""
        key = replace(key, again=max(key.again, 0))  # a confirmation gets the recorded response
        found = self.responses.get(key)
        if found is None:
            raise NotRecorded(f"the cassette lacks {key}")
        self._used.add(key)
        if found.unreadable:
            raise NotRecorded(f"the cassette has {key}, but {found.unreadable}")
        return found

    @property
    def first_requests(self) -> list[dict[str, Any]]:
        """The requests for the recorded first pages of the list, the longest page first.

        Each has the arguments of `ModelsAPI.list`: reading the catalogue can start there.
        """
        readable = (
            found
            for found in self.responses.values()
            if found.key.starts_a_list and found.status == 200 and not found.unreadable
        )
        return [found.key.window for found in sorted(readable, key=lambda found: -len(found.body))]

    def unasked(self) -> list[str]:
        """The recorded requests that were not sent."""
        return [str(key) for key in self.responses if key not in self._used]

    def age_days(self, today: date) -> int | None:
        """The age of the recording in days; None when it has no date."""
        return (today - self.recorded_at).days if self.recorded_at else None


class _Replay(httpx.BaseTransport):
    def __init__(self, cassette: Cassette) -> None:
        self._cassette = cassette

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        found = self._cassette.response(key_of(request))
        headers = [_encoded(*pair) for pair in found.headers]
        if not found.cut_off:
            headers.append((b"content-length", str(len(found.body)).encode()))
        return httpx.Response(found.status, headers=headers, stream=_Body(found))


class _Body(httpx.SyncByteStream):
    def __init__(self, found: Interaction) -> None:
        self._found = found

    def __iter__(self) -> Any:
        yield self._found.body
        if self._found.cut_off:
            raise httpx.RemoteProtocolError(self._found.cut_off)


def _encoded(name: str, value: str) -> tuple[bytes, bytes]:
    return name.encode("utf-8", "replace"), value.encode("utf-8", "replace")


# --- reading -------------------------------------------------------------------------------------


def load(path: str | Path) -> Cassette:
    """Read a VCR cassette (of vcrpy, Ruby, R or Go) or a HAR file of at most `LARGEST_FILE` bytes.

    Raises `CassetteError` when it cannot be read, is not one, or has no request to a Models API.
    """
    path = Path(path)
    try:
        data = _parse(path.suffix.lower(), _text(path))
        if isinstance(data, dict) and "log" in data:
            return _cassette(path, read_har(data), None)
        provenance = _provenance(data)
        return _cassette(path, read_vcr(data, own=provenance is not None), provenance)
    except CassetteError as error:
        raise CassetteError(f"the cassette {_named(path)} cannot be used: {error}") from None


def _text(path: Path) -> str:
    try:
        if not path.exists():
            raise CassetteError(f"there is no such file; {_HOW_TO_GET_ONE}")
        if not path.is_file():
            raise CassetteError("it is a folder or a device; give the path of a file")
        if (size := path.stat().st_size) > LARGEST_FILE:
            most = f"{size:,} bytes are more than the {LARGEST_FILE:,} that are read"
            raise CassetteError(f"{most}; keep only its GET /v1/models")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        why = f"it cannot be read ({error.strerror}); check its permissions"
        raise CassetteError(why) from None
    except UnicodeDecodeError:
        raise CassetteError(
            "it is not UTF-8 text; if it is compressed, decompress it first"
        ) from None
    if not text.strip():
        raise CassetteError(f"the file is empty; {_HOW_TO_GET_ONE}")
    return text


def _parse(suffix: str, text: str) -> Any:
    if suffix in {".har", ".json"}:
        return parse_json(text)
    forbid_traps(text)
    try:
        return yamlserializer.deserialize(text)
    except Exception as error:  # the loader lets any exception over a bad number or date through
        raise CassetteError(unreadable(text, error)) from None


def _provenance(data: Any) -> dict[str, str] | None:
    metadata = data.get("metadata") if isinstance(data, dict) else None
    found = metadata.get(PROVENANCE) if isinstance(metadata, dict) else None
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else None


def _cassette(
    path: Path, recorded: list[Interaction], provenance: dict[str, str] | None
) -> Cassette:
    about = _of_one_server([found for found in recorded if found.key.about_models], recorded)
    if provenance is not None:
        about += _below_the_same_url(about[0].origin, recorded)
    responses: dict[Key, Interaction] = {}
    # Of several responses to one request the first good one counts.
    for found in sorted(about, key=lambda found: found.status != 200 or bool(found.unreadable)):
        responses.setdefault(found.key, found)
    dates = [found.recorded_at for found in about if found.recorded_at]
    with suppress(ValueError, KeyError):
        dates.append(date.fromisoformat((provenance or {})["recorded_at"]))
    where = (provenance or {}).get("where") or about[0].origin
    in_order = {found.key: responses[found.key] for found in about}
    return Cassette(path, in_order, where, min(dates, default=None), provenance)


def _of_one_server(about: list[Interaction], recorded: list[Interaction]) -> list[Interaction]:
    """The interactions with the most likely server: OpenAI's API also has a list at /v1/models."""
    if not about:
        seen = _some({f"{found.key.method} {found.origin}{found.key.path}" for found in recorded})
        raise CassetteError(f"it has no GET /v1/models, only {seen}; {_HOW_TO_GET_ONE}")
    surest = max(found.anthropic for found in about)
    origins = {found.origin for found in about if found.anthropic == surest}
    if len(origins) > 1:
        raise CassetteError(f"it has GET /v1/models of several servers; keep one: {_some(origins)}")
    return [found for found in about if found.origin in origins]


def _below_the_same_url(origin: str, recorded: list[Interaction]) -> Iterator[Interaction]:
    """The interactions of our own recording that are not about models, such as `HEAD /`."""
    prefix = urlsplit(origin).path
    for found in recorded:
        if not found.key.about_models:
            path = found.key.path.removeprefix(prefix)
            yield replace(found, key=replace(found.key, path=path))


def _some(texts: set[str]) -> str:
    shown = [visible(text) for text in sorted(texts)[:5]]
    return ", ".join(shown) + (f" and {len(texts) - 5} more" if len(texts) > 5 else "")


# --- writing -------------------------------------------------------------------------------------


def write(
    path: str | Path, interactions: Iterable[Interaction], provenance: Mapping[str, str]
) -> None:
    """Write a cassette in vcrpy's format, atomically, with its provenance under `metadata`.

    Nothing is scrubbed here. Raises `CassetteError` when it cannot be written; an existing file then
    stays as it is.
    """
    pairs = [(_vcr_request(found), _vcr_response(found)) for found in interactions]
    metadata = {"metadata": {PROVENANCE: dict(provenance)}}
    text = serialize(
        {"requests": [one for one, _ in pairs], "responses": [other for _, other in pairs]},
        SimpleNamespace(serialize=lambda data: _readable({**metadata, **data})),
    )
    _replace(Path(path).resolve(), text)


def _readable(data: Mapping[str, Any]) -> str:
    """YAML in the given order, each body on one line: easy to search and to compare."""
    # vcrpy's own dumper would put the provenance last and break bodies at spaces.
    text: str = yaml.dump(data, Dumper=_DUMPER, sort_keys=False, allow_unicode=True, width=2**30)
    return text


def _vcr_request(found: Interaction) -> Any:
    key = found.key
    own = {VARIANT_HEADER: key.variant, AGAIN_HEADER: str(key.again or "")}
    headers = {**dict(found.asked), **{name: value for name, value in own.items() if value}}
    url = httpx.URL(f"{found.origin}{key.path}", params=key.query or None)
    return Request(key.method, str(url), None, headers)


def _vcr_response(found: Interaction) -> dict[str, Any]:
    headers: dict[str, list[str]] = {}
    length = ("content-length", str(len(found.body)))
    end = (CUT_OFF_HEADER, found.cut_off) if found.cut_off else length
    for name, value in (*found.headers, end):
        headers.setdefault(name.lower(), []).append(value)
    reason = httpx.codes.get_reason_phrase(found.status)
    return {
        "status": {"code": found.status, "message": reason},
        "headers": headers,
        "body": {"string": found.body},
    }


def _replace(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        draft.write_text(text, encoding="utf-8", newline="\n")
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise CassetteError(f"{_named(path)} cannot be written: {error.strerror}") from None


def _named(path: Path) -> str:
    return visible(str(path), 300)
