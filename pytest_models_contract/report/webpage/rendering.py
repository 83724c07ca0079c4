"""The page as a whole: its templates, style and script, and the policy that lets nothing else act in it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from pytest_models_contract.client.redact import visible
from pytest_models_contract.report.contents import Report
from pytest_models_contract.report.webpage import (
    checks,
    diagnoses,
    models,
    pages,
    requests,
    untested,
    verdict,
)

STYLES = ("base.css", "sections.css", "pages.css", "checks.css", "media.css")
SCRIPT = "page.js"
LONGEST = 600


def as_html(
    report: Report,
    problems: Sequence[str],
    overview: Mapping[str, Any],
    options: Mapping[str, int],
) -> str:
    """The report as an HTML page.

    `overview` has the requests and the catalogue as rows, `options` how many checks each option adds
    that was not given. No text from a server can act in the page.
    """
    catalogue = overview["catalogue"]
    style, script = "".join(map(_asset, STYLES)), _asset(SCRIPT)
    return (
        _environment()
        .get_template("page.html")
        .render(
            policy=policy(style, script),
            style=Markup(style),  # noqa: S704 - our own file
            script=Markup(script),  # noqa: S704 - our own file
            verdict=verdict.section(report, problems),
            diagnoses=diagnoses.section(report),
            pages=pages.section(catalogue),
            models=models.section(catalogue),
            requests=requests.section(overview["requests"], report),
            checks=checks.section(report),
            untested=untested.section(report, options),
            report=report,
        )
    )


def policy(style: str, script: str) -> str:
    """The Content-Security-Policy: our style and our script by their hashes, and nothing else."""
    return "; ".join(
        [
            "default-src 'none'",
            f"style-src {_hash(style)}",
            f"script-src {_hash(script)}",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _asset(name: str) -> str:
    return resources.files(__package__).joinpath("templates", name).read_text("utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader(__package__, "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(words=_words, shown=_shown, plural=_plural)
    return environment


def _plural(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _shown(text: str) -> str:
    """A text that may quote a server, on one line, without characters that could rearrange the page."""
    return visible(text, LONGEST)


def _words(text: str) -> Markup:
    """A sentence; what is between backticks is code."""
    parts = _shown(text).split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if n % 2 else escape(part)
        for n, part in enumerate(parts)
    )
