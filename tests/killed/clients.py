"""What real clients notice of a lie: the checks of `--models-client` alone, as the SDK needs them."""

from __future__ import annotations

from mutants import Table

CLIENTS = row = Table()
