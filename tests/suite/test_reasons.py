"""Why a check was not tested: the reason is true, and the check that it names is not one that holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote_plus

import httpx
import pytest
from conformant.kit import altered, on_copy, refused
from judging import ALONE, KEY, Verdict, fake, judged, judged_alone

from pytest_models_contract.evidence.response_formats import ids_in
from pytest_models_contract.fake import Ask, Fake, Request, Response
from pytest_models_contract.fake.faults import FAULTS
from pytest_models_contract.target.applications import Wsgi
from pytest_models_contract.target.cassette import NotRecorded

SEE = re.compile(r"\bsee ([a-z_]+/[a-z_.]+)")
ON_RETRIEVE = (
    "headers/betas_are_accepted_on_retrieve",
    "headers/beta_query_is_accepted[retrieve]",
)


def reasons(found: dict[str, Verdict]) -> Iterator[tuple[str, str]]:
    return ((check, seen.why) for check, seen in found.items() if seen.verdict == "unexercised")


def without_any_id() -> Fake:
    @on_copy
    def nameless(_: Request, response: Response) -> None:
        for model in response.body.get("data", []):
            model.pop("id", None)

    return altered(nameless)


@pytest.mark.parametrize(
    "fault",
    [
        *("model_shape_is[openai]", "model_body_is[duplicate-key]", "unknown_model_gets[200]"),
        *(
            "retrieved_differs_in[display_name]",
            "retrieve_gives_the_newest[any]",
            "property_absent[id]",
        ),
        *("cursor_ignored[before_id]", "envelope_key_absent[has_more]", "list_shape_is[openai]"),
    ],
)
def test_a_reason_names_a_check_that_does_not_hold(fault: str) -> None:
    found = judged(fake(FAULTS[fault]), only=ALONE)
    named = {check: SEE.findall(why) for check, why in reasons(found)}
    wrong = {
        check: other
        for check, others in named.items()
        for other in others
        if found[other].verdict == "holds"
    }
    assert wrong == {}


def test_a_model_that_differs_when_it_is_retrieved_is_still_compared_with_its_variants() -> None:
    @on_copy
    def other_name(request: Request, response: Response) -> None:
        if "/models/" in request.path and "display_name" in response.body:
            response.body["display_name"] += "!"

    found = judged(altered(other_name), only=["retrieve", "headers"])
    assert found["retrieve/listed_models_are_found"].verdict == "holds"
    assert found["retrieve/model_equals_its_list_entry"].verdict == "violated"
    assert [found[check].verdict for check in ON_RETRIEVE] == ["holds", "holds"]


def test_a_model_that_is_not_found_is_named_with_the_check_that_says_so() -> None:
    def unknown(ask: Ask, request: Request) -> Response:
        return refused(404) if "/models/" in request.path else ask(request)

    found = judged(altered(unknown), only=["retrieve", "headers"])
    for check in ON_RETRIEVE:
        assert (
            found[check].why == "claude-opus-5 is not found: see retrieve/listed_models_are_found"
        )


def test_where_no_id_is_found_at_all_encoding_is_not_blamed() -> None:
    seen, _ = judged_alone(
        "retrieve/ids_that_need_encoding_are_found", fake(FAULTS["listed_model_is_unknown[all]"])
    )
    assert seen.verdict == "unexercised"
    assert seen.why == "no listed id is found at all: see retrieve/listed_models_are_found"


def test_without_an_id_none_is_asked_for_and_none_needs_encoding() -> None:
    app = without_any_id()
    found = judged(app, only=ALONE)
    asked = [unquote_plus(f"{request.path} {request.query}") for request in app.requests]
    assert [text for text in asked if "no id" in text] == []
    no_id = "a model has no id that is a string: see model_info/id"
    for check in ("listed_models_are_found", "ids_that_need_encoding_are_found", "strict_json"):
        assert found[f"retrieve/{check}"].why == no_id
    for check in ON_RETRIEVE:
        assert found[check].why == no_id
    assert found["model_list/ids_are_unique_in_the_catalogue"].verdict == "holds"


class PlainListOnly(httpx.BaseTransport):
    """A recording that holds the list without parameters, and nothing else."""

    def __init__(self) -> None:
        self._server = Wsgi(Fake(key=KEY))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path != "/v1/models" or request.url.query:
            raise NotRecorded("the cassette lacks it")
        return self._server.handle_request(request)


def test_a_list_of_models_is_not_called_empty() -> None:
    found = judged(PlainListOnly(), only=ALONE)
    assert [check for check, why in reasons(found) if "empty" in why] == []
    assert found["limit/maximum_is_honoured"].why == "the cassette lacks it"


def test_a_text_that_is_no_json_is_called_by_its_media_type() -> None:
    def plain(_: object, request: Request) -> Response:
        headers = {"content-type": "text/plain; charset=utf-8", "request-id": f"r{request.number}"}
        return Response(404, headers, None, b"404 Not Found")

    for check in ("errors/body_is_an_error_object", "errors/unknown_model_is_not_found"):
        seen, _ = judged_alone(check, altered(plain))
        assert "Extra data" not in seen.why
    seen, _ = judged_alone("errors/body_is_an_error_object", altered(plain))
    assert seen.why.startswith("text/plain, not JSON; expected ")


def test_has_more_that_is_always_true_costs_one_request_for_each_walk() -> None:
    seen, _ = judged_alone("cursors/has_more_forward", fake(FAULTS["has_more_is[true]"]))
    assert seen.hint == "clients send 1 more request at the end of each walk, for an empty page"
    both = [FAULTS["has_more_is[true]"], FAULTS["first_page_again[after-last]"]]
    seen, _ = judged_alone("cursors/has_more_forward", fake(*both))
    assert seen.hint == "a walk never ends: the request beyond the last model gets models again"


# --- a list in another format --------------------------------------------------------------------


def foreign(*more: object) -> dict[str, Verdict]:
    """The verdicts on a server whose list is in OpenAI's format, with more faults."""
    faults = [*more, FAULTS["list_shape_is[openai]"]]
    return judged(fake(*faults), only=ALONE, expected=["claude-opus-5", "claude-none"])


