"""The command that sends a request again, without its secrets: by curl, or in process by Python."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from pytest_models_contract.client.exchange import Response
from pytest_models_contract.client.redact import Redactor, visible

KEY, SECOND_KEY = "MODELS_CONTRACT_API_KEY", "MODELS_CONTRACT_SECOND_KEY"
LONGEST = 400
_KEY_SHOWN = {"x-api-key": "", "authorization": "Bearer "}
_ASKING = "from pytest_models_contract.target.asking import show"


def curl(response: Response, redactor: Redactor) -> str:
    """For a server: the key comes from the environment again."""
    headers = (
        f'-H "{name}: {value}"' if is_key else f"-H '{name}: {value}'"
        for name, value, is_key in _headers(response, redactor)
    )
    command = "curl -I" if response.request.method == "HEAD" else "curl -i"
    return " ".join([command, f"'{_url(response, redactor)}'", *headers])


def python(response: Response, redactor: Redactor, app: str) -> str:
    """For the application at `module:attribute`."""
    url = urlsplit(_url(response, redactor))
    target = f"{url.path}?{url.query}" if url.query else url.path
    headers = ", ".join(
        f"{_literal(name)}: {_literal(value, keep=is_key)}"
        for name, value, is_key in _headers(response, redactor)
    )
    method = response.request.method
    last = "" if method == "GET" else f", {_literal(method)}"
    call = f"show({_literal(app)}, {_literal(target)}, {{{headers}}}{last})"
    return f'python -c "{_ASKING}; {call}"'


def _headers(response: Response, redactor: Redactor) -> Iterator[tuple[str, str, bool]]:
    """Name and value of each header; a key is the variable of the environment that holds it."""
    variant = response.request.variant
    variable = SECOND_KEY if variant.auth.startswith("second") else KEY
    for name, value in response.sent:
        is_key = name in _KEY_SHOWN and not variant.wrong
        yield name, f"{_KEY_SHOWN[name]}${variable}" if is_key else redactor.redact(value), is_key


def _url(response: Response, redactor: Redactor) -> str:
    return redactor.redact(visible(response.url, LONGEST))


def _literal(text: str, *, keep: bool = False) -> str:
    """A string of Python between double quotes of the shell; `keep` lets the shell replace a variable."""
    return repr(text) if keep else re.sub(r'([\\"$`])', r"\\\1", repr(text))
