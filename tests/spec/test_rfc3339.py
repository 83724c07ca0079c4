"""The date-time grammar, compared with a second reading of RFC 3339."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_models_contract.spec import rfc3339

# RFC 3339, section 5.6, rule by rule; day and leap second are bounded so that every draw is legal.
DATE_FULLYEAR = r"[0-9]{4}"
DATE_MONTH = r"(0[1-9]|1[0-2])"
DATE_MDAY = r"(0[1-9]|1[0-9]|2[0-8])"
TIME_HOUR = r"([01][0-9]|2[0-3])"
TIME_MINUTE = TIME_SECOND = r"[0-5][0-9]"
TIME_SECFRAC = r"\.[0-9]+"
TIME_OFFSET = rf"([Zz]|[+-]{TIME_HOUR}:{TIME_MINUTE})"
PARTIAL_TIME = rf"{TIME_HOUR}:{TIME_MINUTE}:{TIME_SECOND}({TIME_SECFRAC})?"
DATE_TIME = rf"\A{DATE_FULLYEAR}-{DATE_MONTH}-{DATE_MDAY}[Tt]{PARTIAL_TIME}{TIME_OFFSET}\Z"

NO_DEADLINE = settings(deadline=None)

OFFSETS = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(
    lambda each: timezone(timedelta(minutes=each))
)
MOMENTS = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=OFFSETS)


@pytest.mark.slow
@NO_DEADLINE
@given(st.from_regex(DATE_TIME))
def test_every_sentence_of_the_grammar_is_legal(text: str) -> None:
    assert rfc3339.problem(text) is None
    assert rfc3339.instant(text) is not None


@NO_DEADLINE
@given(st.text())
def test_any_other_string_is_refused_with_a_reason_and_never_raises(text: str) -> None:
    assert rfc3339.problem(text)
    assert rfc3339.instant(text) is None
    assert not rfc3339.is_epoch(text)


@NO_DEADLINE
@given(st.from_regex(DATE_TIME), st.characters())
def test_nothing_may_come_before_or_after(text: str, more: str) -> None:
    assert rfc3339.problem(more + text)
    assert rfc3339.problem(text + more)


@NO_DEADLINE
@given(MOMENTS, MOMENTS)
def test_instants_compare_as_the_moments_do(one: datetime, other: datetime) -> None:
    first, second = rfc3339.instant(one.isoformat()), rfc3339.instant(other.isoformat())
    assert first is not None
    assert second is not None
    assert (first < second) == (one < other)


@NO_DEADLINE
@given(MOMENTS)
def test_an_instant_counts_seconds_as_datetime_does(moment: datetime) -> None:
    whole = moment.replace(microsecond=0)
    assert rfc3339.instant(whole.isoformat()) == (whole.timestamp(), False, "")


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-04T00:00:00Z",
        "2026-02-04t00:00:00z",
        "2026-02-04T00:00:00-00:00",
        "2026-02-04T23:59:59+23:59",
        "2026-02-04T00:00:00.0Z",
        "2026-02-04T00:00:00.123456789012345678901234567890Z",
        "0000-01-01T00:00:00Z",
        "0000-02-29T00:00:00Z",
        "0000-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "2000-02-29T00:00:00Z",
        "2024-02-29T00:00:00Z",
        "1990-12-31T23:59:60Z",
        "1990-12-31T23:59:60.75z",
        "1990-12-31T15:59:60-08:00",
        "1991-01-01T00:29:60+00:30",
        "2026-04-30T23:59:60Z",
        "2024-02-29T23:59:60Z",
        "9999-12-31T23:59:60Z",
    ],
)
def test_legal(text: str) -> None:
    assert rfc3339.problem(text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("banana", "not of the form"),
        ("Thu Nov 19 2026", "not of the form"),
        ("1770163200", "bare number"),
        ("-1.5", "bare number"),
        ("2026-02-04", "a date without a time"),
        ("2026-02-04 00:00:00Z", "blank between"),
        ("2026-02-04_00:00:00Z", "not of the form"),
        ("2026-02-04T00:00:00Z\n", "blank before or after"),
        (" 2026-02-04T00:00:00Z", "blank before or after"),
        ("2026-02-04T00:00:00", "no offset"),
        ("2026-02-04T00:00:00.5", "no offset"),
        ("2026-02-04T00:00Z", "no seconds"),
        ("2026-02-04T00:00:00.Z", "without digits"),
        ("2026-02-04T00:00:00,5Z", "comma"),
        ("2026-02-04T00:00:00+0000", "offset is not"),
        ("2026-02-04T00:00:00+00", "offset is not"),
        ("2026-02-04T00:00:00+24:00", "offset of 24:00"),
        ("2026-02-04T00:00:00+00:60", "offset of 00:60"),
        ("2026-02-04T00:00:00\N{MINUS SIGN}08:00", "not of the form"),
        ("2026-02-04T00:00:00ZZ", "not of the form"),
        ("2026-02-04T00:00:00Z+00:00", "not of the form"),
        ("26-02-04T00:00:00Z", "not of the form"),
        ("+2026-02-04T00:00:00Z", "not of the form"),
        ("2026-2-4T00:00:00Z", "not of the form"),
        ("20260204T000000Z", "not of the form"),
        ("2026-W06-3T00:00:00Z", "not of the form"),
        ("\N{ARABIC-INDIC DIGIT TWO}026-02-04T00:00:00Z", "not of the form"),
        ("2026-02-04T00:00:00.\N{FULLWIDTH DIGIT ONE}Z", "without digits"),
        ("2026-00-04T00:00:00Z", "month 00"),
        ("2026-13-04T00:00:00Z", "month 13"),
        ("2026-02-00T00:00:00Z", "day 0 does not exist in February 2026"),
        ("2026-02-30T00:00:00Z", "day 30 does not exist in February 2026"),
        ("1900-02-29T00:00:00Z", "day 29 does not exist in February 1900"),
        ("2026-04-31T00:00:00Z", "day 31 does not exist in April 2026"),
        ("2026-11-31T00:00:00Z", "day 31 does not exist in November 2026"),
        ("9999-12-32T00:00:00Z", "day 32 does not exist in December 9999"),
        ("2026-02-04T24:00:00Z", "hour 24"),
        ("2026-02-04T00:60:00Z", "minute 60"),
        ("2026-02-04T00:00:61Z", "second 61"),
        ("2026-02-04T23:59:60Z", "leap second"),
        ("1990-12-31T23:58:60Z", "leap second"),
        ("1990-12-31T12:59:60Z", "leap second"),
        ("1990-12-31T23:59:60+01:00", "leap second"),
        ("2026-02-28T23:59:60-00:01", "leap second"),
        ("2024-02-28T23:59:60Z", "leap second"),
    ],
)
def test_illegal_with_the_reason(text: str, reason: str) -> None:
    assert reason in str(rfc3339.problem(text))
    assert rfc3339.instant(text) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2026-02-04T00:00:00Z", "2026-02-04t00:00:00z"),
        ("2026-02-04T00:00:00Z", "2026-02-04T00:00:00.000-00:00"),
        ("2026-02-04T00:00:00Z", "2026-02-03T16:00:00-08:00"),
        ("2026-02-04T00:00:00.5Z", "2026-02-04T00:00:00.50Z"),
        ("1990-12-31T23:59:60Z", "1990-12-31T15:59:60-08:00"),
    ],
)
def test_one_moment_in_two_notations(one: str, other: str) -> None:
    assert rfc3339.instant(one) == rfc3339.instant(other)


def test_moments_sort_in_order() -> None:
    texts = [
        "0000-01-01T00:00:00+23:59",
        "0000-01-01T00:00:00Z",
        "1969-12-31T23:59:59.9Z",
        "1970-01-01T00:00:00Z",
        "1970-01-01T00:00:00.09Z",
        "1970-01-01T00:00:00.1Z",
        "1970-01-01T00:00:00.12Z",
        "1990-12-31T23:59:59.9Z",
        "1990-12-31T23:59:60Z",
        "1990-12-31T23:59:60.1Z",
        "1991-01-01T00:00:00Z",
        "9999-12-31T23:59:59-23:59",
    ]
    moments = [moment for text in texts if (moment := rfc3339.instant(text))]
    assert len(set(moments)) == len(texts)
    assert sorted(moments) == moments


def test_a_fraction_of_a_million_digits_compares_exactly() -> None:
    digits = "7" * 999_999
    less, more = (rfc3339.instant(f"2026-02-04T00:00:00.{digits}{last}Z") for last in "12")
    assert less is not None
    assert more is not None
    assert less < more


@pytest.mark.parametrize("template", ["{}", "2026-02-04T00:00:00.{}", "2026-02-04T00:00:00.{}X"])
@pytest.mark.parametrize("piece", ["1", " ", "x", "-", "\ud800"])
def test_a_long_string_is_refused_quickly(template: str, piece: str) -> None:
    assert rfc3339.problem(template.format(piece * 1_000_000))


@pytest.mark.parametrize(
    ("text", "epoch"),
    [
        ("1970-01-01T00:00:00Z", True),
        ("1970-01-01t00:00:00.000z", True),
        ("1970-01-01T00:00:00-08:00", True),
        ("1969-12-31T16:00:00-08:00", True),
        ("1970-01-01T00:00:00.001Z", False),
        ("1970-01-01T00:00:01Z", False),
        ("1969-12-31T23:59:60Z", False),
        ("1960-01-01T00:00:00Z", False),
        ("2026-02-04T00:00:00Z", False),
        ("1970-01-01", False),
    ],
)
def test_epoch(text: str, epoch: bool) -> None:
    assert rfc3339.is_epoch(text) is epoch
