"""The text of a failure: rule, request, response, what was seen and expected, where, and what to do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import Finding
from pytest_models_contract.client.redact import visible
from pytest_models_contract.client.verdict import Violation
from pytest_models_contract.suite.checks import Facts

SHOWN = 2
EXCERPT = 160
SENTENCE = 200
REACHED = 3
_MODEL = re.compile(r"/data/(\d+)")


def message(violation: Violation, facts: Facts, api: ModelsAPI, repeat: str) -> str:
    """A violated check in at most twelve lines, without any secret."""
    found = lines(violation, facts, api, repeat)
    return "\n".join([api.redactor.redact(facts.title), *map(_line, found)])


def lines(
    violation: Violation, facts: Facts, api: ModelsAPI, repeat: str, shown: int = SHOWN
) -> list[tuple[str, str]]:
    """The lines as name and text, with so many places; a line without a name goes on with the one before."""
    finding = violation.findings[0]
    named = [
        ("page", facts.clause.page),
        *_named_once("first", iter(finding.before)),
        ("request", api.curl(finding.response)),
        ("response", response_line(finding)),
        *_named_once("raised", _raised(finding)),
        *_named_once("upstream", _upstream(finding)),
        ("seen", visible(finding.seen, SENTENCE)),
        ("expected", visible(finding.expected, SENTENCE)),
        *([("when", visible(finding.when, SENTENCE))] if finding.when else []),
        *_named_once("where", _places(violation, shown)),
        *([("hint", visible(finding.hint, SENTENCE))] if finding.hint else []),
        ("repeat", repeat),
        ("contract", facts.heading),
    ]
    return [(name, api.redactor.redact(text)) for name, text in named]


def not_tested(reason: str, facts: Facts, repeat: str) -> str:
    """A check without a case, under `--models-complete`."""
    lines = [
        ("page", facts.clause.page),
        ("seen", f"not tested: {reason}"),
        ("expected", "every check is tested (--models-complete)"),
        ("repeat", repeat),
        ("contract", facts.heading),
    ]
    return "\n".join([facts.title, *map(_line, lines)])


def response_line(finding: Finding) -> str:
    """Status, media type and the part of the body that the finding concerns."""
    response = finding.response
    if not response.status:
        return response.broken
    parts = [str(response.status), visible(response.media_type or "no content-type", 60)]
    if response.header("location"):
        parts.append(f"to {visible(response.header('location') or '', EXCERPT)}")
    if response.retries:
        tries = response.retries + 1
        parts.append(f"the last of {tries} tries" if response.failed else f"at try {tries}")
    excerpt = "" if finding.unquoted else visible(_excerpt(finding), EXCERPT)
    return f"{', '.join(parts)}: {excerpt}" if excerpt else ", ".join(parts)


def _excerpt(finding: Finding) -> str:
    """The body. Of a page: only the envelope, or the one model that the finding concerns."""
    response, model = finding.response, _MODEL.search(finding.where)
    body = None if response.json_problem else response.json
    models = body.get("data") if isinstance(body, dict) else None
    if not (isinstance(body, dict) and isinstance(models, list)):
        return response.body[: 4 * EXCERPT].decode("utf-8", "replace")
    if model and int(model[1]) < len(models):
        return f"{model[0]} {_compact(models[int(model[1])])}"
    return _envelope(body, models)


def _envelope(body: dict[str, Any], models: list[Any]) -> str:
    ids = [model["id"] for model in models if isinstance(model, dict) and "id" in model]
    few = ", ".join([*map(_compact, ids[:2]), *(["…"] if len(models) > len(ids[:2]) else [])])
    count = f"{len(models)} model{'s' if len(models) != 1 else ''}"
    members = [
        f'"data":[{few}] ({count})' if name == "data" else f"{_compact(name)}:{_compact(value)}"
        for name, value in body.items()
    ]
    return "{" + ", ".join(members) + "}"


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _places(violation: Violation, shown: int) -> Iterator[str]:
    """The first findings one by one, then the numbers of findings and of cases."""
    findings = violation.findings
    if len(findings) == 1 and not findings[0].where:
        return
    first = findings[0].seen
    yield from (_place(finding, first) for finding in findings[:shown])
    if len(findings) > shown:
        yield f"… and {len(findings) - shown} more: {len(findings)} of {violation.cases} in all"


def _place(finding: Finding, first: str) -> str:
    """The place of a finding, and what was seen there unless it equals the first."""
    request, where = str(finding.response.request), finding.where
    place = where if where and not where.startswith("/") else f"{request} {where}".strip()
    own = "" if finding.seen == first else f": {visible(finding.seen, 80)}"
    return f"{visible(place, 120)}{own}"


def _raised(finding: Finding) -> Iterator[str]:
    """What the application raised, where its response is a failure."""
    response = finding.response
    if response.failed or response.broken:
        yield from (visible(line, SENTENCE) for line in response.raised.splitlines())


def _upstream(finding: Finding) -> Iterator[str]:
    """What reached the upstream of a proxy: the first requests, then how many more there were."""
    yield from (visible(text, SENTENCE) for text in finding.upstream[:REACHED])
    if len(finding.upstream) > REACHED:
        yield f"… and {len(finding.upstream) - REACHED:,} more requests"


def _named_once(name: str, texts: Iterator[str]) -> Iterator[tuple[str, str]]:
    for n, text in enumerate(texts):
        yield "" if n else name, text


def _line(named: tuple[str, str]) -> str:
    return f"  {named[0]:<9} {named[1]}"
