"""The table of mutants, a file for each area of lies."""

from fault_table import (
    aliases,
    cursors,
    dates,
    envelope,
    errors,
    filters,
    headers,
    lifecycle,
    limit,
    list_ends,
    model_info,
    narrow,
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
        list_ends,
        cursors,
        dates,
        envelope,
        errors,
        filters,
        headers,
        lifecycle,
        limit,
        model_info,
        narrow,
        order,
        retrieve,
        robust,
        stability,
        variants,
        walks,
    )
]
