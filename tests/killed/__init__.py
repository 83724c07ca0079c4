"""The table of mutants, a file for each area of lies."""

from killed import (
    aliases,
    borders,
    cursors,
    dates,
    envelope,
    errors,
    filters,
    headers,
    lifecycle,
    limit,
    model_info,
    order,
    retrieve,
    robust,
    stability,
    variants,
    walks,
)

TABLES = [
    module.row
    for module in (
        aliases,
        borders,
        cursors,
        dates,
        envelope,
        errors,
        filters,
        headers,
        lifecycle,
        limit,
        model_info,
        order,
        retrieve,
        robust,
        stability,
        variants,
        walks,
    )
]
