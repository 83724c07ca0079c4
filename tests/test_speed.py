"""What speed rests on, without a clock: how much is asked, what is loaded, and that no short cut changes a verdict."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

import pytest
from contracting import LOADED, reported, verdicts
from hypothesis import given
from hypothesis import strategies as st
from judging import KEY, fake, judged
from mutants import NEWEST

from pytest_models_contract.api import ModelsAPI
from pytest_models_contract.apps import Wsgi
from pytest_models_contract.fake import Fake, serve
from pytest_models_contract.json_schema import validator
from pytest_models_contract.revision import DEFAULT_REVISION, Property, Revision
from pytest_models_contract.run import _news
from pytest_models_contract.strict_json import read_json
from pytest_models_contract.survey import Survey
from pytest_models_contract.target import IN_PROCESS

QUESTIONS = {0: 31, 1: 45, 20: 95, 27: 107}
"""How many questions a run asks for so many models; each of them earns its place."""
NEWER = 11
"""How many more the newest revision takes, which knows lifecycle stages."""


# --- how much is asked ---------------------------------------------------------------------------


@pytest.mark.parametrize("models", QUESTIONS)
def test_a_run_asks_no_more_than_it_did(models: int) -> None:
    assert _asked(models) == QUESTIONS[models]


def test_stages_take_a_few_questions_more() -> None:
    assert _asked(27, NEWEST) == QUESTIONS[27] + NEWER


def test_questions_grow_with_the_pages_of_the_catalogue_alone() -> None:
    few, many = (_asked(models) for models in (3_000, 9_000))
    assert many - few == 6


def _asked(models: int, revision: str = DEFAULT_REVISION) -> int:
    app = fake(models=models, revision=revision)
    judged(app, revision, aliases={})
    return len(app.asked)
