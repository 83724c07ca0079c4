"""The two endpoints as verbs: sent once, remembered, followed page by page, and shown without the key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from judging import KEY, fake

from pytest_models_contract.client import api as api_module
from pytest_models_contract.client import pool
from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.bounds import MOST_LOST, MOST_REQUESTS, MOST_STALLS, PATIENCE
from pytest_models_contract.client.exchange import Request
from pytest_models_contract.client.requests import LIST
from pytest_models_contract.client.variant import Variant
from pytest_models_contract.client.verdict import NotJudged, Unexercised
from pytest_models_contract.fake import Fake
from pytest_models_contract.target.applications import Wsgi
from pytest_models_contract.target.targets import IN_PROCESS

Handler = Callable[[httpx.Request], httpx.Response]


@pytest.fixture
def server() -> Fake:
    return fake()


@pytest.fixture
def api(server: Fake) -> Iterator[ModelsAPI]:
    found = ModelsAPI(IN_PROCESS, Wsgi(server), key=KEY)
    yield found
    found.close()


def served_by(handler: Handler, **options: Any) -> ModelsAPI:
    return ModelsAPI("http://x", httpx.MockTransport(handler), **options)


def page(ids: list[str], *, has_more: Any = False) -> httpx.Response:
    return httpx.Response(
        200, json={"data": [{"id": found} for found in ids], "has_more": has_more}
    )


def test_a_request_is_sent_once(api: ModelsAPI, server: Fake) -> None:
    assert (api.key, api.auth) == (KEY, "x-api-key")
    assert api.list(limit=2) is api.list(limit=2)
    assert len(server.asked) == len(api.exchanges) == 1
    assert api.list(limit=2, again=1) is not api.list(limit=2)
    assert api.list(limit=2, variant=Variant(auth="none")).status == 401
    assert len(server.asked) == 3


def test_a_request_can_be_sent_again_or_forgotten(api: ModelsAPI, server: Fake) -> None:
    first = api.list()
    assert api.send_again(first.request) is not first
    assert first.request == Request(LIST)
    assert api.send_again(first.request).request.again < 0
    assert api.list() is first
    api.forget()
    assert api.list() is not first
    assert (len(server.asked), api.readings) == (4, 1)


def test_arguments_that_are_none_are_not_sent(api: ModelsAPI, server: Fake) -> None:
    api.list(limit=3, after_id=None, before_id="claude-opus-5", extra=[("beta", "true")])
    assert server.asked[-1].query == (
        ("before_id", "claude-opus-5"),
        ("limit", "3"),
        ("beta", "true"),
    )


def test_an_id_is_one_segment_of_the_path(api: ModelsAPI) -> None:
    request = api.retrieve("a/b c:d%é\ud800", extra=[("beta", "true")]).request
    assert request == Request("/v1/models/a%2Fb%20c%3Ad%25%C3%A9%3F", (("beta", "true"),))


def test_a_response_that_is_not_a_page_is_not_a_case(api: ModelsAPI) -> None:
    assert len(api.page(limit=4)) == 4
    with pytest.raises(Unexercised, match="limit=0 is not a page: status 400"):
        api.page(limit=0)


@pytest.mark.parametrize(
    ("responses", "pages"),
    [
        ([page(["a", "b"], has_more=True), page(["c"])], 2),
        ([page(["a"]), page(["b"])], 1),
        ([page([], has_more=True), page(["b"])], 1),
        ([page(["a"], has_more=True), page(["a"], has_more=True), page(["a"])], 2),
        ([page(["a"], has_more=None), page(["b"])], 1),
    ],
)
def test_a_walk_ends(responses: list[httpx.Response], pages: int) -> None:
    left = iter(responses)
    api = served_by(lambda _: next(left))
    assert len(list(api.walk())) == pages


def test_a_walk_ends_where_it_began() -> None:
    api = served_by(lambda _: page(["a", "b"], has_more=True))
    assert len(list(api.walk(start="a", backward=True))) == 1
    api.forget()
    assert len(list(api.walk(start="z", backward=True))) == 2


def test_a_walk_has_a_bound_of_pages() -> None:
    ids = iter("abcdefghij")
    api = served_by(lambda asked: page([next(ids)], has_more="before_id" not in f"{asked.url}"))
    assert len(list(api.walk(most=7))) == 7


def refusing(_: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused")


def test_the_run_is_over_without_any_response() -> None:
    api = served_by(refusing)
    for _ in range(2):
        with pytest.raises(NotJudged, match="refused"):
            api.list()
    assert "refused" in api.dead


def test_a_run_has_a_bound_of_requests(api: ModelsAPI) -> None:
    response = api.list()
    api.exchanges += [response] * (MOST_REQUESTS - 1)
    with pytest.raises(NotJudged, match="no end after 3,000 responses"):
        api.list(limit=1)


def test_a_run_has_a_bound_of_memory(api: ModelsAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    api.list()
    monkeypatch.setattr(type(api.wire.pool), "full", True)
    size = f"{pool.MOST // 2**20} MiB of memory, after 1 responses"
    with pytest.raises(NotJudged, match=size):
        api.list(limit=1)


@pytest.mark.parametrize("auth", ["x-api-key", "bearer"])
def test_the_command_that_repeats_a_request_leaves_the_key_out(auth: str) -> None:
    api = served_by(lambda _: page([]), key=KEY, auth=auth, headers={"x-route": "s3cret-route"})
    command = api.curl(api.list(limit=2))
    assert command.startswith("curl -i 'http://x/v1/models?limit=2' ")
    assert "$MODELS_CONTRACT_API_KEY" in command
    assert KEY not in command
    assert "s3cret-route" not in command
    assert "-H 'anthropic-version: 2023-06-01'" in command


def test_a_wrong_key_is_not_secret() -> None:
    api = served_by(lambda _: page([]), key=KEY)
    assert "'x-api-key: sk-models-contract-wrong-key-0000'" in api.curl(
        api.list(variant=Variant(auth="wrong"))
    )


def test_a_failure_is_remembered() -> None:
    asked: list[Request] = []

    def sometimes(http_request: httpx.Request) -> httpx.Response:
        asked.append(Request(http_request.url.path))
        return page([]) if len(asked) == 1 else httpx.Response(529)

    api = served_by(sometimes)
    api.list()
    for _ in range(2):
        with pytest.raises(NotJudged, match="529"):
            api.list(limit=5)
    assert not api.dead
    assert api.list().ok


# --- the bounds of a run --------------------------------------------------------------------------


def losing(api: ModelsAPI, monkeypatch: pytest.MonkeyPatch, *, stalled: bool) -> list[Request]:
    """From now on no request gets a response; returns the requests that were sent."""
    asked: list[Request] = []

    def send(request: Request) -> Any:
        asked.append(request)
        raise NotJudged("no response", stalled=stalled)

    monkeypatch.setattr(api.wire, "send", send)
    return asked


KINDS: list[Callable[[ModelsAPI], Any]] = [
    lambda api: api.retrieve("a"),
    lambda api: api.list(extra=[("beta", "true")]),
    lambda api: api.list(after_id="a"),
    lambda api: api.list(before_id="a"),
    lambda api: api.list(variant=Variant(auth="none")),
    lambda api: api.list(extra=[("x", "y")]),
]


@pytest.mark.parametrize(("stalled", "most"), [(True, MOST_STALLS), (False, MOST_LOST)])
def test_the_run_is_over_after_some_requests_without_a_response(
    api: ModelsAPI, monkeypatch: pytest.MonkeyPatch, stalled: bool, most: int
) -> None:
    api.list()
    asked = losing(api, monkeypatch, stalled=stalled)
    for turn, ask in enumerate(KINDS, 1):
        with pytest.raises(NotJudged, match="no response"):
            ask(api)
        assert bool(api.dead) == (turn >= most)
    assert len(asked) == most


def test_a_response_in_between_resets_the_count(
    api: ModelsAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit in range(1, MOST_LOST + 3):
        api.list(limit=limit)
        with monkeypatch.context() as patch:
            losing(api, patch, stalled=False)
            with pytest.raises(NotJudged):
                api.retrieve(f"m{limit}")
    assert not api.dead


def test_a_request_like_one_that_hung_is_not_sent(
    api: ModelsAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.list()
    with monkeypatch.context() as patch:
        losing(api, patch, stalled=True)
        with pytest.raises(NotJudged):
            api.list(after_id="claude-opus-5")
    before = len(api.exchanges)
    for window in ({"after_id": "claude-2.1"}, {"after_id": "claude-2.1", "limit": 3}):
        with pytest.raises(NotJudged, match="no response"):
            api.list(**window)
    assert len(api.exchanges) == before
    assert api.list(limit=3).ok
    assert api.retrieve("claude-opus-5").ok


def test_all_responses_together_have_a_bound_of_time(api: ModelsAPI) -> None:
    api.list()
    api._bounds.waited = PATIENCE * api.wire.timeout
    assert api.list(limit=1).ok
    api._bounds.waited += 1
    with pytest.raises(NotJudged, match="give a longer --models-timeout"):
        api.list(limit=2)


def test_the_time_of_every_request_counts(api: ModelsAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    response = api.wire.send(Request(LIST))
    assert api._bounds.waited == 0
    clock = iter([2.0, 9.0, 3.0, 8.0])
    monkeypatch.setattr(api_module, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    monkeypatch.setattr(api.wire, "send", lambda _: response)
    api.list()
    losing(api, monkeypatch, stalled=False)
    with pytest.raises(NotJudged):
        api.list(limit=1)
    assert api._bounds.waited == 12


@pytest.mark.parametrize("other", [Variant(auth="none"), Variant(version=""), Variant()])
def test_a_variant_is_not_sent_where_the_plain_request_hangs(
    api: ModelsAPI, monkeypatch: pytest.MonkeyPatch, other: Variant
) -> None:
    api.retrieve("a")
    losing(api, monkeypatch, stalled=True)
    with pytest.raises(NotJudged, match="no response"):
        api.list(variant=Variant())
    asked = losing(api, monkeypatch, stalled=True)
    with pytest.raises(NotJudged, match="no response"):
        api.list(variant=other, limit=3)
    with pytest.raises(NotJudged, match="no response"):
        api.list(limit=3)
    assert not asked


def test_a_plain_request_is_sent_where_a_variant_hangs(
    api: ModelsAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.retrieve("a")
    with monkeypatch.context() as patch:
        losing(api, patch, stalled=True)
        with pytest.raises(NotJudged, match="no response"):
            api.list(variant=Variant(auth="none"))
    assert api.list().ok
