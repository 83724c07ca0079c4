"""What never reaches a cassette, and what replaces it there."""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from pytest_models_contract.client.redact import KEY_PSEUDONYM, WRONG_KEY_PSEUDONYM, Redactor
from pytest_models_contract.target.cassette import load
from pytest_models_contract.target.recorder import Recorder

KEY = "sk-canary-0f3a9b7c/+x"
WRONG = "sk-wrong-canary-5d5d"
GATEWAY = "gateway-canary-77aa"
REDACTOR = Redactor([GATEWAY], {KEY: KEY_PSEUDONYM, WRONG: WRONG_KEY_PSEUDONYM})
REPLAYING = Redactor([KEY_PSEUDONYM])
SPELLINGS = {
    "plain": KEY,
    "percent": quote(KEY, safe=""),
    "percent_lower": quote(KEY, safe="").replace("%2F", "%2f").replace("%2B", "%2b"),
    "base64": b64encode(KEY.encode()).decode(),
    "base64_urlsafe": urlsafe_b64encode(KEY.encode()).decode(),
    "base64_basic": b64encode(f"user:{KEY}".encode()).decode(),
    "json": json.dumps(KEY)[1:-1].replace("/", "\\/"),
}
PLACES = [
    "request-id",
    "x-request-id",
    "location",
    "content-type",
    "retry-after",
    "set-cookie",
    "anthropic-organization-id",
    "via",
    "x-anything",
    "body",
]


def written(
    path: Path,
    *responses: tuple[str, Mapping[str, str], bytes],
    sent: Mapping[str, str] | None = None,
    base: str = "http://localhost",
) -> bytes:
    """The bytes of a cassette in which each (path and query, headers, body) was recorded."""
    by_url = {
        url: httpx.Response(200, headers=headers, content=body) for url, headers, body in responses
    }
    recorder = Recorder(
        httpx.MockTransport(lambda request: by_url[request.extensions["url"]]), REDACTOR
    )
    with httpx.Client(transport=recorder) as client:
        for url in by_url:
            client.get(f"{base}{url}", headers=sent, extensions={"url": url})
    recorder.write(path, {"recorded_at": "2026-11-20", "where": base})
    return path.read_bytes()


def replayed(path: Path, url: str = "/v1/models") -> httpx.Response:
    with httpx.Client(transport=load(path).transport()) as client:
        return client.get(f"http://elsewhere{url}")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
def test_the_key_echoed_anywhere_leaves_only_its_pseudonym(
    tmp_path: Path, place: str, spelling: str
) -> None:
    headers = {} if place == "body" else {place: f"see {spelling}"}
    body = f'{{"message": "your key {spelling}"}}'.encode() if place == "body" else b"{}"
    assert_no_canary(written(tmp_path / "c.yaml", ("/v1/models", headers, body)))
    response = replayed(tmp_path / "c.yaml")
    echoed = response.text if place == "body" else response.headers[place]
    assert REPLAYING.finds(echoed)


def assert_no_canary(content: bytes) -> None:
    for spelling in [*SPELLINGS.values(), WRONG, GATEWAY, "canary"]:
        assert spelling.encode() not in content


def test_what_was_sent_leaves_no_secret(tmp_path: Path) -> None:
    sent = {
        "x-api-key": KEY,
        "authorization": f"Bearer {KEY}",
        "cookie": "session=canary",
        "proxy-authorization": "Basic canary",
        "x-gateway": GATEWAY,
        "anthropic-version": "2023-06-01",
        "anthropic-beta": KEY,
    }
    base = f"http://user:{GATEWAY}@localhost/{KEY}"
    url = f"/v1/models/{quote(KEY, safe='')}?token={GATEWAY}&limit=2"
    content = written(tmp_path / "c.yaml", (url, {}, b"{}"), sent=sent, base=base)
    assert_no_canary(content)
    assert b"2023-06-01" in content
    assert b"x-api-key" not in content
    assert replayed(tmp_path / "c.yaml", f"/v1/models/{KEY_PSEUDONYM}?limit=2").text == "{}"


def test_only_headers_that_checks_read_are_kept(tmp_path: Path) -> None:
    headers = {"content-type": "application/json", "date": "now", "set-cookie": "a=b", "age": "1"}
    content = written(tmp_path / "c.yaml", ("/v1/models", headers, b"{}"))
    assert b"set-cookie" not in content
    assert replayed(tmp_path / "c.yaml").headers.multi_items() == [
        ("content-type", "application/json"),
        ("content-length", "2"),
    ]


def test_ids_become_distinct_pseudonyms(tmp_path: Path) -> None:
    def exchange(url: str, request_id: str) -> tuple[str, dict[str, str], bytes]:
        headers = {
            "request-id": request_id,
            "anthropic-organization-id": "0c9d-organisation",
            "anthropic-workspace-id": "wrkspc-real-id",
        }
        body = {"request_id": request_id, "error": {"message": f"report {request_id} please"}}
        return url, headers, json.dumps(body).encode()

    same, other = "req_011CdeLVBnx", "7"
    responses = [exchange("/v1/models", same), exchange("/v1/models?limit=2", same)]
    content = written(tmp_path / "c.yaml", *responses, exchange("/v1/models?limit=3", other))
    assert same.encode() not in content
    assert b"0c9d-organisation" not in content
    assert b"wrkspc-real-id" not in content
    first, second, third = (
        replayed(tmp_path / "c.yaml", f"/v1/models{query}")
        for query in ("", "?limit=2", "?limit=3")
    )
    ids = [response.headers["request-id"] for response in (first, second, third)]
    assert ids == ["req_0001", "req_0001", "req_0002"]
    assert [response.json()["request_id"] for response in (first, second, third)] == ids
    assert first.json()["error"]["message"] == "report req_0001 please"
    assert first.headers["anthropic-organization-id"] == "org_0001"
    assert first.headers["anthropic-workspace-id"] == "wrkspc_0001"


@pytest.mark.parametrize("body", [b'{"request_id": null}', b'{"request_id": ""}', b"\xff\x00", b""])
def test_bodies_without_an_id_stay_as_they_are(tmp_path: Path, body: bytes) -> None:
    written(tmp_path / "c.yaml", ("/v1/models", {"request-id": ""}, body))
    assert replayed(tmp_path / "c.yaml").content == body
    assert replayed(tmp_path / "c.yaml").headers["request-id"] == ""


def test_a_wrong_key_and_a_right_one_stay_distinct(tmp_path: Path) -> None:
    body = f"{KEY} is not {WRONG}".encode()
    assert_no_canary(written(tmp_path / "c.yaml", ("/v1/models", {}, body)))
    assert replayed(tmp_path / "c.yaml").text == f"{KEY_PSEUDONYM} is not {WRONG_KEY_PSEUDONYM}"


def test_the_provenance_has_no_secret(tmp_path: Path) -> None:
    base = f"http://localhost/{GATEWAY}"
    assert_no_canary(written(tmp_path / "c.yaml", ("/v1/models", {}, b"{}"), base=base))
    assert load(tmp_path / "c.yaml").where == "http://localhost/***"
