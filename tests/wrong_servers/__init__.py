"""Servers with a defect that real ones have, each a fault of a few lines, with the diagnoses that are due."""

from wrong_servers import (
    few_models,
    gateways,
    lists,
    models,
    paging,
    retrieve,
    several,
    slices,
    slips,
    web_pages,
)
from wrong_servers.kit import SERVERS, WrongServer

__all__ = [
    "SERVERS",
    "WrongServer",
    "few_models",
    "gateways",
    "lists",
    "models",
    "paging",
    "retrieve",
    "several",
    "slices",
    "slips",
    "web_pages",
]
