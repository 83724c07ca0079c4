"""What `models-contract spec-draft` writes: schemas that say what the SDK says, with empty descriptions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from made_sdks import BASE, REVISION, sdk
from sdk_changes import CASES

from pytest_models_contract.cli.sdk import draft
from pytest_models_contract.cli.sdk.differences import Difference, differences
from pytest_models_contract.cli.sdk.facts import Fact
from pytest_models_contract.cli.sdk.reading import Sdk
from pytest_models_contract.cli.sdk.writing import drafted
from pytest_models_contract.spec.json_schema import at, pointers
from pytest_models_contract.spec.revision import Revision

PAGE = "https://github.com/anthropics/anthropic-sdk-python"
SUPPORT = {"$ref": "#/$defs/support"}


def drafted_from(changed: Sdk) -> Revision:
    found = list(differences(REVISION, changed))
    return drafted(REVISION, "2030-02-02", found, changed.language.page)


def drafted_case(case: str, pointer: str) -> Any:
    stem, _, path = pointer.partition("#")
    return at(drafted_from(sdk(CASES[case].change)).schemas[stem], path)


@pytest.mark.parametrize("case", [name for name, case in CASES.items() if case.drafted])
def test_a_draft_has_no_difference_from_its_sdk(case: str) -> None:
    only = CASES[case].language
    for language in [only] if only else BASE:
        changed = sdk(CASES[case].change, language)
        assert list(map(str, differences(drafted_from(changed), changed))) == []


@pytest.mark.parametrize("case", [name for name, case in CASES.items() if not case.drafted])
def test_what_schemas_cannot_say_is_left(case: str) -> None:
    changed = sdk(CASES[case].change, CASES[case].language or "python")
    assert list(differences(drafted_from(changed), changed))


def test_a_new_field_has_an_empty_rule_and_the_page_of_the_sdk() -> None:
    new = {"description": "", "$comment": PAGE, "type": "string"}
    assert drafted_case("new field", "model_info#/properties/family") == new
    assert "family" in drafted_case("new field", "model_info#/required")


def test_a_new_value_that_may_be_null() -> None:
    own = drafted_case("new field, null", "model_info#/properties/family")
    assert (own["type"], own["enum"]) == (["string", "null"], ["a", "b", None])
    assert "family" in drafted_case("new field, null", "model_info#/required")


def test_a_new_date() -> None:
    own = drafted_case("new date", "model_info#/properties/until")
    assert (own["type"], own["format"]) == (["string", "null"], "date-time")


def test_a_new_capability_refers_to_the_definition_of_support() -> None:
    where = "model_info#/properties/capabilities"
    plain = drafted_case("new capability", f"{where}/properties/audio")
    assert plain == {"description": "", "$comment": PAGE, **SUPPORT}
    assert "audio" in drafted_case("new capability", f"{where}/required")


def test_without_that_definition_a_new_capability_is_complete_by_itself() -> None:
    found = [
        Difference("ModelInfo.batch", None, Fact("object", present=True)),
        Difference("ModelInfo.batch.supported", None, Fact("boolean", present=True)),
    ]
    schemas = drafted(Revision.load("2024-12-17"), "2030-02-02", found, PAGE).schemas
    own = schemas["model_info"]["properties"]["batch"]
    assert (own["type"], own["required"]) == ("object", ["supported"])
    assert own["properties"]["supported"]["type"] == "boolean"


def test_of_a_capability_that_may_be_null_absence_is_advice() -> None:
    where = "model_info#/properties/capabilities"
    either = drafted_case("new capability, null", f"{where}/properties/audio")
    assert either["anyOf"] == [SUPPORT, {"type": "null"}]
    assert "audio" not in drafted_case("new capability, null", f"{where}/required")


def test_known_values_of_which_more_may_come_stay_examples() -> None:
    own = drafted_case("a known value more", "model_info#/properties/line")
    assert own["examples"] == ["haiku", "opus", "sonnet"]
    assert "enum" not in own


def test_what_an_sdk_does_not_show_stays() -> None:
    found = [Difference("list.query.limit", Fact("integer"), Fact("integer", nullable=True))]
    params = drafted(REVISION, "2030-02-02", found, PAGE).schemas["list_params"]
    own = params["properties"]["limit"]
    assert (own["type"], own["minimum"]) == (["integer", "null"], 1)


def test_what_is_gone_is_gone_from_required_as_well() -> None:
    assert "stage" not in drafted_case("gone field", "model_info#/properties")
    assert "stage" not in drafted_case("gone field", "model_info#/required")


def test_a_header_keeps_the_name_of_its_definition() -> None:
    own = drafted_case("another header type", "list_params#/$defs/workspace_header")
    assert (own["x-header"], own["type"]) == ("anthropic-workspace-id", "array")
    new = drafted_case("new header", "list_params#/$defs/region_header")
    assert (new["x-header"], new["description"]) == ("anthropic-region", "")


def test_what_changed_loses_its_rule_and_nothing_else_does() -> None:
    draft = drafted_from(sdk(CASES["another type"].change))
    schema = draft.schemas["model_info"]
    empty = [place for place in pointers(schema, "") if not at(schema, place)["description"]]
    assert empty == ["/properties/id"]
    assert REVISION.schemas["model_info"]["properties"]["id"]["description"]


# --- the program ---------------------------------------------------------------------------------


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs the program with an SDK of this case, from the small revision."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(draft.Revision, "load", lambda _: REVISION)

    def write(case: str, *arguments: str) -> int:
        change = CASES[case].change if case else id
        monkeypatch.setattr(draft, "read", lambda name: sdk(change, name))
        return draft.main([*arguments, "--from", "2030-01-01"])

    return write


def test_the_folder_of_a_draft(
    written: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert written("new beta", "2030-02-02") == 1
    folder = tmp_path / "schemas" / "2030-02-02"
    names = {each.name for each in folder.iterdir()}
    assert names == {"SOURCE.md", "betas.json", "list_params.json", "model_info.json"}
    betas = json.loads((folder / "betas.json").read_text("utf-8"))
    assert betas["items"]["enum"] == ["a-1", "b-2", "c-3"]
    assert capsys.readouterr().out.splitlines() == [
        "new      anthropic-beta.c-3",
        f"draft written: {Path('schemas') / '2030-02-02'}",
    ]
    source = (folder / "SOURCE.md").read_text("utf-8")
    assert source.startswith("# Where the revision 2030-02-02 comes from\n")
    assert f"{draft.TO_WRITE}: what is new" in source
    assert "`anthropic` 9.9.9" in source
    assert "new `anthropic-beta.c-3`" in source
    assert "(../2030-01-01/SOURCE.md)" in source


def test_what_the_draft_cannot_say_is_listed(
    written: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert written("no betas", "2030-02-02", "-o", "drafts") == 1
    said = capsys.readouterr().out.splitlines()
    assert said[1:3] == ["1 difference the draft cannot say:", "  list.header.anthropic-beta"]
    source = (tmp_path / "drafts" / "2030-02-02" / "SOURCE.md").read_text("utf-8")
    assert f"{draft.TO_WRITE}, as the schemas of a draft cannot say it: `list.header" in source


def test_without_a_difference_nothing_is_written(
    written: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert written("", "2030-02-02") == 0
    assert capsys.readouterr().out.startswith("nothing to draft: anthropic 9.9.9 does not differ")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2030-01-01", "2030-01-01 is not after 2030-01-01, the revision it starts from"),
        ("2030-03-03", "2030-03-03 exists already"),
    ],
)
def test_a_wrong_date_is_wrong_usage(
    written: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], day: str, why: str
) -> None:
    (tmp_path / "schemas" / "2030-03-03").mkdir(parents=True)
    assert written("new beta", day) == 2
    assert capsys.readouterr().err.endswith(f"{why}\n")


def test_a_folder_that_cannot_be_written_is_wrong_usage(
    written: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "schemas").write_text("a file", "utf-8")
    assert written("new beta", "2030-02-02") == 2
    assert capsys.readouterr().err.startswith("models-contract spec-draft: ")


def test_a_date_is_a_day(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        draft.main(["2030-13-01"])
    assert "argument DATE: 2030-13-01 is not a day: write YYYY-MM-DD" in capsys.readouterr().err
