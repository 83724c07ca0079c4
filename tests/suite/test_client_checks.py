"""What the checks of real clients request, their deadlines, and their findings on walks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from conformant.kit import altered, models_of, on_copy, refused
from judging import KEY, Verdict, fake, judged_alone

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import Finding
from pytest_models_contract.client.sdk.calls import Answer, Call, Given
from pytest_models_contract.client.sdk.every import Sdks
from pytest_models_contract.client.verdict import Check, Unexercised, Violation
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.evidence.listed import third
from pytest_models_contract.fake import Ask, Fake, Request, Response
from pytest_models_contract.fake.faults import FAULTS
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.suite import checks
from pytest_models_contract.suite import test_clients as clients
from pytest_models_contract.suite import test_clients_sdk as sdk
from pytest_models_contract.target.applications import Wsgi
from pytest_models_contract.target.targets import IN_PROCESS

IDS = [model["id"] for model in Fake().models]


@contextmanager
def gathered(app: Any, **options: Any) -> Iterator[tuple[Evidence, ModelsAPI, Check]]:
    api = ModelsAPI(IN_PROCESS, Wsgi(app), key=KEY, **options)
    try:
        yield Evidence(api, Revision.load()), api, Check()
    finally:
        api.close()


def seen(check: str, *alterations: Any, models: Any = 27) -> Verdict:
    return judged_alone(f"clients/{check}", altered(*alterations, models=models))[0]


def test_a_check_of_a_client_is_not_collected_without_its_option() -> None:
    needs = {facts.id: facts.needs for facts in checks.of_revision(Revision.load())}
    waiting = {check for check, option in needs.items() if option}
    assert waiting >= {check for check in needs if check.startswith(("clients/", "retrieve/alias"))}
    assert not {
        check for check in waiting if check.startswith(("model_list/", "limit/", "errors/"))
    }


# --- Claude Code ----------------------------------------------------------------------------------


def discovered(**change: Any) -> Finding | None:
    """The finding when the response to `?limit=1000` is changed like this."""
    with gathered(fake()) as (evidence, api, check):
        response = api.list(limit=1000)
        api._memory[response.request] = replace(response, **change)
        try:
            clients.test_claude_code_discovers_the_models("x-api-key", evidence, api, check)
        except Violation as violation:
            return violation.findings[0]
        return None


@pytest.mark.parametrize(
    ("status", "redirect"),
    [(201, False), (299, False), (300, True), (399, True), (400, False), (404, False)],
)
def test_the_hint_is_for_redirects(status: int, redirect: bool) -> None:
    found = discovered(status=status)
    assert found is not None
    assert bool(found.hint) is redirect


def test_three_seconds_are_within_the_deadline() -> None:
    assert discovered(seconds=3.0) is None
    assert discovered(seconds=3.1) is not None


@pytest.mark.parametrize("auth", ["x-api-key", "bearer"])
@pytest.mark.parametrize(
    ("credential", "header"), [("x-api-key", "x-api-key"), ("bearer", "authorization")]
)
def test_each_credential_is_tried_with_any_configuration(
    auth: str, credential: str, header: str
) -> None:
    with gathered(fake(), auth=auth) as (evidence, api, _):
        sent = dict(clients._discovery(credential, evidence, api).sent)
    assert {"x-api-key", "authorization"} & sent.keys() == {header}


def test_without_a_list_no_request_is_sent() -> None:
    evidence: Any = SimpleNamespace(why_no_models="no list request got a response", opening=None)
    with (
        gathered(fake()) as (_, api, _),
        pytest.raises(Unexercised, match="no list request got a response"),
    ):
        clients._discovery("x-api-key", evidence, api)


@pytest.mark.parametrize("count", [4, 300])
def test_three_of_the_dropped_models_are_named(count: int) -> None:
    models = [{"id": f"gpt-{n}"} for n in range(count)]
    result = seen("claude_code_keeps_a_model", models=models)
    assert result.why.startswith(f"{count} models, all dropped: gpt-0, gpt-1, gpt-2;")


# --- the SDK --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "calls"),
    [
        ("sdk_lists_every_model[models]", [("sync", "models")]),
        ("sdk_lists_every_model[beta]", [("sync", "beta")]),
        ("sdk_lists_every_model[async-beta]", [("async", "beta")]),
        ("sdk_lists_every_model[typescript]", [("typescript", "models")]),
        ("sdk_retrieves_in_beta[async]", [("async", "beta")]),
    ],
)
def test_each_case_asks_its_sdk_and_namespace(
    case: str, calls: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str]] = []

    def answer(sdks: Sdks, name: str, call: Call) -> Answer:
        asked.append((name, call.namespace))
        ids = IDS[:1] if call.do == "retrieve" else IDS
        return Answer([sdks._api.list()], [Given(own, None) for own in ids])

    monkeypatch.setattr(Sdks, "ask", answer)
    assert seen(case).verdict == "holds"
    assert asked == calls


def test_one_model_too_many_is_enough_to_stop() -> None:
    result = seen("sdk_lists_every_model[models]", FAULTS["cursor_ignored[after_id]"])
    assert result.why == "28 models, 9 of them different; expected 27 models, each once"


@on_copy
def reversed_pages(request: Request, response: Response) -> None:
    if request.get("limit") == "9":
        models_of(response).reverse()


def test_the_order_counts_forward_only() -> None:
    assert seen("sdk_lists_every_model[models]", reversed_pages).verdict == "violated"
    assert seen("sdk_pages_backward").why == "1 listing"


def test_the_response_over_which_the_sdk_failed_is_shown() -> None:
    def refuses_later(ask: Ask, request: Request) -> Response:
        return refused(400) if request.get("after_id") in IDS[9:] else ask(request)

    with gathered(fake(refuses_later)) as (evidence, api, check):
        _ = evidence.ids
        with pytest.raises(Violation) as caught:
            sdk.test_sdk_lists_every_model("sync", "models", Sdks(api), evidence, check)
        assert caught.value.findings[0].response.status == 400
        assert caught.value.findings[0].response.request.value("after_id") == IDS[17]


@pytest.mark.parametrize(("status", "verdict"), [(404, "holds"), (410, "unexercised")])
def test_only_a_404_becomes_not_found(status: int, verdict: str) -> None:
    def refuses_unknown(ask: Ask, request: Request) -> Response:
        response = ask(request)
        return replace(response, status=status) if response.status == 404 else response

    assert seen("sdk_raises_not_found", refuses_unknown).verdict == verdict


def test_the_model_that_only_the_sdk_got_is_shown() -> None:
    unknown: list[Request] = []

    def gives_one_later(ask: Ask, request: Request) -> Response:
        response = ask(request)
        if response.status == 404:
            unknown.append(request)
        return ask(replace(request, path=f"/v1/models/{IDS[0]}")) if unknown[1:] else response

    with gathered(fake(gives_one_later), auth="bearer") as (_, api, check):
        with pytest.raises(Violation) as caught:
            sdk.test_sdk_raises_not_found("sync", Sdks(api), api, check)
        found = caught.value.findings[0]
        assert (found.seen, found.response.status) == ("a model", 200)


def test_two_models_can_be_paged_backward() -> None:
    assert seen("sdk_pages_backward", models=2).why == "1 listing"


def test_models_without_ids_are_not_a_case() -> None:
    result = seen("sdk_retrieves", FAULTS["property_absent[id]"])
    assert (result.verdict, result.why) == (
        "unexercised",
        "a model has no id that is a string: see model_info/id",
    )


@pytest.mark.parametrize(("count", "limit"), [(0, 1), (3, 1), (5, 1), (27, 9), (6000, 1000)])
def test_three_pages_are_requested_where_the_limit_allows(count: int, limit: int) -> None:
    assert third(["m"] * count) == limit


# --- the habits of other SDKs ---------------------------------------------------------------------


@pytest.mark.parametrize("habit", ["java", "ruby_php"])
@pytest.mark.parametrize("models", [27, 300])
def test_a_walk_is_one_case(habit: str, models: int) -> None:
    assert seen(f"paging_habit[{habit}]", models=models).why == "1 walk"


@on_copy
def each_model_thrice(request: Request, response: Response) -> None:
    if request.get("limit") == "1":
        response.body["data"] *= 3


def test_repeated_and_lost_models_are_counted() -> None:
    twice = seen("paging_habit[java]", FAULTS["page_border_repeats_a_model"])
    assert twice.why == "2 models listed twice; expected each model once"
    thrice = seen("paging_habit[java]", each_model_thrice, models=3)
    assert thrice.why == "6 models listed twice; expected each model once"
    lost = seen("paging_habit[java]", FAULTS["envelope_is[last_id-null]"])
    assert lost.why == f"18 models lost, such as {IDS[9]}; expected every model"


def test_the_neighbour_of_the_last_model_must_not_be_lost() -> None:
    @on_copy
    def without_it(request: Request, response: Response) -> None:
        if request.get("before_id") == IDS[-1] and request.get("limit") == "9":
            del models_of(response)[-1]

    result = seen("paging_habit[ruby_php]", without_it)
    assert result.why == f"1 model lost, such as {IDS[-2]}; expected every model"
