"""The table of faults, a file for each area."""

from fault_table import (
    aliases,
    cursors,
    dates,
    endless,
    envelope,
    errors,
    filters,
    headers,
    key_leaks,
    lifecycle,
    limit,
    list_ends,
    model_info,
    narrow,
    order,
    retrieve,
    robust,
    stability,
    unusual,
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
        endless,
        envelope,
        errors,
        filters,
        headers,
        key_leaks,
        lifecycle,
        limit,
        model_info,
        narrow,
        order,
        retrieve,
        robust,
        stability,
        unusual,
        variants,
        walks,
    )
]
