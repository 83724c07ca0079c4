"""For each kind of need of a profile the fault that breaks only it; the profile is in `needs.toml`."""

from __future__ import annotations

from pathlib import Path

from fault_rows import Table

from pytest_models_contract.client import profile
from pytest_models_contract.suite.test_clients import test_profile as _profile

NEEDS = list(profile.load(Path(__file__).with_name("needs.toml")).needs.values())
PROFILES = row = Table()
KINDS = {
    "status": "model_refused_for[bearer]",
    "breaks-at": "head_gets_405",
    "redirects": "retrieve_redirects[307]",
    "deadline": "large_list_is_slow_for_a_bearer",
    "present": "property_absent[created_at]",
    "not-null": "property_null[display_name]",
    "keeps": "ids_hide_their_maker",
}
for kind, fault in KINDS.items():
    row(fault, (_profile, f"needs:{kind}"))
