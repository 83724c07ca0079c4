"""A body with its content-encoding undone, in pieces that no bomb can make large."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

ACCEPTED = "gzip, deflate"
PIECE = 2**16
_GZIP_OR_ZLIB = 47
_BARE = -15


class Undecodable(ValueError):
    """The body is not what its content-encoding says; the text says how."""


def plain(encoding: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the body of these pieces, at most `PIECE` bytes at a time where it was compressed.

    Raises `Undecodable`, also for an encoding that was not asked for.
    """
    encoding = encoding.strip().lower()
    if encoding in {"", "identity"}:
        yield from pieces
    elif encoding in {"gzip", "x-gzip", "deflate"}:
        yield from _inflated(encoding, pieces)
    else:
        raise Undecodable(f"it comes as {encoding}, but was asked for as {ACCEPTED} or plain")


def _inflated(encoding: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
    inflater = None
    try:
        for piece in filter(None, pieces):
            inflater = inflater or zlib.decompressobj(_window(encoding, piece))
            while piece and not inflater.eof:
                yield inflater.decompress(piece, PIECE)
                piece = inflater.unconsumed_tail
            if inflater.eof:
                return
        if inflater:
            yield from _rest(inflater)
    except zlib.error as error:
        raise Undecodable(f"it is not {encoding}, as its content-encoding says: {error}") from None
    if inflater and not inflater.eof:
        raise Undecodable(
            f"it is no whole {encoding}, as its content-encoding says: it ends in the middle"
        )


def _rest(inflater: zlib._Decompress) -> Iterator[bytes]:
    """What still waits to come out, when all has gone in."""
    while not inflater.eof and (piece := inflater.decompress(inflater.unconsumed_tail, PIECE)):
        yield piece


def _window(encoding: str, start: bytes) -> int:
    """What zlib expects; deflate means zlib's own header, but some servers leave it out."""
    return _BARE if encoding == "deflate" and start[0] & 0x0F != 8 else _GZIP_OR_ZLIB
