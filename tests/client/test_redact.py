"""Secrets in every encoding, and text that would act on a terminal or a log."""

from __future__ import annotations

import html
import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_models_contract.client.redact import HIDDEN, KEY_PSEUDONYM, SHORT, Redactor, visible

KEY = "sk-test/9f+3=Q&~é>"

SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "percent": lambda key: quote(key, safe=""),
    "percent_slash_kept": quote,
    "percent_javascript": lambda key: quote(key, safe="!'()*"),
    "percent_path": lambda key: quote(key, safe="!$&'()*+,;=:@"),
    "percent_lower_hex": lambda key: quote(key, safe="").replace("%2F", "%2f").replace("%2B", "%2b")
    .replace("%3D", "%3d").replace("%C3%A9", "%c3%a9").replace("%3E", "%3e"),
    "form": quote_plus,
    "json": lambda key: json.dumps(key)[1:-1],
    "json_slash": lambda key: json.dumps(key)[1:-1].replace("/", "\\/"),
    "json_in_json": lambda key: json.dumps(json.dumps(key))[3:-3],
    "html": html.escape,
    "base64": lambda key: b64encode(key.encode()).decode(),
    "base64_unpadded": lambda key: b64encode(key.encode()).decode().rstrip("="),
    "base64_urlsafe": lambda key: urlsafe_b64encode(key.encode()).decode(),
    "base64_password": lambda key: b64encode(f":{key}".encode()).decode(),
    "base64_user": lambda key: b64encode(f"{key}:".encode()).decode(),
    "base64_user_and_password": lambda key: b64encode(f"admin:{key}".encode()).decode(),
    "base64_in_more": lambda key: b64encode(f"xy{key}yx".encode()).decode(),
}  # fmt: skip


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
def test_every_spelling_is_replaced(spell: Callable[[str], str]) -> None:
    text = f"before {spell(KEY)} after"
    shown = Redactor([KEY]).redact(text)
    assert HIDDEN in shown
    assert spell(KEY) not in shown
    assert shown.startswith("before ")
    assert shown.endswith(" after")


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
def test_a_pseudonym_still_shows_that_the_key_was_there(spell: Callable[[str], str]) -> None:
    shown = Redactor(named={KEY: KEY_PSEUDONYM}).redact(f"before {spell(KEY)} after")
    assert spell(KEY) not in shown
    assert Redactor([KEY_PSEUDONYM]).finds(shown)


@given(st.text(min_size=6).filter(str.strip), st.text(), st.text())
def test_a_redacted_secret_is_not_found_any_more(secret: str, before: str, after: str) -> None:
    redactor = Redactor([secret])
    assert redactor.finds(before + secret + after)
    if HIDDEN not in secret:
        assert secret not in redactor.redact(secret)


def test_a_short_secret_is_a_secret_only_as_a_word() -> None:
    redactor = Redactor(["a"])
    assert redactor.redact("a cat ate; key=a, banana") == "*** cat ate; key=***, banana"


def test_case_counts() -> None:
    assert Redactor(["SecretValue"]).redact("secretvalue") == "secretvalue"


def test_the_longer_of_two_secrets_goes_first() -> None:
    redactor = Redactor(named={"secret": "short-name", "secret-and-more": "long-name"})
    assert redactor.redact("secret-and-more secret") == "long-name short-name"


@pytest.mark.parametrize("nothing", ["", "  ", None])
def test_an_empty_secret_hides_nothing(nothing: str | None) -> None:
    assert Redactor([nothing]).redact("all: of == this Og==") == "all: of == this Og=="


def test_the_credential_in_a_header_value_is_a_secret_of_its_own() -> None:
    assert Redactor(["Bearer gateway-token"]).redact("got gateway-token") == "got ***"


def test_bytes_that_are_not_text_are_kept() -> None:
    assert Redactor(["secret-value"]).redact_bytes(b"\xff secret-value \x00") == b"\xff *** \x00"


def test_echoes_name_what_was_found_in_order() -> None:
    redactor = Redactor(["other-secret"], {"the-real-key": KEY_PSEUDONYM})
    assert redactor.echoes("x the-real-key y other-secret") == [KEY_PSEUDONYM, HIDDEN]
    assert redactor.echoes("nothing here") == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("claude-opus", "claude-opus"),
        ("日本語 …", "日本語 …"),
        ("a\nb\r\tc", r"a\nb\r\tc"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("\x9b31m", r"\x9b31m"),
        ("\u202eevil\u2066", r"\u202eevil\u2066"),
        ("\ud800", r"\ud800"),
        ("zero\u200bwidth\ufeff", r"zero\u200bwidth\ufeff"),
        ("line\u2028break", r"line\u2028break"),
        ("::error file=x::gone", r"\x3a:error file=x::gone"),
        (" ::set-output name=x::1", r" \x3a:set-output name=x::1"),
        ("see ##[error]bad", r"see \x23#[error]bad"),
        ("##vso[task.complete]", r"\x23#vso[task.complete]"),
    ],
)
def test_visible_text_is_harmless(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_long_text_is_cut_and_its_length_named() -> None:
    assert visible("x" * 200, 10) == "xxxxxxxxxx… (200 characters)"
    assert visible("x" * 10, 10) == "xxxxxxxxxx"


@given(st.text(st.characters(exclude_categories=())))
def test_visible_text_is_one_printable_line(text: str) -> None:
    shown = visible(text)
    assert shown.isprintable()
    shown.encode("utf-8")


def test_the_beginning_of_a_secret_before_a_cut_is_hidden() -> None:
    redactor = Redactor([KEY])
    for length in range(SHORT, len(KEY)):
        assert redactor.redact(visible(f"the key {KEY}", 8 + length)).startswith("the key ***… (")
    assert redactor.redact(f"the key {KEY[: SHORT - 1]}…") == f"the key {KEY[: SHORT - 1]}…"
    assert redactor.redact("claude-a, claude-b, …") == "claude-a, claude-b, …"
