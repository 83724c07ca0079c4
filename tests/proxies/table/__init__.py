"""Which checks catch which faulty proxy, a file for each file of faults."""

from proxies.table import cache, caller, catalogue, failure, ids, key, model, outage, own, passing

TABLES = [
    module.row
    for module in (catalogue, ids, model, key, caller, cache, passing, failure, outage, own)
]
