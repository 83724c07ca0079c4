"""What responses show of keys: a key itself, a part of it, or what can be looked up in its place."""

from __future__ import annotations

import hashlib
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from pytest_models_contract.client.exchange import Finding, Response
from pytest_models_contract.client.redact import Redactor

LONG = 20
"""A key of so many characters is no word that responses hold by chance."""
PREFIX = 13
"""So many characters at the start of a key say of which kind it is, and are no secret."""
NO_PART = "a response without any part of it"
RUN = 8
"""So many characters in a row are a part of a key."""


class KeyLeaks:
    """What the responses of a run show of its keys.

    `right` is the key of the run and `keys` are all that were sent. `words` is the text that responses
    are made of: a short key may stand there by chance.
    """

    def __init__(
        self, responses: Sequence[Response], right: str | None, keys: Sequence[str], words: str
    ) -> None:
        self._responses, self._right, self._words = responses, right, words
        self._finders = {key: Redactor([key], base64=len(key) < LONG) for key in keys}
        self._found_elsewhere = cache(self._is_elsewhere)

    def whole(self, response: Response) -> Finding | None:
        """The response repeats the key it was asked with, or shows the right key to another one."""
        right = self._right
        if right and response.key != right and self._tells(right, response):
            whom = "with another key" if response.key else "without a key"
            seen = f"the server's right key, in the response to a request {whom}"
            return response.finding(seen, "a response without it")
        if response.key in self._finders and self._tells(response.key, response):
            return response.finding("the key that was sent", "a response without it")
        return None

    def part(self, response: Response) -> Finding | None:
        """The response shows a part of the key it was asked with, or its base64 or hash."""
        key, text = response.key, text_of(response)
        if len(key) < LONG or self._finders[key].finds(text):
            return None
        found = part_in(text, key, lambda run: self._found_elsewhere(run, key))
        return Finding(response, found, NO_PART, unquoted=True) if found else None

    def _tells(self, key: str, response: Response) -> bool:
        return self._finders[key].finds(text_of(response)) and not self._is_common(key)

    def _is_common(self, key: str) -> bool:
        """Whether the key is a word like others, which responses hold whoever asks: no proof."""
        if key in self._words:
            return True
        right = key == self._right
        unasked = (each for each in self._responses if (not each.key if right else each.key != key))
        return not (right and len(key) >= LONG) and any(
            self._finders[key].finds(text_of(each)) for each in unasked
        )

    def _is_elsewhere(self, run: str, key: str) -> bool:
        """Whether a response to a request without this key has the same characters."""
        return any(run in text_of(each) for each in self._responses if each.key != key)


def text_of(response: Response) -> str:
    """The headers and the body of a response."""
    headers = (f"{name}: {value}" for name, value in response.headers)
    return "\n".join([*headers, response.body.decode("utf-8", "replace")])


def part_in(text: str, key: str, is_common: Callable[[str], bool]) -> str:
    """What a text shows of a key, other than the key itself: a hash, its base64 or characters; or nothing.

    `is_common` says of characters that they stand in responses whatever the key.
    """
    forms = (name for name, form in _encodings(key) if form.lower() in text.lower())
    if shown_as := next(forms, ""):
        return shown_as
    runs = (run in text and not is_common(run) for run in _runs(key))
    return f"{RUN} or more characters of the key" if any(runs) else ""


def _runs(key: str) -> Iterator[str]:
    """Every run of characters that counts as a part of the key."""
    tail = key[PREFIX:]
    return (tail[start : start + RUN] for start in range(len(tail) - RUN + 1))


def _encodings(key: str) -> Iterator[tuple[str, str]]:
    raw = key.encode()
    yield from (
        ("the SHA-256 of the key", hashlib.sha256(raw).hexdigest()),
        ("the SHA-1 of the key", hashlib.sha1(raw, usedforsecurity=False).hexdigest()),
        ("the MD5 of the key", hashlib.md5(raw, usedforsecurity=False).hexdigest()),
        ("the key in base64", b64encode(raw).decode().rstrip("=")),
        ("the key in base64", urlsafe_b64encode(raw).decode().rstrip("=")),
    )
