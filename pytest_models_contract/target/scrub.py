"""Scrubbing of responses before they are written: no secrets, nothing that changes in each run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from pytest_models_contract.client.redact import (
    HIDDEN,
    KEY_PSEUDONYM,
    WRONG_KEY_PSEUDONYM,
    Redactor,
)
from pytest_models_contract.target.interaction import LIST_PATH, Headers, Interaction, Key

_ASKED = {"anthropic-beta", "anthropic-version"}
_KEPT = {
    "content-encoding",
    "content-type",
    "location",
    "retry-after",
    "www-authenticate",
    "x-should-retry",
}
_IDS = {
    "anthropic-organization-id": "org",
    "anthropic-workspace-id": "wrkspc",
    "request-id": "req",
    "x-request-id": "req",
}
_MEMBERS = {"organization_id": "org", "workspace_id": "wrkspc", "request_id": "req"}
_ID_MEMBER = re.compile(rf'("({"|".join(_MEMBERS)})"\s*:\s*")((?:[^"\\]|\\.)+)')
_ECHOED = Redactor([KEY_PSEUDONYM, WRONG_KEY_PSEUDONYM])
# Shorter ids are replaced only in their own place: elsewhere `1` means other things.
_DISTINCTIVE = re.compile(r"[\w-]{8,}")


def scrubbed(responses: Iterable[Interaction], redactor: Redactor) -> list[Interaction]:
    """The responses in a fixed order, without secrets and with pseudonyms for ids.

    Lists come first, then models; plain requests come before their variants. The result does not
    depend on the order in which the responses came.
    """
    in_order = sorted((_redacted(found, redactor) for found in responses), key=_fixed_order)
    ids = _Ids()
    for found in in_order:
        ids.learn(found)
    return [ids.hide(found) for found in in_order]


def _redacted(found: Interaction, redactor: Redactor) -> Interaction:
    """Without the secrets of the run, and without the headers that no check reads."""
    key = found.key
    # A parameter with a secret belongs to the base URL, and a replay has another base URL.
    query = tuple(pair for pair in key.query if not redactor.finds("=".join(pair)))
    headers = (kept for pair in found.headers for kept in _redacted_header(*pair, redactor))
    asked = {name.lower(): redactor.redact(value) for name, value in found.asked}
    return replace(
        found,
        key=replace(key, path=redactor.redact(key.path), query=query),
        origin=redactor.redact(found.origin),
        headers=tuple(sorted(headers)),
        body=redactor.redact_bytes(found.body),
        asked=tuple((name, asked[name]) for name in sorted(_ASKED & asked.keys())),
        cut_off=redactor.redact(found.cut_off),
    )


def _redacted_header(name: str, value: str, redactor: Redactor) -> Iterator[tuple[str, str]]:
    if name.lower() in _KEPT or name.lower() in _IDS:
        yield name.lower(), redactor.redact(value)
    elif echoes := redactor.echoes(f"{name}: {value}"):
        # The header itself is dropped like any other, but the replay must show that it had a secret.
        yield redactor.redact(name), " ".join(echoes)


def _fixed_order(found: Interaction) -> tuple[object, ...]:
    key: Key = found.key
    query = [(name, _natural(value)) for name, value in key.query]
    variants = bool(key.variant)
    return (
        *(key.path != LIST_PATH, variants, _natural(key.path), len(query), query),
        *(key.variant, key.again, key.method),
    )


def _natural(text: str) -> list[tuple[int, str]]:
    """A sort key that puts 9 before 10, with any number of digits."""
    pieces = re.split(r"(\d+)", text)
    return [(len(piece) if piece.isdigit() else 0, piece) for piece in pieces]


@dataclass
class _Ids:
    """Pseudonyms of ids: one for the same id everywhere, numbered as they first appear."""

    names: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def learn(self, found: Interaction) -> None:
        for name, value in found.headers:
            if name in _IDS and value:
                self._name(_IDS[name], value)
        for member in _ID_MEMBER.finditer(_as_text(found.body)):
            self._name(_MEMBERS[member[2]], member[3])

    def hide(self, found: Interaction) -> Interaction:
        members = _ID_MEMBER.sub(lambda m: m[1] + self.names[m[3]], _as_text(found.body))
        body = self._hide_in(members).encode("utf-8", "surrogateescape")
        headers: Headers = tuple(
            (name, self.names.get(value, value) if name in _IDS else self._hide_in(value))
            for name, value in found.headers
        )
        return replace(found, body=body, headers=headers)

    def _hide_in(self, text: str) -> str:
        return _DISTINCTIVE.sub(lambda word: self.names.get(word[0], word[0]), text)

    def _name(self, kind: str, value: str) -> None:
        if value in self.names:
            return
        if HIDDEN in value or _ECHOED.finds(value):
            self.names[value] = value  # a secret that is echoed as an id has its own pseudonym
            return
        self.counts[kind] = self.counts.get(kind, 0) + 1
        self.names[value] = f"{kind}_{self.counts[kind]:04d}"


def _as_text(body: bytes) -> str:
    return body.decode("utf-8", "surrogateescape")
