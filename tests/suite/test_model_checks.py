"""What the checks of models judge: single models, models of a stage, and objects that no model has."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from conformant.kit import Model, altered, models_of, on_copy, with_models
from fault_rows import NEWEST
from judging import KEY, Verdict, fake, judged_alone

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.verdict import Check, NotJudged, Unexercised
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.evidence.plan import sample
from pytest_models_contract.fake import Ask, Request, Response
from pytest_models_contract.fake.catalogue import catalogue
from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.suite import test_headers as headers
from pytest_models_contract.suite import test_model_list as model_list
from pytest_models_contract.suite import test_retrieve as retrieve
from pytest_models_contract.target.applications import Wsgi
from pytest_models_contract.target.targets import IN_PROCESS


def seen(check: str, *alterations: Any) -> Verdict:
    return judged_alone(check, altered(*alterations))[0]


# --- one by one -----------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 40, 64])
def test_few_models_are_all_retrieved(count: int) -> None:
    ids = [f"m{n}" for n in range(count)]
    assert sample(ids) == ids


def test_a_large_catalogue_is_sampled_at_ends_page_boundary_and_special_ids() -> None:
    ids = [f"m{n}" for n in range(100)]
    ids[51], ids[52] = "a/b", "c:d"
    chosen = sample(ids)
    assert {"m0", "m19", "m20", "m99", "a/b", "c:d"} <= set(chosen)
    places = sorted(map(ids.index, chosen))
    assert len(set(places)) == len(places)
    assert max(two - one for one, two in pairwise(places)) == 7


def test_the_sample_hardly_grows() -> None:
    counts = (65, 96, 160, 161, 4500)
    assert [len(sample([f"m{n}" for n in range(count)])) for count in counts] == [
        *(15, 19, 18, 18, 19)
    ]


@pytest.mark.parametrize("unlisted", ["a", "z"])
def test_an_unlisted_model_is_a_finding_of_one_check_only(unlisted: str) -> None:
    @on_copy
    def other(request: Request, response: Response) -> None:
        if "/models/" in request.path and "id" in response.body:
            response.body["id"] = unlisted

    assert seen("retrieve/listed_models_are_found", other).verdict == "violated"
    same = seen("retrieve/model_equals_its_list_entry", other)
    assert (same.verdict, same.why) == ("unexercised", "no listed model was found")


def test_a_refusal_in_another_media_type_is_not_a_violation() -> None:
    def refused_in_plain_text(ask: Ask, request: Request) -> Response:
        response = ask(request)
        if "/models/" not in request.path:
            return response
        return replace(response, status=404, headers={"content-type": "text/plain"})

    result = seen("retrieve/content_type", refused_in_plain_text)
    assert (result.verdict, result.why) == ("unexercised", "no listed model was found")


@pytest.mark.parametrize(
    ("models", "verdict", "why"),
    [
        (27, "holds", "1 response"),
        (0, "unexercised", "the catalogue is empty"),
        ([{"id": "plain"}], "unexercised", "no two listed ids have a common prefix"),
    ],
)
def test_an_unknown_id_is_a_common_prefix_of_two(models: Any, verdict: str, why: str) -> None:
    result, _ = judged_alone("retrieve/unknown_id_is_refused[head]", altered(models=models))
    assert (result.verdict, result.why) == (verdict, why)


# --- objects that no model has --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "lacking"),
    [
        ("capabilities.batch", "capabilities"),
        ("capabilities.effort.max", "capabilities"),
        ("capabilities.effort.max.supported", "capabilities"),
    ],
)
def test_the_outermost_object_that_no_model_has_is_named(path: str, lacking: str) -> None:
    def bare(_: int, model: Model) -> Model:
        return {**model, "capabilities": None}

    result, _ = judged_alone(f"model_info/{path}", with_models(bare))
    assert result.why == f"no model has an object `{lacking}`: see model_info/{lacking}"


@pytest.mark.parametrize("path", ["capabilities.effort", "capabilities.effort.max"])
def test_an_inner_object_that_no_model_has_is_named(path: str) -> None:
    def without_it(_: int, model: Model) -> Model:
        if not model["capabilities"]:
            return model
        effort = (
            None if path.endswith("effort") else {**model["capabilities"]["effort"], "max": None}
        )
        return {**model, "capabilities": {**model["capabilities"], "effort": effort}}

    check = "model_info/capabilities.effort.max.supported"
    result, _ = judged_alone(check, with_models(without_it))
    assert result.why == f"no model has an object `{path}`: see model_info/{path}"


def test_without_a_model_its_properties_have_no_case() -> None:
    result, _ = judged_alone("model_info/capabilities.batch", altered(models=0))
    assert result.why == "the catalogue is empty"


# --- stages ---------------------------------------------------------------------------------------


def staged(check: str, *alterations: Any, models: Any = 27) -> Verdict:
    return judged_alone(
        f"lifecycle/{check}", altered(*alterations, revision=NEWEST, models=models), NEWEST
    )[0]


def stages(request: Request) -> list[str]:
    return [value for name, value in request.query if name == "lifecycle[]"]


@on_copy
def without_two_of_a_stage(request: Request, response: Response) -> None:
    if stages(request):
        del response.body["data"][2:4]


def test_one_model_that_a_stage_lacks_is_named() -> None:
    active = [each["id"] for each in catalogue(27, NEWEST) if each["lifecycle"] == "active"]
    result = staged("stage_lists_its_models_alone[active]", without_two_of_a_stage)
    assert result.why == f"without {min(active[2:4])}; expected every active model"


@on_copy
def last_page_of_a_stage_has_more(request: Request, response: Response) -> None:
    if stages(request) and request.get("after_id"):
        response.body["has_more"] = True


def test_has_more_is_false_at_the_end_of_a_stage() -> None:
    models = [each for each in catalogue(27, NEWEST) if each["lifecycle"] == "active"][:2]
    result = staged(
        "filtered_pages_follow_limit_and_cursor", last_page_of_a_stage_has_more, models=models
    )
    assert result.why == "has_more true; expected false"


@on_copy
def stage_reversed(request: Request, response: Response) -> None:
    if stages(request) and response.status == 200:
        page = response.body
        page["data"].reverse()
        page["first_id"], page["last_id"] = page["last_id"], page["first_id"]


def test_a_stage_keeps_the_order_of_equal_dates() -> None:
    models = [{**each, "created_at": "2026-01-01T00:00:00Z"} for each in catalogue(2, NEWEST)]
    result = staged("filtered_pages_keep_the_schema", stage_reversed, models=models)
    assert result.why == "another order; expected newest first"


def test_a_stage_of_one_more_than_the_default_gets_a_default_page() -> None:
    own = catalogue(1, NEWEST)[0]
    models = [{**own, "id": f"claude-{n}"} for n in range(21)]

    @on_copy
    def whole(request: Request, response: Response) -> None:
        if stages(request) and not request.get("limit"):
            response.body["data"] = models

    check = "filtered_pages_follow_limit_and_cursor"
    assert staged(check, models=models).verdict == "holds"
    assert staged(check, whole, models=models).verdict == "violated"


@on_copy
def one_for_true(request: Request, response: Response) -> None:
    if stages(request) and response.body["has_more"]:
        response.body["has_more"] = 1


def test_has_more_of_a_stage_is_a_boolean() -> None:
    result = staged("filtered_pages_follow_limit_and_cursor", one_for_true)
    assert result.why == "has_more 1; expected true"


def one_stage_refused(ask: Ask, request: Request) -> Response:
    response = ask(request)
    return replace(response, status=400) if stages(request) == ["active"] else response


def test_several_stages_are_not_judged_where_one_is_refused() -> None:
    result = staged("several_stages_list_the_models_of_each[active+retired]", one_stage_refused)
    assert result.verdict == "unexercised"


@on_copy
def has_more_unknown(request: Request, response: Response) -> None:
    if stages(request):
        response.body["has_more"] = None


@pytest.mark.parametrize(
    "check",
    [
        "stage_lists_its_models_alone[active]",
        "several_stages_list_the_models_of_each[active+retired]",
        "filtered_pages_follow_limit_and_cursor",
    ],
)
def test_a_stage_may_continue_where_has_more_is_unknown(check: str) -> None:
    assert staged(check, has_more_unknown).verdict in {"holds", "unexercised"}


@on_copy
def no_lifecycle(_: Request, response: Response) -> None:
    for model in models_of(response):
        model.pop("lifecycle", None)


@pytest.mark.parametrize(
    ("models", "why"), [(27, "no model has a lifecycle"), (0, "the catalogue is empty")]
)
def test_without_a_stage_there_are_no_dates_to_agree(models: int, why: str) -> None:
    assert staged("dates_agree_with_the_stage", no_lifecycle, models=models).why == why


# --- recordings, and requests without a response --------------------------------------------------


def without_request_id(ask: Ask, request: Request) -> Response:
    return replace(ask(request), headers={})


def test_a_recording_may_have_lost_its_headers() -> None:
    api = ModelsAPI(IN_PROCESS, Wsgi(fake(without_request_id)), key=KEY)
    evidence = Evidence(api, Revision.load(), scrubbed=True)
    with pytest.raises(Unexercised, match=r"^the recording has no content-type$"):
        model_list.test_content_type(evidence, Check())
    with pytest.raises(Unexercised, match=r"^the recording has no content-type$"):
        retrieve.test_content_type(evidence, Check())
    with pytest.raises(Unexercised, match="may have left out headers"):
        headers.test_request_id_on_every_answer(evidence, api, Check())
    api.close()


def test_a_repeated_recorded_request_has_the_same_request_id() -> None:
    api = ModelsAPI(IN_PROCESS, Wsgi(fake()), key=KEY)
    response = api.list()
    api.exchanges.append(replace(response, request=replace(response.request, again=-1)))
    headers.test_request_id_is_never_the_same(Evidence(api, Revision.load()), api, Check())
    api.close()


def test_the_first_of_the_requests_without_a_response_is_named() -> None:
    api = ModelsAPI(IN_PROCESS, Wsgi(fake()), key=KEY)
    evidence = Evidence(api, Revision.load())
    evidence.lost += ["the first", "the second", "the third"]
    with pytest.raises(NotJudged, match="the first"):
        model_list.test_status(evidence, Check())
    api.close()


def test_up_to_three_repeated_ids_are_named() -> None:
    server = altered(models=1010)
    first = [model["id"] for model in server.models[:5]]

    @on_copy
    def again(request: Request, response: Response) -> None:
        if request.get("after_id") and request.get("limit") == "1000":
            response.body["data"][:0] = server.models[:5]

    result, _ = judged_alone(
        "model_list/ids_are_unique_in_the_catalogue", altered(again, models=1010)
    )
    assert result.where == ", ".join(first[:3])
