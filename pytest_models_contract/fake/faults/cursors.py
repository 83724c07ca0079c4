"""Lies about cursors: which models a page has, told from the models around it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pytest_models_contract.fake.catalogue import Model
from pytest_models_contract.fake.exchange import Answer, Ask, Question
from pytest_models_contract.fake.faults.kit import (
    backwards,
    cut_from,
    everything,
    family,
    fault,
    has_unknown_cursor,
    is_page,
    lists,
    refusal,
    with_body,
    with_data,
    with_page,
    with_query,
    without_cursor,
)

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
    if answer.status != 400 or not has_unknown_cursor(ask, question):
        return answer
    return refusal(question, answer, 500, "api_error", "internal error")


@family({"unknown": False, "both": True})
@lists
def odd_cursor_gets_half_a_page(ask: Ask, question: Question, both: bool) -> Answer:
    """A cursor that names no model, or two at once, get 200 with `data` null, as Go writes no list."""
    answer = ask(question)
    two = question.get("after_id") is not None and backwards(question)
    if answer.status != 400 or two != both or not (two or has_unknown_cursor(ask, question)):
        return answer
    nothing = {"data": None, "first_id": "", "last_id": "", "has_more": False}
    return replace(with_body(answer, nothing), status=200)


@fault
@lists
def both_cursors_crash(ask: Ask, question: Question) -> Answer:
    """Two cursors at once get 500."""
    answer = ask(question)
    if question.get("after_id") is None or not backwards(question):
        return answer
    return refusal(question, answer, 500, "api_error", "internal error")


@family({"strictly": False, "with-ties": True})
@lists
def after_goes_by_date(ask: Ask, question: Question, ties: bool) -> Answer:
    """A page after a cursor holds what is older than its model: of one date none comes, or all."""
    answer, models = ask(question), everything(ask, question)
    day = _day(models, question.get("after_id"))
    if not is_page(answer) or day is None:
        return answer
    left = [
        model
        for model in models
        if model["created_at"] < day or (ties and day == model["created_at"])
    ]
    return _cut(answer, question, left, left[: _size(question)])


@family({"strictly": False, "with-ties": True})
@lists
def before_goes_by_date(ask: Ask, question: Question, ties: bool) -> Answer:
    """A page before a cursor holds what is newer than its model: of one date none comes, or all."""
    answer, models = ask(question), everything(ask, question)
    day = _day(models, question.get("before_id"))
    if not is_page(answer) or day is None:
        return answer
    left = [
        model
        for model in models
        if model["created_at"] > day or (ties and day == model["created_at"])
    ]
    return _cut(answer, question, left, left[-_size(question) :])


@fault
@lists
def before_wraps_around(ask: Ask, question: Question) -> Answer:
    """A page before a cursor is empty where fewer models than the limit are left, as of a negative index."""
    answer, models = ask(question), everything(ask, question)
    place = next((n for n, m in enumerate(models) if m["id"] == question.get("before_id")), None)
    if not is_page(answer) or place is None:
        return answer
    return with_data(answer, models[place - _size(question) : place])


@family({"1000": 1000, "100": 100})
@lists
def large_limit_forgets_after_id(ask: Ask, question: Question, least: int) -> Answer:
    """after_id is ignored where a large limit comes with it."""
    large = _size(question) >= least
    return ask(with_query(question, after_id=None) if large else question)


@fault
@lists
def cursors_advance_by_themselves(ask: Ask, question: Question) -> Answer:
    """Whatever after_id says, the next page of the session comes."""
    ids = [model["id"] for model in everything(ask, question)]
    if question.get("after_id") not in ids:
        return ask(question)
    turn = sum(1 for asked in question.asked if asked.get("after_id") is not None)
    later = ids[len(ids) // 3 : -1] or ids  # so that page two of a walk never follows page one
    return ask(with_query(question, after_id=later[turn * 7 % len(later)]))


def _day(models: list[Model], cursor: str | None) -> Any:
    return next((model["created_at"] for model in models if model["id"] == cursor), None)


def _cut(answer: Answer, question: Question, left: list[Model], data: list[Model]) -> Answer:
    return with_page(with_data(answer, data), has_more=len(left) > _size(question))


def _size(question: Question) -> int:
    limit = question.get("limit") or ""
    return int(limit) if limit.isdecimal() else 20
