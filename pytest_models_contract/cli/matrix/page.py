"""The table as one HTML page that loads nothing and runs nothing."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from importlib import resources
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from pytest_models_contract.cli.matrix import wording
from pytest_models_contract.cli.matrix.table import WORST_FIRST, Row, Table, areas
from pytest_models_contract.client.redact import visible
from pytest_models_contract.report.contents import WORDS, plural
from pytest_models_contract.suite.checks import DOCUMENT, anchor

if TYPE_CHECKING:
    from markupsafe import Markup

INSTALL = "pip install 'pytest-models-contract[html]'"
LONGEST = 4_000


def why_not() -> str:
    """What is missing for a page; empty where nothing is."""
    return "" if find_spec("jinja2") else f"an HTML page needs Jinja2: {INSTALL}"


def text(made: Table) -> str:
    """The page. Text from a server is escaped, and the policy of the page lets nothing act."""
    import jinja2

    folder = resources.files(__package__ or "")
    style = (folder / "page.css").read_text("utf-8")
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    environment.filters |= {"visible": _visible, "code": _code}
    template = environment.from_string((folder / "page.html").read_text("utf-8"))
    return template.render(
        made=made,
        areas=areas(made),
        style=style,
        policy=f"default-src 'none'; style-src '{_hash(style)}'; base-uri 'none'; form-action 'none'",
        wording=wording,
        words=WORDS,
        plural=plural,
        checks_of=_checks_of,
        link=lambda check: f"{DOCUMENT}#{anchor(check)}",
    )


def _hash(style: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}"


def _visible(value: str) -> str:
    """The text without characters that act on the page's direction or lines; its line ends stay."""
    return "\n".join(visible(line, LONGEST) for line in value.splitlines())


def _code(value: str) -> Markup:
    """The text with what is between backticks as code."""
    from markupsafe import Markup, escape

    parts = (
        f"<code>{escape(part)}</code>" if n % 2 else escape(part)
        for n, part in enumerate(value.split("`"))
    )
    return Markup("".join(parts))  # noqa: S704 - each part is escaped


def _checks_of(row: Row, area: str) -> Sequence[tuple[str, list[dict[str, Any]]]]:
    """The checks of a cell by their outcome, the worst first."""
    kinds = row["areas"][area]["checks"]
    own = [check for check in row["report"]["checks"] if check["id"] in kinds]
    grouped = [
        (kind, [check for check in own if kinds[check["id"]] == kind]) for kind in WORST_FIRST
    ]
    return [(kind, checks) for kind, checks in grouped if checks]
