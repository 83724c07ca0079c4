"""Which headers carry a key: the right one, another client's, a wrong one or none."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pytest_models_contract.client.redact import WRONG_KEY_PSEUDONYM
from pytest_models_contract.client.variant import Variant

_KIND = re.compile(r"sk-(?:ant-(?:[a-z]+\d\d-)?|proj-|or-v1-)?")
"""How a key begins that says of which kind it is: no secret."""
_CARRIES_A_KEY = re.compile("key|token|auth|secret|cookie|credential|password")
"""What the name of an extra header holds that may carry a key."""


def key_header(
    variant: Variant, auth: str, key: str | None, second_key: str | None
) -> dict[str, str]:
    """The header with the key that the variant asks for; empty without a key."""
    keys = {"none": None, "second": second_key, "second-other-way": second_key}
    key = wrong_key(key) if variant.wrong else keys.get(variant.auth, key)
    if not key:
        return {}
    way = other_way(auth) if variant.auth.endswith("other-way") else auth
    return {"authorization": f"Bearer {key}"} if way == "bearer" else {"x-api-key": key}


def wrong_key(key: str | None) -> str:
    """A wrong key of the same kind as the right one: some servers check only how a key begins.

    >>> wrong_key("sk-ant-api03-1a2b3c"), wrong_key("1a2b3c")
    ('sk-ant-api03-models-contract-wrong-key-0000', 'models-contract-wrong-key-0000')
    """
    kind = _KIND.match(key or "")
    return f"{kind[0] if kind else ''}{WRONG_KEY_PSEUDONYM}"


def other_way(auth: str) -> str:
    """The other of `x-api-key` and `bearer`."""
    return "x-api-key" if auth == "bearer" else "bearer"


def extra_headers(variant: Variant, headers: Mapping[str, str]) -> dict[str, str]:
    """The extra headers; one that may carry a key has a wrong one, or is left out, as the key itself."""
    named = {name.lower(): value for name, value in headers.items()}
    if variant.wrong:
        return {
            name: _wrong(value) if carries_a_key(name) else value for name, value in named.items()
        }
    kept = set(named) if variant.auth != "none" else set(always_sent(headers))
    return {name: value for name, value in named.items() if name in kept}


def carries_a_key(name: str) -> bool:
    """Whether a header of that name may carry a key."""
    return bool(_CARRIES_A_KEY.search(name.lower()))


def always_sent(headers: Mapping[str, str]) -> list[str]:
    """The names of the extra headers that go with every request, whatever key is sent."""
    return [name.lower() for name in headers if not carries_a_key(name)]


def _wrong(value: str) -> str:
    """A wrong key after the scheme that the value begins with, such as `Bearer`."""
    scheme, blank, credential = value.partition(" ")
    return f"{scheme} {wrong_key(credential)}" if blank and scheme.isalpha() else wrong_key(value)
