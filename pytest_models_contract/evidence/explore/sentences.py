"""When a server is wrong, in words: which requests, what they give, and which beside them are right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from pytest_models_contract.evidence.explore import rules
from pytest_models_contract.evidence.explore.patterns import Pattern, reach
from pytest_models_contract.evidence.explore.rules import Condition, Feature, Remainder, Rule, Span
from pytest_models_contract.evidence.explore.windows import Single, Space, Symptoms, Target

WITH = {"": "no cursor", "after_id": "`after_id`", "before_id": "`before_id`"}
OPEN = 2**63
NAMES: dict[Feature, str] = {rules.limit: "limit", rules.position: "cursor position"}
LEFT = {-1: "one model more is", 0: "exactly as many models are", 1: "one model less is"}
"""What is left, by how much greater the limit is."""


def sentence(rule: Rule | None, pattern: Pattern) -> str:
    """When windows are wrong: `limits 101 to 199 give 100 models; 100 and 200 are right`."""
    if rule is None:
        known = len(pattern.wrong) + len(pattern.right)
        return f"no simple rule: {len(pattern.wrong)} of {known} windows give {pattern.symptom}"
    right = [str(value) for value in sorted(_right_beside(rule, pattern))]
    rule = Rule(rule.cursors, tuple(_opened(each, rule, pattern) for each in rule.conditions))
    beside = f"; {' and '.join(right)} {'are' if right[1:] else 'is'} right" if right else ""
    verb = "gives" if _is_singular(rule) else "give"
    return f"{_subject(rule)}{_cursors(rule)} {verb} {pattern.symptom}{beside}"


def _is_singular(rule: Rule) -> bool:
    """Whether the subject of the sentence is one limit, one position, or `every page`."""
    first, *others = rule.conditions or (None,)
    one = isinstance(first, Span) and first.low == first.high and first.feature in NAMES
    return first is None or (one and not others)


def _cursors(rule: Rule) -> str:
    if len(rule.cursors) == len(WITH):
        return ""
    return " with " + " or ".join(WITH[cursor] for cursor in sorted(rule.cursors))


def _subject(rule: Rule) -> str:
    """The windows of the rule."""
    if not rule.conditions:
        return "every page"
    first, *others = rule.conditions
    words = [_values(first) if first.feature in NAMES else _pages(first, rule)]
    for each in others:
        if each.feature is first.feature:
            words.append(f"that are {_bounds(each)}")
        elif each.feature in NAMES:
            words.append(f"{'with' if each.feature is rules.limit else 'at'} {_values(each)}")
        else:
            words.append(_pages(each, rule).removeprefix("limits "))
    return " ".join(words)


def _values(condition: Condition) -> str:
    """`limits 101 to 199`, `cursor positions divisible by 16`."""
    several = isinstance(condition, Remainder) or condition.low < condition.high
    return f"{NAMES[condition.feature]}{'s' if several else ''} {_bounds(condition)}"


def _bounds(condition: Condition) -> str:
    if isinstance(condition, Span):
        return _range(condition.low, condition.high)
    if condition.divisor == 2 and condition.rest:
        return "not divisible by 2"
    if condition.rest == 0:
        return f"divisible by {condition.divisor}"
    return f"{condition.rest} beyond multiples of {condition.divisor}"


def _pages(condition: Condition, rule: Rule) -> str:
    """The pages of a condition that is neither about the limit alone nor about the cursor alone."""
    low, high = (condition.low, condition.high) if isinstance(condition, Span) else (0, 0)
    if condition.feature is rules.spare:
        return f"limits where {LEFT[low]} left"
    if condition.feature is rules.size:
        return f"pages of {_range(low, high)} models"
    if rule.cursors == {"before_id"}:
        return f"pages back to model {_range(low + 1, high + 1)}"
    return f"pages up to model {_range(low, high)}"


def _range(low: int, high: int) -> str:
    if high == OPEN:
        return f"from {low}"
    if low == -OPEN:
        return f"up to {high}"
    return f"{low} to {high}" if low < high else str(low)


def _opened(condition: Condition, rule: Rule, pattern: Pattern) -> Condition:
    """A span without its ends where nothing beyond them is known to be right."""
    if isinstance(condition, Remainder) or condition.feature not in NAMES:
        return condition
    right = _right_values(condition, rule, pattern)
    low, high = condition.low, condition.high
    if low < high and not any(value > high for value in right):
        high = OPEN
    elif low < high and not any(value < low for value in right):
        low = -OPEN
    return condition._replace(low=low, high=high)


def _right_values(span: Span, rule: Rule, pattern: Pattern) -> set[int]:
    """The values of the span's feature for windows that are right, and are as the rule says otherwise."""
    others = Rule(rule.cursors, tuple(each for each in rule.conditions if each != span))
    right = (window for window in pattern.right if others.holds(window, pattern.space))
    return {span.feature(window, pattern.space) for window in right}


def _right_beside(rule: Rule, pattern: Pattern) -> Iterator[int]:
    """The next values beyond both ends of the first span, as far as windows there are right."""
    span = rule.conditions[0] if rule.conditions else None
    if not isinstance(span, Span) or span.feature not in NAMES:
        return
    yield from {span.low - 1, span.high + 1} & _right_values(span, rule, pattern)


# --- models alone, and requests that spoil others ------------------------------------------------


def of_models(
    place: int,
    known: Mapping[Single, Symptoms],
    ask: Callable[[Single], Symptoms | None],
    size: int,
) -> str:
    """Which models are wrong when they are asked for alone: `models 101 to 110 of 240 give …`."""
    came = dict(known)

    def is_wrong(other: int) -> bool:
        model = Single(other)
        if model not in came and 0 <= other < size:
            came[model] = ask(model) or ()
        return bool(came.get(model))

    low, high = reach(place, -1, is_wrong), reach(place, 1, is_wrong)
    wrong = [model.place for model, symptoms in came.items() if symptoms]
    if low <= min(wrong) and max(wrong) <= high:
        which = f"model {low + 1} is" if low == high else f"models {low + 1} to {high + 1} are"
        return f"{which} wrong, of {size}; those beside are right"
    return f"{len(wrong)} of the {len(came)} models that were asked for are wrong"


def after(earlier: Target | None, last: Target, space: Space) -> str:
    """Which request before makes the last one wrong."""
    if earlier is None:
        return "only the first request at a place is wrong; the same again is right"
    return f"wrong only after {_relation(earlier, last, space)}; alone it is right"


def _relation(earlier: Target, last: Target, space: Space) -> str:
    if isinstance(earlier, Single):
        return f"a request for {'the same' if earlier.place == last.place else 'a'} model alone"
    if isinstance(last, Single):
        return (
            f"a page {'with the model on it' if last.place in space.page(earlier) else ''}".strip()
        )
    same_place = bool(earlier.cursor and last.cursor) and earlier.place == last.place
    if same_place and earlier.cursor == last.cursor:
        return "a page with the same cursor and another limit"
    if same_place:
        return f"a page with the same model as `{earlier.cursor}`"
    return f"another page with {'the same' if earlier.limit == last.limit else 'another'} limit"
