"""A request of an SDK as one of ours, and our response as one for the SDK."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import Request, Response
from pytest_models_contract.client.requests import LIST
from pytest_models_contract.client.variant import DEFAULT_VERSION, Variant

_FRAMING = {"connection", "content-encoding", "content-length", "keep-alive", "transfer-encoding"}


def request_of(
    path: str,
    query: Sequence[tuple[str, str]],
    headers: Mapping[str, str],
    api: ModelsAPI,
    *,
    wrong_key: bool,
) -> Request:
    """The same request over `api`: with the key in the same header, the same version and betas.

    `headers` have names in lower case.
    """
    other = ("bearer" if "authorization" in headers else "x-api-key") != api.auth and api.key
    kind = "wrong" if wrong_key else ""
    auth = "-".join(filter(None, [kind, "other-way" if other else ""])) or "key"
    betas = [beta.strip() for beta in headers.get("anthropic-beta", "").split(",")]
    version = headers.get("anthropic-version", DEFAULT_VERSION)
    variant = Variant(auth, version, tuple(filter(None, betas)))
    return Request(path[path.index(LIST) :], tuple(query), variant)


def headers_of(response: Response) -> Iterator[tuple[str, str]]:
    """The headers of the response that are not about how it was sent."""
    yield from ((name, value) for name, value in response.headers if name.lower() not in _FRAMING)
