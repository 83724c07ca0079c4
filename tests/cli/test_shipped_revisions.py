"""Each shipped revision says what the SDKs say that its SOURCE.md names, and so does each draft."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from named_sdks import NAMES, NamedSdk, named_sdks, needs_sdks, use

from pytest_models_contract.cli.sdk import diff, draft
from pytest_models_contract.cli.sdk.facts import of_revision
from pytest_models_contract.spec.revision import Revision

NAMED = list(named_sdks())


def test_each_revision_names_an_sdk_of_each_language() -> None:
    named = [(sdk.revision, sdk.language) for sdk in NAMED]
    assert named == [(name, language) for name in Revision.known() for language in NAMES]


@needs_sdks
@pytest.mark.slow
@pytest.mark.parametrize("sdk", NAMED, ids=lambda sdk: "-".join(sdk))
def test_a_revision_has_no_difference_from_its_sdks(
    sdk: NamedSdk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    use(sdk, monkeypatch)
    status = diff.main([sdk.revision, "--sdk", sdk.language])
    assert capsys.readouterr().out.startswith(f"no difference from revision {sdk.revision} to ")
    assert status == 0


@needs_sdks
@pytest.mark.slow
@pytest.mark.parametrize(
    ("base", "sdk"),
    [*pairwise(sdk for sdk in NAMED if sdk.language == "python")],
    ids=lambda sdk: sdk.revision,
)
def test_a_draft_from_the_revision_before_says_the_same_as_the_shipped_one(
    base: NamedSdk, sdk: NamedSdk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    use(sdk, monkeypatch)
    day = f"{sdk.revision[:4]}-12-31"
    assert draft.main([day, "--from", base.revision, "-o", str(tmp_path)]) == 1
    drafted = Revision(day, schemas_in(tmp_path / day))
    assert of_revision(drafted) == of_revision(Revision.load(sdk.revision))


@needs_sdks
@pytest.mark.slow
def test_a_draft_of_new_beta_values_is_the_shipped_revision(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    use(next(sdk for sdk in NAMED if sdk.revision == "2026-11-24"), monkeypatch)
    draft.main(["2026-12-31", "--from", "2026-10-15", "-o", str(tmp_path)])
    assert schemas_in(tmp_path / "2026-12-31") == dict(Revision.load("2026-11-24").schemas)


def schemas_in(folder: Path) -> dict[str, Any]:
    """The schemas of a draft by name."""
    files = folder.glob("*.json")
    return {path.stem: json.loads(path.read_text("utf-8")) for path in files}
