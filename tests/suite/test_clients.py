"""What a client drops, waits for or cannot finish is in the evidence and the findings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import count as numbers
from types import SimpleNamespace
from typing import Any

import anthropic
import pytest
from judging import KEY, fake, judged

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.sdk import python
from pytest_models_contract.client.sdk.every import Sdks
from pytest_models_contract.client.verdict import Check, Unexercised, Violation
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.fake import Ask, Fake, Request, Response
from pytest_models_contract.fake.faults import FAULTS
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.suite import test_clients as clients
from pytest_models_contract.suite import test_clients_paging as paging
from pytest_models_contract.suite import test_clients_sdk as sdk
from pytest_models_contract.target.applications import Wsgi
from pytest_models_contract.target.targets import IN_PROCESS


@contextmanager
def gathered(app: Any, key: str | None = KEY) -> Iterator[tuple[Evidence, ModelsAPI, Check]]:
    api = ModelsAPI(IN_PROCESS, Wsgi(app), key=key)
    try:
        yield Evidence(api, Revision.load()), api, Check()
    finally:
        api.close()


def named(*ids: str) -> Fake:
    return Fake([{"id": found} for found in ids], key=KEY)


def test_models_that_claude_code_drops_are_named() -> None:
    with gathered(named("claude-1", "gpt-4", "vertex/Claude-2", "x.anthropic.y")) as server:
        clients.test_claude_code_keeps_a_model(*server)
        assert server[2].evidence == [
            "1 response",
            "drops gpt-4",
            "versions before 2.1.223 drop vertex/Claude-2, x.anthropic.y too",
        ]


def test_claude_code_needs_at_least_one_model() -> None:
    with gathered(named("gpt-4", "gemini")) as server:
        with pytest.raises(Violation) as caught:
            clients.test_claude_code_keeps_a_model(*server)
        assert caught.value.findings[0].seen == "2 models, all dropped: gpt-4, gemini"


def test_without_a_key_no_bearer_token_can_be_tried() -> None:
    with gathered(Fake(3), key=None) as server:
        clients.test_claude_code_discovers_the_models("x-api-key", *server)
        with pytest.raises(Unexercised, match="no key was sent"):
            clients.test_claude_code_discovers_the_models("bearer", *server)


@pytest.mark.parametrize(
    ("change", "seen"),
    [({"status": 404}, "status 404"), ({"seconds": 3.2}, "a response after 3.2 s")],
)
def test_responses_at_which_claude_code_fails(change: dict[str, Any], seen: str) -> None:
    with gathered(fake()) as server:
        evidence, api, _ = server
        response = api.list(limit=1000)
        api._memory[response.request] = replace(response, **change)
        with pytest.raises(Violation) as caught:
            clients.test_claude_code_discovers_the_models("x-api-key", evidence, api, Check())
        assert caught.value.findings[0].seen == seen


def test_a_redirect_is_a_failure_and_the_hint_says_so() -> None:
    with gathered(fake(FAULTS["list_redirects[307]"])) as server:
        with pytest.raises(Violation) as caught:
            clients.test_claude_code_discovers_the_models("bearer", *server)
        assert "redirect" in caught.value.findings[0].hint


@pytest.mark.parametrize(("habit", "most"), [("java", 5), ("java", 400), ("ruby_php", 5)])
def test_an_endless_walk_is_a_finding(
    habit: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn = numbers()

    def endless(ask: Ask, request: Request) -> Response:
        response = ask(request)
        if request.get("limit") != "9":
            return response
        found = f"claude-{next(turn)}"
        page = {"data": [{"id": found}], "first_id": found, "last_id": found, "has_more": True}
        return replace(response, status=200, body=page)

    monkeypatch.setattr(paging, "MOST_PAGES", most)
    with gathered(fake(endless)) as server:
        _ = server[0].ids
        with pytest.raises(Violation) as caught:
            paging.test_paging_habit(habit, *server)
        found = caught.value.findings[0]
        assert (found.seen, found.expected) == (f"no end after {most} pages", "an end")


def test_both_cursors_refused_end_the_walk_of_csharp() -> None:
    with gathered(fake()) as server:
        paging.test_paging_habit("csharp", *server)
        assert server[2].evidence == ["1 walk"]


@pytest.mark.parametrize("count", [0, 1])
def test_small_catalogues_leave_client_checks_not_tested(count: int) -> None:
    found = judged(Fake(count, key=KEY), only=["clients"], aliases={})
    keeps = found.pop("clients/claude_code_keeps_a_model")
    assert keeps.verdict == ("holds" if count else "violated")
    assert keeps.why.startswith("1 response" if count else "no model; expected an id that contains")
    assert {seen.verdict for seen in found.values()} <= {"holds", "unexercised"}
    assert found["clients/sdk_pages_backward"].verdict == "unexercised"


def test_exceptions_of_our_own_client_are_not_wrapped_by_the_sdk() -> None:
    def silent(ask: Ask, request: Request) -> Response:
        response = ask(request)
        return response if request.path == "/v1/models" else replace(response, status=529)

    found = judged(fake(silent), only=["clients"])
    assert found["clients/sdk_retrieves"].verdict == "error"
    assert "529" in found["clients/sdk_retrieves"].why


def test_an_unknown_model_without_a_404_is_not_tested() -> None:
    found = judged(fake(FAULTS["unknown_model_gets[400]"]), only=["clients"])
    assert found["clients/sdk_raises_not_found"].verdict == "unexercised"
    assert (
        found["clients/sdk_raises_not_found"].why
        == "a request for an unknown model gets status 400"
    )


@pytest.mark.parametrize(
    ("status", "seen"), [(200, "a model"), (403, anthropic.PermissionDeniedError.__name__)]
)
def test_the_outcome_of_the_sdk_for_an_unknown_model_is_shown(status: int, seen: str) -> None:
    """The server responds to the SDK, which has headers of its own, differently than to us."""

    def for_the_sdk(ask: Ask, request: Request) -> Response:
        return replace(ask(request), status=status)

    with gathered(fake()) as (_, api, check), gathered(fake(for_the_sdk)) as (_, other, _):
        with pytest.raises(Violation) as caught:
            sdk.test_sdk_raises_not_found("sync", Sdks(other), api, check)
        assert caught.value.findings[0].seen == seen


@pytest.mark.parametrize("own", ["..", ".", "x" * 70_000], ids=["..", ".", "endless"])
def test_an_id_that_the_sdk_refuses_is_not_a_violation(own: str) -> None:
    with gathered(named(own, "claude-1")) as server, suppress(Unexercised):
        sdk.test_sdk_retrieves("sync", Sdks(server[1]), server[0], server[2])


def test_an_id_that_the_sdk_refuses_is_not_tested(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise ValueError(f"no {'x' * 70_000}")

    client = SimpleNamespace(models=SimpleNamespace(retrieve=refuse))
    with gathered(named("..", "claude-1")) as server:
        monkeypatch.setattr(python, "anthropic_client", lambda *_, **__: client)
        with pytest.raises(Unexercised) as caught:
            sdk.test_sdk_retrieves("sync", Sdks(server[1]), server[0], server[2])
    assert str(caught.value).startswith("the SDK refuses such an id: ValueError: no xxx")
    assert len(str(caught.value)) < 500
