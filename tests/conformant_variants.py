"""Conformant servers that are unusual: nothing about them may be a violation."""

from conformant import catalogues, moving, revisions, undefined, unusual, values
from conformant.kit import CONFORMANT, aliases_of

__all__ = [
    "CONFORMANT",
    "aliases_of",
    "catalogues",
    "moving",
    "revisions",
    "undefined",
    "unusual",
    "values",
]
