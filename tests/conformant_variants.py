"""Servers that keep the rules in unusual ways: nothing about them may be called a violation."""

from conformant import bench, catalogues, moving, revisions, silence, values
from conformant.kit import CONFORMANT, aliases_of

__all__ = [
    "CONFORMANT",
    "aliases_of",
    "bench",
    "catalogues",
    "moving",
    "revisions",
    "silence",
    "values",
]
