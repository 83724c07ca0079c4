"""What speed rests on, without a clock: how much is asked, what is loaded, and that no short cut shows."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import contracting
import pytest
from contracting import contract, reported, verdicts
from fault_rows import NEWEST
from hypothesis import given, settings
from hypothesis import strategies as st
from judging import ALONE, KEY, fake, judged

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import Occurrence
from pytest_models_contract.client.strict_json import read_json
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.fake import Fake, serve
from pytest_models_contract.session.run import _news
from pytest_models_contract.spec.json_schema import validator
from pytest_models_contract.spec.revision import DEFAULT_REVISION, Property, Revision
from pytest_models_contract.target.targets import IN_PROCESS

QUESTIONS = {0: 34, 1: 52, 20: 99, 27: 106}
"""How many questions a run asks for so many models; each of them earns its place."""
OF_STAGES = 26
"""How many more the newest revision takes, which knows lifecycle stages."""
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["model", "1970-01-01T00:00:00Z", "2026-01-01"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3)
    ),
    max_leaves=5,
)


# --- how much is asked ---------------------------------------------------------------------------


@pytest.mark.parametrize("models", QUESTIONS)
def test_a_run_asks_no_more_than_it_did(models: int) -> None:
    assert _asked(models) == QUESTIONS[models]


def test_stages_take_a_few_questions_more() -> None:
    assert _asked(27, NEWEST) == QUESTIONS[27] + OF_STAGES


def test_questions_grow_with_the_pages_of_the_catalogue_alone() -> None:
    few, many = (_asked(models) for models in (3_000, 9_000))
    assert many - few == 6


def _asked(models: int, revision: str = DEFAULT_REVISION) -> int:
    app = fake(models=models, revision=revision)
    judged(app, revision, aliases={}, only=ALONE)
    return len(app.asked)


# --- on many processes ---------------------------------------------------------------------------


@pytest.mark.parametrize(("workers", "dist"), [(2, "load"), (2, "worksteal"), (4, "loadscope")])
def test_workers_come_to_the_same_and_ask_each_question_once_between_them(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, workers: int, dist: str
) -> None:
    pytest.importorskip("xdist")
    contracting.without_environment(monkeypatch)
    monkeypatch.setenv("MODELS_CONTRACT_API_KEY", KEY)
    app = Fake(key=KEY)
    with serve(app) as base_url:
        way = ("--models-base-url", base_url, "--models-report", "report.json")
        alone = contract(pytester, *way, app="")
        expected, told, asked = verdicts(pytester), _summary(alone), len(app.asked)
        app.asked.clear()
        split = contract(
            pytester, *way, "-p", "xdist", f"-n{workers}", f"--dist={dist}", app="", process=True
        )
    assert split.ret == alone.ret == pytest.ExitCode.OK
    assert verdicts(pytester) == expected
    assert _summary(split) == told
    assert reported(pytester)["requests"] == len(app.asked) == asked
    assert reported(pytester)["models"] == len(app.models)


def _summary(result: pytest.RunResult) -> str:
    return next(line for line in result.outlines if line.startswith("holds "))


# --- what is loaded ------------------------------------------------------------------------------


def test_a_server_is_judged_without_what_only_applications_and_recordings_need(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    contracting.without_environment(monkeypatch)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makeconftest(
        """
        import sys

        def pytest_unconfigure(config):
            others = {"vcr", "yaml", "anthropic", "asyncio", "asgi_lifespan"}
            print("loaded:", *sorted({"httpx", *others} & {*sys.modules}))
        """
    )
    with serve(Fake()) as base_url:
        way = ("--rootdir", ".", "--models-base-url", base_url, "conftest.py")
        result = contract(pytester, *way, app="", process=True)
    result.stdout.fnmatch_lines(["loaded: httpx"])


# --- what pytest and Python do for each check ----------------------------------------------------


def test_a_check_has_few_fixtures_of_ours_to_go_through(pytester: pytest.Pytester) -> None:
    items, _ = pytester.inline_genitems(*contracting.LOADED, "--models-contract")
    ways = {"models_base_url", "models_api_key", "models_headers", "models_transport"}
    assert len(items) > 100
    assert [item for item in items if ways & {*item.fixturenames}] == []


@pytest.mark.parametrize(("hosts", "passed_over"), [([], True), (["test_host.py"], False)])
def test_only_a_run_of_the_contract_alone_has_the_collector_pass_over_what_is_loaded(
    pytester: pytest.Pytester, hosts: list[str], passed_over: bool
) -> None:
    pytester.makepyfile(test_host="def test_own(): pass")
    pytester.makeconftest(
        """
        import gc

        def pytest_runtestloop():
            print("passed over:", gc.get_freeze_count() > 0, "collects:", gc.isenabled())
        """
    )
    for _ in range(2):
        result = contract(pytester, "-k", "order/newest_first or own", *hosts)
        result.stdout.fnmatch_lines([f"passed over: {passed_over} collects: True"])


# --- the short cuts ------------------------------------------------------------------------------


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(['a"', 'b":', "\\", 'x": ', "é"]), JSON), max_size=5))
def test_a_key_that_stands_twice_is_found_though_nobody_looks_at_every_key(
    pairs: list[tuple[str, Any]],
) -> None:
    members = (f"{json.dumps(key)}:{json.dumps(value)}" for key, value in pairs)
    text = f'{{"data": [{{{",".join(members)}}}]}}'
    twice = len({key for key, _ in pairs}) < len(pairs)
    problem = read_json(text.replace("NaN", "0").replace("Infinity", "1").encode())[1]
    assert ("twice in one object" in problem) == twice


@pytest.mark.parametrize("name", Revision.known())
@settings(deadline=None)
@given(data=st.data())
def test_a_value_that_is_waved_through_is_legal(name: str, data: st.DataObject) -> None:
    prop = data.draw(st.sampled_from(_judged_by_value(Revision.load(name))))
    value = data.draw(JSON)
    assert (prop.fault(value) is None) == validator(prop.demands).is_valid(value)


def _judged_by_value(revision: Revision) -> list[Property]:
    """The properties whose children are judged by themselves do not look into their value."""
    parents = {prop.parent for prop in revision.properties}
    return [prop for prop in revision.properties if prop.path not in parents]


@pytest.mark.parametrize("name", [DEFAULT_REVISION, NEWEST])
@settings(deadline=None, max_examples=50)
@given(data=st.data())
def test_what_is_the_same_in_many_models_is_judged_as_in_each(
    name: str, data: st.DataObject
) -> None:
    revision = Revision.load(name)
    models = _varied(list(Fake(4, name).models), data)
    evidence = Evidence(ModelsAPI(IN_PROCESS), revision)
    read = read_json(json.dumps(models).encode())[0]
    nowhere: Any = None
    vars(evidence)["occurrences"] = [Occurrence(nowhere, "", model) for model in read]
    vars(evidence)["crawl"] = []
    unknown = set().union(*map(revision.unknown_fields, models))
    assert evidence.catalogue_values.meets(revision) == all(map(revision.meets, models))
    assert {line.rpartition(", ")[0] for line in _news(evidence)} == {
        f"ModelInfo.{path}" for path in unknown
    }


def _varied(models: list[Any], data: st.DataObject) -> list[Any]:
    """The models, each as often as not with a value changed, taken away or added somewhere."""
    models = deepcopy(models)
    for model in models:
        while data.draw(st.booleans()):
            place = data.draw(st.sampled_from(_objects(model)))
            name = data.draw(st.sampled_from([*place, "news"]))
            place.pop(name, None) if data.draw(st.booleans()) else place.update(
                {name: data.draw(JSON)}
            )
    return models


def _objects(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, dict):
        return []
    return [value, *(found for each in value.values() for found in _objects(each))]
