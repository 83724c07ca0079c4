"""What may be shown: text without its secrets, and text that cannot act on a terminal or a log."""

from __future__ import annotations

import html
import json
import re
import sys
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote, quote_plus

HIDDEN = "***"
CUT = "…"
"""Stands where a text was cut."""
KEY_PSEUDONYM = "models-contract-key-0000"
WRONG_KEY_PSEUDONYM = "models-contract-wrong-key-0000"

SHORT = 6
"""Values below this many characters are replaced only where they are whole words."""

_SCHEMES = ("basic", "bearer", "token")
# What Python, JavaScript, URL paths and URL queries leave as it is.
_SAFE = ("/", "", "!'()*", "!$&'()*+,;=:@", "!$'()*,/:;?@")
_ALIGNED_LEAST = 8
_CAPITAL_HEX = re.compile(r"%[0-9A-F]{2}")
_COMMAND = re.compile(r"^\s*:(?=:)|#(?=#\w*\[)")


class Redactor:
    """Replaces secrets in text, however they are encoded there.

    `secrets` are hidden as `***`. `named` maps secrets to pseudonyms, each written in the encoding in
    which its secret was found. The value of a header such as `Bearer abc` counts as two secrets: the
    whole and what follows the scheme. Empty values are ignored. `base64` is false where
    that encoding counts as another text.
    """

    def __init__(
        self,
        secrets: Iterable[str | None] = (),
        named: Mapping[str, str] | None = None,
        *,
        base64: bool = True,
    ) -> None:
        self._shown: dict[str, str] = {}
        self._base64 = base64
        for value, pseudonym in (named or {}).items():
            self._learn(value, pseudonym)
        for secret in secrets:
            for part in _parts(secret or ""):
                self._learn(part)
        # A form that contains another one is found by the shorter one.
        self._least = [
            form for form in self._shown if sum(other in form for other in self._shown) == 1
        ]
        longest_first = sorted(self._shown, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(_literal, longest_first)))

    def redact(self, text: str) -> str:
        """The text with every secret in it replaced, also one of which a cut has left only the beginning."""
        if self.finds(text):
            text = self._pattern.sub(lambda found: self._shown[found[0]], text)
        if CUT not in text:
            return text
        *cut, rest = text.split(CUT)
        return CUT.join([*map(self._without_a_beginning, cut), rest])

    def _without_a_beginning(self, text: str) -> str:
        """A text that was cut here, without the beginning of a secret at its end."""
        for form in self._shown:
            for length in range(min(len(form) - 1, len(text)), SHORT - 1, -1):
                if text.endswith(form[:length]):
                    return text[:-length] + HIDDEN
        return text

    def echoes(self, text: str) -> list[str]:
        """What `redact` puts in place of each secret in the text, in order."""
        if not self.finds(text):
            return []
        return [self._shown[found[0]] for found in self._pattern.finditer(text)]

    def redact_bytes(self, body: bytes) -> bytes:
        """The same for a body of any encoding; bytes that are not text are kept as they are."""
        shown = self.redact(body.decode("utf-8", "surrogateescape"))
        return shown.encode("utf-8", "surrogateescape")

    def finds(self, text: str) -> bool:
        """Whether any secret shows in the text, in any of the encodings that `redact` replaces."""
        # The plain search is many times faster than the pattern, and nearly always finds nothing.
        return any(form in text for form in self._least) and bool(self._pattern.search(text))

    def _learn(self, secret: str, pseudonym: str = "") -> None:
        if not secret.strip():
            return
        # The n-th form of the secret and the n-th form of the pseudonym have the same encoding.
        for form, shown in zip(self._forms(secret), self._forms(pseudonym), strict=True):
            if form:
                self._shown.setdefault(form, (pseudonym and shown) or HIDDEN)

    def _forms(self, secret: str) -> Iterator[str]:
        yield from _texts(secret)
        if self._base64:
            yield from _in_base64(secret)


def visible(text: str, limit: int = 120) -> str:
    """The text on one line and harmless: controls, escapes and bidi marks are shown as `\\x1b`.

    Text beyond `limit` characters is cut and its length named. A start that GitHub or Azure would
    take for a command to the runner (`::error`, `##[group]`) is escaped as well.
    """
    shown = "".join(char if char.isprintable() else _escaped(char) for char in text[:limit])
    shown = _COMMAND.sub(lambda found: found[0][:-1] + f"\\x{ord(found[0][-1]):x}", shown)
    return shown if len(text) <= limit else f"{shown}{CUT} ({len(text)} characters)"


def encodable(text: str) -> str:
    """The text with escapes in place of the characters that standard output cannot encode."""
    encoding = sys.stdout.encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")


def _parts(secret: str) -> Iterator[str]:
    """The secret, and the credential in it when it is the value of an authorization header."""
    yield secret
    yield secret.strip()
    scheme, _, credential = secret.strip().partition(" ")
    if scheme.lower() in _SCHEMES:
        yield credential.strip()


def _literal(form: str) -> str:
    return rf"(?<!\w){re.escape(form)}(?!\w)" if len(form) < SHORT else re.escape(form)


def _texts(secret: str) -> Iterator[str]:
    """Every spelling of the secret as text, in a fixed order."""
    yield secret
    for safe in _SAFE:
        yield from _both_cases(quote(secret, safe, errors="replace"))
    yield from _both_cases(quote_plus(secret, errors="replace"))
    for ascii_only in (True, False):
        escaped = json.dumps(secret, ensure_ascii=ascii_only)[1:-1]
        yield from (escaped, escaped.replace("/", "\\/"), json.dumps(escaped)[1:-1])
    yield html.escape(secret)


def _in_base64(secret: str) -> Iterator[str]:
    """The secret in base64, in a fixed order; an empty string where there is no such form."""
    for whole in (secret, f":{secret}", f"{secret}:"):
        yield from _base64(whole.encode("utf-8", "replace"))
    yield from _aligned(secret.encode("utf-8", "replace"))


def _both_cases(percent: str) -> tuple[str, str]:
    return percent, _CAPITAL_HEX.sub(lambda found: found[0].lower(), percent)


def _base64(raw: bytes) -> Iterator[str]:
    for padded in (b64encode(raw).decode(), urlsafe_b64encode(raw).decode()):
        yield from (padded, padded.rstrip("="))


def _aligned(raw: bytes) -> Iterator[str]:
    """What base64 of any text around the secret must contain, at each of the three offsets."""
    for offset in range(3):
        for encode in (b64encode, urlsafe_b64encode):
            inner = encode(bytes(offset) + raw)[(0, 2, 3)[offset] : (offset + len(raw)) * 8 // 6]
            yield inner.decode() if len(inner) >= _ALIGNED_LEAST else ""
