"""A request in words: what the curl command shows only to those who know what to look for."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from urllib.parse import quote

SHOWN = 2
_KEYS = {
    "none": "without a key",
    "wrong": "with a wrong key",
    "second": "with another client's key",
    "other-way": "with the key in the other header",
    "wrong-other-way": "with a wrong key in the other header",
    "second-other-way": "with another client's key in the other header",
}


def variant_in_words(
    auth: str, version: str | None, betas: Sequence[str], headers: Sequence[str]
) -> Iterator[str]:
    """What a request varies besides its URL: the version, if it is not the usual one; names of headers."""
    if auth in _KEYS:
        yield _KEYS[auth]
    if version is not None:
        yield f"with anthropic-version {version}" if version else "without anthropic-version"
    if betas:
        more = f" and {len(betas) - SHOWN} more" if len(betas) > SHOWN else ""
        yield f"with anthropic-beta {', '.join(map(_shown, betas[:SHOWN]))}{more}"
    if headers:
        yield f"with the header {', '.join(headers)}"


def recorded_variant_in_words(text: str) -> str:
    """The same of a variant as a cassette names it: `auth=wrong betas=a,b`."""
    named = dict(part.partition("=")[::2] for part in text.split())
    version, betas, headers = (named.get(name) for name in ("version", "betas", "headers"))
    return ", ".join(
        variant_in_words(
            named.get("auth", ""),
            "" if version == "none" else version,
            betas.split(",") if betas else [],
            headers.split(",") if headers else [],
        )
    )


def odd_digits(query: Sequence[tuple[str, str]]) -> str:
    """Which digits in the values are not those of ASCII; the empty string where none is."""
    odd = (sign for _, value in query for sign in value if sign.isdigit() and not sign.isascii())
    return ", ".join(f"{quote(sign)} is {unicodedata.name(sign)}" for sign in dict.fromkeys(odd))


def _shown(beta: str) -> str:
    return beta or "(empty)"
