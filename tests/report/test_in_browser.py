"""The HTML report in a real browser: Chromium, driven by Playwright, judged by axe-core."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browsing import IN_BROWSER, Visit, axe

pytestmark = IN_BROWSER
WIDTHS = (360, 768, 1280)
SEVERAL = ("conformant", "broken", "hostile")


# --- it is quiet, readable and fits ----------------------------------------------------------------


@pytest.mark.parametrize("name", SEVERAL)
def test_nothing_acts_and_nothing_is_refused(name: str, show: Visit) -> None:
    page = show(name)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert page.title().startswith("Models API contract: ")
    assert page.evaluate("document.scripts.length") == 1
    assert page.locator("section").count() == 6


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", SEVERAL)
def test_axe_finds_nothing(name: str, scheme: str, show: Visit) -> None:
    page = show(name, color_scheme=scheme)
    opened = "details.violated, details.advice, details.fold"
    page.evaluate(
        f"document.querySelectorAll('{opened}').forEach((each) => {{ each.open = true; }})"
    )
    assert axe(page) == ""


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", SEVERAL)
def test_the_page_does_not_scroll_sideways(name: str, width: int, show: Visit) -> None:
    page = show(name, width)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_what_a_server_might_smuggle_in_is_refused(
    browser: Any, pages: dict[str, Path], tmp_path: Path
) -> None:
    smuggled = (
        "<script>document.title = 'acted'</script><p style='color: red' onclick='x()'>x</p>"
        "<style>main { display: none }</style><img src='https://example.invalid/x.png'>"
    )
    tampered = tmp_path / "tampered.html"
    tampered.write_text(
        pages["conformant"].read_text("utf-8").replace("</main>", f"{smuggled}</main>")
    )
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(tampered.as_uri())
    refused = " ".join(text for text in said if "Content Security Policy" in text)
    for what in ("inline script", "inline style", "inline event handler", "example.invalid"):
        assert what in refused
    assert page.title() != "acted"
    assert page.locator("main").is_visible()
    page.close()


def test_light_and_dark_differ(show: Visit) -> None:
    colours = [
        show("conformant", color_scheme=scheme).evaluate(
            "getComputedStyle(document.body).backgroundColor"
        )
        for scheme in ("light", "dark")
    ]
    assert len(set(colours)) == 2


# --- it can be used --------------------------------------------------------------------------------


def shown(page: Any) -> list[str]:
    """The ids of the checks that are shown."""
    texts: list[str] = page.locator("details.check:visible code.id").all_text_contents()
    return texts


def test_checks_are_filtered(show: Visit) -> None:
    page = show("broken")
    every = shown(page)
    page.select_option("#filter-verdict", "violated")
    failed = shown(page)
    assert 0 < len(failed) < len(every)
    assert page.locator("#filter-count").text_content() == f"{len(failed)} of {len(every)} checks"
    page.select_option("#filter-area", "cursors")
    assert set(shown(page)) == {name for name in failed if name.startswith("cursors/")} != set()
    assert page.locator(".area:visible").count() == 1
    page.fill("#filter-text", "ENDS_before cursors")
    assert shown(page) == ["cursors/before_id_ends_before_the_cursor"]
    page.fill("#filter-text", "no such text")
    assert shown(page) == []
    assert page.locator("#no-match").is_visible()


def test_a_link_to_a_hidden_check_shows_and_opens_it(show: Visit) -> None:
    page = show("broken")
    page.select_option("#filter-verdict", "holds")
    page.locator("#diagnoses .explains a").first.click()
    target = page.locator("details.check:target")
    target.wait_for(state="visible")
    assert target.get_attribute("open") is not None


def focused(page: Any) -> str:
    text: str = page.evaluate("`${document.activeElement.id} ${document.activeElement.className}`")
    return text


def test_the_keyboard_reaches_filters_checks_and_commands(show: Visit) -> None:
    page = show("broken")
    page.keyboard.press("Tab")
    assert "skip" in focused(page)
    page.focus("#filter-verdict")
    page.keyboard.type("fail")
    for name in ("filter-area", "filter-text"):
        page.keyboard.press("Tab")
        assert name in focused(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    first = page.locator("details.check:visible").first
    assert first.get_attribute("open") is not None
    page.keyboard.press("Tab")
    assert "copy" in focused(page)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Copy: request").first.wait_for()
    assert first.locator("button.copy").first.text_content() in ("Copied", "Selected")


def test_the_button_copies_the_command(show: Visit) -> None:
    page = show("broken", permissions=["clipboard-read", "clipboard-write"])
    check = page.locator("details.violated").first
    check.locator("summary").click()
    check.locator("button.copy").first.click()
    page.wait_for_function("document.querySelector('button.copy').textContent !== ''")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == check.locator(".command code").first.text_content()


def test_without_javascript_all_but_the_filter_works(show: Visit) -> None:
    page = show("broken", java_script_enabled=False)
    assert not page.locator("#filters").is_visible()
    assert page.locator("button.copy:visible").count() == 0
    assert page.locator("#pages .row").first.is_visible()
    check = page.locator("details.violated").first
    assert not check.locator("dl").is_visible()
    check.locator("summary").click()
    assert check.locator("dl").is_visible()
    assert check.locator(".command code").first.is_visible()


def test_on_paper_all_is_open(show: Visit) -> None:
    page = show("broken", java_script_enabled=False)
    page.emulate_media(media="print")
    assert page.locator("details.violated dl").first.is_visible()
    assert page.locator("#requests td.asked").first.is_visible()
    assert not page.locator("nav").is_visible()


# --- the page map as it is drawn ---------------------------------------------------------------------


def places(page: Any, group: str, row: int, kind: str) -> tuple[int, int] | None:
    """Where something is drawn: the first and the last position from 1, by its pixels; None if it is not."""
    found = page.locator(".map", has_text=group).first.locator("li.row").nth(row)
    rects = found.locator(f"rect.{kind}")
    if not rects.count():
        return None
    strip, box = found.locator("rect.track").bounding_box(), rects.first.bounding_box()
    cell = strip["width"] / 27
    middle = cell / 2
    first = int((box["x"] + middle - strip["x"]) // cell)
    last = int((box["x"] + box["width"] - middle - strip["x"]) // cell)
    return first + 1, last + 1


def is_patterned(page: Any, group: str, row: int, kind: str) -> bool:
    found = page.locator(".map", has_text=group).first.locator("li.row").nth(row)
    fill = found.locator(f"rect.{kind}").first.evaluate("(each) => getComputedStyle(each).fill")
    return "url(" in fill


@pytest.mark.parametrize("width", WIDTHS)
def test_an_ignored_cursor_is_drawn_as_the_first_page_again(width: int, show: Visit) -> None:
    page, walk = show("cursor-ignored", width), "A walk forward with limit=9"
    assert places(page, walk, 0, "held") == (1, 9)
    assert places(page, walk, 1, "extra") == (1, 9)
    assert places(page, walk, 1, "missing") == (10, 18)
    assert is_patterned(page, walk, 1, "extra")
    assert is_patterned(page, walk, 1, "missing")
    assert "never ends" in page.locator("li.total").nth(1).text_content()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_first_page_only_is_drawn_with_the_rest_missing(width: int, show: Visit) -> None:
    page, walk = show("first-page-only", width), "A walk forward with limit=9"
    assert places(page, walk, 0, "held") == (1, 9)
    assert places(page, walk, 1, "held") == (1, 9)
    assert places(page, walk, 1, "missing") == (10, 27)
    assert is_patterned(page, walk, 1, "missing")


@pytest.mark.parametrize("width", WIDTHS)
def test_before_id_from_the_wrong_end_is_drawn_at_both_ends(width: int, show: Visit) -> None:
    page, walk = show("wrong-end", width), "A walk backward"
    assert places(page, walk, 0, "extra") == (1, 9)
    assert places(page, walk, 0, "missing") == (18, 26)
    assert is_patterned(page, walk, 0, "extra")
    assert "from the wrong end" in page.locator("li.wrong").first.text_content()
