"""Reading a TOML file that a user wrote; what is wrong with it is an error of the caller's kind."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from pytest_models_contract.client.redact import visible


def read(path: Path, error: type[Exception], example: str) -> tuple[str, dict[str, Any]]:
    """The text of a file and its data.

    Raises `error`, if the file cannot be read or is not TOML; then its text ends with the `example`.
    """
    name = visible(str(path), 300)
    try:
        text = path.read_text("utf-8")
        return text, tomllib.loads(text)
    except OSError as problem:
        raise error(f"{name}: it cannot be read: {problem.strerror}") from None
    except UnicodeDecodeError:
        raise error(f"{name}: it is not UTF-8") from None
    except tomllib.TOMLDecodeError as problem:
        raise error(f"{name} is not TOML: {problem}. For example:\n{example}") from None
