"""Links in messages lead to the project's repository, also outside of a checkout."""

from __future__ import annotations

import tomllib

from documented import ROOT

from pytest_models_contract import REPOSITORY
from pytest_models_contract.suite import checks


def test_the_repository_of_messages_is_that_of_the_package() -> None:
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["urls"]
    assert urls["Repository"] == REPOSITORY
    assert all(url.startswith(REPOSITORY) for url in urls.values())


def test_the_document_of_the_contract_is_in_the_repository() -> None:
    path = checks.DOCUMENT.removeprefix(f"{REPOSITORY}/blob/main/")
    assert path != checks.DOCUMENT
    assert (ROOT / path).is_file()
