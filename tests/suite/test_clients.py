"""What a client would drop, wait for or never get through with is said in the evidence and the findings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from itertools import count as numbers
from types import SimpleNamespace
from typing import Any

import anthropic
import pytest
from judging import KEY, fake, judged

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.sdk import anthropic_client
from pytest_models_contract.client.verdict import Check, Unexercised, Violation
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.fake import Ask, Fake, Request, Response
from pytest_models_contract.fake.faults import FAULTS
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.suite import test_clients as clients
from pytest_models_contract.target.applications import Wsgi
from pytest_models_contract.target.targets import IN_PROCESS


@contextmanager
def surveyed(app: Any, key: str | None = KEY) -> Iterator[tuple[Evidence, ModelsAPI, Check]]:
    api = ModelsAPI(IN_PROCESS, Wsgi(app), key=key)
    try:
        yield Evidence(api, Revision.load()), api, Check()
    finally:
        api.close()


def named(*ids: str) -> Fake:
    return Fake([{"id": found} for found in ids], key=KEY)


def test_what_claude_code_drops_is_told() -> None:
    with surveyed(named("claude-1", "gpt-4", "vertex/Claude-2", "x.anthropic.y")) as server:
        clients.test_claude_code_keeps_a_model(*server)
        assert server[2].evidence == [
            "1 answer",
            "drops gpt-4",
            "versions before 2.1.223 drop vertex/Claude-2, x.anthropic.y too",
        ]


def test_claude_code_wants_one_model_at_least() -> None:
    with surveyed(named("gpt-4", "gemini")) as server:
        with pytest.raises(Violation) as caught:
            clients.test_claude_code_keeps_a_model(*server)
        assert caught.value.findings[0].seen == "2 models, all dropped: gpt-4, gemini"


def test_without_a_key_no_bearer_token_can_be_tried() -> None:
    with surveyed(Fake(3), key=None) as server:
        clients.test_claude_code_discovers_the_models("x-api-key", *server)
        with pytest.raises(Unexercised, match="no key was sent"):
            clients.test_claude_code_discovers_the_models("bearer", *server)


@pytest.mark.parametrize(
    ("change", "seen"),
    [({"status": 404}, "status 404"), ({"seconds": 3.2}, "an answer after 3.2 s")],
)
def test_what_claude_code_fails_over(change: dict[str, Any], seen: str) -> None:
    with surveyed(fake()) as server:
        evidence, api, _ = server
        response = api.list(limit=1000)
        api._memory[response.request] = replace(response, **change)
        with pytest.raises(Violation) as caught:
            clients.test_claude_code_discovers_the_models("x-api-key", evidence, api, Check())
        assert caught.value.findings[0].seen == seen


def test_a_redirect_is_a_failure_and_the_hint_says_so() -> None:
    with surveyed(fake(FAULTS["list_redirects[307]"])) as server:
        with pytest.raises(Violation) as caught:
            clients.test_claude_code_discovers_the_models("bearer", *server)
        assert "redirect" in caught.value.findings[0].hint


@pytest.mark.parametrize(("habit", "most"), [("java", 5), ("java", 400), ("ruby_php", 5)])
def test_a_walk_that_never_ends_is_told(
    habit: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn = numbers()

    def endless(ask: Ask, request: Request) -> Response:
        answer = ask(request)
        if request.get("limit") != "9":
            return answer
        found = f"claude-{next(turn)}"
        page = {"data": [{"id": found}], "first_id": found, "last_id": found, "has_more": True}
        return replace(answer, status=200, body=page)

    monkeypatch.setattr(clients, "MOST_PAGES", most)
    with surveyed(fake(endless)) as server:
        _ = server[0].ids
        with pytest.raises(Violation) as caught:
            clients.test_paging_habit(habit, *server)
        told = caught.value.findings[0]
        assert (told.seen, told.expected) == (f"no end after {most} pages", "an end")


def test_both_cursors_refused_end_the_walk_of_csharp() -> None:
    with surveyed(fake()) as server:
        clients.test_paging_habit("csharp", *server)
        assert server[2].evidence == ["1 walk"]


@pytest.mark.parametrize("count", [0, 1])
def test_small_catalogues_leave_clients_unexercised(count: int) -> None:
    found = judged(Fake(count, key=KEY), only=["clients"])
    assert {seen.verdict for seen in found.values()} <= {"holds", "unexercised"}
    assert found["clients/sdk_pages_backward"].verdict == "unexercised"


def test_what_our_own_client_has_to_say_is_not_dressed_up() -> None:
    def silent(ask: Ask, request: Request) -> Response:
        answer = ask(request)
        return answer if request.path == "/v1/models" else replace(answer, status=529)

    found = judged(fake(silent), only=["clients"])
    assert found["clients/sdk_retrieves"].verdict == "error"
    assert "529" in found["clients/sdk_retrieves"].why


def test_an_unknown_model_that_is_served_is_no_404() -> None:
    found = judged(fake(FAULTS["unknown_model_gets[400]"]), only=["clients"])
    assert found["clients/sdk_raises_not_found"].verdict == "unexercised"
    assert found["clients/sdk_raises_not_found"].why == "an unknown model is answered with 400"


@pytest.mark.parametrize(
    ("status", "seen"), [(200, "a model"), (403, anthropic.PermissionDeniedError.__name__)]
)
def test_what_the_sdk_makes_of_an_unknown_model_is_told(
    status: int, seen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server answers the SDK, whose headers are its own, otherwise than us."""

    def if_none(ask: Ask, request: Request) -> Response:
        return replace(ask(request), status=status)

    with surveyed(fake()) as (_, api, check), surveyed(fake(if_none)) as (_, other, _):
        asking_other = partial(anthropic_client, other)
        monkeypatch.setattr(
            clients, "anthropic_client", lambda _, responses: asking_other(responses)
        )
        with pytest.raises(Violation) as caught:
            clients.test_sdk_raises_not_found(api, check)
        assert caught.value.findings[0].seen == seen


@pytest.mark.parametrize("own", ["..", ".", "x" * 70_000], ids=["..", ".", "endless"])
def test_an_id_that_the_sdk_may_not_ask_for_is_no_fault_of_the_server(own: str) -> None:
    with surveyed(named(own, "claude-1")) as server, suppress(Unexercised):
        clients.test_sdk_retrieves(*server)


def test_what_the_sdk_does_not_ask_for_is_not_exercised(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise ValueError(f"no {'x' * 70_000}")

    sdk = SimpleNamespace(models=SimpleNamespace(retrieve=refuse))
    with surveyed(named("..", "claude-1")) as server:
        monkeypatch.setattr(clients, "anthropic_client", lambda *_: sdk)
        with pytest.raises(Unexercised) as caught:
            clients.test_sdk_retrieves(*server)
    assert str(caught.value).startswith("the SDK does not ask for such an id: ValueError: no xxx")
    assert len(str(caught.value)) < 500
