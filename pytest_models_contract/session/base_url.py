"""A base URL that goes one step too far: that of the list itself."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from pytest_models_contract.session.options import Settings
from pytest_models_contract.session.run import Run
from pytest_models_contract.target.targets import Target

LIST = "/v1/models"


def require_root(run: Run) -> None:
    """Ask for the list where the base URL ends in its path. Raises `pytest.UsageError` if it is not there."""
    target = run.target
    if target is None or target.kind != "live":
        return
    path = urlsplit(target.where).path.rstrip("/")
    if not path.endswith(LIST):
        return
    if got := _instead_of_the_list(target, run.settings):
        root = target.where.rstrip("/").removesuffix(LIST)
        raise pytest.UsageError(
            f"the base URL {target.where} ends in {LIST}, and {path}{LIST} gets {got}: give the base URL"
            f" of an SDK, --models-base-url {root}"
        )


def _instead_of_the_list(target: Target, own: Settings) -> str:
    """What comes in place of a page; the empty string for a page, and where the server does not respond."""
    from pytest_models_contract.client.api import ModelsAPI
    from pytest_models_contract.client.exchange import page_of
    from pytest_models_contract.client.verdict import if_answered

    api = ModelsAPI(
        target.base_url, target.open(), key=own.key, auth=own.auth, headers=own.headers,
        timeout=own.timeout, max_body=own.max_body, secrets=own.secrets,
    )  # fmt: skip
    try:
        response = if_answered(api.list)
    finally:
        api.close()
    return "" if response is None or page_of(response) else response.status_text
