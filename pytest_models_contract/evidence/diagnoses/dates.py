"""How a date is written that is not as RFC 3339 has it."""

from __future__ import annotations

import re
from typing import Any

_DAY, _CLOCK = r"\d{4}-\d{2}-\d{2}", r"\d{2}:\d{2}:\d{2}(\.\d+)?"
_WEEKDAY = "(Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_FORMS = (
    (r"", "an empty string"),
    (r"\d{9,10}", "a string of seconds since 1970"),
    (r"\d{12,13}", "a string of milliseconds since 1970"),
    (r"[+-]?\d+(\.\d*)?", "a number in a string"),
    (_DAY, "a date without a time"),
    (rf"{_DAY}T{_CLOCK}", "a date-time without an offset"),
    (rf"{_DAY} {_CLOCK}.*", "a date-time with a blank for the `T`"),
    (rf"{_DAY}T\d{{2}}:\d{{2}}(Z|[+-]\d{{2}}:?\d{{2}})?", "a date-time without seconds"),
    (rf"{_WEEKDAY} \w{{3}} \d\d \d{{4}}.*", "a date as JavaScript prints it"),
    (rf"{_WEEKDAY} \w{{3}} .*", "a date as C and Java print it"),
    (rf"{_WEEKDAY}, \d.*", "a date as HTTP and mail write it (RFC 822)"),
    (r"\d{1,2}/\d{1,2}/\d{2,4}.*", "a date with slashes"),
    (r"\d{8}T\d{6}.*", "a date in the basic format, without hyphens and colons"),
    (r"\d{4}-W\d{2}.*", "a date with the number of the week"),
    (r"\d{4}-\d{3}T.*", "a date with the number of the day in the year"),
    (rf"{_DAY}T{_CLOCK}[+-]\d{{4}}", "a date-time whose offset has no colon"),
    (rf"{_DAY}[Tt ]{_CLOCK}.*", "a date-time that is not in the format of RFC 3339"),
)


def date_format(value: Any) -> str:
    """How a wrong date is written, in words; the empty string where nothing is known of it."""
    if isinstance(value, str):
        forms = (says for pattern, says in _FORMS if re.fullmatch(pattern, value, re.DOTALL))
        return next(forms, "a string that is no date-time of RFC 3339")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    if abs(value) >= 10**11:
        return "a number of milliseconds since 1970, not a date-time"
    if abs(value) >= 10**8:
        return "a number of seconds since 1970, as OpenAI's `created`"
    return "a number, not a date-time"
