"""Which checks catch which faulty proxy, a file for each file of faults."""

from proxies.table import caller, catalogue, failure, key, model, own, passing

TABLES = [module.row for module in (catalogue, model, key, caller, passing, failure, own)]
