"""From causes to diagnoses: which check goes to which, in which order, and what workers found together."""

from __future__ import annotations

import doctest
from contextlib import closing
from types import ModuleType
from typing import Any

import pytest
from judging import ALONE, KEY, fake, judged_in_a_run

from pytest_models_contract import FakeServer
from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import Finding, Response
from pytest_models_contract.client.requests import list_request
from pytest_models_contract.evidence.diagnoses import counting, property_values, stability
from pytest_models_contract.evidence.diagnoses.causes import (
    Cause,
    Diagnosis,
    Violated,
    chosen,
    diagnoses,
    merged,
)
from pytest_models_contract.evidence.diagnoses.observed import Observed
from pytest_models_contract.evidence.diagnoses.rules import RULES, drawn
from pytest_models_contract.evidence.diagnoses.scope import extent, scope
from pytest_models_contract.evidence.diagnoses.traits import common_sign
from pytest_models_contract.evidence.diagnoses.windows import windows
from pytest_models_contract.evidence.proxy.requests import OF_A_PROXY
from pytest_models_contract.report import contents
from pytest_models_contract.spec.revision import Level, Revision
from pytest_models_contract.target.applications import Wsgi
from pytest_models_contract.target.targets import IN_PROCESS


def diagnosis(cause: str, *checks: str, title: str = "") -> Diagnosis:
    return Diagnosis(cause, title or cause, None, checks)


def violated(check: str, *seen: str, level: Level = "must") -> Violated:
    response: Any = None
    return Violated(check, level, [Finding(response, each, "") for each in seen])


def cause(name: str, *seen: str, telling: tuple[str, ...] = ()) -> Cause:
    """A cause from which everything follows that was seen so."""
    return Cause(name, name, lambda _, found: found.seen in seen, telling=telling)


# --- from causes to diagnoses --------------------------------------------------------------------


def test_a_cause_without_a_consequence_is_no_diagnosis() -> None:
    assert diagnoses([cause("a", "x")], [violated("order/newest_first", "y")]) == []


def test_a_cause_that_explains_only_a_part_of_a_check_does_not_explain_it() -> None:
    assert diagnoses([cause("a", "x")], [violated("c", "x", "y")]) == []


def test_causes_that_explain_a_check_together_leave_it_to_the_one_with_most_of_it() -> None:
    found = diagnoses([cause("a", "x"), cause("b", "y", "z")], [violated("c", "x", "y", "z")])
    assert [(own.cause, own.checks) for own in found] == [("b", ("c",))]


def test_the_most_telling_check_comes_first() -> None:
    checks = [
        violated("c", "x", "x", "x", level="should"),
        violated("b", "x", "x"),
        violated("a", "x"),
    ]
    assert diagnoses([cause("?", "x")], checks)[0].checks == ("b", "a", "c")
    assert diagnoses([cause("?", "x", telling=("a",))], checks)[0].checks == ("a", "b", "c")


# --- as few as explain everything ----------------------------------------------------------------


def test_the_cause_of_most_checks_wins_and_no_check_stands_twice() -> None:
    few, many = diagnosis("few", "a", "b"), diagnosis("many", "b", "c", "d")
    assert chosen([few, many], "abcde") == [many, diagnosis("few", "a")]


def test_of_two_that_explain_as_much_the_first_wins() -> None:
    one, other = diagnosis("one", "a"), diagnosis("other", "a")
    assert chosen([one, other], ["a"]) == [one]


def test_nothing_is_chosen_for_checks_that_are_not_there() -> None:
    assert chosen([diagnosis("one", "a")], ["b"]) == []
    assert chosen([], ["b"]) == []


def test_one_cause_that_several_workers_saw_is_one_diagnosis() -> None:
    first = diagnosis("ignored", "a", title="ignored: each of 3 pages")
    second = diagnosis("ignored", "b", "c", title="ignored: each of 5 pages")
    other = diagnosis("missing", "d")
    assert merged([first, other, second]) == [
        diagnosis("ignored", "b", "c", "a", title="ignored: each of 5 pages"),
        other,
    ]


# --- where something shows -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def seen() -> Observed:
    """A conformant server after a few requests."""
    api = ModelsAPI(IN_PROCESS, Wsgi(fake()), key=KEY)
    ids = api.page(limit=1000).ids
    for limit in (None, 1, 5, 20, 100):
        for cursors in ({}, {"after_id": ids[0]}, {"after_id": ids[-1]}, {"before_id": ids[9]}):
            api.list(limit=limit, **cursors)
    own = Observed(list(api.exchanges), Revision.load(), [api.page(limit=1000)], [])
    api.close()
    return own


