"""Where a redirect leads: the key must not follow it to another host."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import Response
from pytest_models_contract.client.redact import visible
from pytest_models_contract.client.verdict import Unexercised


def path_below(response: Response, location: str, api: ModelsAPI) -> str:
    """Path and query below the base URL. Raises `Unexercised` where the redirect leads elsewhere."""
    url, root = urlsplit(urljoin(response.url, location)), urlsplit(api.wire.root)
    inside = not root.path or url.path.startswith(f"{root.path}/")
    if (url.scheme, url.netloc) != (root.scheme, root.netloc) or not inside:
        where = visible(f"{url.scheme}://{url.netloc.rpartition('@')[2]}", 100)
        raise Unexercised(f"a redirect leads to {where}: it is not followed, because of the key")
    path = url.path.removeprefix(root.path)
    return f"{path}?{url.query}" if url.query else path
