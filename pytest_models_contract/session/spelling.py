"""The options as the user types them: to pytest, or to `models-contract check`."""

from __future__ import annotations

import re

import pytest

from pytest_models_contract.session.option_table import PREFIX, options

PYTEST = "pytest -p pytest_models_contract --models-contract"
CHECK = "models-contract check"
BY_COMMAND = "models_command"
"""Where pytest's options say that the user typed the command; no option of the command line."""

# In a command the target comes first; the command takes it without its option.
_COMMAND = re.compile(rf"{PYTEST}( {PREFIX}(base-url|app|cassette)(?= ))?")
_FLAG = re.compile(rf"{PREFIX}(?=(?:{'|'.join(option.word for option in options())})\b)")


def by_command(config: pytest.Config) -> bool:
    """Whether the user typed `models-contract check`."""
    return bool(getattr(config.option, BY_COMMAND, False))


def as_command(text: str) -> str:
    """The text, which names options of pytest, with those of the command.

    >>> as_command("5 s (--models-timeout)")
    '5 s (--timeout)'
    """
    return _FLAG.sub("--", _COMMAND.sub(CHECK, text))
