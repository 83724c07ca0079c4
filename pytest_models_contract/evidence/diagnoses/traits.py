"""What requests have in common, each with the phrase for it: parameters, headers, cursors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from pytest_models_contract.client.exchange import Response
from pytest_models_contract.client.variant import DEFAULT_VERSION
from pytest_models_contract.evidence.diagnoses.counting import joined
from pytest_models_contract.evidence.diagnoses.observed import extras
from pytest_models_contract.evidence.plan import PLAIN_ID


class Trait(NamedTuple):
    """A phrase that goes on after "requests", and whether it holds for the request of a response."""

    phrase: str
    holds: Callable[[Response], bool]


def cursor_of(response: Response) -> str | None:
    """The cursor that was sent, whichever of the two."""
    after = response.request.value("after_id")
    return response.request.value("before_id") if after is None else after


def limit_of(response: Response) -> int | None:
    """The number that was sent as `limit`, None where it is none."""
    text = response.request.value("limit") or ""
    return int(text) if text.isascii() and text.isdecimal() else None


def _sends(name: str, response: Response) -> bool:
    return response.request.value(name) is not None


def _version(response: Response) -> str:
    return response.request.variant.version


def _other_header(header: str, response: Response) -> bool:
    return response.request.variant.auth == "other-way" and header in dict(response.sent)


KINDS = (
    Trait("with `beta=true`", lambda response: "beta" in extras(response)),
    Trait("with an unknown parameter", lambda response: bool(set(extras(response)) - {"beta"})),
    Trait("with `anthropic-beta`", lambda response: bool(response.request.variant.betas)),
    Trait("without `anthropic-version`", lambda response: not _version(response)),
    Trait(
        "with `anthropic-version: 2026-10-21`",
        lambda response: _version(response) not in ("", DEFAULT_VERSION),
    ),
    Trait("with the key as bearer token", partial(_other_header, "authorization")),
    Trait("with the key as `x-api-key`", partial(_other_header, "x-api-key")),
    Trait("with `after_id`", partial(_sends, "after_id")),
    Trait("with `before_id`", partial(_sends, "before_id")),
    Trait("with a cursor", lambda response: cursor_of(response) is not None),
    Trait("without a cursor", lambda response: cursor_of(response) is None),
    Trait("with `limit`", partial(_sends, "limit")),
    Trait("without `limit`", lambda response: not _sends("limit", response)),
    Trait("going forward", lambda response: not _sends("before_id", response)),
    Trait("with a query", lambda response: bool(response.request.query)),
    Trait(
        f"with `anthropic-version: {DEFAULT_VERSION}`",
        lambda response: _version(response) == DEFAULT_VERSION,
    ),
)
"""The kinds of requests, the rare ones first."""


def common_sign(lost: Sequence[str], others: Sequence[str]) -> str:
    """The characters that each of these ids has and no other has, in words; empty where there are none."""

    def tells(is_sign: Callable[[str], object]) -> bool:
        has = [[any(map(is_sign, name)) for name in names] for names in (lost, others)]
        return all(has[0]) and not any(has[1])

    signs = [sign for sign in sorted(set("".join(lost))) if not PLAIN_ID.fullmatch(sign)]
    if known := dict.fromkeys(_sign(sign) for sign in signs if tells(sign.__eq__)):
        return joined(list(known))
    if tells(lambda char: not PLAIN_ID.fullmatch(char)):
        return "characters that need encoding"
    return "a capital letter" if tells(str.isupper) else ""


def _sign(char: str) -> str:
    names = {" ": "a blank", "/": "a slash", ":": "a colon", "%": "a percent sign"}
    if not char.isprintable():
        return "a control character"
    return names.get(char, f"`{char}`" if char.isascii() else "characters beyond ASCII")
