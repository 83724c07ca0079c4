"""The causes of speed, without a clock: requests, loaded modules, results of optimized paths."""

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
from sampling import first_of

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import Occurrence
from pytest_models_contract.client.strict_json import read_json
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.fake import Fake, serve
from pytest_models_contract.session.other_revisions import unknown_fields
from pytest_models_contract.spec.json_schema import validator
from pytest_models_contract.spec.revision import DEFAULT_REVISION, Property, Revision
from pytest_models_contract.suite import checks
from pytest_models_contract.suite.checks import Facts
from pytest_models_contract.target.targets import IN_PROCESS

REQUESTS = {0: 39, 1: 57, 20: 104, 27: 111}
"""The number of requests of a run, by the number of models."""
OF_THE_NEWEST = 29
"""The number of further requests of the newest revision: 27 about lifecycle stages, two about workspaces."""
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


# --- number of requests --------------------------------------------------------------------------


@pytest.mark.parametrize("models", REQUESTS)
def test_a_run_sends_this_number_of_requests(models: int) -> None:
    assert _asked(models) == REQUESTS[models]


def test_the_newest_revision_takes_further_requests() -> None:
    assert _asked(27, NEWEST) == REQUESTS[27] + OF_THE_NEWEST


@pytest.mark.slow
def test_requests_grow_only_with_the_pages_of_the_catalogue() -> None:
    few, many = (_asked(models) for models in (3_000, 9_000))
    assert many - few == 6


def _asked(models: int, revision: str = DEFAULT_REVISION) -> int:
    app = fake(models=models, revision=revision)
    judged(app, revision, aliases={}, only=ALONE)
    return len(app.requests)


# --- on many processes ---------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    ("workers", "dist"), first_of([(2, "load"), (2, "worksteal"), (4, "loadscope")])
)
def test_workers_have_the_same_results_and_send_each_request_once(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, workers: int, dist: str
) -> None:
    pytest.importorskip("xdist")
    contracting.without_environment(monkeypatch)
    monkeypatch.setenv("MODELS_CONTRACT_API_KEY", KEY)
    app = Fake(key=KEY)
    with serve(app) as base_url:
        options = ("--models-base-url", base_url, "--models-report", "report.json")
        alone = contract(pytester, *options, app="")
        expected, summary, sent = verdicts(pytester), _summary(alone), len(app.requests)
        app.requests.clear()
        split = contract(
            pytester,
            *options,
            "-p",
            "xdist",
            f"-n{workers}",
            f"--dist={dist}",
            app="",
            process=True,
        )
    assert split.ret == alone.ret == pytest.ExitCode.OK
    assert verdicts(pytester) == expected
    assert _summary(split) == summary
    assert reported(pytester)["requests"] == len(app.requests) == sent
    assert reported(pytester)["models"] == len(app.models)


def _summary(result: pytest.RunResult) -> str:
    return next(
        line for line in result.outlines if " passed" in line and line.endswith(": conforms")
    )


# --- loaded modules ------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_run_against_a_server_does_not_load_what_only_other_options_need(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    contracting.without_environment(monkeypatch)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makeconftest(
        """
        import sys

        def pytest_unconfigure(config):
            others = {"vcr", "yaml", "anthropic", "asyncio", "asgi_lifespan"}
            ours = {name for name in sys.modules if name.startswith("pytest_models_contract.suite.test_")}
            areas = {name for name in ours if "proxy" in name or "explore" in name}
            print("loaded:", *sorted({"httpx", *others} & {*sys.modules} | areas))
        """
    )
    with serve(Fake()) as base_url:
        options = ("--rootdir", ".", "--models-base-url", base_url, "conftest.py")
        result = contract(pytester, *options, app="", process=True)
    result.stdout.fnmatch_lines(["loaded: httpx"])


# --- work of pytest and Python for each check -----------------------------------------------------


