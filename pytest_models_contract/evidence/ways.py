"""The other ways to ask a question: with betas, with the newer version, the key sent otherwise.

Some pages and models are asked for in such a way first. Where the answer is right it stands in for the
plain one, which is then not asked; where it is not, both are asked, and tell whose fault it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_models_contract.client.exchange import Reply, Variant, page_of
from pytest_models_contract.client.verdict import if_answered
from pytest_models_contract.evidence import plan
from pytest_models_contract.evidence.expected_pages import expected_ids, is_whole, wrong_has_more

if TYPE_CHECKING:
    from pytest_models_contract.evidence.gathering import Survey

NEWER_VERSION = Variant(version="2026-10-21")
OTHER_WAY = Variant(auth="other-way")
BETA = (("beta", "true"),)
Arguments = Mapping[str, Any]
ODD: dict[str, Arguments] = {
    "unknown_parameter": {"extra": (("models_contract", "1"),)},
    "no_version": {"variant": Variant(version="")},
    "unknown_beta": {"variant": Variant(betas=("no-such-beta-2000-01-01",))},
}
"""Ways that no client takes, and that may be refused."""


class Way(NamedTuple):
    """One other way to ask, as arguments of the verbs, and which model and page are asked for in it.

    The model and the page are None where the catalogue has none.
    """

    arguments: Arguments
    model: str | None
    window: Arguments | None


def other_ways(survey: Survey) -> dict[str, Way]:
    """The other ways to ask, by name; each with a model and a page of its own while there are enough.

    Those that no client takes have no model, and no page where all pages are taken.
    """
    habits: dict[str, Arguments] = {
        "betas": {"variant": Variant(betas=survey.revision.betas)},
        "version": {"variant": NEWER_VERSION},
        "query": {"extra": BETA},
    }
    if survey.api.key:
        habits["key"] = {"variant": OTHER_WAY}
    plain = filter(plan.PLAIN_ID.fullmatch, survey.sample[1:])
    models = chain(plain, repeat(next(iter(survey.named), None)))
    ids = [] if survey.muddled else survey.ids
    last = {"limit": 1, "after_id": ids[-3:][0]} if len(ids) > 1 else None
    later = chain(plan.later_pages(ids), repeat(last))
    others = chain(plan.other_pages(ids), repeat(None))
    return {
        **{name: Way(own, next(models), next(later)) for name, own in habits.items()},
        **{name: Way(own, None, next(others)) for name, own in ODD.items()},
    }


def beside_a_cursor(name: str, survey: Survey) -> Arguments:
    """The arguments of a way on its page: the newest SDKs send a bearer token along with the version."""
    own, key = survey.other_ways[name], survey.other_ways.get("key")
    if name != "version" or key is None or survey.api.auth == "bearer":
        return own.arguments
    taken = all(_is_kept(window, key.arguments, survey) for window in ({}, key.window or {}))
    return {"variant": replace(NEWER_VERSION, auth="other-way")} if taken else own.arguments


def _is_kept(window: Arguments, arguments: Arguments, survey: Survey) -> bool:
    reply = survey.api.list(**window, **arguments)
    return survey.alike(plain_page(reply, window, survey), reply)


# --- stand-ins -----------------------------------------------------------------------------------


def plain_page(reply: Reply, window: Arguments, survey: Survey) -> Reply:
    """What is answered plainly to the same question; a right answer stands in for it."""
    return reply if window and is_right_page(reply, survey) else survey.api.list(**window)


def page(survey: Survey, **window: Any) -> Reply | None:
    """The answer for a page: the right one in another way, where it is asked for so, or the plain one.

    None when the cassette lacks it or the server gave none.
    """
    asked = {key: value for key, value in window.items() if value is not None}
    name = next((name for name, way in survey.other_ways.items() if way.window == asked), None)
    if name:
        reply = if_answered(lambda: survey.api.list(**window, **beside_a_cursor(name, survey)))
        if reply and is_right_page(reply, survey):
            return reply
    return survey.ask(**window)


def model(survey: Survey, found: str) -> Reply:
    """The answer for a model: the right one in another way, where it is asked for so, or the plain one."""
    way = next((way for way in survey.other_ways.values() if way.model == found), None)
    reply = if_answered(partial(survey.api.retrieve, found, **way.arguments)) if way else None
    right = reply and is_right_model(reply, found, survey)
    return reply if reply and right else survey.api.retrieve(found)


def is_right_model(reply: Reply, found: str, survey: Survey) -> bool:
    """Whether the answer is the listed model."""
    return reply.status == 200 and not reply.json_problem and survey.same(found, reply.json)


def is_right_page(reply: Reply, survey: Survey) -> bool:
    """Whether the answer is the page that the catalogue gives cause to expect, with models on it."""
    page = page_of(reply)
    if page is None or not page.data or reply.status != 200 or reply.json_problem:
        return False
    ends = [page.envelope.get("first_id"), page.envelope.get("last_id")]
    return (
        page.ids == expected_ids(page, survey)
        and ends == [page.ids[0], page.ids[-1]]
        and is_whole(page, survey.revision)
        and wrong_has_more(page, survey) is None
        and all(map(survey.same, page.ids, page.data))
    )
