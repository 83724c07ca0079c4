"""Proxies that are right, each of another kind: no check that is a must may be violated by any."""

from proxies.conformant import bodies, caches, failures, keys

CONFORMANT = {
    **bodies.CONFORMANT,
    **keys.CONFORMANT,
    **caches.CONFORMANT,
    **failures.CONFORMANT,
}
