"""What the checks of models look at: those retrieved one by one, those of a stage, and what none has."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from conformant.kit import Model, models_of, odd, on_copy, with_models
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


def seen(check: str, *oddities: Any) -> Verdict:
    return judged_alone(check, odd(*oddities))[0]


# --- one by one -----------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 40, 64])
def test_few_models_are_all_retrieved(count: int) -> None:
    ids = [f"m{n}" for n in range(count)]
    assert sample(ids) == ids


def test_of_many_models_both_ends_the_border_and_the_odd_ones_are_retrieved() -> None:
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


@pytest.mark.parametrize("alien", ["a", "z"])
def test_a_model_that_nobody_listed_is_told_of_the_id_alone(alien: str) -> None:
    @on_copy
    def other(request: Request, answer: Response) -> None:
        if "/models/" in request.path and "id" in answer.body:
            answer.body["id"] = alien

    assert seen("retrieve/listed_models_are_found", other).verdict == "violated"
    same = seen("retrieve/model_equals_its_list_entry", other)
    assert (same.verdict, same.why) == ("unexercised", "no listed model was found")


def test_a_refusal_is_no_model_of_another_media_type() -> None:
    def refused_in_plain_text(ask: Ask, request: Request) -> Response:
        answer = ask(request)
        if "/models/" not in request.path:
            return answer
        return replace(answer, status=404, headers={"content-type": "text/plain"})

    told = seen("retrieve/content_type", refused_in_plain_text)
    assert (told.verdict, told.why) == ("unexercised", "no listed model was found")


@pytest.mark.parametrize(
    ("models", "verdict", "why"),
    [
        (27, "holds", "1 response"),
        (0, "unexercised", "the catalogue is empty"),
        ([{"id": "plain"}], "unexercised", "no two listed ids begin alike"),
    ],
)
def test_one_id_loses_its_end(models: Any, verdict: str, why: str) -> None:
    told, _ = judged_alone("retrieve/unknown_id_is_refused[head]", odd(models=models))
    assert (told.verdict, told.why) == (verdict, why)


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

    told, _ = judged_alone(f"model_info/{path}", with_models(bare))
    assert told.why == f"no model has an object `{lacking}`: see model_info/{lacking}"


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
    told, _ = judged_alone(check, with_models(without_it))
    assert told.why == f"no model has an object `{path}`: see model_info/{path}"


def test_without_a_model_its_properties_have_no_occasion() -> None:
    told, _ = judged_alone("model_info/capabilities.batch", odd(models=0))
    assert told.why == "the catalogue is empty"


# --- stages ---------------------------------------------------------------------------------------


def staged(check: str, *oddities: Any, models: Any = 27) -> Verdict:
    return judged_alone(
        f"lifecycle/{check}", odd(*oddities, revision=NEWEST, models=models), NEWEST
    )[0]


def stages(request: Request) -> list[str]:
    return [value for name, value in request.query if name == "lifecycle[]"]


@on_copy
def two_less_of_a_stage(request: Request, answer: Response) -> None:
    if stages(request):
        del answer.body["data"][2:4]


def test_of_the_models_that_a_stage_lacks_one_is_named() -> None:
    active = [each["id"] for each in catalogue(27, NEWEST) if each["lifecycle"] == "active"]
    told = staged("stage_lists_its_models_alone[active]", two_less_of_a_stage)
    assert told.why == f"without {min(active[2:4])}; expected every active model"


@on_copy
def last_page_of_a_stage_has_more(request: Request, answer: Response) -> None:
    if stages(request) and request.get("after_id"):
        answer.body["has_more"] = True


def test_a_stage_that_ends_says_so() -> None:
    models = [each for each in catalogue(27, NEWEST) if each["lifecycle"] == "active"][:2]
    told = staged(
        "filtered_pages_follow_limit_and_cursor", last_page_of_a_stage_has_more, models=models
    )
    assert told.why == "has_more true; expected false"


@on_copy
def stage_turned_round(request: Request, answer: Response) -> None:
    if stages(request):
        answer.body["data"].reverse()


def test_a_stage_keeps_the_order_of_equal_dates() -> None:
    models = [{**each, "created_at": "2026-01-01T00:00:00Z"} for each in catalogue(2, NEWEST)]
    told = staged("filtered_pages_keep_the_schema", stage_turned_round, models=models)
    assert told.why == "another order; expected newest first"


def test_a_stage_of_one_more_than_the_default_has_a_page_like_it() -> None:
    own = catalogue(1, NEWEST)[0]
    models = [{**own, "id": f"claude-{n}"} for n in range(21)]

    @on_copy
    def whole(request: Request, answer: Response) -> None:
        if stages(request) and not request.get("limit"):
            answer.body["data"] = models

    check = "filtered_pages_follow_limit_and_cursor"
    assert staged(check, models=models).verdict == "holds"
    assert staged(check, whole, models=models).verdict == "violated"


@on_copy
def one_for_true(request: Request, answer: Response) -> None:
    if stages(request) and answer.body["has_more"]:
        answer.body["has_more"] = 1


def test_whether_a_stage_goes_on_is_a_boolean() -> None:
    told = staged("filtered_pages_follow_limit_and_cursor", one_for_true)
    assert told.why == "has_more 1; expected true"


def one_stage_refused(ask: Ask, request: Request) -> Response:
    answer = ask(request)
    return replace(answer, status=400) if stages(request) == ["active"] else answer


def test_where_one_stage_is_refused_the_stages_together_are_not_judged() -> None:
    told = staged("several_stages_list_the_models_of_each[active+retired]", one_stage_refused)
    assert told.verdict == "unexercised"


@on_copy
def has_more_unknown(request: Request, answer: Response) -> None:
    if stages(request):
        answer.body["has_more"] = None


@pytest.mark.parametrize(
    "check",
    [
        "stage_lists_its_models_alone[active]",
        "several_stages_list_the_models_of_each[active+retired]",
        "filtered_pages_follow_limit_and_cursor",
    ],
)
def test_where_has_more_is_unknown_the_stage_may_go_on(check: str) -> None:
    assert staged(check, has_more_unknown).verdict in {"holds", "unexercised"}


@on_copy
def no_lifecycle(_: Request, answer: Response) -> None:
    for model in models_of(answer):
        model.pop("lifecycle", None)


@pytest.mark.parametrize(
    ("models", "why"), [(27, "no model has a lifecycle"), (0, "the catalogue is empty")]
)
def test_without_a_stage_there_are_no_dates_to_agree(models: int, why: str) -> None:
    assert staged("dates_agree_with_the_stage", no_lifecycle, models=models).why == why


# --- recordings, and questions without an answer --------------------------------------------------


def nameless(ask: Ask, request: Request) -> Response:
    return replace(ask(request), headers={})


def test_a_recording_may_have_lost_its_headers() -> None:
    api = ModelsAPI(IN_PROCESS, Wsgi(fake(nameless)), key=KEY)
    evidence = Evidence(api, Revision.load(), scrubbed=True)
    with pytest.raises(Unexercised, match=r"^the recording holds no content-type$"):
        model_list.test_content_type(evidence, Check())
    with pytest.raises(Unexercised, match=r"^no listed model was found$"):
        retrieve.test_content_type(evidence, Check())
    with pytest.raises(Unexercised, match="may have lost its headers"):
        headers.test_request_id_on_every_answer(evidence, api, Check())
    api.close()


def test_a_second_look_at_a_recorded_answer_has_its_request_id() -> None:
    api = ModelsAPI(IN_PROCESS, Wsgi(fake()), key=KEY)
    response = api.list()
    api.exchanges.append(replace(response, request=replace(response.request, again=-1)))
    headers.test_request_id_is_never_the_same(Evidence(api, Revision.load()), api, Check())
    api.close()


def test_of_the_questions_without_an_answer_the_first_is_told() -> None:
    api = ModelsAPI(IN_PROCESS, Wsgi(fake()), key=KEY)
    evidence = Evidence(api, Revision.load())
    evidence.lost += ["the first", "the second", "the third"]
    with pytest.raises(NotJudged, match="the first"):
        model_list.test_status(evidence, Check())
    api.close()


def test_ids_that_come_again_are_named_up_to_three() -> None:
    server = odd(models=1010)
    first = [model["id"] for model in server.models[:5]]

    @on_copy
    def again(request: Request, answer: Response) -> None:
        if request.get("after_id") and request.get("limit") == "1000":
            answer.body["data"][:0] = server.models[:5]

    told, _ = judged_alone("model_list/ids_are_unique_in_the_catalogue", odd(again, models=1010))
    assert told.where == ", ".join(first[:3])
