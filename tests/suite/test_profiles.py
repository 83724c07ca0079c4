"""The checks of client profiles: each kind of need, redirects, credentials, and what is not tested."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from fault_rows import FaultRow
from fault_table.profiles import KINDS, NEEDS, PROFILES
from judging import KEY, Verdict, fake, judged

from pytest_models_contract.client import profile
from pytest_models_contract.client.profile import Keeps, Need
from pytest_models_contract.client.verdict import Unexercised
from pytest_models_contract.evidence import needs
from pytest_models_contract.fake import Ask, Fake, Request, Response
from pytest_models_contract.fake.faults import FAULTS

DROPPED = (
    "27 models, all dropped: claude-opus-5, claude-sonnet-5, claude-fable-5; expected an id that begins"
    " with `gpt`"
)
LIST = Need("app", "The App", "list", "/v1/models", query=(("limit", "100"),))


def judge(app: Any, *wanted: Need, **how: Any) -> Sequence[Verdict]:
    """The verdicts on the requests of profiles, in order."""
    found = judged(app, only=["clients"], needs=wanted, **how)
    return [found[f"clients/profile[{need.id}]"] for need in wanted]


def seen(app: Any, **change: Any) -> str:
    return judge(app, replace(LIST, **change))[0].why


@pytest.mark.parametrize("fault_row", list(PROFILES.all()), ids=lambda fault_row: fault_row.fault)
def test_a_fault_breaks_only_its_kind_of_need(fault_row: FaultRow) -> None:
    found = judged(fault_row.fake(), only=["clients"], needs=NEEDS, aliases=fault_row.aliases)
    own = {check: each for check, each in found.items() if check.startswith("clients/profile[")}
    assert {check: each.level for check, each in own.items() if each.verdict != "holds"} == (
        fault_row.catches
    )


def test_every_kind_of_need_has_a_fault() -> None:
    assert {need.name for need in NEEDS} == set(KINDS)


def test_a_conformant_server_meets_every_kind_of_need() -> None:
    assert {each.verdict for each in judge(fake(), *NEEDS)} == {"holds"}


@pytest.mark.parametrize("name", ["claude-code", "claude-desktop"])
def test_a_conformant_server_meets_the_shipped_profiles(name: str) -> None:
    own = profile.known(name).needs.values()
    assert {each.verdict for each in judge(fake(), *own)} == {"holds"}
    assert judge(Fake([{"id": "gpt-4"}], key=KEY), *own)[0].verdict == "violated"


def test_a_marked_model_is_kept_whatever_its_id() -> None:
    need = profile.known("claude-desktop").needs["discovery"]
    marked = {"id": "house-model", "anthropic_family_tier": "opus"}
    assert judge(Fake([marked], key=KEY), need)[0].verdict == "holds"
    assert judge(Fake([{**marked, "anthropic_family_tier": None}], key=KEY), need)[0].why == (
        "1 model, all dropped: house-model; expected an id that is recognizably Claude, or a model with"
        " `anthropic_family_tier`"
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"status": (204, 206)}, "status 200; expected status 204 or 206"),
        ({"status": (), "breaks_at": (200,)}, "status 200; expected any status but 200"),
        ({"present": ("data[].no",)}, "`data[].no` is absent in 27 of 27 places; expected the field"),
        ({"present": ("nothing.at.all",)}, "`nothing.at.all` is absent; expected the field"),
        ({"present": ("has_more[].x",)}, "`has_more[].x` is absent; expected the field"),
        ({"not_null": ("no",)}, "`no` is absent; expected a value that is not null"),
        ({"keeps": Keeps("^gpt", "begins with `gpt`")}, DROPPED),
        ({"query": (("limit", "0"),)}, "status 400; expected status 200"),
    ],
)  # fmt: skip
def test_what_is_missing_is_said(change: dict[str, Any], said: str) -> None:
    assert seen(fake(), **change) == said


def test_each_place_without_the_field_is_counted_and_the_first_one_shown() -> None:
    found = judge(fake(), replace(LIST, not_null=("data[].max_tokens",)))[0]
    assert found.why.startswith("`data[].max_tokens` is null in ")
    assert found.where.startswith("/data/")


def test_headers_and_credentials_are_sent_as_the_profile_says() -> None:
    server = fake()
    need = replace(
        LIST,
        query=(("limit", "99"),),
        headers=(("anthropic-version", "2026-10-21"), ("x-app", "mine")),
        credentials=("bearer", "x-api-key", "none"),
        status=(200, 401),
    )
    assert judge(server, need)[0].why == "3 responses"
    sent = [request.headers for request in server.requests if request.get("limit") == "99"]
    assert [sorted({"authorization", "x-api-key"} & own.keys()) for own in sent] == [
        ["authorization"],
        ["x-api-key"],
        [],
    ]
    assert {(own["anthropic-version"], own["x-app"]) for own in sent} == {("2026-10-21", "mine")}


def moved(where: str) -> Any:
    def redirect(ask: Ask, request: Request) -> Response:
        response = ask(request)
        if request.get("limit") != "100":
            return response
        return replace(response, status=307, headers={**response.headers, "location": where})

    return redirect


def test_a_redirect_is_followed_where_the_client_does() -> None:
    app = fake(moved("/v1/models?limit=3"))
    assert seen(app) == "status 307; expected status 200"
    assert judge(app, LIST)[0].hint == "The App treats any redirect as a failure"
    assert seen(app, follows_redirects=True, present=("data[].id",)) == "1 response"


def test_a_redirect_without_end_is_a_violation() -> None:
    assert seen(fake(moved("/v1/models?limit=100")), follows_redirects=True).startswith(
        "status 307"
    )


def test_the_key_does_not_follow_a_redirect_to_another_host() -> None:
    found = judge(fake(moved("https://u:p@evil.example/v1")), replace(LIST, follows_redirects=True))
    assert (found[0].verdict, found[0].why) == (
        "unexercised",
        "a redirect leads to https://evil.example: it is not followed, because of the key",
    )


def test_a_redirect_without_a_place_is_a_violation() -> None:
    def nowhere(ask: Ask, request: Request) -> Response:
        return replace(ask(request), status=302) if request.get("limit") == "100" else ask(request)

    assert seen(fake(nowhere), follows_redirects=True).startswith("status 302")


def test_fields_of_models_are_not_tested_without_models() -> None:
    found = judge(Fake(0, key=KEY), replace(LIST, present=("data[].id",)))[0]
    assert (found.verdict, found.why) == ("unexercised", "the catalogue is empty")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("list_shape_is[bare-array]", "no array `data`; expected `data[].id`"),
        ("property_is[id-int]", "expected an id that is a string"),
    ],
)
def test_a_client_that_keeps_models_needs_their_ids(fault: str, said: str) -> None:
    assert seen(fake(FAULTS[fault]), keeps=Keeps("claude", "is one")).endswith(said)


def test_without_any_response_nothing_is_asked() -> None:
    evidence: Any = SimpleNamespace(why_no_models="no list request got one", opening=None, api=None)
    with pytest.raises(Unexercised, match="no list request got one"):
        needs.responses(LIST, evidence)


def test_without_a_key_one_request_is_sent() -> None:
    need = replace(LIST, credentials=("bearer", "x-api-key"))
    assert judge(Fake(3), need, key=None)[0].why == "1 response"
