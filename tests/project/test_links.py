"""Messages lead to the documentation, and the package names the same addresses."""

from __future__ import annotations

from documented import REPOSITORY, URLS

from pytest_models_contract import DOCUMENTATION
from pytest_models_contract.suite import checks


def test_the_documentation_of_messages_is_that_of_the_package() -> None:
    assert URLS["Documentation"] == DOCUMENTATION
    assert checks.DOCUMENT.startswith(DOCUMENTATION)


def test_the_site_is_that_of_the_repository() -> None:
    owner, name = REPOSITORY.removeprefix("https://github.com/").split("/")
    assert f"https://{owner}.github.io/{name}/" == DOCUMENTATION
    assert all(url.startswith((REPOSITORY, DOCUMENTATION)) for url in URLS.values())
