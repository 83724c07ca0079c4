"""What every page must be by itself: its status, its form, its envelope."""

from __future__ import annotations

from typing import Any

from pytest_models_contract.client.exchange import (
    ABSENT,
    Finding,
    Page,
    Response,
    model_id,
    shown,
)
from pytest_models_contract.evidence.response_formats import list_format
from pytest_models_contract.evidence.wording import under

_MOUNTED = (
    "give the base URL as for an SDK: without /v1, but with the path prefix of the server, if any"
)
PLACEHOLDERS = {"first_id", "last_id", "string"}


def status_not_200(response: Response) -> Finding | None:
    """A list that has another status than 200."""
    if response.status == 200:
        return None
    seen, hint = response.status_text, _MOUNTED if response.status == 404 else ""
    if 300 <= response.status < 400:
        seen = f"{seen}, a redirect to {response.header('location') or 'nowhere'}"
        hint = "it was not followed: clients fail here, or send their key to the other address"
    return response.finding(seen, "status 200", hint=hint)


def media_type_not_json(response: Response) -> Finding | None:
    """A response that is not declared to be JSON."""
    if response.media_type == "application/json":
        return None
    seen = response.header("content-type")
    return response.finding(
        f"content-type {seen}" if seen else "no content-type", "application/json"
    )


def invalid_json(response: Response) -> Finding | None:
    """A body that is not strict JSON."""
    problem = response.json_problem
    return response.finding(problem, "one JSON object in UTF-8") if problem else None


def not_strict_json(response: Response) -> Finding | None:
    """A list that is not one strict JSON object."""
    if found := invalid_json(response):
        return found
    if not isinstance(response.json, dict) and not list_format(response.json):
        return response.finding("JSON that is not an object", "one JSON object")
    return None


def other_format(response: Response) -> Finding | None:
    """A list in the format of another API."""
    if not (found := list_format(response.json)):
        return None
    return response.finding(
        f"the list is {found.name}",
        "an object with `data`, `first_id`, `last_id` and `has_more`",
        hint=f"{found.remedy}. Clients show an empty model picker here.",
    )


def data_not_objects(response: Response) -> Finding | None:
    """A list whose `data` is not an array of objects."""
    data = response.json.get("data", ABSENT)
    if not isinstance(data, list):
        seen = under("data", data)
        return response.finding(seen, "an array, [] when there is no model", "/data")
    for n, model in enumerate(data):
        if not isinstance(model, dict):
            return response.finding(shown(model), "an object", f"/data/{n}")
    return None


def not_the_end(page: Page, key: str, end: int) -> Finding | None:
    """A page whose `first_id` or `last_id` (the key) is not the id of the model at that end."""
    seen = page.envelope.get(key, ABSENT)
    model = page.data[end] if page.data else None
    expected = model_id(model)
    if seen == expected and (expected is not None or not page.data):
        return None
    if page.data and expected is None:
        return (
            None
            if seen is None or isinstance(seen, str)
            else _end_finding(page, key, seen, "an id")
        )
    return _end_finding(page, key, seen, shown(expected))


def _end_finding(page: Page, key: str, seen: Any, expected: str) -> Finding:
    hint = ""
    if isinstance(seen, str) and seen in PLACEHOLDERS:
        hint = "this is the placeholder of the example in the reference, not a value to send"
    elif key == "last_id" and page.data and seen in (None, "", ABSENT):
        hint = "clients stop here and miss every model on later pages"
    return page.response.finding(under(key, seen), expected, f"/{key}", hint=hint)


def has_more_no_boolean(page: Page) -> Finding | None:
    """A page whose `has_more` is neither true nor false."""
    if isinstance(page.has_more, bool):
        return None
    hint = "without `has_more` the TypeScript SDK stops, and the Python SDK goes on"
    absent = "has_more" not in page.envelope
    seen = under("has_more", ABSENT if absent else page.has_more)
    return page.response.finding(seen, "true or false", "/has_more", hint=hint if absent else "")


def repeated_id(page: Page) -> Finding | None:
    """A page that has an id twice."""
    first: dict[str, int] = {}
    for n, found in enumerate(page.ids):
        if first.setdefault(found, n) != n:
            return page.response.finding(
                f"the same id as at /data/{first[found]}",
                "each id once",
                f"{found} (/data/{n})",
            )
    return None
