"""The HTML report: no text of a server acts in it, and no secret is in it."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

import contracting
import pytest
from webpage_reading import written
from webpage_servers import HOSTILE, KEY, NASTY

from pytest_models_contract.fake import Fake, serve
from pytest_models_contract.fake.faults import FAULTS

IGNORED = "cursor_ignored[after_id]"


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    contracting.without_environment(monkeypatch)


ALLOWED = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "section", "footer"),
    *("nav", "div", "span", "p", "h1", "h2", "h3", "h4", "ul", "ol", "li", "dl", "dt", "dd", "a"),
    *("b", "i", "strong", "small", "code", "table", "thead", "tbody", "tr", "th", "td", "details"),
    *("summary", "form", "label", "select", "option", "input", "output", "button", "script"),
    *("svg", "defs", "pattern", "rect", "path"),
}


def test_no_text_of_a_server_acts_in_the_page(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODELS_CONTRACT_API_KEY", KEY)
    pytester.makepyfile(nasty=HOSTILE)
    page = written(pytester, app="nasty:app")
    assert {each.tag for each in page.all("*")} <= ALLOWED
    attributes = [
        (name, value) for each in page.all("*") for name, value in each.attributes.items()
    ]
    assert not [name for name, _ in attributes if name.startswith("on") or name == "style"]
    assert not [name for name, _ in attributes if name in ("src", "action", "srcset", "xlink:href")]
    links = [value for name, value in attributes if name == "href"]
    assert all(link.startswith(("https://", "#")) for link in links)
    assert len(page.all("script")) == len(page.all("style")) == 1
    text = (pytester.path / "report.html").read_text("utf-8")
    assert KEY not in text
    assert not re.search("[\u2028\u2029\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f]", text)
    assert "x" * 1_000 not in text
    shown = page.by_id("models").text
    assert all(own in shown for own in NASTY if own.isprintable() and len(own) < 80)


def test_the_policy_names_the_style_and_the_script(pytester: pytest.Pytester) -> None:
    page = written(pytester, app=contracting.CONFORMANT_APP)
    [policy] = [
        each.attributes["content"]
        for each in page.all("meta")
        if each.attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    text = (pytester.path / "report.html").read_text("utf-8")
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    for tag in ("style", "script"):
        own = text[text.index(f"<{tag}>") + len(tag) + 2 : text.index(f"</{tag}>")]
        digest = b64encode(sha256(own.encode()).digest()).decode()
        assert rules.pop(f"{tag}-src") == f"'sha256-{digest}'"
    assert set(rules.values()) == {"'none'"}
    assert "default-src" in rules


def test_no_secret_is_in_the_page(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = {"MODELS_CONTRACT_API_KEY": KEY, "TENANT": "tenant-9876543210"}
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    faults = ("key_in_body_of[page]", "key_in_message_of[404]", "key_in_cookie", IGNORED)
    with serve(Fake(key=KEY, faults=[FAULTS[name] for name in faults])) as base_url:
        url = base_url.replace("://", "://user:passw0rd-5@")
        options = ("--models-header", "x-tenant: env:TENANT", "--models-base-url", url)
        written(pytester, *options, app="")
    text = (pytester.path / "report.html").read_text("utf-8")
    assert [value for value in (*secrets.values(), "passw0rd-5") if value in text] == []
    assert "***" in text
