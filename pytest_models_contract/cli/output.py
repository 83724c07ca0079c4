"""Standard output that its reader may close before the program ends, as `head` does."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

CLOSED = {errno.EPIPE, errno.EINVAL}
"""How a system says that nobody reads a pipe any more; Windows says EINVAL."""


class Closable:
    """A stream that discards what is written after its reader is gone."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.is_closed = False

    def write(self, text: str) -> int:
        """Write, unless nobody reads any more."""
        if not self.is_closed:
            with self._noticing():
                return self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Flush, unless nobody reads any more."""
        if not self.is_closed:
            with self._noticing():
                self._stream.flush()

    @contextmanager
    def _noticing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if error.errno not in CLOSED:
                raise
            self.is_closed = True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def closable() -> Iterator[None]:
    """A program goes on to its end, and keeps its exit status, when nobody reads its output any more."""
    stream, own = sys.stdout, Closable(sys.stdout)
    sys.stdout = own
    try:
        yield
    finally:
        own.flush()
        sys.stdout = stream
        if own.is_closed:
            # Python flushes the stream once more when it ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
