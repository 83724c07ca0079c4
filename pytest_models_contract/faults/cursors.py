"""Lies about cursors: which models a page has, told from the models around it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from pytest_models_contract.faults.kit import (
    backwards,
    cut_from,
    everything,
    family,
    fault,
    has_cursor,
    is_page,
    lists,
    put,
    refusal,
    with_data,
    with_page,
    with_query,
    without_cursor,
)
from pytest_models_contract.question import Answer, Ask, Question

CURSORS = {"after_id": "after_id", "before_id": "before_id"}


@family(CURSORS)
@lists
def cursor_ignored(ask: Ask, question: Question, cursor: str) -> Answer:
    """A cursor is ignored: the first page comes again."""
    return ask(with_query(question, **{cursor: None}))


@fault
@lists
def both_cursors_ignored(ask: Ask, question: Question) -> Answer:
    """No cursor is heeded, neither after_id nor before_id."""
    return ask(without_cursor(question))


@family(CURSORS)
@lists
def cursor_inclusive(ask: Ask, question: Question, cursor: str) -> Answer:
    """The page has the cursor's own model too, on its near end."""
    answer, models = ask(question), everything(ask, question)
    own = [model for model in models if model["id"] == question.get(cursor)]
    if not is_page(answer) or not own:
        return answer
    data = answer.body["data"]
    return with_data(answer, [*data[1:], *own] if cursor == "before_id" else [*own, *data[:-1]])


@family(
    {
        "always": lambda _: True,
        "with-a-limit": lambda question: question.get("limit") is not None,
        "without-a-limit": lambda question: question.get("limit") is None,
    }
)
@lists
def before_gives_the_first_models(ask: Ask, question: Question, told: Any) -> Answer:
    """The page before a cursor starts at the newest model instead of ending at the cursor."""
    answer = ask(question)
    if not is_page(answer) or not backwards(question) or not told(question):
        return answer
    return with_data(answer, everything(ask, question)[: len(answer.body["data"])])


@fault
@lists
def before_means_after(ask: Ask, question: Question) -> Answer:
    """before_id is read as after_id."""
    before = question.get("before_id")
    turned = with_query(question, before_id=None, after_id=before)
    return ask(question if before is None or question.get("after_id") else turned)


@fault
@lists
def after_means_before(ask: Ask, question: Question) -> Answer:
    """after_id is read as before_id."""
    after = question.get("after_id")
    turned = with_query(question, after_id=None, before_id=after)
    return ask(question if after is None or question.get("before_id") else turned)


@fault
@lists
def after_skips_a_model(ask: Ask, question: Question) -> Answer:
    """A page after a cursor starts one model too late, so each border of a walk loses one."""
    return _from_next(ask, question, "after_id", 1)


@fault
@lists
def before_skips_a_model(ask: Ask, question: Question) -> Answer:
    """A page before a cursor ends one model too early, so each border of a walk loses one."""
    return _from_next(ask, question, "before_id", -1)


def _from_next(ask: Ask, question: Question, cursor: str, step: int) -> Answer:
    ids = [model["id"] for model in everything(ask, question)]
    if question.get(cursor) not in ids:
        return ask(question)
    place = ids.index(str(question.get(cursor))) + step
    return ask(with_query(question, **{cursor: ids[min(max(place, 0), len(ids) - 1)]}))


@fault
@lists
def page_border_repeats_a_model(ask: Ask, question: Question) -> Answer:
    """A page after a cursor starts with the cursor's model again, on top of its own."""
    answer, models = ask(question), everything(ask, question)
    own = [model for model in models if model["id"] == question.get("after_id")]
    if not is_page(answer) or not own or not answer.body["data"]:
        return answer
    return with_page(with_data(answer, [*own, *answer.body["data"]]))


@family(
    {
        "last": lambda models: models[:-1],
        "first": lambda models: models[1:],
    }
)
@lists
def list_lacks(ask: Ask, question: Question, choice: Any) -> Answer:
    """Models that retrieve knows are not in the list; has_more agrees with what is left."""
    return cut_from(ask, question, choice)


