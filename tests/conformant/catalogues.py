"""Catalogues of every size, with dates of every form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone

from conformant.kit import (
    altered,
    conformant,
    family,
    hash_of,
    models_of,
    on_copy,
    with_models,
)
from pytest_models_contract.fake import Fake, Request, Response
from pytest_models_contract.fake.faults.endless import endless


@family(
    [
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        13,
        19,
        20,
        21,
        22,
        23,
        24,
        28,
        29,
        36,
        39,
        40,
        41,
        60,
        61,
        97,
        100,
        120,
        150,
        159,
        160,
        161,
    ]
)
def models(count: int) -> Fake:
    return altered(models=count)


@family([999, 1000, 1001, 1500, 2000, 2001, 2999, 3001, 4500, "endless"])
def many_models(count: int | str) -> Fake:
    if isinstance(count, int):
        return altered(models=count)
    return altered(endless, revision="2024-12-17")


@conformant
def all_released_on_one_day() -> Fake:
    return with_models(lambda _, model: {**model, "created_at": "2026-01-01T00:00:00Z"})


@conformant
def tied_dates_in_another_order_of_ids() -> Fake:
    own = [
        {**model, "created_at": f"20{26 - n // 5:02d}-01-01T00:00:00Z"}
        for n, model in enumerate(Fake().models)
    ]
    for start in range(0, len(own), 5):
        own[start : start + 5] = sorted(
            own[start : start + 5], key=lambda model: model["id"], reverse=True
        )
    return altered(models=own)


@family(
    [
        "1970-01-01T00:00:00Z",
        "1970-01-01T00:00:00.000000Z",
        "1970-01-01T00:00:00+00:00",
        "1970-01-01t00:00:00z",
        "1970-01-01T01:00:00+01:00",
        "1969-12-31T16:00:00-08:00",
    ]
)
def epochs_anywhere(epoch: str) -> Fake:
    def place(_: Request, response: Response) -> None:
        for model in models_of(response):
            if hash_of(model["id"]) % 3 == 0:
                model["created_at"] = epoch

    return altered(on_copy(place))


@conformant
def epochs_everywhere() -> Fake:
    return with_models(lambda _, model: {**model, "created_at": "1970-01-01T00:00:00Z"})


DATES: Sequence[Callable[[datetime], str]] = (
    lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
    lambda moment: moment.strftime("%Y-%m-%dt%H:%M:%Sz"),
    lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%S.0Z"),
    lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%S.123456789123456789Z"),
    lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%S-00:00"),
    lambda moment: moment.astimezone(timezone(timedelta(hours=14))).isoformat(),
    lambda moment: moment.astimezone(timezone(timedelta(hours=-12, minutes=-30))).isoformat(),
    lambda moment: moment.astimezone(timezone(timedelta(hours=5, minutes=45))).isoformat(),
)


@conformant
def every_form_of_date() -> Fake:
    day = datetime(2026, 3, 1, 0, 30, tzinfo=UTC)
    return with_models(
        lambda n, model: {**model, "created_at": DATES[n % len(DATES)](day - timedelta(days=n))}
    )


@conformant
def leap_days_and_leap_seconds() -> Fake:
    order = [
        "2024-02-29T12:00:00Z",
        "2016-12-31T23:59:60Z",
        "1990-12-31T15:59:60-08:00",
        "1972-06-30T23:59:60.5Z",
    ]
    return with_models(lambda n, model: {**model, "created_at": order[n]}, models=4)


@conformant
def ordered_by_instant_not_by_text() -> Fake:
    base = datetime(2026, 1, 1, tzinfo=UTC)
    zones = [timezone(timedelta(hours=hours)) for hours in (14, -12, 0, 9, -8)]
    return with_models(
        lambda n, model: {
            **model,
            "created_at": (base - timedelta(hours=n)).astimezone(zones[n % 5]).isoformat(),
        }
    )


@conformant
def fractions_decide_the_order() -> Fake:
    return with_models(lambda n, model: {**model, "created_at": f"2026-01-01T00:00:00.{999 - n}Z"})


@conformant
def one_moment_in_two_notations() -> Fake:
    def rewrite(request: Request, response: Response) -> None:
        if request.path != "/v1/models":
            for model in models_of(response):
                model["created_at"] = model["created_at"].replace("Z", ".000+00:00")

    return altered(on_copy(rewrite))
