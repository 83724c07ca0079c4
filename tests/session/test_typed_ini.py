"""Options in `[tool.pytest]`, where values have types; pytest 9 reads that table."""

from __future__ import annotations

import pytest
from contracting import CONFORMANT_APP, contract

from pytest_models_contract.session import options

pytestmark = pytest.mark.skipif(pytest.version_tuple < (9,), reason="pytest 9 reads [tool.pytest]")
TYPED = """
    models_revision = 2026-10-07
    models_timeout = 5
    models_max_body = 100000
    models_explore = 40
    models_strict = true
    models_alias = ["claude-opus-latest=claude-opus-4-1-20250805"]
"""
AS_STRINGS = """
    models_revision = "2026-10-07"
    models_timeout = "5"
    models_max_body = "100000"
    models_explore = "40"
    models_strict = "true"
    models_alias = "claude-opus-latest=claude-opus-4-1-20250805"
"""


def settings(pytester: pytest.Pytester, name: str, text: str) -> options.Settings:
    pytester.makefile(".toml", **{name: text})
    return options.read(pytester.parseconfig("-p", "pytest_models_contract"))


@pytest.mark.parametrize("values", [TYPED, AS_STRINGS], ids=["typed", "strings"])
@pytest.mark.parametrize(("file", "table"), [("pyproject", "tool.pytest"), ("pytest", "pytest")])
def test_values_may_be_typed_or_strings(
    pytester: pytest.Pytester, file: str, table: str, values: str
) -> None:
    found = settings(pytester, file, f"[{table}]\n{values}")
    assert found.revision == "2026-10-07"
    assert (found.timeout, found.max_body, found.strict) == (5.0, 100_000, True)
    assert found.explore is not None
    assert found.explore.requests == 40
    assert found.aliases == (("claude-opus-latest", "claude-opus-4-1-20250805"),)


def test_a_switch_may_be_off(pytester: pytest.Pytester) -> None:
    assert not settings(pytester, "pytest", '[pytest]\nmodels_strict = "false"').strict


@pytest.mark.parametrize("value", ["[5]", "true", "{seconds = 5}"])
def test_a_value_of_another_type_is_a_usage_error(pytester: pytest.Pytester, value: str) -> None:
    pytester.makepyprojecttoml(f"[tool.pytest]\nmodels_timeout = {value}")
    result = contract(pytester, app=CONFORMANT_APP)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: models_timeout in the ini file: *"])