def test_a_list_in_another_format_leaves_retrieve_to_be_judged() -> None:
    found = foreign()
    judged_too = (
        "listed_models_are_found",
        "content_type",
        "strict_json",
        "unknown_id_is_refused[tail]",
    )
    assert {found[f"retrieve/{name}"].verdict for name in judged_too} == {"holds"}
    for variant in ("key_is_taken_either_way", "beta_query_is_accepted"):
        for endpoint in ("list", "retrieve"):
            assert found[f"headers/{variant}[{endpoint}]"].verdict == "holds"
    assert found["errors/retrieve_wants_the_key[no_key]"].verdict == "holds"
    expected = "retrieve/expected_model_is_listed_and_found"
    assert found[f"{expected}[claude-opus-5]"].verdict == "holds"
    assert found[f"{expected}[claude-none]"].verdict == "violated"


def test_what_is_wrong_behind_a_list_in_another_format_is_found() -> None:
    lost = foreign(FAULTS["listed_model_is_unknown[first]"])
    assert lost["retrieve/listed_models_are_found"].why.startswith("status 404")
    one_header = foreign(FAULTS["key_not_taken_as[bearer]"])
    for endpoint in ("list", "retrieve"):
        seen = one_header[f"headers/key_is_taken_either_way[{endpoint}]"]
        assert seen.why.startswith("status 401")
    dates = foreign(FAULTS["dates_are_epoch_seconds"])["model_info/created_at"]
    assert dates.why.startswith("1700000000; expected an RFC 3339 date-time")


@pytest.mark.parametrize(
    "body",
    [
        [{"id": "a"}, {"id": "b"}, {"id": "a"}, {"name": "c"}],
        ["a", "b"],
        {"object": "list", "data": [{"id": "a", "object": "model"}, {"id": "b"}]},
        {"models": [{"id": "a"}, {"id": "b"}]},
        {"result": {"items": [{"id": "a"}, {"id": "b"}]}},
    ],
)
def test_the_ids_of_a_list_in_another_format(body: object) -> None:
    assert ids_in(body) == ["a", "b"]


@pytest.mark.parametrize("body", [None, 5, "a", {}, {"error": {"message": "a"}}, [5, None]])
def test_what_is_no_list_has_no_ids(body: object) -> None:
    assert ids_in(body) == []
