"""Decoding the content-encoding of a body, in pieces of bounded size whatever the body expands to."""

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
    """Yield the decoded body of these pieces, at most `PIECE` bytes at a time where it was compressed.

    All pieces are read, so that the connection is free for the next request. After the end of a gzip
    come its further members (RFC 1952, 2.2). Anything else there is skipped, up to `most` bytes, with
    an empty piece for each piece. Raises `Undecodable`, also for an encoding that was not accepted.
    """
    encoding = encoding.strip().lower()
    if encoding in {"", "identity"}:
        yield from pieces
    elif known(encoding):
        yield from _inflated(encoding, pieces, most)
    else:
        raise Undecodable(f"its encoding is {encoding}, but the request accepts {ACCEPTED} or none")


def known(encoding: str) -> bool:
    """Whether `plain` decodes this encoding."""
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
            f"its content-encoding is {encoding}, but it ends before the end of the {encoding} data"
        ) from None
    except zlib.error as error:
        raise Undecodable(
            f"its content-encoding is {encoding}, but it is not {encoding}: {error}"
        ) from None
    for _ in coming:
        yield b""


def _stream(window: int, piece: bytes, coming: Iterator[bytes]) -> Generator[bytes, None, bytes]:
    """Yield the content of one compressed stream; return the rest of the last piece beyond its end.

    Raises EOFError when the stream has no end.
    """
    inflater = zlib.decompressobj(window)
    while True:
        held = inflater.decompress(piece, PIECE)
        yield held
        if inflater.eof:
            return inflater.unused_data
        # zlib may still hold something back when it has taken the whole piece.
        piece = inflater.unconsumed_tail or next(coming, b"")
        if not (piece or held):
            raise EOFError


def _members(coming: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the content of the further members of a gzip, if any."""
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
                f"more than {most:,} bytes (--models-max-body) follow the end of its compressed data"
            )
        yield piece


def _window(encoding: str, start: bytes) -> int:
    """The `wbits` of zlib; deflate has zlib's header, but some servers leave it out."""
    return _BARE if encoding == "deflate" and start[0] & 0x0F != 8 else _GZIP_OR_ZLIB
