"""What clients see without an upstream, and the checks of `proxy/` that find the same once more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pytest_models_contract.evidence.diagnoses.causes import Cause, Follows, Violated
from pytest_models_contract.evidence.diagnoses.checks import (
    ERROR_BODY,
    FOUND,
    LIST_ENTRY,
    PAGES,
    PAGES_OF_PROXIES,
)
from pytest_models_contract.evidence.diagnoses.observed import either
from pytest_models_contract.evidence.diagnoses.proxies import failures, keys, models, passing
from pytest_models_contract.evidence.diagnoses.proxies.findings import of

MODEL_INFO = "model_info/"
SAME: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    ((*PAGES, "model_list/", "order/"), PAGES_OF_PROXIES),
    ((*FOUND, "errors/unknown_model_is_not_found"), (*models.ALONE, models.UNKNOWN)),
    ((LIST_ENTRY,), tuple(models.VALUES)),
    (ERROR_BODY, (failures.OBJECTS, failures.COMPRESSED, models.UNKNOWN)),
    (("headers/request_id",), failures.REQUEST_IDS),
    (("errors/no_answer_repeats_the_key", "errors/no_answer_shows"), keys.SHOWN),
    (("headers/betas_",), (passing.BETAS,)),
    (("headers/newer_version",), (passing.VERSION,)),
)
"""The checks of a server by itself, and those of a proxy that look at the same thing."""


def with_proxies(causes: Iterable[Cause], violated: Sequence[Violated]) -> list[Cause]:
    """The causes, each with what the area `proxy/` finds of it too."""
    if not any(own.check.startswith("proxy/") for own in violated):
        return list(causes)
    return [_widened(cause, violated) for cause in causes]


def _widened(cause: Cause, violated: Sequence[Violated]) -> Cause:
    explained = [own.check for own in violated if _explains(cause, own)]
    wider = [
        of(*same) for checks, same in SAME if any(check.startswith(checks) for check in explained)
    ]
    found = [check for check in explained if check.startswith(MODEL_INFO)]
    return replace(cause, follows=either(cause.follows, _values_of(found), *wider))


def _explains(cause: Cause, own: Violated) -> bool:
    return all(cause.follows(own.check, found) for found in own.findings)


def _values_of(checks: Sequence[str]) -> Follows:
    """What a proxy changes of the properties that these checks look at."""
    names = {check.removeprefix(MODEL_INFO).partition(".")[0] for check in checks}
    return lambda check, found: (
        check.startswith(tuple(models.VALUES)) and models.property_of(found) in names
    )
