"""Servers that keep the rules in unusual ways: nothing about them may be called a violation."""

from innocent import bench, catalogues, moving, revisions, silence, values
from innocent.kit import INNOCENTS, aliases_of

__all__ = [
    "INNOCENTS",
    "aliases_of",
    "bench",
    "catalogues",
    "moving",
    "revisions",
    "silence",
    "values",
]
