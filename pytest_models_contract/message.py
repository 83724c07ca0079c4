"""The text of a failure: the rule, what was asked, what came back, what was expected, who."""

from __future__ import annotations

from pytest_models_contract.api import ModelsAPI
from pytest_models_contract.checks import Facts
from pytest_models_contract.exchange import Reply
from pytest_models_contract.redact import visible
from pytest_models_contract.verdict import Finding, Violation

SHOWN = 3
EXCERPT = 100


def message(violation: Violation, facts: Facts, api: ModelsAPI, repeat: str) -> str:
    """A violated check in at most a dozen lines, without any secret."""
    finding = violation.findings[0]
    lines = [
        ("page", facts.clause.page),
        ("asked", api.curl(finding.reply)),
        ("answered", answered(finding.reply)),
        ("seen", visible(finding.seen, 200)),
        ("expected", visible(finding.expected, 200)),
        *(("where", text) for text in _who(violation)),
        *([("hint", finding.hint)] if finding.hint else []),
        ("repeat", repeat),
    ]
    shown = [f"  {name:<9} {text}" for name, text in _without_repeated_names(lines)]
    return api.redactor.redact("\n".join([facts.title, *shown]))


def answered(reply: Reply) -> str:
    """Status, media type and the beginning of the body."""
    parts = [str(reply.status), visible(reply.media_type or "no content-type", 60)]
    if reply.header("location"):
        parts.append(f"to {visible(reply.header('location') or '', EXCERPT)}")
    if reply.retries:
        parts.append(f"at try {reply.retries + 1}")
    excerpt = visible(reply.body[: 4 * EXCERPT].decode("utf-8", "replace"), EXCERPT)
    return f"{', '.join(parts)}: {excerpt}" if excerpt else ", ".join(parts)


def _who(violation: Violation) -> list[str]:
    """The first offenders one by one, then how many more of how many occasions."""
    placed = [
        finding for finding in violation.findings if finding.where or len(violation.findings) > 1
    ]
    lines = [_place(finding) for finding in placed[:SHOWN]]
    if len(placed) > SHOWN:
        lines.append(
            f"… and {len(placed) - SHOWN} more, {len(placed)} of {violation.occasions} in all"
        )
    return lines


def _place(finding: Finding) -> str:
    place = finding.where or str(finding.reply.question)
    return f"{visible(place, 100)}: {visible(finding.seen, 80)}"


def _without_repeated_names(lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    names = [name for name, _ in lines]
    return [
        ("" if n and names[n - 1] == name else name, text) for n, (name, text) in enumerate(lines)
    ]
