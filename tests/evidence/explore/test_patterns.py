"""When a server is wrong: from some windows that are, and further requests, to a sentence."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain, islice

import pytest

from pytest_models_contract.evidence.explore import rules
from pytest_models_contract.evidence.explore.drawing import steps
from pytest_models_contract.evidence.explore.patterns import MOST_PROBES, Pattern, reach
from pytest_models_contract.evidence.explore.rules import Rule, Span
from pytest_models_contract.evidence.explore.sentences import after, of_models, sentence
from pytest_models_contract.evidence.explore.windows import (
    Single,
    Space,
    Symptoms,
    Target,
    Window,
)

SPACE = Space(240, 20, 1000)
IsWrong = Callable[[Window], bool]


def pattern_of(is_wrong: IsWrong, symptoms: Callable[[Window], Symptoms]) -> Pattern:
    """The pattern of the first wrong window of an exploration of 400 requests."""

    def ask(window: Window) -> Symptoms:
        return symptoms(window) if is_wrong(window) else ()

    targets = islice(chain.from_iterable(steps(SPACE, 1)), 400)
    known = {target: ask(target) for target in targets if isinstance(target, Window)}
    example = next(window for window, seen in known.items() if seen)
    return Pattern(example, SPACE, ask, known)


def stated(is_wrong: IsWrong, symptoms: Callable[[Window], Symptoms] = lambda _: ("x",)) -> str:
    pattern = pattern_of(is_wrong, symptoms)
    said = sentence(pattern.learn(), pattern)
    assert pattern.probes >= 0
    return said


def left(window: Window) -> int:
    return window.left(240)


def number(window: Window) -> int:
    return window.limit or 20


@pytest.mark.parametrize(
    ("is_wrong", "said"),
    [
        (lambda w: 101 <= number(w) <= 199, "limits 101 to 199 give x; 100 and 200 are right"),
        (lambda w: number(w) == 128, "limit 128 gives x; 127 and 129 are right"),
        (
            lambda w: number(w) == 64 and w.cursor == "before_id",
            "limit 64 with `before_id` gives x; 63 and 65 are right",
        ),
        (
            lambda w: number(w) % 16 == 0 and bool(w.cursor),
            "limits divisible by 16 with `after_id` or `before_id` give x",
        ),
        (
            lambda w: number(w) % 2 == 1 and w.cursor == "after_id",
            "limits not divisible by 2 with `after_id` give x",
        ),
        (
            lambda w: w[:2] == ("after_id", 99),
            "cursor position 100 with `after_id` gives x; 99 and 101 are right",
        ),
        (
            lambda w: w.cursor == "before_id" and 230 <= w.place <= 236,
            "cursor positions 231 to 237 with `before_id` give x; 230 and 238 are right",
        ),
        (
            lambda w: w.cursor == "after_id" and w.place % 50 == 49,
            "cursor positions divisible by 50 with `after_id` give x",
        ),
        (
            lambda w: w.cursor == "after_id" and w.place > 150 and 33 <= number(w) <= 63,
            "limits 33 to 63 at cursor positions 152 to 207 with `after_id` give x; 32 and 64 are right",
        ),
        (
            lambda w: w.cursor == "after_id" and number(w) == left(w) > 50,
            "limits 51 to 239 where exactly as many models are left with `after_id` give x; 50 is right",
        ),
        (
            lambda w: w.cursor == "before_id" and SPACE.end(w) == 100,
            "pages back to model 101 with `before_id` give x",
        ),
        (
            lambda w: w.cursor != "before_id" and SPACE.end(w) == 128,
            "pages up to model 128 with no cursor or `after_id` give x",
        ),
        (lambda w: w.cursor == "before_id", "every page with `before_id` gives x"),
        (lambda _: True, "every page gives x"),
    ],
)
def test_a_sentence_says_when(is_wrong: IsWrong, said: str) -> None:
    assert stated(is_wrong) == said


def test_what_has_no_simple_rule_is_said_so() -> None:
    said = stated(lambda w: hash((w.place * 31 + number(w)) % 17) in (3, 4, 9))
    assert said.startswith("no simple rule: ")
    assert said.endswith(" windows give x")


def test_the_symptom_is_what_all_wrong_windows_share() -> None:
    def less(window: Window) -> Symptoms:
        return f"{number(window) - 1} models", "1 model less"

    assert stated(lambda w: number(w) == 128, less).startswith("limit 128 gives 127 models")
    assert "give 1 model less" in stated(lambda w: 101 <= number(w) <= 199, less)


def test_another_defect_does_not_blur_the_rule() -> None:
    def symptoms(window: Window) -> Symptoms:
        return ("a 400",) if number(window) == 7 else ("x",)

    pattern = pattern_of(lambda w: number(w) in (7, 128), symptoms)
    example = next(window for window, seen in pattern.known.items() if seen == ("x",))
    own = Pattern(example, SPACE, pattern.ask, pattern.known)
    assert sentence(own.learn(), own) == "limit 128 gives x; 127 and 129 are right"


def test_only_some_tens_of_requests_are_sent() -> None:
    pattern = pattern_of(lambda w: number(w) % 3 == w.place % 5, lambda _: ("x",))
    pattern.learn()
    assert 0 <= pattern.probes <= MOST_PROBES


def test_a_server_that_can_be_asked_no_more_leaves_what_is_known() -> None:
    pattern = pattern_of(lambda w: 101 <= number(w) <= 199, lambda _: ("x",))
    pattern.ask = lambda _: None
    assert sentence(pattern.learn(), pattern).startswith("limits 10")


def test_pages_cut_short_are_no_evidence_against_full_ones() -> None:
    full, cut = Window("after_id", 10, 128), Window("after_id", 200, 128)
    pattern = Pattern(full, SPACE, lambda _: (), {full: ("x",), cut: ()})
    assert not pattern.is_comparable(cut)
    assert Pattern(cut, SPACE, lambda _: (), {cut: ("x",)}).is_comparable(full)


def test_the_simplest_rule_has_the_fewest_conditions() -> None:
    wrong = [Window("after_id", place, 7) for place in (3, 90, 180)]
    right = [Window("after_id", 3, 6), Window("after_id", 90, 8)]
    rule = rules.simplest(wrong, right, SPACE)
    assert rule == Rule(frozenset(["after_id"]), (Span(rules.limit, 7, 7),))


def test_what_is_right_and_wrong_alike_has_no_rule() -> None:
    window = Window("after_id", 3, 7)
    assert rules.simplest([window], [window], SPACE) is None


@pytest.mark.parametrize(("low", "high"), [(0, 0), (-3, 5), (-40, 100)])
def test_both_ends_of_a_span_are_found(low: int, high: int) -> None:
    asked: list[int] = []

    def is_wrong(value: int) -> bool:
        asked.append(value)
        return low <= value <= high

    assert (reach(0, -1, is_wrong), reach(0, 1, is_wrong)) == (low, high)
    assert len(asked) < 40


@pytest.mark.parametrize(
    ("places", "said"),
    [
        ({137}, "model 138 is wrong, of 240; those beside are right"),
        (set(range(100, 110)), "models 101 to 110 are wrong, of 240; those beside are right"),
        ({5, 90, 137}, "3 of the 7 models that were asked for are wrong"),
    ],
)
def test_which_models_are_wrong_alone(places: set[int], said: str) -> None:
    known = {Single(place): ("x",) if place in places else () for place in (5, 90, 137, 105, 20)}
    example = next(model.place for model, seen in known.items() if seen and model.place in places)
    example = 137 if 137 in places else example

    def ask(model: Single) -> Symptoms:
        return ("x",) if model.place in places else ()

    assert of_models(example, known, ask, 240) == said


PAGE = Window("after_id", 9, 5)


@pytest.mark.parametrize(
    ("earlier", "last", "relation"),
    [
        (PAGE._replace(limit=7), PAGE, "a page with the same cursor and another limit"),
        (PAGE._replace(cursor="before_id"), PAGE, "a page with the same model as `before_id`"),
        (PAGE._replace(place=80), PAGE, "another page with the same limit"),
        (PAGE._replace(place=80, limit=8), PAGE, "another page with another limit"),
        (Single(9), PAGE, "a request for the same model alone"),
        (Single(8), PAGE, "a request for a model alone"),
        (PAGE, Single(12), "a page with the model on it"),
        (PAGE, Single(90), "a page"),
    ],
)
def test_what_went_before_is_named(earlier: Target, last: Target, relation: str) -> None:
    assert after(earlier, last, SPACE) == f"wrong only after {relation}; alone it is right"


def test_what_is_wrong_the_first_time_is_named() -> None:
    assert after(None, PAGE, SPACE).startswith("only the first request at a place is wrong")