@fault
@lists
def cursors_are_offsets(ask: Ask, question: Question) -> Answer:
    """A page's cursors are positions, and only positions are taken as cursors."""
    ids = [model["id"] for model in everything(ask, question)]
    cursor = "before_id" if backwards(question) else "after_id"
    offset = question.get(cursor)
    if offset is not None and offset.isdecimal() and int(offset) < len(ids):
        question = with_query(question, **{cursor: ids[int(offset)]})
    elif offset is not None:
        question = with_query(question, **{cursor: f"offset {offset}"})
    answer = ask(question)
    if not is_page(answer) or not answer.body["data"]:
        return answer
    first, last = answer.body["first_id"], answer.body["last_id"]
    return with_page(answer, first_id=str(ids.index(first)), last_id=str(ids.index(last)))


@family({"after": "after_id", "before": "before_id"})
@lists
def cursor_must_be_on_page_one(ask: Ask, question: Question, name: str) -> Answer:
    """A cursor beyond the twentieth model is refused as unknown."""
    answer, known = ask(question), everything(ask, question)[:20]
    cursor = question.get(name)
    if cursor is None or cursor in [model["id"] for model in known]:
        return answer
    return refusal(question, answer, 400, "invalid_request_error", f"{cursor} names no model")


@family({"after_id": "after_id", "before_id": "before_id"})
@lists
def cursor_needs_a_limit(ask: Ask, question: Question, cursor: str) -> Answer:
    """A cursor is heeded only when a limit comes with it."""
    return ask(question if question.get("limit") else with_query(question, **{cursor: None}))


@fault
@lists
def unknown_cursor_crashes(ask: Ask, question: Question) -> Answer:
    """A cursor that names no model gets 500."""
    answer = ask(question)
    both = question.get("after_id") is not None and backwards(question)
    if answer.status != 400 or not has_cursor(question) or both:
        return answer
    return refusal(question, answer, 500, "api_error", "internal error")


@fault
@lists
def both_cursors_crash(ask: Ask, question: Question) -> Answer:
    """Two cursors at once get 500."""
    answer = ask(question)
    if question.get("after_id") is None or not backwards(question):
        return answer
    return refusal(question, answer, 500, "api_error", "internal error")


def _nothing(models: list[Any]) -> list[Any]:
    return models[:0]


@family(
    {
        "empty": _nothing,
        "reversed": lambda models: models[::-1],
        "one-less": lambda models: models[1:],
        "rotated": lambda models: [*models[1:], *models[:1]],
    }
)
@lists
def second_answer_is(
    ask: Ask, question: Question, edit: Callable[[list[Any]], list[Any]]
) -> Answer:
    """The same question asked again gets other models, every other time."""
    answer = ask(question)
    if not is_page(answer) or question.count % 2 == 1 or len(answer.body["data"]) < 2:
        return answer
    return with_data(answer, edit(answer.body["data"]))


@fault
def concurrent_answers_mixed_up(ask: Ask, question: Question) -> Answer:
    """Of two questions asked at the same time, the first gets the second's answer."""
    time.sleep(0.003)
    return ask(question.asked[-1])


@family(
    {
        "limit-under-5": lambda question: 0 < int(question.get("limit") or 20) < 5,
        "limit-over-99": lambda question: int(question.get("limit") or 20) > 99,
        "after_id": lambda question: question.get("after_id") is not None,
        "before_id": backwards,
        "no-limit": lambda question: question.get("limit") is None,
    }
)
@lists
def model_differs_with(ask: Ask, question: Question, told: Any) -> Answer:
    """The same model has another display_name on some pages than on others."""
    answer = ask(question)
    if not is_page(answer) or not told(question):
        return answer
    return with_data(
        answer, [put(model, "display_name", "Claude") for model in answer.body["data"]]
    )
