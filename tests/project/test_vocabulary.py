"""One term per thing: words that a standard term replaces do not come back."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from documented import ROOT

from pytest_models_contract.fake.faults import FAULTS
from pytest_models_contract.suite.checks import known_ids

TERMS = {
    r"lie|lies|lied|liars?|lying|told": "fault, faulty server, inject, said",
    r"innocents?|honest|honestly": "conformant",
    r"mutants?|kill|kills|killed|killers?": "fault, catch",
    r"accus\w+|muddled|strays|holdings": "a name that says it",
    r"surveys?|surveyed": "evidence",
    r"occasions?": "case",
    r"ways|varied": "request variant",
    r"dress|dressed|dresses|shapes": "response format",
    r"borders?": "page boundary",
    r"complaints?|complains?": "problem",
    r"silence|silenced": "logging, no response",
    r"garbage": "gc, random bytes",
    r"stash": "pytest state",
    r"afresh|anew": "again",
    r"news": "fields that this revision does not know",
    r"twins?": "ini option",
    r"hears?|heard": "receive",
    r"unexercised": "not tested",
    r"cites|cited": "the clause of a check",
    r"switchboard": "plugin",
    r"odd but right|serves? right": "conformant",
    r"of no use|past its day|turns? (\w+ ){0,2}red": "plain words",
    r"checks? (that |which )?holds?|what holds|as far as exercised": "passed",
}
"""What is not written any more, as a pattern of whole words, and what is written instead."""

NAMES = {
    *("lie", "asked", "behave"),  # the older names of methods of `FakeServer`
    *("Unexercised", "unexercised", "news"),  # a verdict and a key of the report
    *("cites", "models_cites"),  # the marker of a check
    *("stash", "StashKey", "kill", "killpg", "pthread_kill"),  # of pytest and of Python
}
"""Identifiers that keep their words: promised to users, or not ours."""

IN_TEXT = re.compile(
    r"[`\"'](?:counts\.)?(lie|asked|behave|unexercised|news|models_cites|heard)[`\"']"
    r"|\.(lie|stash|kill)\b|\bkill (-- )?\"?-?\$|garbage.collect\w*|\bUnexercised\b|\bmodels_cites\b"
    r"|@cites\(|`(ways|varied)\.py`"
)
"""The same in prose and in code inside of strings, and modules that docs/decisions.md names."""

COVERED = (
    *("pytest_models_contract", "schemas", "tests", "docs", "benchmarks", "cassettes/SOURCE.md"),
    *("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "noxfile.py", "action.yml", "pyproject.toml"),
    *(".ci/run", ".github", ".pre-commit-config.yaml", "SECURITY.md"),
)
SUFFIXES = {".py", ".md", ".json", ".toml", ".yml", ".yaml", ".txt", ".jsonc", ""}
WORD = re.compile("|".join(rf"\b(?:{words})\b" for words in TERMS), re.IGNORECASE)


def files() -> list[Path]:
    """The files that the vocabulary applies to."""
    found = [path for name in COVERED for path in _under(ROOT / name)]
    return [path for path in found if path.suffix in SUFFIXES and path != Path(__file__)]


def _under(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    else:
        yield from (each for each in sorted(path.rglob("*")) if each.is_file())


@cache
def promised() -> re.Pattern[str]:
    """The names of faults, with their cases, and the ids of checks: these stay as they are."""
    names = {*FAULTS, *known_ids()}
    pieces = {piece for name in names for piece in re.split(r"[/\[\]]", name)}
    kept = sorted(filter(lambda piece: WORD.search(words(piece)), pieces), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, kept)) or "$^")


def words(text: str) -> str:
    """The text with `snake_case` and `CamelCase` taken apart."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", text)


def parts(path: Path) -> Iterator[tuple[int, str]]:
    """Line number and text of everything in a file that has to use the terms."""
    text = path.read_text("utf-8")
    if path.suffix != ".py":
        yield from enumerate(text.splitlines(), 1)
        return
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.NAME and token.string not in NAMES:
            yield token.start[0], token.string
        elif token.type in (tokenize.COMMENT, tokenize.STRING) or "FSTRING" in token_name(token):
            yield from enumerate(token.string.splitlines(), token.start[0])


def token_name(token: tokenize.TokenInfo) -> str:
    return tokenize.tok_name[token.type]


@cache
def unwanted(text: str) -> list[str]:
    """The words of a text that have a better term."""
    if not WORD.search(words(text)):
        return []
    text = IN_TEXT.sub(" ", promised().sub(" ", text))
    return [found[0] for found in WORD.finditer(words(text))]


def test_only_the_terms_are_used() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {word}"
        for path in files()
        for line, text in parts(path)
        for word in unwanted(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a lie about it", ["lie"]),
        ("a believer lies", ["lies"]),
        ("test_a_mutant_is_killed", ["mutant", "killed"]),
        ("SurveyOfModels", ["Survey"]),
        ("the check holds", ["check holds"]),
        ("a page holds 20 models", []),
        ("its verdict is `unexercised`", []),
        ("an unexercised check", ["unexercised"]),
        ("the garbage collector", []),
    ],
)
def test_the_patterns_find_whole_words(text: str, found: list[str]) -> None:
    assert unwanted(text) == found
