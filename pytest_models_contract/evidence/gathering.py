"""Gathering the evidence: the catalogue, read once, and the pages around it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import Any

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import Occurrence, Page, Response, model_id, page_of
from pytest_models_contract.client.requests import page_request
from pytest_models_contract.client.verdict import NotJudged, Unexercised
from pytest_models_contract.evidence import keys, plan, steadiness
from pytest_models_contract.evidence.catalogue import Catalogue
from pytest_models_contract.evidence.comparison import same_models, same_response
from pytest_models_contract.evidence.pagination import (
    MOST_PAGES,
    Ask,
    Crawl,
    Walk,
    answered,
    crawl,
    each_once,
    length,
    read_from,
    walk,
)
from pytest_models_contract.evidence.property_values import PropertyValues
from pytest_models_contract.evidence.response_formats import ResponseFormat, ids_in, list_format
from pytest_models_contract.evidence.steadiness import Steadiness
from pytest_models_contract.evidence.wording import EMPTY
from pytest_models_contract.spec.revision import Revision


class Evidence:
    """The current reading of the server under test; each part is read on first use."""

    def __init__(
        self,
        api: ModelsAPI,
        revision: Revision,
        starts: Sequence[dict[str, Any]] | None = None,
        *,
        scrubbed: bool = False,
        key_hint: Callable[[], str] = str,
    ) -> None:
        """`starts`: the list requests to begin with, best first; `scrubbed`: responses may lack headers;
        `key_hint`: what else is known of a refused key, asked for when it was refused."""
        self.api, self.revision, self.scrubbed, self.key_hint = api, revision, scrubbed, key_hint
        self.starts = starts if starts is not None else [{"limit": revision.limit.maximum}, {}]
        self.read_again: list[str] = []
        self.missing: list[str] = []
        self.lost: list[str] = []
        self.noted: list[str] = []
        self.earlier: list[list[str]] = []

    @property
    def catalogue(self) -> Catalogue:
        return Catalogue(lambda: self.models)

    def forget(self) -> None:
        """Drop this reading; the next use sends the requests again. An unsteady list stays one."""
        self.api.forget()
        self.earlier += [self.ids] if "crawl" in vars(self) else []
        self.read_again, self.missing, self.lost = [], [], []
        known = {"steadiness"} if not vars(self).get("steadiness", True) else set[str]()
        for name, part in vars(Evidence).items():
            if isinstance(part, cached_property) and name not in known:
                vars(self).pop(name, None)

    # --- the catalogue ---------------------------------------------------------------------------

    @cached_property
    def opening(self) -> Response | None:
        """The response to the plainest list request that gets one; a refusal of the key ends the run here."""
        response = next(filter(None, (self.ask(**start) for start in ({}, *self.starts))), None)
        if response and response.status in {401, 403} and self.scrubbed:
            raise Unexercised(f"the recording holds only a refusal ({response.status})")
        return keys.accepted(response, self.api, self.key_hint) if response else None

    @property
    def no_key(self) -> str:
        """Why nothing that needs a key can be tested."""
        if self.scrubbed:
            return "the recording does not say which key it was made with"
        return "no key was sent: set MODELS_CONTRACT_API_KEY"

    @cached_property
    def other_format(self) -> ResponseFormat | None:
        """The response format of another API, if the list comes in one."""
        return list_format(self.opening.json) if self.opening and self.opening.ok else None

    @cached_property
    def steadiness(self) -> Steadiness:
        """Whether the plainest question gets the same answer when it is asked again."""
        opening = page_of(self.opening) if self.opening and not self.other_format else None
        if opening is None or self.scrubbed:
            return steadiness.STEADY
        larger = self.ask(**self.starts[0])
        longer = page_of(larger) if larger else None
        return steadiness.observed(opening, longer, self.api, self.revision)

    @property
    def changing(self) -> str:
        """Why no answer can be compared with another one, or the empty string."""
        return steadiness.CHANGING if self.steadiness.changing else ""

    @cached_property
    def comparable(self) -> Revision:
        """The revision without the properties that have another value in each answer."""
        changed = self.steadiness.properties
        return self.revision.without(changed) if changed else self.revision

    @cached_property
    def crawl(self) -> list[Page]:
        """The pages of the longest reading of the list, up to its end."""
        return self._crawled.pages

    @cached_property
    def _crawled(self) -> Crawl:
        if self.opening is None or self.other_format:
            return Crawl([], self.opening)
        return self.crawled(self.ask, MOST_PAGES)

    def crawled(self, ask: Ask, most: int) -> Crawl:
        """The list as read with `ask`, up to `most` pages; two where no page leads to the next."""
        if self.changing:
            found = [ask(), ask(**self.starts[0])]
            return Crawl([page for each in found if each and (page := page_of(each))], None)
        if self.scrubbed:  # a recording holds any requests: take the longest reading of the list
            readings = (crawl(ask, start, most) for start in self.starts)
            return max(readings, key=length, default=Crawl([], None))
        return read_from(self.starts, ask, most, page_of(self.opening) if self.opening else None)

    @cached_property
    def occurrences(self) -> list[Occurrence]:
        """The models of the catalogue on the pages of the crawl, each id once."""
        return each_once(self.crawl)

    @cached_property
    def models(self) -> list[Any]:
        return [occurrence.model for occurrence in self.occurrences]

    @cached_property
    def catalogue_values(self) -> PropertyValues:
        """The values of the properties of the catalogue's models."""
        return PropertyValues(self.occurrences)

    @cached_property
    def all_values(self) -> PropertyValues:
        """The values in the catalogue, and in models from elsewhere that differ from it or have no page."""
        others = self.models_from_other_pages or self.models_without_a_page
        return PropertyValues([*self.occurrences, *others]) if others else self.catalogue_values

    @cached_property
    def position(self) -> dict[str, int]:
        """The place of each id in the catalogue, newest first."""
        ids = (found for page in self.crawl for found in page.ids)
        return {found: n for n, found in enumerate(dict.fromkeys(ids))}

    @cached_property
    def ids(self) -> list[str]:
        return list(self.position)

    @cached_property
    def named(self) -> list[str]:
        """The ids that models have, without the placeholders for missing ones; also in another format."""
        if self.other_format and self.opening:
            return ids_in(self.opening.json)
        return [found for found, own in zip(self.ids, self.models, strict=True) if model_id(own)]

    @cached_property
    def sample(self) -> list[str]:
        """The ids of the models that are retrieved one by one."""
        if self.changing:
            return self.named[: plan.FEW]
        return plan.sample(self.named, plan.SPREAD_OF_MANY if self.unfinished else plan.SPREAD)

    @cached_property
    def unusable_ids(self) -> str:
        """Why the ids of the list cannot be used as cursors, or the empty string."""
        if any(model_id(model) is None for page in self.crawl for model in page.data):
            return "a model has no id that is a string: see model_info/id"
        if any(len(set(page.ids)) < len(page.ids) for page in self.crawl):
            return "an id is twice on a page: see model_list/ids_are_unique_on_a_page"
        return ""

    @cached_property
    def end_not_reached(self) -> bool:
        """Whether the list continues beyond what could be read."""
        return self._crawled.continues

    @cached_property
    def unfinished(self) -> str:
        """How far a list was read that is too long to be read to its end, or the empty string."""
        return self._crawled.too_long

    @property
    def why_no_models(self) -> str:
        """Why there is no model to test, or no response that shows one in the way of the check."""
        opening = self.opening
        if self.crawl:
            without = next(iter([*self.lost, *self.missing]), "no response shows this")
            return self.unusable_ids or (without if self.ids else EMPTY)
        if opening is None:
            return "; ".join([*self.lost, *self.missing]) or "no list request got a response"
        if not opening.ok:
            return f"the list request got status {opening.status}: see model_list/status"
        if self.other_format:
            return f"the list is {self.other_format.name}: see model_list/shape"
        if opening.json is None:
            return "the list is not JSON: see model_list/strict_json"
        return "the list has no array `data`: see model_list/data"

    # --- the pages -------------------------------------------------------------------------------

    @cached_property
    def walks(self) -> list[Walk]:
        """Walks forward and backward to the end of the list, in page sizes that divide it and that do not."""
        found = (walk(self.ask, *each) for each in self._steps)
        return [each for each in found if each.responses]

    @cached_property
    def _steps(self) -> list[tuple[plan.Step, int]]:
        """The walks, and how many pages each takes at most."""
        if self.unusable_ids or self.changing:
            return []
        return plan.walks(self.ids, self.revision.limit.default, unfinished=bool(self.unfinished))

    @cached_property
    def responses(self) -> list[Response]:
        """Every response of the evidence that should be a page, each once."""
        cursors, limit = [] if self.unusable_ids else self.ids, self.revision.limit
        windows = plan.single_pages(cursors, self.models, limit.default, limit.maximum)
        if self.changing:
            windows = plan.few_pages(cursors)
        elif self.unfinished:
            windows = plan.first_pages(cursors, limit.default, limit.maximum)
        steps = [] if self.end_not_reached else self._steps
        pages = [*windows, *plan.pages_of_walks(steps, self.ids, limit.default)]
        self.api.send_ahead([page_request(**page) for page in pages])
        single = [self.ask(**window) for window in windows]
        followed = [response for walk in self.walks for response in walk.responses]
        starts = [self.ask(**start) for start in self.starts[:1] if self.crawl]
        crawled = [*(page.response for page in self.crawl), self._crawled.closing]
        asked = [self.opening, *starts, *crawled, *single, *followed]
        return list({response.request: response for response in asked if response}.values())

    @cached_property
    def pages(self) -> list[Page]:
        """The responses that are pages; none where the list comes in another response format."""
        if self.other_format:
            return []
        return [page for response in self.responses if (page := page_of(response))]

    @cached_property
    def models_from_other_pages(self) -> list[Occurrence]:
        """Models on other pages that differ from those of the catalogue, as far as the list was read."""
        crawled = {page.response.request for page in self.crawl}
        others = (page for page in self.pages if page.response.request not in crawled)
        return [
            page.at(n)
            for page in others
            for n, (found, model) in enumerate(zip(page.ids, page.data, strict=True))
            if model_id(model)
            and not self.same(found, model)
            and not (self.end_not_reached and found not in self.position)
        ]

    @property
    def models_without_a_page(self) -> list[Occurrence]:
        """The models that retrieve gives for the ids of a list in another format."""
        if not self.other_format:
            return []
        found = answered([partial(self.api.retrieve, own) for own in self.sample])
        given = (own for own in found if own.ok and model_id(own.json) and "type" in own.json)
        return [Occurrence(own, "", own.json) for own in given]

    def same(self, found: str, model: Any) -> bool:
        """Whether `model` says the same as the catalogue's model of that id, by the revision's fields."""
        place = self.position.get(found)
        return place is not None and same_models([self.models[place]], [model], self.comparable)

    def same_response(self, one: Response, other: Response) -> bool:
        """Whether two responses say the same, by the fields the revision knows."""
        return same_response(one, other, self.comparable)

    # --- sending ---------------------------------------------------------------------------------

    def ask(self, **window: Any) -> Response | None:
        """The response, or None when the cassette lacks it or the server sent none."""
        try:
            return self.api.list(**window)
        except Unexercised as missing:
            self.missing.append(str(missing))
        except NotJudged as lost:
            if self.api.dead:
                raise
            self.lost.append(str(lost))
        return None
