"""Windows for a project's own tests, in Hypothesis' terms: drawn by a strategy, judged by the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_models_contract.client.exchange import Response
from pytest_models_contract.evidence.explore.asking import Sender
from pytest_models_contract.evidence.explore.decks import landmarks
from pytest_models_contract.evidence.explore.judging import Judge
from pytest_models_contract.evidence.explore.space import space_of
from pytest_models_contract.evidence.explore.windows import CURSORS, Window
from pytest_models_contract.evidence.gathering import Evidence

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

INSTALL = "pip install 'pytest-models-contract[explore]'"
LONGEST = 1000
FURTHEST = 1_000_000
"""Places are drawn up to here; in a shorter catalogue they count on from its beginning."""


def windows() -> SearchStrategy[Window]:
    """A strategy for windows of any catalogue, for `@given(window=windows())`.

    It draws a cursor or none, a place and a limit from 1 to 1000 or none, and shrinks to the first page with
    the least limit. ImportError: Hypothesis is not installed.
    """
    try:
        from hypothesis import strategies as st
    except ImportError:
        raise ImportError(f"windows() needs Hypothesis: {INSTALL}") from None
    limits = st.none() | st.sampled_from(landmarks(LONGEST)) | st.integers(1, LONGEST)
    return st.builds(Window, st.sampled_from(CURSORS), st.integers(0, FURTHEST), limits)


class Explorer:
    """Asks the server under test for windows and judges its responses by the catalogue that was read."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence, self._space = evidence, space_of(evidence)
        self._sender, self._judge = Sender(evidence), Judge(evidence, self._space)

    def ask(self, window: Window) -> Response:
        """The response for a window, sent again each time.

        `NotJudged`: there was none, since the server cannot be reached or wants to be asked less.
        """
        return self._sender.send(self._of_this_catalogue(window))

    def expected(self, window: Window) -> list[Any]:
        """The models that the page must hold."""
        page = self._space.page(self._of_this_catalogue(window))
        return self._evidence.models[page.start : page.stop]

    def judge(self, window: Window, response: Response) -> None:
        """Raise `AssertionError` unless the response is the page that the catalogue has there."""
        flaw = self._judge.flaw(response, self._of_this_catalogue(window))
        if flaw:
            text = f"{response.request}: {flaw.seen}, expected {flaw.expected}"
            raise AssertionError(self._evidence.api.redactor.redact(text))

    def _of_this_catalogue(self, window: Window) -> Window:
        """The window with a place that there is."""
        return window._replace(place=window.place % self._space.size if window.cursor else 0)
