"""A failure in at most twelve lines, in the order in which people read."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import httpx
import pytest

from pytest_models_contract import DOCUMENTATION
from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import Finding, Response
from pytest_models_contract.client.verdict import Violation
from pytest_models_contract.report import message
from pytest_models_contract.spec.revision import Clause
from pytest_models_contract.suite.checks import Facts

FACTS = Facts(
    "order/newest_first", "must", Clause("model_list#", "…", "https://page.test"), "Rule."
)
REPEAT = "pytest -k order/newest_first"
KEY = "sk-s3cret-key"
ORDER = ["page", "request", "response", "seen", "expected", "where", "hint", "repeat", "contract"]


@pytest.fixture
def api() -> ModelsAPI:
    return ModelsAPI("http://here.test", key=KEY)


def response(body: Any = b"{}", *, limit: int | None = None, **more: Any) -> Response:
    """The response of a server with this body and status."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"content-type": "application/json", **more.pop("headers", {})}
    stream, status = httpx.ByteStream(content), more.pop("status", 200)
    server = httpx.MockTransport(lambda _: httpx.Response(status, headers=headers, stream=stream))
    found = ModelsAPI("http://here.test", server, key=KEY).list(limit=limit)
    return dataclasses.replace(found, **more)


def failure(api: ModelsAPI, *findings: Finding, cases: int = 9) -> list[str]:
    text = message.message(Violation(findings, cases), FACTS, api, REPEAT)
    return text.splitlines()


def named(lines: list[str]) -> dict[str, str]:
    pairs = [(line[2:11].strip(), line[12:]) for line in lines[1:]]
    return {name: text for name, text in pairs if name}


def page(*ids: str, **envelope: Any) -> dict[str, Any]:
    return {"data": [{"id": found, "created_at": f"date of {found}"} for found in ids], **envelope}


def test_the_longest_failure_has_twelve_lines_in_order(api: ModelsAPI) -> None:
    finding = Finding(response(), "this", "that", "a (/data/0)", hint="clients stop here")
    lines = failure(api, *[finding] * 9)
    assert lines[0] == "Rule."
    assert list(named(lines)) == ORDER
    assert len(lines) == 12


def test_the_shortest_failure_leaves_out_place_and_hint(api: ModelsAPI) -> None:
    lines = failure(api, Finding(response(), "this", "that"))
    assert list(named(lines)) == [name for name in ORDER if name not in ("where", "hint")]


def test_the_last_lines_say_what_to_do(api: ModelsAPI) -> None:
    *_, repeat, contract = failure(api, Finding(response(), "this", "that"))
    assert repeat == f"  repeat    {REPEAT}"
    assert contract == f"  contract  {DOCUMENTATION}contract.html#ordernewest_first"


def test_the_key_is_nowhere(api: ModelsAPI) -> None:
    echo = response(f"you sent {KEY}".encode())
    lines = failure(api, Finding(echo, f"saw {KEY}", KEY, f"at {KEY}", hint=KEY))
    assert KEY not in "\n".join(lines)
    assert "$MODELS_CONTRACT_API_KEY" in named(lines)["request"]


def test_the_first_two_places_are_shown_and_the_rest_counted(api: ModelsAPI) -> None:
    findings = [Finding(response(), f"seen {n}", "that", f"m{n} (/data/{n})") for n in range(5)]
    lines = failure(api, *findings, cases=7)
    start = next(n for n, line in enumerate(lines) if line.startswith("  where"))
    assert [line.strip() for line in lines[start : start + 3]] == [
        "where     m0 (/data/0)",
        "m1 (/data/1): seen 1",
        "… and 3 more: 5 of 7 in all",
    ]


def test_a_bare_pointer_comes_with_its_request(api: ModelsAPI) -> None:
    found = Finding(response(limit=3), "absent", "true", "/has_more")
    assert named(failure(api, found))["where"] == "GET /v1/models?limit=3 /has_more"


def shown_response(body: Any, where: str = "", **more: Any) -> str:
    return message.response_line(Finding(response(body, **more), "this", "that", where))


def test_a_page_is_shown_by_its_envelope() -> None:
    body = page("a", "b", "c", has_more=True, last_id="c")
    assert shown_response(body) == (
        '200, application/json: {"data":["a", "b", …] (3 models), "has_more":true, "last_id":"c"}'
    )


@pytest.mark.parametrize(("ids", "shown"), [((), "[] (0 models)"), (("a",), '["a"] (1 model)')])
def test_a_short_page_is_shown_in_full(ids: tuple[str, ...], shown: str) -> None:
    assert shown_response(page(*ids)) == f'200, application/json: {{"data":{shown}}}'


def test_a_finding_about_a_model_shows_that_model() -> None:
    shown = shown_response(page("a", "b"), "b (/data/1/created_at)")
    assert shown == '200, application/json: /data/1 {"id":"b","created_at":"date of b"}'


def test_a_pointer_beyond_the_page_shows_the_envelope() -> None:
    assert '"data":["a"] (1 model)' in shown_response(page("a"), "(/data/7)")


@pytest.mark.parametrize("body", [b"<html>", b"\xff\xfe", b"[1]", b'{"data": 1}', b'{"a": NaN}'])
def test_a_body_that_is_no_page_is_shown_from_its_start(body: bytes) -> None:
    shown = body.decode("utf-8", "replace")
    assert shown_response(body) == f"200, application/json: {shown}"


def test_a_long_response_is_cut() -> None:
    shown = shown_response(b"x" * 9_999)
    assert len(shown) < 250
    assert "…" in shown


def test_a_redirect_shows_its_target_and_a_retry_its_number() -> None:
    shown = shown_response(b"", status=301, headers={"location": "/there \x01x"}, retries=2)
    assert shown == r"301, application/json, to /there \x01x, at try 3"
    assert (
        shown_response(b"", status=500, retries=2) == "500, application/json, the last of 3 tries"
    )


@pytest.mark.parametrize("sign", ["\x1b[31m", "\r\n::error::", "\u202e", "\x00"])
def test_control_characters_do_not_reach_the_terminal(api: ModelsAPI, sign: str) -> None:
    hostile = f"{sign}x"
    finding = Finding(response(hostile.encode()), hostile, hostile, hostile, hint=hostile)
    lines = failure(api, finding)
    assert sign not in "\n".join(lines)
    assert len(lines) == len(ORDER) + 1


def test_a_failure_of_an_untested_check_has_the_same_form() -> None:
    text = message.not_tested("one model", FACTS, REPEAT)
    assert text.splitlines()[0] == "Rule."
    assert "not tested: one model" in text
    assert text.endswith("/contract.html#ordernewest_first")
