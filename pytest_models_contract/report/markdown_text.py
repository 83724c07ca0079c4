"""Text of a server in Markdown: it cannot leave its place, become markup or mention a user."""

from __future__ import annotations

from pytest_models_contract.client.redact import visible


def words(text: str) -> str:
    """A sentence that may quote the server; what is between backticks is code."""
    parts = visible(text, 500).split("`")
    shown = [
        f"<code>{_entities(part)}</code>" if n % 2 else _entities(part)
        for n, part in enumerate(parts)
    ]
    return "".join(shown)


def code(text: str) -> str:
    """Text that cannot leave its cell, become markup, make a link or mention a user."""
    return f"<code>{_entities(visible(text, 300))}</code>"


def _entities(text: str) -> str:
    """Every character that Markdown, HTML or GitHub could interpret, as an entity."""
    return "".join(
        char if not char.isascii() or char.isalnum() or char in " -/" else f"&#{ord(char)};"
        for char in text
    )
