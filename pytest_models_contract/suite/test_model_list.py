"""The envelope of the list: status, media type, JSON, its four keys, and whether its models agree."""

from __future__ import annotations

import pytest

from pytest_models_contract.client.exchange import Finding, Occurrence, Page, Response, model_id
from pytest_models_contract.client.verdict import Check, NotJudged
from pytest_models_contract.evidence.gathering import Evidence
from pytest_models_contract.evidence.page_rules import (
    data_not_objects,
    has_more_no_boolean,
    media_type_not_json,
    not_strict_json,
    not_the_end,
    other_format,
    repeated_id,
    status_not_200,
)
from pytest_models_contract.evidence.response_formats import list_format
from pytest_models_contract.evidence.wording import difference

cites = pytest.mark.models_cites


@cites("model_list#/$defs/status")
def test_status(models_evidence: Evidence, models_check: Check) -> None:
    """A list request gets status 200."""
    models_check.judge(
        [
            response
            for response in models_evidence.responses
            if response.ok or not response.request.query
        ],
        status_not_200,
        what="responses",
        if_none=models_evidence.why_no_models,
    )
    if models_evidence.lost:
        raise NotJudged(models_evidence.lost[0])


@cites("model_list#/$defs/content_type")
def test_content_type(models_evidence: Evidence, models_check: Check) -> None:
    """The list has the content type `application/json`."""
    responses = [
        response
        for response in _responses(models_evidence)
        if response.header("content-type") or not models_evidence.scrubbed
    ]
    lost = "the recording has no content-type" if _responses(models_evidence) else ""
    models_check.judge(
        responses,
        media_type_not_json,
        what="responses",
        if_none=lost or models_evidence.why_no_models,
    )


@cites("model_list#")
def test_strict_json(models_evidence: Evidence, models_check: Check) -> None:
    """The list is one JSON object in UTF-8, without NaN and without duplicate keys."""
    models_check.judge(
        _responses(models_evidence),
        not_strict_json,
        what="responses",
        if_none=models_evidence.why_no_models,
    )


@cites("model_list#/$defs/shape")
def test_shape(models_evidence: Evidence, models_check: Check) -> None:
    """The list has the envelope of the Models API, not that of another API."""
    models_check.judge(
        [response for response in _responses(models_evidence) if response.json is not None],
        other_format,
        what="responses",
        if_none=models_evidence.why_no_models,
    )


@cites("model_list#/properties/data")
def test_data(models_evidence: Evidence, models_check: Check) -> None:
    """`data` is an array of objects, empty where there is no model."""
    models_check.judge(
        [
            response
            for response in _responses(models_evidence)
            if isinstance(response.json, dict) and not list_format(response.json)
        ],
        data_not_objects,
        what="responses",
        if_none=models_evidence.why_no_models,
    )


@cites("model_list#/properties/first_id")
def test_first_id(models_evidence: Evidence, models_check: Check) -> None:
    """`first_id` is the id of the first model on the page, null when the page is empty."""
    models_check.judge(
        models_evidence.pages,
        lambda page: not_the_end(page, "first_id", 0),
        what="pages",
        if_none=models_evidence.why_no_models,
    )


@cites("model_list#/properties/last_id")
def test_last_id(models_evidence: Evidence, models_check: Check) -> None:
    """`last_id` is the id of the last model on the page, null when the page is empty."""
    models_check.judge(
        models_evidence.pages,
        lambda page: not_the_end(page, "last_id", -1),
        what="pages",
        if_none=models_evidence.why_no_models,
    )


@cites("model_list#/properties/has_more")
def test_has_more(models_evidence: Evidence, models_check: Check) -> None:
    """`has_more` is true or false."""
    models_check.judge(
        models_evidence.pages,
        has_more_no_boolean,
        what="pages",
        if_none=models_evidence.why_no_models,
    )


@cites("model_list#/$defs/unique_ids")
def test_ids_are_unique_on_a_page(models_evidence: Evidence, models_check: Check) -> None:
    """No id appears twice on a page."""
    models_check.judge(
        models_evidence.pages, repeated_id, what="pages", if_none=models_evidence.why_no_models
    )


@cites("model_list#/$defs/unique_ids")
def test_ids_are_unique_in_the_catalogue(models_evidence: Evidence, models_check: Check) -> None:
    """No id appears on two pages of the list."""
    seen: dict[str, Page] = {}

    def repeats_earlier_page(page: Page) -> Finding | None:
        ids = filter(None, map(model_id, page.data))
        again = [found for found in ids if seen.setdefault(found, page) is not page]
        if not again:
            return None
        expected = "each id on one page"
        return page.response.finding(
            "an id of an earlier page again", expected, ", ".join(again[:3])
        )

    models_check.judge(
        models_evidence.crawl,
        repeats_earlier_page,
        what="pages",
        if_none=models_evidence.why_no_models,
        compares=True,
    )


@cites("model_list#/$defs/stable")
def test_a_model_is_the_same_on_every_page(models_evidence: Evidence, models_check: Check) -> None:
    """A model is the same on every page, and every page lists models of the full list."""

    def differs(occurrence: Occurrence) -> Finding | None:
        found = occurrence.model.get("id") if isinstance(occurrence.model, dict) else None
        place = models_evidence.position.get(found) if isinstance(found, str) else None
        if place is None:
            seen, expected = "a model that the full list lacks", "a model of the full list"
        else:
            seen, expected = difference(
                occurrence.model, models_evidence.models[place], models_evidence.comparable
            )
        return occurrence.response.finding(seen, expected, occurrence.where())

    if models_evidence.models_from_other_pages:
        models_check.judge(
            models_evidence.models_from_other_pages, differs, what="", if_none="", compares=True
        )
    models_check.judge(
        models_evidence.pages,
        lambda _: None,
        what="pages",
        if_none=models_evidence.why_no_models,
        compares=True,
    )


def _responses(evidence: Evidence) -> list[Response]:
    return [response for response in evidence.responses if response.ok]
