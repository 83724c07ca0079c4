"""docs/servers.md: made from the rows of the real servers, with all of them in it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import made_reports
import pytest
import rows
import write_document
from documented import ROOT
from tables import verdict
from write_document import DOCUMENT, NAMES

from pytest_models_contract.report.contents import as_json

SHOWN = re.compile(r"^## (\S+) ", re.MULTILINE)


def test_the_document_shows_every_server_of_the_tests_in_their_order() -> None:
    assert SHOWN.findall(DOCUMENT.read_text("utf-8")) == NAMES


def test_a_server_with_violations_in_its_table_has_them_in_the_document() -> None:
    text = DOCUMENT.read_text("utf-8")
    sections = dict(zip(SHOWN.findall(text), SHOWN.split(text)[2::2], strict=True))
    for name in sections:
        known = [path for path in (name, f"proxies/{name}") if table_of(path).is_file()]
        fails = any(verdict(path).must for path in known)
        assert ("| ✗ failed |" in sections[name]) == fails, name


def table_of(name: str) -> Path:
    return ROOT / "tests" / "servers" / "verdicts" / f"{name}.toml"


def test_a_row_is_kept_and_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = json.loads(as_json(made_reports.made(made_reports.check("newest_first", "violated"))))
    rows.keep("mitmproxy", "a command", report)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setenv(rows.FOLDER, str(tmp_path))
    rows.keep("mitmproxy", "a command", report)
    found = rows.read(tmp_path)
    monkeypatch.setattr(write_document, "NAMES", ["mitmproxy"])
    text = write_document.text(found)
    assert "## mitmproxy &#40;mitmproxy 11&#46;0&#46;2&#41;" in text
    assert "```sh\na command\n```" in text
    assert "| ✗ failed | this rule is not kept&#58; A rule with <code>code</code>&#46; |" in text


def test_without_all_rows_no_document_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["write_document.py", str(tmp_path)])
    with pytest.raises(
        SystemExit, match=r"servers\.md was not written: .* has no row of litellm, aimock"
    ):
        write_document.main()
