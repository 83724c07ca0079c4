"""Recordings by other tools, of a single request, are judged as far as possible."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from cassette_samples import saved, vcrpy
from replaying import Verdicts, judged

from pytest_models_contract.target.targets import recorded

LIST = "https://api.anthropic.com/v1/models"
HEADERS = {"content_type": "application/json"}


def model(name: str, day: str = "2025-05-22", **more: object) -> dict[str, object]:
    own = {"type": "model", "id": name, "display_name": name.title()}
    return {**own, "created_at": f"{day}T00:00:00Z", **more}


def page(*models: dict[str, Any], has_more: Any = False) -> str:
    ids = [found["id"] for found in models] or [None]
    return json.dumps(
        {"data": models, "has_more": has_more, "first_id": ids[0], "last_id": ids[-1]}
    )


def refusal(status: int, kind: str) -> dict[str, Any]:
    error = {"type": kind, "message": "no"}
    return {
        "status": status,
        "body": json.dumps({"type": "error", "error": error, "request_id": None}),
    }


NEW, MIDDLE, OLD = (
    model("claude-new", "2025-05-22"),
    model("claude-mid"),
    model("claude-old", "2024-03-07"),
)


def verdicts(folder: Path, *interactions: dict[str, Any]) -> Verdicts:
    """The verdicts on a vcrpy cassette of these, under the revision of 2024."""
    data = interactions[0]
    for more in interactions[1:]:
        data = {**data, "interactions": [*data["interactions"], *more["interactions"]]}
    return judged(recorded(str(saved(folder, data))), "2024-12-17", aliases={})[1]


def asked(url: str, **response: Any) -> dict[str, Any]:
    return vcrpy(url, **{**HEADERS, **response})


def ids(found: Verdicts, verdict: str) -> set[str]:
    return {check for check, own in found.items() if own.verdict == verdict}


def holds(found: Verdicts, checks: Iterable[str]) -> None:
    assert {check: found[check].verdict for check in checks} == dict.fromkeys(checks, "holds")


SHOWN_BY_A_LIST = {
    *("model_list/status", "model_list/data", "model_list/strict_json", "model_list/content_type"),
    *("model_info/id", "model_info/created_at", "model_info/display_name", "order/newest_first"),
}


@pytest.mark.parametrize(
    "query", ["", "?limit=1000", "?limit=100", "?beta=true", "?limit=3&beta=true"]
)
@pytest.mark.parametrize("host", ["https://api.anthropic.com", "http://gateway.example:8080/proxy"])
def test_a_single_list_is_judged_as_far_as_possible(tmp_path: Path, host: str, query: str) -> None:
    found = verdicts(tmp_path, asked(f"{host}/v1/models{query}", body=page(NEW, MIDDLE, OLD)))
    assert ids(found, "violated") | ids(found, "error") == set()
    holds(found, SHOWN_BY_A_LIST)
    assert found["retrieve/listed_models_are_found"].verdict == "unexercised"
    assert (
        "the cassette lacks GET /v1/models/claude-new"
        in found["retrieve/listed_models_are_found"].why
    )


def test_problems_in_a_single_list_are_found(tmp_path: Path) -> None:
    bad = {**MIDDLE, "created_at": "Thu May 22 2025"}
    found = verdicts(tmp_path, asked(LIST, body=page(OLD, NEW, bad, has_more="no")))
    wrong = {"model_info/created_at", "order/newest_first", "model_list/has_more"}
    assert wrong <= ids(found, "violated")


def test_a_first_page_without_the_next_is_not_a_short_list(tmp_path: Path) -> None:
    """More models follow but are not recorded: the length of the page and the end cannot be judged."""
    found = verdicts(tmp_path, asked(f"{LIST}?limit=2", body=page(NEW, MIDDLE, has_more=True)))
    assert ids(found, "violated") | ids(found, "error") == set()
    holds(found, SHOWN_BY_A_LIST)


def test_two_pages_are_a_complete_list(tmp_path: Path) -> None:
    found = verdicts(
        tmp_path,
        asked(f"{LIST}?limit=2", body=page(NEW, MIDDLE, has_more=True)),
        asked(f"{LIST}?limit=2&after_id=claude-mid", body=page(OLD)),
    )
    assert ids(found, "violated") | ids(found, "error") == set()
    holds(found, {*SHOWN_BY_A_LIST, "cursors/has_more_forward"})


def test_a_model_repeated_on_the_second_page_is_found(tmp_path: Path) -> None:
    found = verdicts(
        tmp_path,
        asked(f"{LIST}?limit=2", body=page(NEW, MIDDLE, has_more=True)),
        asked(f"{LIST}?limit=2&after_id=claude-mid", body=page(MIDDLE, OLD)),
    )
    assert "cursors/after_id_starts_after_the_cursor" in ids(found, "violated")


def test_the_longest_first_page_is_read_first(tmp_path: Path) -> None:
    found = verdicts(
        tmp_path,
        asked(f"{LIST}?limit=1", body=page(NEW, has_more=True)),
        asked(f"{LIST}?limit=1000", body=page(NEW, MIDDLE, OLD)),
    )
    assert ids(found, "violated") | ids(found, "error") == set()
    holds(found, {*SHOWN_BY_A_LIST, "cursors/has_more_forward", "limit/minimum_is_honoured"})


def test_filtered_lists_are_not_a_catalogue(tmp_path: Path) -> None:
    found = verdicts(tmp_path, asked(f"{LIST}?lifecycle[]=retired", body=page(OLD)))
    assert ids(found, "violated") | ids(found, "error") == set()
    assert found["order/newest_first"].why == "the cassette lacks GET /v1/models"


def test_a_served_limit_out_of_range_does_not_start_the_list(tmp_path: Path) -> None:
    found = verdicts(tmp_path, asked(f"{LIST}?limit=twenty", body=page(NEW)))
    assert ids(found, "error") == set()


def test_a_list_and_a_model_are_compared(tmp_path: Path) -> None:
    whole = asked(LIST, body=page(NEW))
    other = asked(f"{LIST}/claude-new", body=json.dumps({**NEW, "display_name": "Another"}))
    found = verdicts(tmp_path, whole, other)
    assert found["retrieve/listed_models_are_found"].verdict == "holds"
    assert found["retrieve/model_equals_its_list_entry"].verdict == "violated"


def test_a_single_model_violates_nothing(tmp_path: Path) -> None:
    found = verdicts(tmp_path, asked(f"{LIST}/claude-new", body=json.dumps(NEW)))
    assert ids(found, "unexercised") == found.keys()
    assert found["order/newest_first"].why == "the cassette lacks GET /v1/models"


def test_a_single_unknown_model_is_a_refusal(tmp_path: Path) -> None:
    found = verdicts(tmp_path, asked(f"{LIST}/no-such", **refusal(404, "not_found_error")))
    assert ids(found, "violated") | ids(found, "error") == set()


def test_a_single_refused_key_violates_nothing(tmp_path: Path) -> None:
    """Recorded without a key: the list is unknown, and a key set here does not help."""
    found = verdicts(tmp_path, asked(LIST, **refusal(401, "authentication_error")))
    assert ids(found, "violated") | ids(found, "error") == set()
    assert not any("MODELS_CONTRACT_API_KEY" in own.why for own in found.values())


def test_lost_headers_are_not_violations(tmp_path: Path) -> None:
    data = vcrpy(LIST, body=page(NEW, MIDDLE))
    found = verdicts(tmp_path, data)
    assert ids(found, "error") == set()
    scrubbed = {"model_list/content_type", "headers/request_id_on_every_answer"}
    assert {check: found[check].verdict for check in scrubbed} == dict.fromkeys(
        scrubbed, "unexercised"
    )


@pytest.mark.parametrize("request_id", ["<REQUEST_ID>", "REDACTED", "***"])
def test_scrubbed_ids_do_not_count_as_repeated(tmp_path: Path, request_id: str) -> None:
    found = verdicts(
        tmp_path,
        asked(LIST, body=page(NEW), **{"request-id": request_id}),
        asked(f"{LIST}/claude-new", body=json.dumps(NEW), **{"request-id": request_id}),
    )
    assert found["headers/request_id_is_never_the_same"].verdict == "unexercised"


def test_a_single_retrieved_model_is_compared_with_the_list(
    tmp_path: Path,
) -> None:
    whole = asked(LIST, body=page(NEW, MIDDLE, OLD))
    other = asked(f"{LIST}/claude-mid", body=json.dumps({**MIDDLE, "display_name": "Another"}))
    found = verdicts(tmp_path, whole, other)
    assert found["retrieve/listed_models_are_found"].verdict == "holds"
    assert found["retrieve/model_equals_its_list_entry"].verdict == "violated"


def test_a_single_refusal_is_judged(tmp_path: Path) -> None:
    whole = asked(LIST, body=page(NEW))
    bad = vcrpy(f"{LIST}?limit=0", status=400, body='{"detail": "no"}', **HEADERS)
    found = verdicts(tmp_path, whole, bad)
    assert found["limit/refuses[0]"].verdict == "holds"
    assert found["errors/body_is_an_error_object"].verdict == "violated"
