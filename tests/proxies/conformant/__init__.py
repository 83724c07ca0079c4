"""Proxies that are right, each of another kind: no check that is a must may be violated by any."""

from proxies.conformant import bodies, caches, failures, keys

KINDS = [module.CONFORMANT for module in (bodies, keys, caches, failures)]
CONFORMANT = {name: setup for kind in KINDS for name, setup in kind.items()}
