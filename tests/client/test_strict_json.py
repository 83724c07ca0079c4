"""What is strict JSON, what is not and why; no bytes crash the reader."""

from __future__ import annotations

import gc
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_models_contract.client.pool import MOST, Pool
from pytest_models_contract.client.strict_json import DEEPEST, MOST_DIGITS, MOST_VALUES, read_json

HALF = "half of a surrogate pair in a string, which is not a character"
FLOOD = f"more than {MOST_VALUES:,} values in one body, too many to check"
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.mark.slow
@given(JSON)
def test_strict_json_is_read_unchanged(value: Any) -> None:
    for ascii_only in (True, False):
        body = json.dumps(value, ensure_ascii=ascii_only).encode()
        assert read_json(body) == (value, "")


@pytest.mark.parametrize(
    ("body", "value", "problem"),
    [
        (b"", None, "an empty body"),
        (b" \n", None, "an empty body"),
        (b"\xef\xbb\xbf{}", {}, "a byte order mark before the JSON"),
        (b'{"a": "\xff"}', {"a": "\ufffd"}, "not UTF-8: byte 0xff at offset 7"),
        (b'{"a": "\xed\xa0\x80"}', {"a": "\ufffd" * 3}, "not UTF-8: byte 0xed at offset 7"),
        (b'{"a": -Infinity}', {"a": float("-inf")}, "-Infinity, which is not JSON"),
        (b'{"a": 1, "b": 2, "a": 3}', {"a": 3, "b": 2}, 'the key "a" twice in one object'),
        (rb'["\ud83d\ude00"]', ["😀"], ""),
        (rb'{"\udc00": "a\ud800b"}', {"?": "a?b"}, HALF),
        (b"1" * 10**6, 0, "a number of 1,000,000 digits"),
        (b"-1" + b"1" * MOST_DIGITS, 0, f"a number of {MOST_DIGITS + 1} digits"),
        (b"-" + b"1" * MOST_DIGITS, -int("1" * MOST_DIGITS), ""),
        (b'"' + b"1 " * MOST_DIGITS + b'1"', "1 " * MOST_DIGITS + "1", ""),
        (b"[" * 10**5 + b"]" * 10**5, None, f"nested more than {DEEPEST} deep"),
        (b"[" * 10**7, None, FLOOD),
        (b'{"a":' * 10**5 + b"1" + b"}" * 10**5, None, f"nested more than {DEEPEST} deep"),
        (b"[" * 900 + b"]" * 900, None, f"nested more than {DEEPEST} deep"),
        (b"[0" + b",0" * MOST_VALUES + b"]", None, FLOOD),
    ],
    ids=lambda part: repr(part)[:20],
)  # fmt: skip
def test_each_problem_is_named(body: bytes, value: Any, problem: str) -> None:
    assert read_json(body) == (value, problem)


@pytest.mark.parametrize("body", [b'{"a": 1', b"<html>", b"[" * DEEPEST])
def test_what_is_no_json_is_named_so(body: bytes) -> None:
    value, problem = read_json(body)
    assert value is None
    assert problem.startswith("not JSON: ")


def test_what_is_no_json_may_be_nested_too_deep_to_tell() -> None:
    value, problem = read_json(b"[" * 10**5)
    assert value is None
    assert problem.startswith(("not JSON: ", f"nested more than {DEEPEST} deep"))


def test_nan_is_named() -> None:
    assert read_json(b'{"a": NaN}')[1] == "NaN, which is not JSON"


def test_nesting_up_to_the_bound_is_read() -> None:
    body = b"[" * DEEPEST + b"]" * DEEPEST
    assert read_json(body) == (json.loads(body), "")


@given(st.binary(max_size=200) | st.text('[]{}",:\\ud8019eE+-. NatrufslI').map(str.encode))
def test_any_value_can_be_searched_and_shown(body: bytes) -> None:
    value, problem = read_json(body)
    json.dumps(value, ensure_ascii=False).encode()
    assert problem.isprintable()


# --- the pool ------------------------------------------------------------------------------------


@pytest.mark.slow
@given(JSON, JSON)
def test_a_pool_changes_nothing(one: Any, other: Any) -> None:
    pool = Pool()
    for value in (one, other, one):
        body = json.dumps(value).encode()
        assert repr(read_json(body, pool)) == repr(read_json(body))


def test_equal_objects_in_objects_are_one() -> None:
    pool = Pool()
    bodies = [
        b'{"id": "%s", "capabilities": {"x": {"supported": true}, "y": []}}' % name
        for name in (b"a", b"b")
    ]
    one, other = (read_json(body, pool)[0] for body in bodies)
    assert one["capabilities"] is other["capabilities"]


@pytest.mark.parametrize(
    ("one", "other"), [("1", "1.0"), ("1", "true"), ("0", "-0.0"), ("[1]", "[true]"), ("{}", "[]")]
)
def test_values_equal_only_to_python_are_not_shared(one: str, other: str) -> None:
    pool = Pool()
    bodies = [f'{{"in": {{"a": {value}}}}}'.encode() for value in (one, other)]
    first, second = (read_json(body, pool)[0]["in"] for body in bodies)
    assert first is not second
    assert [repr(first), repr(second)] == [repr(json.loads(body)["in"]) for body in bodies]


def test_equal_parts_of_many_models_count_once() -> None:
    same_response, apart = (_size_of_models(same) for same in (True, False))
    assert same_response < apart / 2


def _size_of_models(same: bool) -> int:
    pool = Pool()
    models = [
        {f"c{n}": {"supported": True, "rank": 0 if same else number} for n in range(20)}
        for number in range(500)
    ]
    read_json(json.dumps([{"capabilities": own} for own in models]).encode(), pool)
    return pool.size


@pytest.mark.slow
def test_many_values_fill_the_pool() -> None:
    pool, few = Pool(), 10_000
    for n in range(few):
        read_json(json.dumps([{"id": n * 1000 + m} for m in range(1000)]).encode(), pool)
        if pool.full:
            break
    assert pool.full
    assert n * 1000 * 100 < MOST


@pytest.mark.parametrize("collects", [True, False])
@pytest.mark.parametrize("body", [b"{}", b"{"])
def test_the_garbage_collector_is_left_as_it_was(body: bytes, collects: bool) -> None:
    before = gc.isenabled()
    (gc.enable if collects else gc.disable)()
    try:
        read_json(body)
        assert gc.isenabled() is collects
    finally:
        (gc.enable if before else gc.disable)()
