"""Texts of a server for the rows: without secrets, harmless, and cut."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from pytest_models_contract.client.redact import Redactor, visible

LONGEST = 160
"""So many characters of a text are kept."""
Clean = Callable[[str], str]


def cleaner(redactor: Redactor, most: int = LONGEST) -> Clean:
    """A function that makes a text safe to show. A secret is replaced before the text is cut."""
    return partial(_clean, redactor, most)


def _clean(redactor: Redactor, most: int, text: str) -> str:
    return visible(redactor.redact(text), most)
