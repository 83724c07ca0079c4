"""A body with its content-encoding undone, in pieces that no bomb can make large."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Generator, Iterable, Iterator
from itertools import chain

ACCEPTED = "gzip, deflate"
PIECE = 2**16
_GZIP, _GZIP_OR_ZLIB, _BARE = 31, 47, -15
_MEMBER = b"\x1f\x8b"


class Undecodable(ValueError):
    """The body is not what its content-encoding says; the text says how."""


def plain(encoding: str, pieces: Iterable[bytes], most: int = sys.maxsize) -> Iterator[bytes]:
    """Yield the body of these pieces, at most `PIECE` bytes at a time where it was compressed.

    All pieces are taken, so that a connection is free for the next answer: what follows the end of a
    gzip are its further members (RFC 1952, 2.2), or it is passed over, with an empty piece for each;
    that may be `most` bytes. Raises `Undecodable`, also for an encoding that was not asked for.
    """
    encoding = encoding.strip().lower()
    if encoding in {"", "identity"}:
        yield from pieces
    elif known(encoding):
        yield from _inflated(encoding, pieces, most)
    else:
        raise Undecodable(f"it comes as {encoding}, but was asked for as {ACCEPTED} or plain")


def known(encoding: str) -> bool:
    """Whether it is one compression that `plain` undoes."""
    return encoding.strip().lower() in {"gzip", "x-gzip", "deflate"}


def _inflated(encoding: str, pieces: Iterable[bytes], most: int) -> Iterator[bytes]:
    coming = filter(None, pieces)
    start = next(coming, b"")
    if not start:
        return
    try:
        rest = yield from _stream(_window(encoding, start), start, coming)
        coming = filter(None, _bounded(chain([rest], coming), most))
        if encoding != "deflate":
            yield from _members(coming)
    except EOFError:
        raise Undecodable(
            f"it is no whole {encoding}, as its content-encoding says: it ends in the middle"
        ) from None
    except zlib.error as error:
        raise Undecodable(f"it is not {encoding}, as its content-encoding says: {error}") from None
    for _ in coming:
        yield b""


def _stream(window: int, piece: bytes, coming: Iterator[bytes]) -> Generator[bytes, None, bytes]:
    """Yield what one compressed stream holds; gives what of the last piece is beyond its end.

    Raises EOFError when it has none.
    """
    inflater = zlib.decompressobj(window)
    while True:
        held = inflater.decompress(piece, PIECE)
        yield held
        if inflater.eof:
            return inflater.unused_data
        # Where all has gone in, zlib may still hold something back.
        piece = inflater.unconsumed_tail or next(coming, b"")
        if not (piece or held):
            raise EOFError


def _members(coming: Iterator[bytes]) -> Iterator[bytes]:
    """What the further members of a gzip hold, as far as there are any."""
    start = b""
    while True:
        while len(start) < len(_MEMBER) and (piece := next(coming, b"")):
            start += piece
        if not start.startswith(_MEMBER):
            return
        start = yield from _stream(_GZIP, start, coming)


def _bounded(pieces: Iterable[bytes], most: int) -> Iterator[bytes]:
    left = most
    for piece in pieces:
        left -= len(piece)
        if left < 0:
            raise Undecodable(
                f"more than {most:,} bytes (--models-max-body) follow its first stream"
            )
        yield piece


def _window(encoding: str, start: bytes) -> int:
    """What zlib expects; deflate means zlib's own header, but some servers leave it out."""
    return _BARE if encoding == "deflate" and start[0] & 0x0F != 8 else _GZIP_OR_ZLIB
