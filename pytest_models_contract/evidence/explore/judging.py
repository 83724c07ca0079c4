"""What is wrong with a response, by the catalogue as it was read: one thing, the plainest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

from pytest_models_contract.client.exchange import (
    ABSENT,
    Page,
    Response,
    counted,
    model_id,
    page_of,
    shown,
)
from pytest_models_contract.client.pool import image
from pytest_models_contract.evidence.explore.windows import Single, Space, Symptoms, Target, Window
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.evidence.wording import compared, contents, difference, some

Kind: TypeAlias = Literal["page", "envelope", "contents", "model"]
"""Which rule is broken: the models of a page, its envelope, what its models say, or a single model."""


class Flaw(NamedTuple):
    """What is wrong: what was seen and expected, and the symptoms that other responses may share."""

    kind: Kind
    seen: str
    expected: str
    symptoms: Symptoms


class Judge:
    """Compares responses with the catalogue that was read."""

    def __init__(self, evidence: Evidence, space: Space) -> None:
        self._evidence, self._space = evidence, space
        self._images = list(map(image, evidence.models))

    def flaw(self, response: Response, target: Target) -> Flaw | None:
        """What is wrong with the response to a request; None when it is right."""
        if isinstance(target, Single):
            return self._of_model(response, self._evidence.ids[target.place])
        return next(self._of_page(response, target), None)

    def _of_page(self, response: Response, window: Window) -> Iterator[Flaw]:
        page, places = page_of(response), self._space.page(window)
        expected = self._evidence.ids[places.start : places.stop]
        if page is None or response.json_problem:
            seen = response.json_problem or contents(None, response)
            yield Flaw(
                "page",
                seen,
                some(expected),
                (response.status_text if not response.ok else "no page",),
            )
            return
        if page.ids != expected:
            symptoms = _misplaced(page.ids, expected, self._evidence)
            yield Flaw("page", *compared(page.ids, expected), symptoms)
        yield from _of_envelope(page, expected, more=self._space.has_more(window))
        for found, model in zip(page.ids, page.data, strict=True):
            if not self._same(found, model):
                seen, wanted = self._difference(found, model)
                symptoms = (f"{found} with {seen}", f"another {seen.partition(':')[0]}")
                yield Flaw("contents", symptoms[0], wanted, symptoms)

    def _of_model(self, response: Response, wanted: str) -> Flaw | None:
        found = None if response.json_problem or not response.ok else model_id(response.json)
        if found == wanted and self._same(wanted, response.json):
            return None
        if found == wanted:
            seen, expected = self._difference(wanted, response.json)
            return Flaw("model", seen, expected, (seen, f"another {seen.partition(':')[0]}"))
        seen = (
            f"the model {shown(found)}" if found else response.json_problem or response.status_text
        )
        symptoms = (seen, "another model") if found else (seen,)
        return Flaw("model", seen, f"the model {shown(wanted)}", symptoms)

    def _same(self, found: str, model: Any) -> bool:
        known = self._images[self._evidence.position[found]]
        return image(model) == known or self._evidence.same(found, model)

    def _difference(self, found: str, model: Any) -> tuple[str, str]:
        known = self._evidence.models[self._evidence.position[found]]
        return difference(model, known, self._evidence.revision)


def _of_envelope(page: Page, expected: Sequence[str], *, more: bool) -> Iterator[Flaw]:
    first, last = (expected[0], expected[-1]) if expected else (None, None)
    for key, value in {"has_more": more, "first_id": first, "last_id": last}.items():
        given = page.envelope.get(key, ABSENT)
        if given is not value and (isinstance(value, bool) or given != value):
            seen = f"{key} {shown(given)}"
            yield Flaw("envelope", seen, f"{key} {shown(value)}", (seen, f"a wrong {key}"))


def _misplaced(ids: Sequence[str], expected: Sequence[str], evidence: Evidence) -> Symptoms:
    """How the models of a page differ from those expected."""
    off = len(ids) - len(expected)
    if off:
        return counted(len(ids)), f"{counted(abs(off))} {'more' if off > 0 else 'less'}"
    if sorted(ids) == sorted(expected):
        return ("the right models in another order",)
    late = evidence.position.get(ids[0], -1) - evidence.position[expected[0]]
    start = evidence.position[expected[0]] + late
    if late and ids == evidence.ids[max(0, start) : start + len(ids)]:
        begins = f"{counted(abs(late))} too {'late' if late > 0 else 'early'}"
        return f"a page that begins {begins}", "other models"
    return ("other models",)
