"""The cassettes of every recorder are replayed, offline and by request."""

from __future__ import annotations

import socket
from datetime import date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from cassette_samples import BODY, GO, HAR, LIST, OLD_VCRPY, RUBY, R, ask, saved, vcrpy

from pytest_models_contract.client.verdict import Unexercised
from pytest_models_contract.target.cassette import NotRecorded, load


@pytest.mark.parametrize(
    ("name", "data", "day"),
    [
        ("vcrpy.yaml", vcrpy(LIST, content_type="application/json"), None),
        ("old_vcrpy.yaml", OLD_VCRPY, None),
        ("ruby.yml", RUBY, date(2025, 7, 30)),
        ("r.yml", R, date(2025, 7, 30)),
        ("go.yaml", GO, None),
        ("browser.har", HAR, date(2025, 7, 30)),
    ],
)
def test_the_cassettes_of_other_recorders_are_replayed(
    tmp_path: Path, name: str, data: Any, day: date | None
) -> None:
    path = saved(tmp_path, data, name)
    response = ask(path, "/v1/models")
    assert response.text == BODY
    assert response.headers.multi_items() == [
        ("content-type", "application/json"),
        ("content-length", str(len(BODY))),
    ]
    found = load(path)
    assert (found.where, found.recorded_at, found.provenance) == (LIST[:-10], day, None)
    assert found.first_requests == [{}]


@pytest.mark.parametrize("day", [datetime(2025, 7, 30, 14, 47, 19), date(2025, 7, 30)])
def test_a_date_that_yaml_has_parsed_is_accepted(tmp_path: Path, day: date) -> None:
    data = vcrpy(LIST)
    data["interactions"][0]["recorded_at"] = day
    assert load(saved(tmp_path, data)).recorded_at == date(2025, 7, 30)


def test_a_header_saved_as_bytes_becomes_text(tmp_path: Path) -> None:
    data = vcrpy(LIST)
    data["interactions"][0]["response"]["headers"] = {b"x-name": [b"caf\xe9"]}
    assert ask(saved(tmp_path, data), "/v1/models").headers["x-name"] == "caf\xe9"


def test_a_replay_opens_no_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", forbidden)
    monkeypatch.setattr(socket, "create_connection", forbidden)
    assert ask(saved(tmp_path, vcrpy(LIST)), "/v1/models").status_code == 200


@pytest.mark.parametrize(
    ("recorded", "asked"),
    [
        ("/v1/models?limit=2&after_id=b", "/v1/models?after_id=b&limit=2"),
        ("/v1/models?a=1&a=2", "/v1/models?a=2&a=1"),
        ("/v1/models?lifecycle[]=retired", "/v1/models?lifecycle%5B%5D=retired"),
        ("/v1/models/a%3ab", "/v1/models/a:b"),
        ("/v1/models/a%2fb", "/v1/models/a%2Fb"),
        ("/proxy/v1/models/x", "/v1/models/x"),
        ("/v1/models?limit=", "/v1/models?limit="),
    ],
)
def test_an_equivalent_request_gets_the_recorded_response(
    tmp_path: Path, recorded: str, asked: str
) -> None:
    path = saved(tmp_path, vcrpy(f"https://gateway.example:8443{recorded}"))
    assert ask(path, asked).status_code == 200


@pytest.mark.parametrize(
    ("asked", "extensions", "named"),
    [
        ("/v1/models?limit=7", {}, "GET /v1/models?limit=7"),
        ("/v1/models?", {"models_variant": "auth=wrong"}, "GET /v1/models (with a wrong key)"),
        ("/v1/models", {"models_again": 1}, "GET /v1/models (sent again)"),
        ("/v1/models/a/b", {}, "GET /v1/models/a/b"),
        ("/v1/models/", {}, "GET /v1/models/"),
    ],
)
def test_what_the_cassette_lacks_is_named(
    tmp_path: Path, asked: str, extensions: dict[str, Any], named: str
) -> None:
    path = saved(tmp_path, vcrpy(LIST, f"{LIST}/a%2Fb"))
    with pytest.raises(NotRecorded) as caught:
        ask(path, asked, **extensions)
    assert str(caught.value) == f"the cassette lacks {named}"
    assert isinstance(caught.value, Unexercised)


def test_another_method_is_another_request(tmp_path: Path) -> None:
    with pytest.raises(NotRecorded, match="POST /v1/models"):
        ask(saved(tmp_path, vcrpy(LIST)), "/v1/models", method="POST")


def test_a_recorded_request_with_a_beta_is_a_variant(tmp_path: Path) -> None:
    data = vcrpy(LIST)
    data["interactions"][0]["request"]["headers"] = {"Anthropic-Beta": ["one, two"]}
    path = saved(tmp_path, data)
    assert ask(path, "/v1/models", models_variant="betas=one,two").status_code == 200
    with pytest.raises(NotRecorded):
        ask(path, "/v1/models")


def test_repeated_requests_get_the_first_good_response(tmp_path: Path) -> None:
    data = vcrpy(LIST, status=529)
    data["interactions"] += vcrpy(LIST, body="first")["interactions"]
    data["interactions"] += vcrpy(LIST, body="second")["interactions"]
    path = saved(tmp_path, data)
    with httpx.Client(transport=load(path).transport()) as client:
        assert [client.get("http://x/v1/models").text for _ in range(3)] == ["first"] * 3


def test_the_list_of_another_api_beside_it_is_left_out(tmp_path: Path) -> None:
    data = vcrpy("https://api.openai.com/v1/models", body="theirs")
    data["interactions"] += vcrpy(LIST)["interactions"]
    path = saved(tmp_path, data)
    assert ask(path, "/v1/models").text == BODY
    assert load(path).where == "https://api.anthropic.com"


def test_unused_recorded_requests_are_listed(tmp_path: Path) -> None:
    found = load(saved(tmp_path, vcrpy(LIST, f"{LIST}?limit=2&after_id=x", f"{LIST}/x", LIST)))
    assert found.first_requests == [{}]
    with httpx.Client(transport=found.transport()) as client:
        client.get("http://x/v1/models")
    assert found.unasked() == ["GET /v1/models?after_id=x&limit=2", "GET /v1/models/x"]


def test_the_age_is_that_of_the_oldest_response(tmp_path: Path) -> None:
    assert load(saved(tmp_path, RUBY)).age_days(date(2025, 8, 2)) == 3
    assert load(saved(tmp_path, vcrpy(LIST))).age_days(date(2025, 8, 2)) is None
