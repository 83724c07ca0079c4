"""The page of the matrix in a real browser: what `test_in_browser.py` demands of the report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browsing import IN_BROWSER, Visit, axe
from webpage_servers import FAULTY, HOSTILE

from pytest_models_contract.cli.matrix import program

pytestmark = IN_BROWSER
SERVERS = """
[[server]]
name = "conformant"
app = "pytest_models_contract.fake:Fake"

[[server]]
name = "broken"
app = "faulty:broken"

[[server]]
name = "<script>document.title = 'acted'</script>"
app = "hostile:app"

[[server]]
name = "missing"
app = "no_such_module:app"
"""


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of four servers."""
    folder = tmp_path_factory.mktemp("matrix")
    (folder / "faulty.py").write_text(FAULTY)
    (folder / "hostile.py").write_text(HOSTILE)
    (folder / "servers.toml").write_text(SERVERS)
    path = folder / "matrix.html"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", f"{folder}:{Path(__file__).parents[1]}")
        patch.chdir(folder)
        assert program.main(["servers.toml", "-o", str(path)], "models-contract matrix") == 1
    return path


def opened(page: Any) -> Any:
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(scheme: str, visit: Visit, table: Path) -> None:
    assert axe(opened(visit(table, color_scheme=scheme))) == ""


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_only_the_table_scrolls_sideways(width: int, visit: Visit, table: Path) -> None:
    page = opened(visit(table, width))
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_it_shows_every_server_and_nothing_acts(visit: Visit, table: Path) -> None:
    page = visit(table)
    assert page.title() == "Models API contract: 4 servers"
    names = page.locator("tbody .name").all_text_contents()
    assert names[2] == "<script>document.title = 'acted'</script>"
    cells = page.locator("tbody tr").nth(1).locator("td .verdict.violated:visible")
    assert cells.count() > 0
    assert page.locator("tbody tr").nth(3).locator("td").text_content().startswith("? did not run")


def test_a_cell_opens_by_keyboard(visit: Visit, table: Path) -> None:
    page = visit(table)
    cell = page.locator("tbody tr").nth(1).locator("td[data-area=cursors]")
    assert not cell.locator("li a").first.is_visible()
    cell.locator("summary").focus()
    page.keyboard.press("Enter")
    assert cell.locator("li a").first.is_visible()
