"""Servers with a defect that real ones have, each a fault of a few lines, with the diagnoses that are due."""

from wrong_servers import lists, models, paging, retrieve
from wrong_servers.kit import SERVERS, WrongServer

__all__ = ["SERVERS", "WrongServer", "lists", "models", "paging", "retrieve"]
