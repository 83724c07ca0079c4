"""The table of mutants, a file for each area of lies."""

from killed import (
    borders,
    cursors,
    dates,
    envelope,
    errors,
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
        borders,
        cursors,
        dates,
        envelope,
        errors,
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
