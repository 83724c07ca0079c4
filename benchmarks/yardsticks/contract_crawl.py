"""The contract's reading of the whole list, without pytest and checks. Arguments: base URL and key."""

from __future__ import annotations

import sys

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.spec.revision import Revision

base_url, key = sys.argv[1:]
evidence = Evidence(ModelsAPI(base_url, key=key), Revision.load())
print(sum(len(page) for page in evidence.crawl))