@pytest.mark.parametrize(
    ("holds", "phrase"),
    [
        ({}, ""),
        ({"limit": None}, "without `limit`"),
        ({"limit": "5"}, "with `limit=5`"),
        ({"before_id": "*"}, "with `before_id`"),
        ({"after_id": None, "before_id": None}, "without a cursor"),
        ({"after_id": "last"}, "after the last model"),
        ({"before_id": "*", "limit": "1"}, "with `before_id` and with `limit=1`"),
    ],
)
def test_the_requests_in_which_something_shows_are_distinguished_from_the_others(
    seen: Observed, holds: dict[str, Any], phrase: str
) -> None:
    def is_inside(response: Response) -> bool:
        for name, wanted in holds.items():
            value = response.request.value(name)
            if wanted == "last" and value != seen.ids[-1]:
                return False
            if (wanted is None) != (value is None) or wanted not in (None, "*", "last", value):
                return False
        return True

    inside = [own for own in seen.lists if is_inside(own)]
    outside = [own for own in seen.lists if not is_inside(own)]
    found = scope(inside, outside, seen)
    assert found is not None
    assert found.phrase == phrase


@pytest.mark.parametrize(
    ("first", "phrase"),
    [("claude+opus", "for cursors with `+`"), ("opus", "for cursors up to the 1st model")],
)
def test_the_spelling_of_a_single_id_says_more_than_its_place(first: str, phrase: str) -> None:
    models = [{"id": found} for found in (first, "haiku", "sonnet")]
    with closing(ModelsAPI(IN_PROCESS, Wsgi(fake(models=models)), key=KEY)) as api:
        pages = [api.page(limit=1000), *(api.page(after_id=own) for own in (first, "haiku"))]
        seen = Observed(list(api.exchanges), Revision.load(), pages[:1], [])
    _, inside, outside = (page.response for page in pages)
    found = scope([inside], [outside], seen)
    assert found is not None
    assert found.phrase == phrase


@pytest.mark.parametrize(
    ("lost", "others", "sign"),
    [
        (["lab/a", "lab/b"], ["a"], "a slash"),
        (["a\r"], ["a"], "a control character"),
        (["b é"], ["a"], "a blank and characters beyond ASCII"),
        (["a/b", "a:b"], ["a"], "characters that need encoding"),
        (["Qwen"], ["claude"], "a capital letter"),
        (["Qwen"], ["Claude"], ""),
    ],
)
def test_the_spelling_that_tells_ids_apart(lost: list[str], others: list[str], sign: str) -> None:
    assert common_sign(lost, others) == sign


def test_what_no_words_tell_apart_is_counted(seen: Observed) -> None:
    some = seen.lists[1::3]
    assert scope(some, [own for own in seen.lists if own not in some], seen) is None
    assert (
        extent(some, seen.lists, seen, "page").number == f"{len(some)} of {len(seen.lists)} pages"
    )


def test_a_page_knows_what_it_should_have_held(seen: Observed) -> None:
    for window in windows(seen):
        assert list(window.due(seen)) == window.page.ids


# --- all rules at once ---------------------------------------------------------------------------


def test_no_rule_sees_anything_in_a_conformant_server() -> None:
    _, run = judged_in_a_run(fake(), only=ALONE)
    own = Observed(list(run.asked.api.exchanges), run.revision, run.asked.crawl, [])
    assert [found.title for rule in RULES for found in rule(own)] == []


def test_rules_look_at_an_empty_run_and_find_nothing() -> None:
    assert drawn(Observed([], Revision.load(), [], [])) == []


@pytest.mark.parametrize(
    ("again", "titles"),
    [
        (-1, ["the same request for the list gets other models when it is sent again"]),
        (OF_A_PROXY, []),
    ],
)
def test_a_proxy_whose_upstream_the_run_changes_is_not_called_unstable(
    again: int, titles: list[str], models_fake: FakeServer
) -> None:
    api = ModelsAPI(models_fake.base_url)
    for size in (27, 26):
        models_fake.serve(size)
        api.once(list_request({"limit": 1000}, again=again))
    own = Observed(list(api.exchanges), Revision.load(), [], [violated("limit/default")])
    api.close()
    assert [found.title.partition(":")[0] for found in stability.changes(own)] == titles


@pytest.mark.parametrize("module", [counting, property_values, contents])
def test_the_examples_in_docstrings_are_right(module: ModuleType) -> None:
    result = doctest.testmod(module)
    assert result.failed == 0
    assert result.attempted > 0
