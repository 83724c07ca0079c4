"""What an application raises while it handles a request, also where its framework makes a response of it."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

EXTENSION = "models_raised"
"""Under this name a response has the text of what was raised."""
FRAMES = 3
_OURS = Path(__file__).parents[1]
_noted: ContextVar[list[BaseException] | None] = ContextVar("models_noted", default=None)


class _Logged(logging.Handler):
    """Notes the exceptions that a framework logs in place of raising them."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        if error is not None:
            note(error)


@contextmanager
def noting() -> Iterator[list[BaseException]]:
    """Note in a list what the application raises or logs in this block, and in tasks started in it."""
    errors: list[BaseException] = []
    token, handler = _noted.set(errors), _Logged(logging.ERROR)
    logging.getLogger().addHandler(handler)
    try:
        yield errors
    finally:
        logging.getLogger().removeHandler(handler)
        _noted.reset(token)


def note(error: BaseException) -> None:
    """Note an exception, where exceptions are noted."""
    errors = _noted.get()
    if errors is not None and error not in errors:
        errors.append(error)


def text(errors: list[BaseException]) -> str:
    """The first of the exceptions, then the frames that raised it, the innermost first; one a line."""
    if not errors:
        return ""
    error = errors[0]
    frames = [
        f"{frame.filename}:{frame.lineno}, in {frame.name}: {frame.line}"
        for frame in reversed(traceback.extract_tb(error.__traceback__))
        if _OURS not in Path(frame.filename).parents
    ]
    return "\n".join([f"{type(error).__name__}: {error}", *frames[:FRAMES]])
