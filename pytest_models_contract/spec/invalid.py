"""What is wrong with a model or a page, as a short error: where, what is there, what was expected."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from jsonschema import ValidationError
from jsonschema.exceptions import best_match

from pytest_models_contract.spec import json_schema, rfc3339
from pytest_models_contract.spec.json_schema import Schema

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

MOST_SHOWN = 60
"""The longest value that is shown in full, in characters."""


def validate(validator: Validator, demands: Mapping[str, Schema], value: Any) -> None:
    """Raise `ValidationError` unless `value` is valid; its text is one line for the first error.

    `demands` say what was expected of a property that is absent, by its path.
    """
    errors = list(validator.iter_errors(value))
    if errors:
        # Of an `anyOf`, the error of the alternative that fits best.
        raise _short(best_match(errors[:1]), demands, len(errors) - 1)


def _short(error: Any, demands: Mapping[str, Schema], more: int) -> ValidationError:
    path, seen = list(error.absolute_path), _shown(error.instance)
    expected = json_schema.expected(error.schema)
    if error.validator == "required":
        name = next(name for name in error.validator_value if name not in error.instance)
        path, seen = [*path, name], "absent"
        expected = _expected_at(path, demands)
    elif error.validator == "format" and (problem := rfc3339.problem(error.instance)):
        expected = f"{expected}: {problem}"
    text = f"{_where(path)}: {seen}, expected {expected or error.message}"
    # Without its schema, the error shows nothing but this text.
    return ValidationError(
        f"{text} (and {more} more)" if more else text,
        validator=error.validator,
        validator_value=error.validator_value,
        instance=error.instance,
        path=path,
    )


def _expected_at(path: Iterable[str | int], demands: Mapping[str, Schema]) -> str:
    dotted = ".".join(name for name in path if isinstance(name, str))
    return json_schema.expected(demands.get(dotted) or demands[dotted.removeprefix("data.")])


def _where(path: Iterable[Any]) -> str:
    """The path as in Python: `data[3].capabilities.batch`."""
    steps = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in path]
    return "".join(steps).removeprefix(".") or "the value"


def _shown(value: object) -> str:
    """The value as JSON; only its type where that is long."""
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= MOST_SHOWN else json_schema.kind(value)
