"""An exploration of a server, and servers to explore."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
from judging import KEY

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.evidence.explore.explored import Explored
from pytest_models_contract.evidence.explore.exploring import Bound
from pytest_models_contract.evidence.explore.outcome import Found, Outcome
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.fake import Ask, Fake, Request, Response
from pytest_models_contract.fake.faults import FAULTS
from pytest_models_contract.fake.faults.kit import is_page, with_data
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.target.applications import Wsgi
from pytest_models_contract.target.targets import IN_PROCESS

Fault = Callable[[Ask, Request], Response]


HUNDRED = Bound(requests=100)


def evidence_of(app: Any, **options: Any) -> Evidence:
    transport = app if isinstance(app, httpx.BaseTransport) else Wsgi(app)
    return Evidence(ModelsAPI(IN_PROCESS, transport, key=KEY, **options), Revision.load())


def explored(app: Any, bound: Bound = HUNDRED, seed: int = 1, **options: Any) -> Outcome:
    return Explored(evidence_of(app, **options), bound, seed).outcome


def faulty(*faults: Fault | str, models: int = 27) -> Fake:
    named = [FAULTS[each] if isinstance(each, str) else each for each in faults]
    return Fake(models, key=KEY, faults=named)


def found(outcome: Outcome) -> Found:
    [one] = outcome.found.values()
    return one


def shorter_when(is_so: Callable[[Request], bool]) -> Fault:
    """Pages that hold one model less, for such requests."""

    def fault(ask: Ask, request: Request) -> Response:
        response = ask(request)
        if not is_so(request) or not is_page(response):
            return response
        return with_data(response, response.body["data"][:-1])

    return fault


CAPPED = "limit_capped_silently_at[20]"


ONLY = ("-k", "explore/")
