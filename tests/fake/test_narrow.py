"""Each narrow fault shows with few windows of a catalogue of 240 models, and is another one than the rest."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import chain, islice
from urllib.parse import quote

import pytest

from pytest_models_contract.evidence.explore.drawing import steps
from pytest_models_contract.evidence.explore.windows import Single, Space, Target
from pytest_models_contract.fake import Fake, Request, Response
from pytest_models_contract.fake.faults import FAULTS

MODELS = 240
NARROW = sorted(name for name in FAULTS if name.startswith("narrow_"))
MOST = 0.25
"""So large a part of the responses may be wrong."""


@cache
def requests() -> Sequence[Request]:
    """What an exploration of 1,000 requests sends."""
    ids = [model["id"] for model in Fake(MODELS).models]
    drawn = islice(chain.from_iterable(steps(Space(MODELS, 20, 1000), 1)), 1000)
    return [_request(target, ids) for target in drawn]


def _request(target: Target, ids: Sequence[str]) -> Request:
    if isinstance(target, Single):
        return Request(path=f"/v1/models/{quote(ids[target.place], safe='')}")
    given = {target.cursor: ids[target.place], "limit": target.limit}
    return Request(query=tuple((name, str(text)) for name, text in given.items() if name and text))


@cache
def wrong(name: str | None) -> tuple[int, ...]:
    """Which of the responses the fault changes, and to what, hashed."""
    fake = Fake(MODELS, faults=[FAULTS[name]] if name else [])
    return tuple(hash(_said(fake.respond(request))) for request in requests())


def _said(response: Response) -> tuple[object, ...]:
    """What a response says, as far as narrow faults change it."""
    members = dict(response.body)
    models = members.pop("data", [members])
    names = tuple((model.get("id"), model.get("display_name")) for model in models)
    return (
        response.status,
        names,
        *(members.get(key) for key in ("first_id", "last_id", "has_more")),
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", NARROW)
def test_it_changes_few_responses(name: str) -> None:
    changed = sum(one != other for one, other in zip(wrong(name), wrong(None), strict=True))
    assert 0 < changed <= MOST * len(requests())


@pytest.mark.slow
def test_there_are_many_and_each_is_another_one() -> None:
    assert len(NARROW) >= 40
    assert len({wrong(name) for name in NARROW}) == len(NARROW)
