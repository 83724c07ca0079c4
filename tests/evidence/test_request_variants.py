"""Each variant is one request besides the plain one."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from conformant.kit import refused
from judging import ALONE, KEY, fake, judged, judged_alone

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.evidence import request_variants
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.fake import Ask, Fake, Request, Response
from pytest_models_contract.fake.faults import FAULTS
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.target.applications import Wsgi
from pytest_models_contract.target.targets import IN_PROCESS

IDS = [model["id"] for model in Fake().models]


def variation_of(request: Request) -> str:
    """What a request with the right key varies, or the empty string."""
    sent = {
        "betas": "anthropic-beta" in request.headers,
        "version": request.headers.get("anthropic-version") != "2023-06-01",
        "bearer": "authorization" in request.headers,
        "query": request.get("beta") is not None,
    }
    return "+".join(name for name, own in sent.items() if own)


def variations(server: Fake, path: str, **window: str) -> Counter[str]:
    """How often the page or the model was asked for with the right key, by variant."""
    return Counter(
        variation_of(request)
        for request in server.asked
        if request.path == path
        and {k: v for k, v in request.query if k != "beta"} == window
        and request.keys == [KEY]
    )


def test_each_variant_is_one_request_beside_the_plain_one() -> None:
    server = fake()
    judged(server, only=ALONE)
    page = variations(server, "/v1/models", after_id=IDS[8], limit="9")
    model = variations(server, f"/v1/models/{IDS[0]}")
    assert page.pop("")
    assert page == {"betas": 1, "version+bearer": 1, "bearer": 1, "query": 1}
    assert model.pop("")
    # The betas of the revision, one that is unknown, and one that is malformed.
    assert model == {"betas": 3, "version": 1, "bearer": 1, "query": 1}


def verdict(check: str, fault: Any) -> str:
    return judged_alone(check, fake(fault))[0].verdict


@pytest.mark.parametrize("place", range(5))
def test_a_model_found_only_by_variants_is_not_found(place: int) -> None:
    def lost(ask: Ask, request: Request) -> Response:
        plain = request.path == f"/v1/models/{IDS[place]}" and not variation_of(request)
        return refused(404) if plain else ask(request)

    assert verdict("retrieve/listed_models_are_found", lost) == "violated"


@pytest.mark.parametrize(
    "window",
    [
        {"after_id": IDS[-3], "limit": "1"},
        {"after_id": IDS[-2], "limit": "1"},
        {"after_id": IDS[8], "limit": "9"},
        {"before_id": IDS[2], "limit": "1"},
        {"before_id": IDS[17], "limit": "9"},
    ],
)
def test_a_page_that_only_variants_get_is_missed(window: dict[str, str]) -> None:
    def lost(ask: Ask, request: Request) -> Response:
        plain = dict(request.query) == window and not variation_of(request)
        return refused(400) if plain else ask(request)

    check = "after_id_starts_after" if "after_id" in window else "before_id_ends_before"
    assert verdict(f"cursors/{check}_the_cursor", lost) == "violated"


def bearer_refused_beyond_a_cursor(ask: Ask, request: Request) -> Response:
    refuses = request.get("after_id") and "authorization" in request.headers
    return refused(401) if refuses else ask(request)


@pytest.mark.parametrize(
    ("faults", "key", "sent"),
    [
        ([], KEY, "version+bearer"),
        ([FAULTS["key_not_taken_as[bearer]"]], KEY, "version"),
        ([FAULTS["other_list_for[bearer]"]], KEY, "version"),
        ([bearer_refused_beyond_a_cursor], KEY, "version"),
        ([], None, "version"),
    ],
)
def test_the_newer_version_comes_with_a_bearer_token_where_that_is_accepted(
    faults: Any, key: str | None, sent: str
) -> None:
    server = Fake(key=key, faults=faults)
    judged(server, key=key, only=["headers"], aliases={})
    lists = {variation_of(request) for request in server.asked if request.path == "/v1/models"}
    assert {found for found in lists if "version" in found} == {sent}


def test_a_configured_bearer_token_is_sent_with_the_newer_version_too() -> None:
    api = ModelsAPI(IN_PROCESS, Wsgi(fake()), key=KEY, auth="bearer")
    assert not request_variants.takes_bearer(Evidence(api, Revision.load()))
    api.close()
