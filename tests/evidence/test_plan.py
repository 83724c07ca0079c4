"""Which requests are planned for a catalogue: with listed ids, legal limits, and not too many."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_models_contract.evidence.plan import (
    LARGEST,
    WALKED_WHOLE,
    backward_walks,
    forward_walks,
    special_ids,
    special_windows,
    variant_page,
    walk_sizes,
    windows,
)

DEFAULT, MAXIMUM = 20, 1000
MOST_WINDOWS = 20
MOST_WALKED_PAGES = 60
"""The bound of pages that walks and windows request, for any size of catalogue."""

sizes = st.integers(0, 100) | st.integers(900, 1100) | st.sampled_from([WALKED_WHOLE, 2901, 9000])


def ids(count: int) -> list[str]:
    return [f"m{n}" for n in range(count)]


def cursor(window: dict[str, Any]) -> str | None:
    return window.get("after_id") or window.get("before_id")


@given(sizes)
def test_windows_have_listed_cursors_and_legal_limits(count: int) -> None:
    asked = list(windows(ids(count), DEFAULT, MAXIMUM))
    assert all(1 <= window.get("limit", DEFAULT) <= MAXIMUM for window in asked)
    assert {found for window in asked if (found := cursor(window))} <= set(ids(count))
    assert all(set(window) <= {"limit", "after_id", "before_id"} for window in asked)
    assert len(asked) <= MOST_WINDOWS


@given(st.integers(2, 300))
def test_windows_include_both_list_ends(count: int) -> None:
    own = ids(count)
    asked = [tuple(window.items()) for window in windows(own, DEFAULT, MAXIMUM)]
    for edge in ("after_id", own[-1]), ("before_id", own[0]), ("after_id", own[0]):
        assert (edge,) in asked
    assert (("before_id", own[-1]),) in asked
    assert (("limit", 1),) in asked


def as_text(window: dict[str, Any]) -> str:
    return " ".join(f"{name.removesuffix('_id')} {value}" for name, value in window.items())


ONE = "after m0, before m0, limit 1"
TWO = "after m1, before m0, limit 1, limit 2, after m0, before m1, "
BEYOND = "after m5, before m0, after m0, before m5, "
NEAR = "after m4 limit 1, before m1 limit 1, after m3 limit 1, before m2 limit 1, "


@pytest.mark.parametrize(
    ("count", "default", "maximum", "expected"),
    [
        (1, 4, 9, ONE),
        (2, 4, 9, TWO + "before m1 limit 9, after m0 limit 1, before m1 limit 1, after m0 limit 9"),
        (
            3,
            4,
            9,
            "after m2, before m0, limit 1, limit 2, limit 3, after m0, before m2,"
            " before m2 limit 9, after m1 limit 1, before m1 limit 1, after m0 limit 1,"
            " before m2 limit 1, after m0 limit 9",
        ),
        (
            6,
            4,
            6,
            f"{BEYOND}{NEAR}limit 1, limit 2, limit 5, limit 6, before m5 limit 6,"
            " after m0 limit 6, before m4",
        ),
        (6, 6, 3, f"{BEYOND}{NEAR}limit 1, limit 2, before m5 limit 3"),
    ],
)
def test_the_windows_of_small_catalogues(
    count: int, default: int, maximum: int, expected: str
) -> None:
    asked = {as_text(window) for window in windows(ids(count), default, maximum)}
    assert asked == set(expected.split(", "))


@pytest.mark.parametrize(("count", "sizes"), [(4, [1, 2, 3, 4]), (9, [1, 2, 8, 9])])
def test_first_pages_end_at_the_last_model_and_before_it(count: int, sizes: list[int]) -> None:
    asked = windows(ids(count), DEFAULT, MAXIMUM)
    assert [window["limit"] for window in asked if set(window) == {"limit"}] == sizes


def test_the_first_id_with_each_character_that_needs_encoding_is_special() -> None:
    own = ["plain", "a:b", "c:d", "a%2Fb", "a/b:c", "a%zz", "\u00e9", "\u00fc", "e f/g"]
    assert special_ids(own) == ["a:b", "a%2Fb", "a/b:c", "a%zz", "\u00e9", "e f/g"]
    characters = "!#$&'()*+,/:;"
    assert special_ids(list(characters)) == list(characters[:12])


def test_a_special_id_is_a_cursor_in_both_directions() -> None:
    asked = [as_text(window) for window in special_windows(["d/e", "b/c", "f/g"], [5, {}, 6])]
    assert asked[:2] == ["after b/c limit 1", "before b/c limit 1"]


def dated(dates: str) -> list[dict[str, str]]:
    return [{"created_at": f"2026-{date}"} for date in dates]


def test_each_side_of_equal_dates_is_requested_in_both_directions() -> None:
    own = [*ids(6), "a"]  # only the last tie is against the order of the ids
    asked = {as_text(window) for window in special_windows(own, dated("aabbbcc"))}
    assert asked == {
        *("after m0 limit 1", "before m1 limit 1"),
        *("after m5 limit 1", "before a limit 1"),
    }


@pytest.mark.parametrize("dates", ["abc", "aab", "abb", "aabb"])
def test_a_tie_is_requested_where_there_is_one(dates: str) -> None:
    own = ["m0", "m1", "m3", "m2"][: len(dates)]
    asked = {cursor(window) for window in special_windows(own, dated(dates))}
    assert asked == {found for found, date in zip(own, dates, strict=True) if dates.count(date) > 1}


@given(st.integers(21, 300))
def test_a_default_page_ends_exactly_at_the_first_model(count: int) -> None:
    own = ids(count)
    asked = [tuple(window.items()) for window in windows(own, DEFAULT, MAXIMUM)]
    assert (("before_id", own[DEFAULT]),) in asked


@given(st.integers(1, WALKED_WHOLE))
def test_walks_leave_a_page_that_is_not_full(count: int) -> None:
    found = walk_sizes(count)
    assert all(1 <= size <= LARGEST for size in found)
    assert len(found) == len(set(found)) <= 2
    assert all(count / size <= 6 for size in found)
    assert any(count % size for size in found) or count <= 6


@given(sizes)
def test_the_walks_take_a_bounded_number_of_pages(count: int) -> None:
    own = ids(count)
    walks = [*forward_walks(own, DEFAULT), *backward_walks(own)]
    pages = 0
    for size, start, backward in walks:
        place = own.index(start) if start else None
        if backward:
            assert place is not None
            left = place
        else:
            left = count - (0 if place is None else place + 1)
        pages += -(-left // (size or DEFAULT)) + 1
    assert pages <= MOST_WALKED_PAGES


@pytest.mark.parametrize("count", [1, 4, 12, 20, 27, 100, 1000])
def test_a_list_that_can_be_divided_is_walked_in_full_pages_too(count: int) -> None:
    assert any(count % size == 0 for size in walk_sizes(count))


def test_an_empty_catalogue_gets_no_requests() -> None:
    assert not [*windows([], DEFAULT, MAXIMUM), *forward_walks([], DEFAULT), *backward_walks([])]


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, []), (1, [1]), (2, [1]), (3, [1]), (4, [2, 3]), (20, [7, 10]), (27, [9, 10])],
)
def test_walk_sizes(count: int, expected: list[int]) -> None:
    assert walk_sizes(count) == expected


@pytest.mark.parametrize(
    ("count", "sizes"),
    [
        (20, [7, 10]),
        (21, [7, None]),  # of 7 and 8; without a limit the last page is not full
        (25, [9, 5, None]),
        (40, [14, None]),  # of 14 and 20
        (160, [54, None]),
        (161, [54]),
    ],
)
def test_a_walk_without_a_limit_has_few_pages_and_replaces_another(
    count: int, sizes: list[int | None]
) -> None:
    assert [size for size, _, _ in forward_walks(ids(count), DEFAULT)] == sizes


@given(st.integers(2, WALKED_WHOLE))
def test_a_walk_back_leaves_a_page_that_is_not_full(count: int) -> None:
    ((size, start, _),) = backward_walks(ids(count))
    assert start == f"m{count - 1}"
    assert size
    assert (count - 1) % size


@pytest.mark.parametrize(
    ("count", "walks"),
    [
        (1, []),
        (2, [(2, "m1", True)]),
        (3, [(3, "m2", True)]),
        (5, [(3, "m4", True)]),
        (7, [(4, "m6", True)]),
        (WALKED_WHOLE, [(967, "m2899", True)]),
        (
            WALKED_WHOLE + 1,
            [
                (7, "m2886", False),
                (20, "m2860", False),
                (8, "m2885", False),
                (7, "m14", True),
                (8, "m15", True),
            ],
        ),
    ],
)
def test_backward_walks_are_complete_or_near_the_ends_of_a_large_catalogue(
    count: int, walks: Any
) -> None:
    forward = [*forward_walks(ids(count), DEFAULT)] if count > WALKED_WHOLE else []
    assert [*forward, *backward_walks(ids(count))] == walks


def test_the_largest_catalogue_with_complete_walks() -> None:
    assert [start for _, start, _ in forward_walks(ids(WALKED_WHOLE), DEFAULT)] == [None, None]


@pytest.mark.parametrize(
    ("count", "page"),
    [
        (0, ""),
        (1, ""),
        (2, "after m0 limit 1"),
        (3, "after m0 limit 1"),
        (4, "after m1 limit 1"),
        (5, "after m1 limit 2"),
        (27, "after m8 limit 9"),
        (WALKED_WHOLE, "after m966 limit 967"),
        (WALKED_WHOLE + 1, "after m2886 limit 7"),
    ],
)
def test_the_page_of_request_variants(count: int, page: str) -> None:
    assert as_text(variant_page(ids(count))) == page


@given(st.integers(2, 9000))
def test_the_page_of_request_variants_is_requested_plainly_too(count: int) -> None:
    own = ids(count)
    size, start, _ = next(forward_walks(own, DEFAULT))
    assert size
    walked = {"after_id": start or own[size - 1], "limit": size}
    assert variant_page(own) in [walked, *windows(own, DEFAULT, MAXIMUM)]


@pytest.mark.parametrize("count", [5, 6])
def test_full_pages_after_a_cursor_up_to_two_of_them(count: int) -> None:
    asked = [as_text(window) for window in windows(ids(count), 9, 3)]
    assert ("after m0 limit 3" in asked) == (count == 5)
