"""Each fault changes some response, only of its own fake, and its docstring says what it does."""

from __future__ import annotations

import json
import marshal
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from threading import Barrier
from urllib.parse import quote

import pytest
from sampling import each_nth

from pytest_models_contract.fake import Ask, Fake, Request, Response
from pytest_models_contract.fake.faults import FAULTS
from pytest_models_contract.fake.faults.dates import WRONG
from pytest_models_contract.fake.faults.kit import fault
from pytest_models_contract.fake.faults.model_info import NULLABLE, PATHS
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.spec.rfc3339 import instant

KEY = "sk-of-the-fake"
ALIASES = {"claude-opus-4-5": "claude-opus-4-5-20251101"}
REVISIONS = ("2026-04-16", "2026-11-24")
HOME = {"x-api-key": KEY, "anthropic-version": "2023-06-01"}
BETAS = Revision.load(REVISIONS[0]).betas
LARGE = ("", "limit=101", "limit=501", "limit=1000", "after_id=claude-opus-5&limit=1000")
# These change more than a response.
RACES = {
    "concurrent_answers_mixed_up",
    "concurrent_retrieves_mixed_up",
    "large_list_is_slow_for_a_bearer",
}
NARROW = {name for name in FAULTS if name.startswith("narrow_")}
SHOWN = sorted(set(FAULTS) - RACES - NARROW)


def page(query: str = "", **headers: str) -> Request:
    """A list request with a query and additional headers."""
    pairs = [pair.partition("=")[::2] for pair in query.split("&") if pair]
    return Request(query=tuple(pairs), headers=HOME | _dashed(headers))


def model(name: str, query: str = "", **headers: str) -> Request:
    """A retrieve request."""
    path = f"/v1/models/{quote(name, safe='')}"
    return Request("GET", path, page(query).query, HOME | _dashed(headers))


def _dashed(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): text for name, text in headers.items()}


def anonymous(request: Request, **headers: str) -> Request:
    """The same request without the key, or with another credential."""
    return Request(request.method, request.path, request.query, _dashed(headers))


