"""The draw of an exploration: repeatable, nothing twice, where servers go wrong first, then everywhere."""

from __future__ import annotations

import random
from itertools import chain, islice, pairwise

import pytest

from pytest_models_contract.evidence.explore.decks import Deck, evenly, landmarks, places
from pytest_models_contract.evidence.explore.drawing import steps
from pytest_models_contract.evidence.explore.windows import Single, Space, Step, Target, Window

SPACE = Space(240, 20, 1000)
RNG = random.Random(5)  # noqa: S311 - nothing secret


def drawn(number: int, space: Space = SPACE, seed: int = 1) -> list[Target]:
    return list(islice(chain.from_iterable(steps(space, seed)), number))


def windows(targets: list[Target]) -> list[Window]:
    return [target for target in targets if isinstance(target, Window)]


def some_steps(seed: int = 1) -> list[Step]:
    return list(islice(steps(SPACE, seed), 400))


def test_a_seed_draws_the_same_again() -> None:
    assert drawn(500) == drawn(500)
    assert drawn(500) != drawn(500, seed=2)


def test_more_requests_begin_with_fewer() -> None:
    assert drawn(300)[:100] == drawn(100)


@pytest.mark.parametrize("seed", range(3))
def test_a_thousand_requests_send_every_cursor_and_ask_for_every_model(seed: int) -> None:
    targets = drawn(1000, seed=seed)
    cursors = {(window.cursor, window.place) for window in windows(targets) if window.cursor}
    assert len(cursors) == 2 * 240
    assert len({target.place for target in targets if isinstance(target, Single)}) > 220


@pytest.mark.parametrize("seed", range(3))
def test_a_few_hundred_requests_try_every_landmark(seed: int) -> None:
    tried = {window.limit or 20 for window in windows(drawn(400, seed=seed))}
    assert {limit for limit in landmarks(1000) if limit <= 240} <= tried
    assert len(tried) > 150


@pytest.mark.parametrize("seed", range(3))
def test_limits_are_close_to_what_is_left(seed: int) -> None:
    off = [(window.limit or 20) - window.left(240) for window in windows(drawn(400, seed=seed))]
    assert all(off.count(number) >= 5 for number in (-1, 0, 1))


def test_no_request_is_drawn_twice_but_on_purpose() -> None:
    targets = drawn(1000)
    assert 0 < 1000 - len(set(targets)) < 40


def test_what_the_suite_asks_anyway_is_left_out() -> None:
    first = drawn(100)
    known = Space(240, 20, 1000, known=frozenset(first))
    assert set(first).isdisjoint(drawn(300, known))


def test_special_places_come_early() -> None:
    special = Space(900, 20, 1000, special=(333, 777))
    early = {target.place for target in drawn(200, special)}
    assert {333, 777} <= early


@pytest.mark.parametrize("size", [1, 2, 3, 27, 1500])
def test_every_window_is_legal(size: int) -> None:
    for target in drawn(600, Space(size, 20, 1000)):
        assert 0 <= target.place < size
        if isinstance(target, Window):
            assert target.limit is None or 1 <= target.limit <= 1000
            assert target.cursor or target.place == 0


def test_the_draw_of_a_small_space_ends() -> None:
    targets = drawn(10_000, Space(2, 3, 5))
    assert set(map(type, targets)) == {Window, Single}
    # There are as many as each cursor, or none, with each limit, or none, and each model.
    assert 28 <= len(set(targets)) <= 5 * 6 + 2
    assert len(targets) == len(set(targets))


def test_steps_of_several_requests_are_related() -> None:
    pairs = [pair for step in some_steps() for pair in pairwise(step)]
    both = [(one, two) for one, two in pairs if isinstance(one, Window) and isinstance(two, Window)]
    assert any(one.cursor == two.cursor and one.place == two.place for one, two in both)
    assert any(one.place == two.place and one.cursor != two.cursor for one, two in both)
    assert any(
        two == Window("after_id", SPACE.page(one).stop - 1, one.limit)
        for one, two in both
        if one.cursor == "after_id"
    )
    assert any(
        two == Window("before_id", SPACE.page(one).start, one.limit)
        for one, two in both
        if one.cursor == "after_id"
    )
    assert any(
        two.place in SPACE.page(one)
        for one, two in pairs
        if isinstance(one, Window) and isinstance(two, Single)
    )
    assert any(
        one.place == two.place
        for one, two in pairs
        if isinstance(one, Single) and isinstance(two, Window)
    )


def test_every_beginning_is_spread_evenly() -> None:
    numbers = evenly(240, RNG)
    assert sorted(numbers) == list(range(240))
    for first in (10, 40, 100):
        part = sorted(numbers[:first])
        gaps = [two - one for one, two in pairwise([*part, part[0] + 240])]
        assert max(gaps) <= 3 * 240 / first


@pytest.mark.parametrize("size", [1, 2, 3, 10])
def test_places_are_all_there(size: int) -> None:
    assert sorted(places(size, [], RNG)) == list(range(size))


def test_a_deck_deals_all_before_any_again() -> None:
    deck = Deck(lambda: [1, 2, 3])
    assert deck.deal(lambda card: card == 3) == 3
    deck.drop(2)
    assert (deck.deal(), deck.rounds, len(deck)) == (1, 1, 3)


@pytest.mark.parametrize(
    ("window", "page", "end", "more", "cut"),
    [
        (Window("", 0, 3), range(3), 3, True, False),
        (Window("", 0, None), range(10), 10, False, True),
        (Window("after_id", 0, 3), range(1, 4), 4, True, False),
        (Window("after_id", 6, 3), range(7, 10), 10, False, False),
        (Window("after_id", 9, 3), range(10, 10), 10, False, True),
        (Window("before_id", 9, 3), range(6, 9), 6, True, False),
        (Window("before_id", 3, 3), range(3), 0, False, False),
        (Window("before_id", 0, 3), range(0), 0, False, True),
    ],
)
def test_a_window_is_a_part_of_the_catalogue(
    window: Window, page: range, end: int, more: bool, cut: bool
) -> None:
    space = Space(10, 20, 1000)
    assert list(space.page(window)) == list(page)
    assert (space.end(window), space.has_more(window), space.is_cut(window)) == (end, more, cut)
