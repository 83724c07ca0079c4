"""What the suite reads: the catalogue, once, and the pages around it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, partial
from typing import Any

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import (
    Occurrence,
    Page,
    Request,
    Response,
    model_id,
    page_of,
)
from pytest_models_contract.client.verdict import NotJudged, Unexercised
from pytest_models_contract.evidence import plan
from pytest_models_contract.evidence.comparison import same_models, same_response
from pytest_models_contract.evidence.pagination import (
    MOST_PAGES,
    Ask,
    Crawl,
    Walk,
    crawl,
    length,
    walk,
)
from pytest_models_contract.evidence.property_values import PropertyValues
from pytest_models_contract.evidence.response_formats import ResponseFormat, list_format
from pytest_models_contract.spec.revision import Revision


class Catalogue(Sequence[Any]):
    """Every model of the server under test, newest first, each id once; read once."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence

    def __len__(self) -> int:
        return len(self._evidence.models)

    def __getitem__(self, index: Any) -> Any:
        return self._evidence.models[index]


class Evidence:
    """The current reading of the server under test; every part is read when first looked at."""

    def __init__(
        self,
        api: ModelsAPI,
        revision: Revision,
        starts: Sequence[dict[str, Any]] | None = None,
        *,
        scrubbed: bool = False,
    ) -> None:
        """`starts` are the list questions the crawl may begin with, best first; `scrubbed` says
        that headers of the answers may have been lost."""
        self.api, self.revision, self.scrubbed = api, revision, scrubbed
        self.starts = starts if starts is not None else [{"limit": revision.limit.maximum}, {}]
        self.read_again: list[str] = []
        self.missing: list[str] = []
        self.lost: list[str] = []

    @property
    def catalogue(self) -> Catalogue:
        return Catalogue(self)

    def forget(self) -> None:
        """Drop this reading, so that the next look reads afresh."""
        self.api.forget()
        self.__init__(self.api, self.revision, self.starts, scrubbed=self.scrubbed)  # type: ignore[misc]
        for name, part in vars(Evidence).items():
            if isinstance(part, cached_property):
                vars(self).pop(name, None)

    # --- the catalogue ---------------------------------------------------------------------------

    @cached_property
    def opening(self) -> Response | None:
        """The plainest question that is answered; a refusal of the key ends the run here."""
        response = next(
            (response for start in ({}, *self.starts) if (response := self.ask(**start))), None
        )
        if response and response.status in {401, 403} and self.scrubbed:
            raise Unexercised(f"the recording holds a refusal only ({response.status})")
        if response and response.status in {401, 403}:
            self.api.dead = self._shut_out(response.status)
            raise NotJudged(self.api.dead)
        return response

    def _shut_out(self, status: int) -> str:
        if not self.api.key:
            return f"the server wants a key ({status}): set MODELS_CONTRACT_API_KEY to one that it takes"
        return (
            f"the server refused the key with {status}: set MODELS_CONTRACT_API_KEY to a key that it"
            " takes, or --models-auth bearer where it takes bearer tokens only"
        )

    @property
    def no_key(self) -> str:
        """Why what needs a key cannot be tried."""
        if self.scrubbed:
            return "the recording does not tell with which key it was made"
        return "no key was sent: set MODELS_CONTRACT_API_KEY"

    @cached_property
    def other_format(self) -> ResponseFormat | None:
        """The dress of another API, when the list comes in one."""
        return list_format(self.opening.json) if self.opening and self.opening.ok else None

    @cached_property
    def crawl(self) -> list[Page]:
        """The pages of the longest reading of the list, to its very end."""
        return self._crawled.pages

    @cached_property
    def _crawled(self) -> Crawl:
        if self.opening is None or self.other_format:
            return Crawl([], self.opening)
        return self._crawl(self.ask)

    def _crawl(self, ask: Ask) -> Crawl:
        readings = (crawl(ask, start) for start in self.starts)
        if self.scrubbed:  # a recording of whatever somebody asked: the longest way through it
            return max(readings, key=length, default=Crawl([], None))
        return next((reading for reading in readings if reading.pages), Crawl([], None))

    @cached_property
    def occurrences(self) -> list[Occurrence]:
        """The models of the catalogue where the crawl met them, each id once."""
        met: dict[str, Occurrence] = {}
        for page in self.crawl:
            for found, occurrence in zip(page.ids, page.occurrences, strict=True):
                met.setdefault(found, occurrence)
        return list(met.values())

    @cached_property
    def models(self) -> list[Any]:
        return [occurrence.model for occurrence in self.occurrences]

    @cached_property
    def catalogue_values(self) -> PropertyValues:
        """What the models of the catalogue hold."""
        return PropertyValues(self.occurrences)

    @cached_property
    def all_values(self) -> PropertyValues:
        """What models hold wherever they were met: in the catalogue and, other than there, on pages."""
        return (
            PropertyValues([*self.occurrences, *self.models_from_other_pages])
            if self.models_from_other_pages
            else self.catalogue_values
        )

    @cached_property
    def position(self) -> dict[str, int]:
        """Where each id stands in the catalogue, newest first."""
        ids = (found for page in self.crawl for found in page.ids)
        return {found: n for n, found in enumerate(dict.fromkeys(ids))}

    @cached_property
    def ids(self) -> list[str]:
        return list(self.position)

    @cached_property
    def named(self) -> list[str]:
        """The ids that models have, without the names that stand for a missing one."""
        return [found for found, own in zip(self.ids, self.models, strict=True) if model_id(own)]

    @cached_property
    def sample(self) -> list[str]:
        """The ids of the models that are retrieved one by one."""
        return plan.sample(self.named)

    @cached_property
    def unusable_ids(self) -> str:
        """Why the ids of the list are of no use as cursors, or the empty string."""
        if any(model_id(model) is None for page in self.crawl for model in page.data):
            return "a model has no id that is a string: see model_info/id"
        if any(len(set(page.ids)) < len(page.ids) for page in self.crawl):
            return "an id stands twice on a page: see model_list/ids_are_unique_on_a_page"
        return ""

    @cached_property
    def end_not_reached(self) -> bool:
        """Whether the list goes on beyond what could be read."""
        pages, closing = self._crawled
        return bool(pages and pages[-1].has_more and pages[-1].data and closing is None)

    @property
    def why_no_models(self) -> str:
        """Why there is no model to look at."""
        opening = self.opening
        if self.crawl:
            return self.unusable_ids or "the catalogue is empty"
        if opening is None:
            return "; ".join([*self.lost, *self.missing]) or "no list was answered"
        if not opening.ok:
            return f"the list was answered with {opening.status}: see model_list/status"
        if self.other_format:
            return f"the list is {self.other_format.name}: see model_list/shape"
        if opening.json is None:
            return "the list is not JSON: see model_list/strict_json"
        return "the list holds no array `data`: see model_list/data"

    # --- the pages -------------------------------------------------------------------------------

    @cached_property
    def walks(self) -> list[Walk]:
        """Walks forward and backward, to the border, in page sizes that fit and that do not."""
        if self.unusable_ids:
            return []
        forward = plan.forward_walks(self.ids, self.revision.limit.default)
        steps = [*forward, *plan.backward_walks(self.ids)]
        # Each page of a walk brings a model, or it is the last: no honest walk takes more of them.
        most = min(MOST_PAGES, len(self.ids) + 1)
        walked = (walk(self.ask, step, most) for step in steps)
        return [found for found in walked if found.responses]

    @cached_property
    def responses(self) -> list[Response]:
        """Every answer of the survey that should be a page, each once."""
        limit, cursors = self.revision.limit, [] if self.unusable_ids else self.ids
        windows = plan.single_pages(cursors, self.models, limit.default, limit.maximum)
        asks = [partial(self.ask, **window) for window in windows]
        single = [ask() for ask in self.api.ahead(asks)]
        walked = [response for walk in self.walks for response in walk.responses]
        starts = [self.ask(**start) for start in self.starts[:1] if self.crawl]
        crawled = [*(page.response for page in self.crawl), self._crawled.closing]
        asked = [self.opening, *starts, *crawled, *single, *walked]
        return list({response.request: response for response in asked if response}.values())

    @cached_property
    def pages(self) -> list[Page]:
        """The answers that are pages; none where the list comes in another dress."""
        if self.other_format:
            return []
        return [page for response in self.responses if (page := page_of(response))]

    @cached_property
    def models_from_other_pages(self) -> list[Occurrence]:
        """Models on other pages that are not what the catalogue holds under their id."""
        crawled = {page.response.request for page in self.crawl}
        others = (page for page in self.pages if page.response.request not in crawled)
        return [
            page.at(n)
            for page in others
            for n, (found, model) in enumerate(zip(page.ids, page.data, strict=True))
            if model_id(model) and not self.same(found, model)
        ]

    def same(self, found: str, model: Any) -> bool:
        """Whether `model` is what the catalogue holds under the id, by the fields the revision knows."""
        place = self.position.get(found)
        if place is None:
            return False
        known = self.models[place]
        return same_models([known], [model], self.revision)

    # --- reading afresh --------------------------------------------------------------------------

    def repeats(self, requests: Sequence[Request]) -> bool:
        """Whether these questions, the opening and the catalogue are answered as they were remembered."""
        # The opening is asked before the catalogue is read: what changed in between shows there alone.
        opening = [self.opening.request] if self.opening else []
        send_again = [self._same_answer(each) for each in dict.fromkeys([*opening, *requests])]
        return self.is_unchanged() and all(send_again)

    def is_unchanged(self) -> bool:
        """Whether the catalogue is read again as it was read."""
        now = self._crawl_again()
        self.read_again = list(dict.fromkeys(found for page in now for found in page.ids))
        return self._same_models(self.crawl, now)

    def _same_answer(self, request: Request) -> bool:
        return self.same_response(self.api.ask(request), self.api.send_again(request))

    def same_response(self, one: Response, other: Response) -> bool:
        """Whether two answers say the same, by the fields the revision knows."""
        return same_response(one, other, self.revision)

    def _crawl_again(self) -> list[Page]:
        def ask(**window: Any) -> Response | None:
            return self.api.send_again(self.api.list(**window).request)

        return self._crawl(ask).pages

    def _same_models(self, before: Sequence[Page], now: Sequence[Page]) -> bool:
        """Whether the pages list the same models in the same order, however they divide them."""
        listed, again = (
            [model for page in pages for model in page.data] for pages in (before, now)
        )
        return len(listed) == len(again) and same_models(listed, again, self.revision)

    # --- asking ----------------------------------------------------------------------------------

    def ask(self, **window: Any) -> Response | None:
        """The answer, or None when the cassette lacks it or the server gave none."""
        try:
            return self.api.list(**window)
        except Unexercised as missing:
            self.missing.append(str(missing))
        except NotJudged as lost:
            if self.api.dead:
                raise
            self.lost.append(str(lost))
        return None