@cache
def battery(revision: str) -> Sequence[Request]:
    """The requests of a thorough client: for each fault at least one that shows it."""
    fake = Fake(revision=revision)
    ids = [known["id"] for known in fake.models]
    first, last = ids[0], ids[-1]
    limits = """
        1 2 3 9 20 21 26 27 100 101 500 1000 0 -1 1001 abc 1.5 5abc +5 5.0 1e2 \u0665
    """.split()  # noqa: SIM905 - they read better in a row
    cursors = [first, ids[1], ids[7], ids[20], ids[22], ids[-3], ids[-2], last, "nobody"]
    walks = [
        page(f"{name}={cursor}{limit}")
        for name in ("after_id", "before_id")
        for cursor in cursors
        for limit in ("", "&limit=1", "&limit=2", "&limit=3", "&limit=7", "&limit=1000")
    ]
    opus = "claude-opus-5"
    stages = ["active", "deprecated", "retired", "active&lifecycle[]=retired"]
    stages += ["active&lifecycle[]=deprecated&lifecycle[]=retired", "retired&limit=1"]
    stages += [
        f"retired&after_id={m['id']}" for m in fake.models if m.get("lifecycle") == "retired"
    ]
    with_headers = [
        page(f"after_id={first}&limit=1", **headers)
        for headers in (
            {"anthropic_version": "2026-10-21"},
            {"anthropic_beta": BETAS[0]},
            {"authorization": f"Bearer {KEY}"},
            {"authorization": f"Bearer {KEY}", "anthropic_version": "2026-10-21"},
        )
    ]
    unusual = [
        "",
        "after_id=",
        "nobody=1",
        f"after_id={last}&before_id={first}",
        "beta=true&limit=2",
    ]
    return [
        *(page() for _ in range(3)),
        *(page(f"limit={limit}") for limit in limits),
        page("limit=18446744073709551621"),
        Request("HEAD", "/", headers=HOME),
        page(f"after_id={first}&limit=1001"),
        page("limit="),
        *walks,
        page(f"after_id={first}&before_id={last}"),
        page("after_id=3"),
        *(page(f"after_id=no{sign}") for sign in "'\\\u00e9"),
        *map(page, unusual),
        page(f"beta=true&after_id={first}"),
        page(f"after_id={first}&limit=100"),
        *(page(anthropic_beta=beta) for beta in ("nobody", "no-such-beta")),
        page(anthropic_beta=""),
        page(anthropic_beta=',"'),
        *(model(opus, anthropic_beta=beta) for beta in ("no-such-beta", ',"')),
        page(anthropic_workspace_id="wrkspc_unknown"),
        model(opus, anthropic_workspace_id="wrkspc_unknown"),
        anonymous(page(), x_api_key="sk-of-another-client"),
        anonymous(page(), x_api_key=KEY),
        anonymous(page("limit=9"), x_api_key="wrong"),
        *(
            model(name)
            for name in ("no/body", "no:body", "n\u00f6body", "no%body", "no'body", "constructor")
        ),
        *(model(opus) for _ in range(2)),
        model(opus, anthropic_version="2026-10-21"),
        *(page(f"lifecycle[]={stage}") for stage in stages),
        page(f"lifecycle[]=active&before_id={last}&limit=2"),
        page("lifecycle[]=active&lifecycle[]=deprecated"),
        page("lifecycle[]=active&lifecycle[]=deprecated&lifecycle[]=retired&limit=1000"),
        page("lifecycle[]=asleep"),
        page(f"lifecycle[]=active&lifecycle[]=deprecated&after_id={ids[2]}"),
        page("lifecycle[]=deprecated&lifecycle[]=active"),
        *(model(name) for name in [*ids, *ALIASES, "nobody", f"no/{opus}", opus[:-2], opus[2:-2]]),
        *(model(f"{opus}{tail}") for tail in ("-x", "%")),
        *(page(anthropic_beta=",".join(betas)) for betas in (BETAS[5:6], BETAS[1:3], BETAS)),
        model(opus, anthropic_beta=BETAS[0]),
        page(anthropic_version="2026-10-21"),
        *with_headers,
        page("beta=true"),
        model(opus, "beta=true"),
        *(
            anonymous(request, **credential)
            for request in (page(), model(opus))
            for credential in (
                {},
                {"x_api_key": "sk-wrong"},
                {"authorization": "Bearer sk-wrong"},
                {"authorization": f"Bearer {KEY}"},
                {"authorization": f"bearer {KEY}"},
            )
        ),
    ]


@cache
def responses_with(name: str | None) -> tuple[int, ...]:
    """Hashes of the responses to the battery from fakes with that fault, or from conformant ones."""
    faults = [FAULTS[name]] if name else []
    responses: list[Response] = []
    for revision in REVISIONS:
        fake = Fake(revision=revision, key=KEY, aliases=ALIASES, faults=faults)
        responses += [fake.respond(request) for request in battery(revision)]
    large = Fake(1100, key=KEY, faults=faults)
    responses += [large.respond(page(query)) for query in LARGE]
    own = Fake([{"id": "\u00e9t\u00e9"}, {"id": "one"}, {"id": "two"}], key=KEY, faults=faults)
    responses += [own.respond(model(name)) for name in ("one", "two", "\u00e9t\u00e9")]
    empty = Fake(0, key=KEY, faults=faults)
    responses += [empty.respond(page(query)) for query in ("", "limit=1000")]
    return tuple(hash((each.status, str(each.headers), _body(each))) for each in responses)


def _body(response: Response) -> bytes:
    """The body as bytes that differ where its JSON does: marshal is many times faster."""
    return marshal.dumps(response.body, 2) if response.text is None else response.text


@pytest.mark.parametrize("name", each_nth(SHOWN, 20))
def test_each_fault_changes_some_responses_and_not_all(name: str) -> None:
    pairs = zip(responses_with(name), responses_with(None), strict=True)
    differences = [faulty != right for faulty, right in pairs]
    assert any(differences)
    assert not all(differences) or name.startswith(("request_id", "key_in"))


@pytest.mark.parametrize("revision", REVISIONS)
def test_no_fault_changes_the_models_that_fakes_share(revision: str) -> None:
    before = json.dumps(Fake(revision=revision).models)
    for name in sorted(set(FAULTS) - RACES):
        fake = Fake(revision=revision, key=KEY, aliases=ALIASES, faults=[FAULTS[name]])
        for request in (page("limit=1000"), model("vertex/claude-sonnet-4-5@20250929")):
            fake.respond(request)
    assert json.dumps(Fake(revision=revision).models) == before


