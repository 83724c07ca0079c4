"""Faults of dates: values that are not RFC 3339 date-times, or not the dates of the models."""

from __future__ import annotations

from typing import Any

from pytest_models_contract.fake.exchange import Ask, Request, Response
from pytest_models_contract.fake.faults.kit import edited, edited_late, family, fault, put

# Where possible the text means the model's own date: only the notation is wrong.
WRONG: dict[str, Any] = {
    "banana": "banana",
    "empty": "",
    "int": 0,
    "float": 0.0,
    "epoch-seconds": "0",
    "epoch-milliseconds": 1700000000000,
    "true": True,
    "object": {"seconds": 0},
    "no-offset": "1970-01-01T00:00:00",
    "blank-for-t": "1970-01-01 00:00:00Z",
    "underscore-for-t": "1970-01-01_00:00:00Z",
    "date-only": "1970-01-01",
    "time-only": "00:00:00Z",
    "month-only": "1970-01",
    "slashes": "1970/01/01T00:00:00Z",
    "american": "01/01/1970",
    "basic": "19700101T000000Z",
    "week-date": "1970-W01-4T00:00:00Z",
    "ordinal-date": "1970-001T00:00:00Z",
    "javascript": "Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time)",
    "rfc-822": "Thu, 01 Jan 1970 00:00:00 GMT",
    "no-seconds": "1970-01-01T00:00Z",
    "one-digit-hour": "1970-01-01T0:00:00Z",
    "one-digit-month": "1970-1-01T00:00:00Z",
    "comma-fraction": "1970-01-01T00:00:00,5Z",
    "empty-fraction": "1970-01-01T00:00:00.Z",
    "two-fractions": "1970-01-01T00:00:00.0.0Z",
    "feb-30": "1970-02-30T00:00:00Z",
    "feb-29": "1970-02-29T00:00:00Z",
    "feb-29-of-1900": "1900-02-29T00:00:00Z",
    "april-31": "1970-04-31T00:00:00Z",
    "month-13": "1970-13-01T00:00:00Z",
    "month-0": "1970-00-01T00:00:00Z",
    "day-0": "1970-01-00T00:00:00Z",
    "day-32": "1970-01-32T00:00:00Z",
    "hour-24": "1970-01-01T24:00:00Z",
    "minute-60": "1970-01-01T00:60:00Z",
    "second-61": "1970-01-01T00:00:61Z",
    "leap-second-at-noon": "1970-01-01T12:00:60Z",
    "leap-second-off-utc": "1970-01-01T23:59:60+01:00",
    "offset-24": "1970-01-01T00:00:00+24:00",
    "offset-minute-60": "1970-01-01T00:00:00+00:60",
    "offset-no-colon": "1970-01-01T01:00:00+0100",
    "offset-hour-only": "1970-01-01T01:00:00+01",
    "offset-seconds": "1970-01-01T00:00:00+00:00:00",
    "offset-and-z": "1970-01-01T00:00:00+00:00Z",
    "offset-blank": "1970-01-01T00:00:00 +00:00",
    "offset-utc": "1970-01-01T00:00:00UTC",
    "offset-minus-sign": "1970-01-01T00:00:00\u221200:00",
    "zone-name": "1970-01-01T00:00:00Z[UTC]",
    "trailing-newline": "1970-01-01T00:00:00Z\n",
    "trailing-blank": "1970-01-01T00:00:00Z ",
    "leading-blank": " 1970-01-01T00:00:00Z",
    "unicode-digits": "\u0661\u0669\u0667\u0660-01-01T00:00:00Z",
    "fullwidth-digits": "\uff11\uff19\uff17\uff10-01-01T00:00:00Z",
    "year-5-digits": "01970-01-01T00:00:00Z",
    "year-2-digits": "70-01-01T00:00:00Z",
    "signed-year": "+1970-01-01T00:00:00Z",
    "month-name": "01-jan-1970 00:00:00",
    "iso-duration": "P1D",
}


@family(WRONG)
def created_at_is(ask: Ask, request: Request, value: Any) -> Response:
    """The created_at of one late model is not an RFC 3339 date-time."""
    return edited_late(ask, request, "created_at", lambda model: put(model, "created_at", value))


@family({case: WRONG[case] for case in ("banana", "date-only", "no-offset", "int", "javascript")})
def deprecated_at_is(ask: Ask, request: Request, value: Any) -> Response:
    """The deprecated_at of one late model is not an RFC 3339 date-time."""
    return edited_late(ask, request, "deprecated_at", lambda m: put(m, "deprecated_at", value))


@family({case: WRONG[case] for case in ("banana", "date-only", "no-offset", "int", "feb-30")})
def retires_at_is(ask: Ask, request: Request, value: Any) -> Response:
    """The retires_at of one late model is not an RFC 3339 date-time."""
    return edited_late(ask, request, "retires_at", lambda model: put(model, "retires_at", value))


@fault
def dates_lack_the_offset(ask: Ask, request: Request) -> Response:
    """Each created_at lacks its offset from UTC."""
    return edited(ask, request, lambda m: put(m, "created_at", m["created_at"].rstrip("Z")))


@fault
def dates_are_epoch_seconds(ask: Ask, request: Request) -> Response:
    """Every created_at is a number of seconds, as in OpenAI's list."""
    return edited(ask, request, lambda model: put(model, "created_at", 1700000000))


@fault
def dates_of_today(ask: Ask, request: Request) -> Response:
    """Every created_at is the time of the response, later with each request."""
    seconds = f"{request.number // 60 % 60:02d}:{request.number % 60:02d}"
    now = f"2026-11-20T08:{seconds}Z"
    return edited(ask, request, lambda model: put(model, "created_at", now))
