"""Servers whose HTML report is tested: hostile ones, and a gateway that reads one page of its upstream."""

from __future__ import annotations

from typing import Any

from pytest_models_contract.fake import Fake

KEY = "sk-s3cret-0123456789abcdef"
NASTY = (
    "<script>document.title = 'acted'</script>",
    "javascript:alert(1)",
    "'\"><img src=x onerror=alert(1)>",
    "</style><style>*{display:none}</style>",
    "</script><script>document.title = 'acted'</script>",
    "line\u2028separator\u2029",
    "\u202egnp.exe\u202c",
    "{{ 7 * 7 }} {% raw %}",
    "&lt;b&gt; &#x3c;",
    "`code` ``",
    "\x00\x07\x1b[31m",
    "x" * 5_000,
    f"key {KEY} {'y' * 100}{KEY}",
)


def nasty_models() -> list[dict[str, Any]]:
    """Models of which each text, and some names of properties, try to act in the page."""
    [plain] = Fake(1).models
    models = []
    for n, text in enumerate(NASTY * 2):
        model: dict[str, Any] = dict(plain)
        model["id"] = text[:300] if n < len(NASTY) else f"model-{n}"
        model["display_name"] = text
        if n % 3 == 0:
            model["created_at"] = text
        if n % 4 == 0:
            model["capabilities"] = {**model["capabilities"], text[:80]: {"supported": text}}
        if n % 5 == 0:
            model["max_tokens"] = text
        models.append(model)
    return models


HOSTILE = """
from pytest_models_contract.fake import Fake
from pytest_models_contract.fake.faults import FAULTS
from webpage_servers import KEY, nasty_models

faults = [FAULTS[name] for name in ("cursor_ignored[after_id]", "key_in_header[always]")]
app = Fake(models=nasty_models(), key=KEY, faults=faults)
"""

FIRST_PAGE_ONLY = """
import json, os
from urllib.parse import parse_qs
from urllib.request import Request, urlopen

URL = os.environ.get("MODELS_CONTRACT_UPSTREAM_URL", "")

def app(environ, start_response):
    headers = {"x-api-key": environ.get("HTTP_X_API_KEY", "")}
    query = {name: values[0] for name, values in parse_qs(environ["QUERY_STRING"]).items()}
    models = json.load(urlopen(Request(URL + "/v1/models?limit=20", headers=headers)))["data"]
    ids = [model["id"] for model in models]
    size = int(query.get("limit", 20))
    first = ids.index(query["after_id"]) + 1 if query.get("after_id") in ids else 0
    if query.get("before_id") in ids:
        first, size = max(0, ids.index(query["before_id"]) - size), min(size, ids.index(query["before_id"]))
    found = models[first : first + size]
    ends = [found[n]["id"] if found else None for n in (0, -1)]
    more = first > 0 if "before_id" in query else first + size < len(models)
    page = {"data": found, "has_more": more, "first_id": ends[0], "last_id": ends[1]}
    start_response("200 OK", [("content-type", "application/json")])
    return [json.dumps(page).encode()]
"""

FAULTY = """
from pytest_models_contract.fake import Fake
from pytest_models_contract.fake.faults import FAULTS

def made(*names):
    return Fake(faults=[FAULTS[name] for name in names])

cursor_ignored = made("cursor_ignored[after_id]")
wrong_end = made("before_gives_the_first_models[always]")
first_page_only = made("has_more_is[false]")
broken = made(
    "cursor_inclusive[after_id]",
    "before_gives_the_first_models[always]",
    "dates_are_epoch_seconds",
    "envelope_key_absent[first_id]",
)
"""
