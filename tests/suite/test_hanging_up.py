"""A server that closes the connection instead of responding: at one request each time, or at any."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from misbehaving import Act, Asked, at, conformant, misbehaving, sends
from test_hostile import run

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import Request
from pytest_models_contract.client.verdict import NotJudged

ONE = Request("/v1/models", (("limit", "7"),))
LIST = Request("/v1/models")
NO_HTTP = sends(b"\0\1\2 what?\r\n\r\n")


def at_seven(act: Act, numbers: Callable[[int], bool] = lambda _: True) -> Act:
    """Act at the request with `limit=7`, for these numbers of its tries."""
    tries: list[Asked] = []

    def asked(found: Asked) -> bool:
        if found.query.get("limit") != "7":
            return False
        tries.append(found)
        return numbers(len(tries))

    return at(asked, act, conformant())


@contextmanager
def client(act: Act) -> Iterator[ModelsAPI]:
    with misbehaving(act) as server:
        api = ModelsAPI(server.url, timeout=5)
        api.ask(LIST)
        yield api
        api.close()


# --- the client ----------------------------------------------------------------------------------


@pytest.mark.parametrize("act", [Asked.hang_up, Asked.reset])
def test_a_hang_up_each_time_is_a_response(act: Act) -> None:
    with client(at_seven(act)) as api:
        response = api.ask(ONE)
        assert (response.status, response.ok, response.failed, response.status_text) == (
            0,
            False,
            True,
            "no response",
        )
        assert response.json_problem == "the server closed the connection without a response"
        assert [found.request.again for found in api.exchanges] == [0, -1, 0]
        assert api.ask(LIST).ok


def test_a_later_response_counts() -> None:
    with client(at_seven(Asked.hang_up, lambda number: number < 4)) as api:
        assert api.ask(ONE).ok


def test_a_hang_up_is_not_judged_where_no_other_request_gets_a_response() -> None:
    first = at(lambda asked: asked.number > 1, Asked.hang_up, conformant())
    with client(first) as api, pytest.raises(NotJudged, match="the connection broke"):
        api.ask(ONE)


def test_a_hang_up_before_the_first_response_is_not_judged() -> None:
    with misbehaving(Asked.hang_up) as server, pytest.raises(NotJudged, match="broke"):
        ModelsAPI(server.url).ask(ONE)


def test_a_hang_up_at_a_repeated_request_is_not_judged() -> None:
    with client(at_seven(Asked.hang_up)) as api, pytest.raises(NotJudged, match="broke"):
        api.list(limit=7, again=1)


@pytest.mark.parametrize("invalid", [lambda number: number < 4, lambda number: number > 3])
def test_other_broken_connections_are_not_judged(invalid: Callable[[int], bool]) -> None:
    tries: list[Asked] = []

    def mixed(asked: Asked) -> None:
        tries.append(asked)
        (NO_HTTP if invalid(len(tries)) else Asked.hang_up)(asked)

    with client(at_seven(mixed)) as api, pytest.raises(NotJudged, match="the connection broke"):
        api.ask(ONE)


def test_a_port_that_closes_ends_the_run() -> None:
    with misbehaving(conformant()) as server:
        api = ModelsAPI(server.url, timeout=5)
        api.ask(LIST)
    with pytest.raises(NotJudged, match="cannot connect"):
        api.ask(ONE)
    assert api.dead
    api.close()


# --- the run -------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "value", "check"),
    [
        ("limit", "0", "limit/refuses[0]"),
        ("limit", "1.5", "limit/malformed_is_no_server_error[fraction]"),
        ("limit", "1000", "limit/maximum_is_honoured"),
        (
            "before_id",
            "models-contract-no-such-model",
            "cursors/unknown_cursor_is_no_server_error[before_id]",
        ),
    ],
)
def test_a_hang_up_violates_the_rule_of_its_check(
    name: str, value: str, check: str, pytester: pytest.Pytester
) -> None:
    hanging = at(lambda asked: asked.query.get(name) == value, Asked.hang_up, conformant())
    with misbehaving(hanging) as server:
        ran = run(pytester, server.url, "-m", "models_must")
    assert ran.status == 1
    assert ran.verdicts[check] == "violated"
    assert "error" not in ran.verdicts.values()
    message = ran.message(check)
    assert "the server closed the connection without a response" in message
    assert "no response" in message
    assert "headers/request_id_on_every_answer" not in ran.verdicts


@pytest.mark.slow
def test_a_missing_response_needs_no_request_id(pytester: pytest.Pytester) -> None:
    hanging = at(lambda asked: asked.query.get("limit") == "0", Asked.hang_up, conformant())
    with misbehaving(hanging) as server:
        ran = run(pytester, server.url, "-k", "request_id_on_every_answer")
    assert ran.verdicts == {"headers/request_id_on_every_answer": "holds"}