@pytest.mark.slow
@pytest.mark.parametrize("models", [0, 1, 2])
def test_faults_do_not_fail_on_small_catalogues(models: int) -> None:
    for name in sorted(set(FAULTS) - RACES):
        fake = Fake(models, REVISIONS[1], KEY, faults=[FAULTS[name]])
        for request in battery(REVISIONS[1])[:25]:
            assert fake.respond(request).status < 600, name


def test_concurrent_requests_get_each_others_responses() -> None:
    all_sent = Barrier(8, timeout=60)

    def meet(ask: Ask, request: Request) -> Response:
        all_sent.wait()
        return ask(request)

    fake = Fake(faults=[FAULTS["concurrent_answers_mixed_up"], meet])
    requests = [page(f"limit={limit}") for limit in range(1, 9)]
    with ThreadPoolExecutor(8) as pool:
        responses = list(pool.map(fake.respond, requests))
    lengths = [len(response.body["data"]) for response in responses]
    assert lengths != [int(request.get("limit") or 0) for request in requests]


def test_a_fault_of_concurrency_needs_concurrent_requests() -> None:
    fake = Fake(faults=[FAULTS["concurrent_answers_mixed_up"]])
    assert [len(fake.respond(page(f"limit={n}")).body["data"]) for n in (1, 2, 3)] == [1, 2, 3]


def test_each_fault_has_one_sentence_that_says_what_is_wrong() -> None:
    said = {name: fault.__doc__ or "" for name, fault in FAULTS.items()}
    assert [name for name in said if "\n" in said[name] or not said[name].endswith(".")] == []


def test_names_can_be_typed_on_a_command_line() -> None:
    assert len(FAULTS) > 150
    assert not [name for name in FAULTS if set(name) & set(" '\"$*?|&;<>\\`")]


def test_a_name_is_used_once() -> None:
    with pytest.raises(ValueError, match="two faults are called limit_ignored"):
        fault(FAULTS["limit_ignored"])


@pytest.mark.slow
def test_all_faults_are_different() -> None:
    by_responses: dict[tuple[int, ...], list[str]] = {}
    for name in SHOWN:
        by_responses.setdefault(responses_with(name), []).append(name)
    assert [names for names in by_responses.values() if len(names) > 1] == []


def test_properties_are_those_of_the_newest_revision() -> None:
    properties = Revision.load(Revision.known()[-1]).properties
    assert {known.path for known in properties} == set(PATHS)
    assert {known.path for known in properties if known.nullable} == NULLABLE


@pytest.mark.parametrize("case", WRONG)
def test_wrong_dates_are_wrong(case: str) -> None:
    assert not isinstance(WRONG[case], str) or instant(WRONG[case]) is None


def test_faults_add_up() -> None:
    names = ("list_content_type_is[html]", "limit_ignored")
    response = Fake(faults=[FAULTS[name] for name in names]).respond(page("limit=2"))
    assert response.headers["content-type"] == "text/html"
    assert len(response.body["data"]) == 20


@pytest.mark.parametrize(
    ("name", "asked"),
    [("list_redirects[301]", page("limit=3")), ("retrieve_redirects[307]", model("claude-2.0"))],
)
def test_a_redirect_leads_to_the_response(name: str, asked: Request) -> None:
    fake = Fake(faults=[FAULTS[name]])
    moved = fake.respond(asked)
    path = moved.headers["location"].partition("?")[0]
    found = fake.respond(replace(asked, path=path))
    assert (moved.status // 100, found.body) == (3, Fake().respond(asked).body)


def test_a_late_model_is_exactly_one_model() -> None:
    fake = Fake(faults=[FAULTS["property_absent[capabilities.effort.max]"]])
    models = fake.respond(page("limit=1000")).body["data"]
    able = [model for model in models if model["capabilities"]]
    struck = [model["id"] for model in able if "max" not in model["capabilities"]["effort"]]
    assert struck == ["vertex/claude-sonnet-4-5@20250929"]
    assert "max" not in fake.respond(model(struck[0])).body["capabilities"]["effort"]
