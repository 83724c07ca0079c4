"""The SDKs of the tables: what they make of responses is the same as if each run asked them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import judging
import pytest
from judging import Verdict, fake, judged

from pytest_models_contract.client.sdk.every import Sdks
from pytest_models_contract.fake import Ask, Request, Response
from pytest_models_contract.fake.faults import FAULTS

SAMPLES = (
    "cursor_ignored[after_id]",
    "envelope_is[last_id-null]",
    "error_is[401-empty]",
    "list_body_is[truncated]",
    "property_null[created_at]",
    "retrieve_redirects[307]",
)


def found(*faults: Any) -> dict[str, Verdict]:
    """The verdicts of the clients' checks; findings have the times of their responses."""
    verdicts = judged(fake(*faults), only=["clients"])
    return {check: replace(own, findings=()) for check, own in verdicts.items()}


@pytest.mark.parametrize("fault", SAMPLES)
def test_the_verdicts_are_those_of_a_run_that_asks_the_sdk(
    fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = found(FAULTS[fault])
    assert found(FAULTS[fault]) == first
    monkeypatch.setattr(judging, "RememberedSdks", Sdks)
    assert found(FAULTS[fault]) == first


def test_another_response_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    found()
    asked: list[str] = []
    plain = Sdks.ask

    def ask(sdks: Sdks, sdk: str, call: Any) -> Any:
        asked.append(call.do)
        return plain(sdks, sdk, call)

    monkeypatch.setattr(Sdks, "ask", ask)
    found()
    assert asked == []
    found(renamed)
    assert set(asked) == {"iterate", "turn", "page", "retrieve"}


def renamed(ask: Ask, request: Request) -> Response:
    response = ask(request)
    text = response.encoded().replace(b'"display_name":"', b'"display_name":"New ')
    return replace(response, text=text)
