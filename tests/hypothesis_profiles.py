"""How hypothesis runs: CI tries the same examples each time (`CI=1`), other runs look for new ones."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("here", UNHURRIED)
settings.register_profile("ci", UNHURRIED, derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "here")
