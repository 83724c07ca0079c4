"""The date-time of RFC 3339: its grammar (section 5.6), and the moment in time it names.

The source of the rule is https://www.rfc-editor.org/rfc/rfc3339. Every function takes any string
and raises nothing.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

_FORM = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
    r"[Tt](?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})"
    r"(?:\.(?P<fraction>[0-9]++))?"
    r"(?:[Zz]|(?P<sign>[+-])(?P<offset_hour>[0-9]{2}):(?P<offset_minute>[0-9]{2}))"
)

_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = r"[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}"

_MISTAKES = tuple(
    (re.compile(pattern), text)
    for pattern, text in (
        (r"", "it is empty"),
        (r"\s.*|.*\s", "a blank before or after the date-time: send it bare"),
        (r"[+-]?[0-9]++(\.[0-9]*+)?", "a bare number: write the moment as YYYY-MM-DDThh:mm:ssZ"),
        (_DAY, "a date without a time: add one, such as T00:00:00Z"),
        (_DAY + r"\s.*", "a blank between date and time: RFC 3339's date-time has `T` there"),
        (_DAY + r"[Tt][0-9]{2}:[0-9]{2}([Zz]|[+-].*)?", "no seconds: write hh:mm:ss"),
        (_DAY + _CLOCK + r",.*", "a comma before the fraction: RFC 3339 has `.` there"),
        (_DAY + _CLOCK + r"\.([^0-9].*)?", "a `.` without digits: add digits or leave it out"),
        (_DAY + _CLOCK + r"(\.[0-9]++)?", "no offset: end with Z or +hh:mm"),
        (_DAY + _CLOCK + r"(\.[0-9]++)?[+-][0-9:]*", "the offset is not Z, +hh:mm or -hh:mm"),
    )
)

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_GREGORIAN_CYCLE = 146_097
"""The days of 400 years, after which the calendar repeats."""


class Instant(NamedTuple):
    """A moment on the UTC time line; two of them compare exactly, whatever their notation was.

    `second` counts from 1970-01-01T00:00:00Z without leap seconds. `leap` marks the leap second
    that follows it. `fraction` holds the decimals without trailing zeros; they compare as text.
    """

    second: int
    leap: bool
    fraction: str


class _Fields(NamedTuple):
    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    fraction: str
    offset_hour: int
    offset_minute: int
    offset_sign: int


def problem(text: str) -> str | None:
    """Say why `text` is not an RFC 3339 date-time; None when it is one."""
    fields = _read(text)
    return _mistake(text) if fields is None else next(_impossible(fields), None)


def instant(text: str) -> Instant | None:
    """Return the moment that `text` names, or None when it is no RFC 3339 date-time."""
    fields = _read(text)
    if fields is None or next(_impossible(fields), None) is not None:
        return None
    return Instant(_utc_second(fields), fields.second == 60, fields.fraction)


def is_epoch(text: str) -> bool:
    """Tell whether `text` is an epoch value: the instant zero, or its clock time in any offset."""
    moment = instant(text)
    if moment is None or moment.leap or moment.fraction:
        return False
    return moment.second == 0 or text[:19].upper() == "1970-01-01T00:00:00"


def _read(text: str) -> _Fields | None:
    match = _FORM.fullmatch(text)
    if match is None:
        return None
    part = match.groupdict(default="0")
    return _Fields(
        year=int(part["year"]),
        month=int(part["month"]),
        day=int(part["day"]),
        hour=int(part["hour"]),
        minute=int(part["minute"]),
        second=int(part["second"]),
        fraction=part["fraction"].rstrip("0"),
        offset_hour=int(part["offset_hour"]),
        offset_minute=int(part["offset_minute"]),
        offset_sign=-1 if part["sign"] == "-" else 1,
    )


def _mistake(text: str) -> str:
    for pattern, mistake in _MISTAKES:
        if pattern.fullmatch(text):
            return mistake
    return "not of the form YYYY-MM-DDThh:mm:ss, an optional .fraction, then Z or +hh:mm"


def _impossible(fields: _Fields) -> Iterator[str]:
    """Yield what no calendar or clock has; each line relies on those above it."""
    if not 1 <= fields.month <= 12:
        yield f"month {fields.month:02} does not exist"
    if not 1 <= fields.day <= _days_in_month(fields.year, fields.month):
        month = f"{_MONTHS[fields.month - 1]} {fields.year:04}"
        yield f"day {fields.day} does not exist in {month}"
    if fields.hour > 23:
        yield f"hour {fields.hour} does not exist: the last one is 23"
    if fields.minute > 59:
        yield f"minute {fields.minute} does not exist: the last one is 59"
    if fields.offset_hour > 23 or fields.offset_minute > 59:
        yield f"an offset of {fields.offset_hour:02}:{fields.offset_minute:02} does not exist"
    if fields.second > 60:
        yield f"second {fields.second} does not exist"
    if fields.second == 60 and not _may_leap(fields):
        yield "second 60 is a leap second: only 23:59:60 UTC on the last day of a month can be one"


def _days_in_month(year: int, month: int) -> int:
    after = (year, month + 1) if month < 12 else (year + 1, 1)
    return _day_number(*after, 1) - _day_number(year, month, 1)


def _day_number(year: int, month: int, day: int) -> int:
    # RFC 3339 has the year 0000 and `datetime.date` has not: count in a cycle that both have.
    cycles, year_in_cycle = divmod(year, 400)
    return date(2000 + year_in_cycle, month, day).toordinal() + cycles * _GREGORIAN_CYCLE


_EPOCH = _day_number(1970, 1, 1)


def _utc_second(fields: _Fields) -> int:
    """Count the seconds since the epoch; a leap second counts as the second before it."""
    days = _day_number(fields.year, fields.month, fields.day) - _EPOCH
    offset = fields.offset_sign * (fields.offset_hour * 60 + fields.offset_minute)
    minutes = (days * 24 + fields.hour) * 60 + fields.minute - offset
    return minutes * 60 + min(fields.second, 59)


def _may_leap(fields: _Fields) -> bool:
    next_day, past_midnight = divmod(_utc_second(fields) + 1, 86_400)
    first_of_cycle = date(2000, 1, 1).toordinal()
    in_cycle = (next_day + _EPOCH - first_of_cycle) % _GREGORIAN_CYCLE
    return past_midnight == 0 and date.fromordinal(first_of_cycle + in_cycle).day == 1