def test_a_check_has_few_of_our_fixtures(pytester: pytest.Pytester) -> None:
    items, _ = pytester.inline_genitems(*contracting.LOADED, "--models-contract")
    server = {"models_base_url", "models_api_key", "models_headers", "models_transport"}
    assert len(items) > 100
    assert [item for item in items if server & {*item.fixturenames}] == []


def test_no_item_is_made_for_a_check_whose_option_is_missing(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Facts | None] = []
    plain = checks.facts_of

    def facts_of(*given: Any) -> Facts | None:
        made.append(plain(*given))
        return made[-1]

    monkeypatch.setattr(checks, "facts_of", facts_of)
    pytester.inline_genitems(*contracting.LOADED, "--models-contract")
    assert len(made) > 100
    assert [found for found in made if found and found.needs] == []


@pytest.mark.slow
@pytest.mark.parametrize(("hosts", "skipped"), [([], True), (["test_host.py"], False)])
def test_only_a_run_of_the_contract_alone_makes_the_collector_skip_loaded_objects(
    pytester: pytest.Pytester, hosts: list[str], skipped: bool
) -> None:
    pytester.makepyfile(test_host="def test_own(): pass")
    pytester.makeconftest(
        """
        import gc

        def pytest_runtestloop():
            print("skipped:", gc.get_freeze_count() > 0, "collects:", gc.isenabled())
        """
    )
    for _ in range(2):
        result = contract(pytester, "-k", "order/newest_first or own", *hosts)
        result.stdout.fnmatch_lines([f"skipped: {skipped} collects: True"])


# --- optimized paths -----------------------------------------------------------------------------


@pytest.mark.slow
@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(['a"', 'b":', "\\", 'x": ', "é"]), JSON), max_size=5))
def test_a_duplicate_key_is_found_without_a_look_at_every_key(
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
def test_a_value_that_skips_jsonschema_is_valid(name: str, data: st.DataObject) -> None:
    prop = data.draw(st.sampled_from(_judged_by_value(Revision.load(name))))
    value = data.draw(JSON)
    assert (prop.problem(value) is None) == validator(prop.demands).is_valid(value)


def _judged_by_value(revision: Revision) -> list[Property]:
    """The properties without properties of their own: those are judged separately."""
    parents = {prop.parent for prop in revision.properties}
    return [prop for prop in revision.properties if prop.path not in parents]


@pytest.mark.slow
@pytest.mark.parametrize("name", [DEFAULT_REVISION, NEWEST])
@settings(deadline=None, max_examples=50)
@given(data=st.data())
def test_a_value_that_many_models_share_is_judged_as_in_each(
    name: str, data: st.DataObject
) -> None:
    revision = Revision.load(name)
    models = _changed(list(Fake(4, name).models), data)
    evidence = Evidence(ModelsAPI(IN_PROCESS), revision)
    read = read_json(json.dumps(models).encode())[0]
    nowhere: Any = None
    vars(evidence)["occurrences"] = [Occurrence(nowhere, "", model) for model in read]
    vars(evidence)["crawl"] = []
    unknown = set().union(*map(revision.unknown_fields, models))
    assert evidence.catalogue_values.meets(revision) == all(map(revision.meets, models))
    assert {line.rpartition(", ")[0] for line in unknown_fields(evidence)} == {
        f"ModelInfo.{path}" for path in unknown
    }


def _changed(models: list[Any], data: st.DataObject) -> list[Any]:
    """The models, about half of them with a value changed, removed or added somewhere."""
    models = deepcopy(models)
    for model in models:
        while data.draw(st.booleans()):
            place = data.draw(st.sampled_from(_objects(model)))
            name = data.draw(st.sampled_from([*place, "other"]))
            place.pop(name, None) if data.draw(st.booleans()) else place.update(
                {name: data.draw(JSON)}
            )
    return models


def _objects(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, dict):
        return []
    return [value, *(found for each in value.values() for found in _objects(each))]
