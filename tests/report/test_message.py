"""A failure in at most a dozen lines, in the order in which people read."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import httpx
import pytest

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
ORDER = ["page", "asked", "answered", "seen", "expected", "where", "hint", "repeat", "contract"]


@pytest.fixture
def api() -> ModelsAPI:
    return ModelsAPI("http://here.test", key=KEY)


def response(body: Any = b"{}", *, limit: int | None = None, **more: Any) -> Response:
    """What a server answers that has just this to say."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"content-type": "application/json", **more.pop("headers", {})}
    stream, status = httpx.ByteStream(content), more.pop("status", 200)
    server = httpx.MockTransport(lambda _: httpx.Response(status, headers=headers, stream=stream))
    told = ModelsAPI("http://here.test", server, key=KEY).list(limit=limit)
    return dataclasses.replace(told, **more)


def told(api: ModelsAPI, *findings: Finding, cases: int = 9) -> list[str]:
    text = message.message(Violation(findings, cases), FACTS, api, REPEAT)
    return text.splitlines()


def named(lines: list[str]) -> dict[str, str]:
    pairs = [(line[2:11].strip(), line[12:]) for line in lines[1:]]
    return {name: text for name, text in pairs if name}


def page(*ids: str, **envelope: Any) -> dict[str, Any]:
    return {"data": [{"id": found, "created_at": f"date of {found}"} for found in ids], **envelope}


def test_the_longest_failure_has_a_dozen_lines_in_order(api: ModelsAPI) -> None:
    finding = Finding(response(), "this", "that", "a (/data/0)", hint="clients stop here")
    lines = told(api, *[finding] * 9)
    assert lines[0] == "Rule."
    assert list(named(lines)) == ORDER
    assert len(lines) == 12


def test_the_shortest_failure_leaves_out_what_is_not_known(api: ModelsAPI) -> None:
    lines = told(api, Finding(response(), "this", "that"))
    assert list(named(lines)) == [name for name in ORDER if name not in ("where", "hint")]


def test_the_last_lines_say_how_to_go_on(api: ModelsAPI) -> None:
    *_, repeat, contract = told(api, Finding(response(), "this", "that"))
    assert repeat == f"  repeat    {REPEAT}"
    assert contract == "  contract  docs/contract.md#ordernewest_first"


def test_the_key_is_nowhere(api: ModelsAPI) -> None:
    echo = response(f"you sent {KEY}".encode())
    lines = told(api, Finding(echo, f"saw {KEY}", KEY, f"at {KEY}", hint=KEY))
    assert KEY not in "\n".join(lines)
    assert "$MODELS_CONTRACT_API_KEY" in named(lines)["asked"]


def test_the_first_two_offenders_are_named_and_the_rest_counted(api: ModelsAPI) -> None:
    findings = [Finding(response(), f"seen {n}", "that", f"m{n} (/data/{n})") for n in range(5)]
    lines = told(api, *findings, cases=7)
    start = next(n for n, line in enumerate(lines) if line.startswith("  where"))
    assert [line.strip() for line in lines[start : start + 3]] == [
        "where     m0 (/data/0)",
        "m1 (/data/1): seen 1",
        "… and 3 more: 5 of 7 in all",
    ]


def test_a_bare_pointer_comes_with_its_question(api: ModelsAPI) -> None:
    found = Finding(response(limit=3), "absent", "true", "/has_more")
    assert named(told(api, found))["where"] == "GET /v1/models?limit=3 /has_more"


def answered(body: Any, where: str = "", **more: Any) -> str:
    return message.answered(Finding(response(body, **more), "this", "that", where))


def test_of_a_page_the_envelope_is_shown() -> None:
    body = page("a", "b", "c", has_more=True, last_id="c")
    assert answered(body) == (
        '200, application/json: {"data":["a", "b", …] (3 models), "has_more":true, "last_id":"c"}'
    )


@pytest.mark.parametrize(("ids", "shown"), [((), "[] (0 models)"), (("a",), '["a"] (1 model)')])
def test_of_a_short_page_all_is_shown(ids: tuple[str, ...], shown: str) -> None:
    assert answered(page(*ids)) == f'200, application/json: {{"data":{shown}}}'


def test_of_a_model_on_a_page_the_model_is_shown() -> None:
    shown = answered(page("a", "b"), "b (/data/1/created_at)")
    assert shown == '200, application/json: /data/1 {"id":"b","created_at":"date of b"}'


def test_a_pointer_beyond_the_page_shows_the_envelope() -> None:
    assert '"data":["a"] (1 model)' in answered(page("a"), "(/data/7)")


@pytest.mark.parametrize("body", [b"<html>", b"\xff\xfe", b"[1]", b'{"data": 1}', b'{"a": NaN}'])
def test_what_is_no_page_is_shown_as_it_begins(body: bytes) -> None:
    shown = body.decode("utf-8", "replace")
    assert answered(body) == f"200, application/json: {shown}"


def test_a_long_answer_is_cut() -> None:
    shown = answered(b"x" * 9_999)
    assert len(shown) < 250
    assert "…" in shown


def test_a_redirect_names_its_goal_and_a_late_answer_its_try() -> None:
    shown = answered(b"", status=301, headers={"location": "/there \x01x"}, retries=2)
    assert shown == r"301, application/json, to /there \x01x, at try 3"


@pytest.mark.parametrize("sign", ["\x1b[31m", "\r\n::error::", "\u202e", "\x00"])
def test_nothing_acts_on_the_terminal(api: ModelsAPI, sign: str) -> None:
    hostile = f"{sign}x"
    finding = Finding(response(hostile.encode()), hostile, hostile, hostile, hint=hostile)
    lines = told(api, finding)
    assert sign not in "\n".join(lines)
    assert len(lines) == len(ORDER) + 1


def test_unexercised_where_it_fails_reads_alike() -> None:
    text = message.unexercised("one model", FACTS, REPEAT)
    assert text.splitlines()[0] == "Rule."
    assert "unexercised: one model" in text
    assert text.endswith("docs/contract.md#ordernewest_first")
