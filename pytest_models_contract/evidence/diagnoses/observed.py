"""What the rules look at: the recorded exchanges, the catalogue as it was read, and the violated checks."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise
from operator import itemgetter
from typing import Any
from urllib.parse import unquote

from pytest_models_contract.client.exchange import (
    Finding,
    Page,
    Request,
    Response,
    model_id,
    page_of,
)
from pytest_models_contract.client.redact import visible
from pytest_models_contract.client.requests import LIST
from pytest_models_contract.client.variant import PLAIN
from pytest_models_contract.evidence.diagnoses.causes import Follows, Violated
from pytest_models_contract.evidence.diagnoses.checks import FORM, REQUEST_ID
from pytest_models_contract.evidence.response_formats import ids_in
from pytest_models_contract.spec import rfc3339
from pytest_models_contract.spec.revision import Revision


class Observed:
    """What a run has seen so far. Nothing here sends a request.

    `crawl` holds the pages that the catalogue was read from, none when it was not read. `apart` is when
    the requests were sent for which the upstream of a proxy misbehaved: only what the checks found of
    them counts.
    """

    def __init__(
        self,
        exchanges: Sequence[Response],
        revision: Revision,
        crawl: Sequence[Page],
        violated: Sequence[Violated],
        apart: Container[float] = (),
    ) -> None:
        kept = [response for response in exchanges if response.started not in apart]
        self.exchanges = _with_the_key_as_now(kept)
        self.apart = apart
        self.revision = revision
        self.crawl = crawl
        self.violated = violated

    @cached_property
    def sent(self) -> list[Response]:
        """The responses in the order in which their requests were sent."""
        return sorted(self.exchanges, key=lambda response: response.started)

    @cached_property
    def responses(self) -> dict[Request, Response]:
        """The first response to each request; asking again is the same request.

        Where a check asked so much that not all of it was kept, what it found was kept.
        """
        first: dict[Request, Response] = {}
        found = (own.response for _, own in self.findings(""))
        for response in (*self.exchanges, *(own for own in found if own.started not in self.apart)):
            first.setdefault(once(response.request), response)
        return first

    @cached_property
    def lists(self) -> list[Response]:
        """The responses to requests for the list."""
        return [response for asked, response in self.responses.items() if asked.path == LIST]

    @cached_property
    def pages(self) -> list[Page]:
        """The responses that are pages, without those under a filter."""
        pages = (page_of(response) for response in self.lists if not is_filtered(response))
        return [page for page in pages if page]

    @cached_property
    def bare(self) -> Response | None:
        """The response to the list request without any parameter."""
        return self.responses.get(Request(LIST))

    @cached_property
    def retrieved(self) -> list[tuple[str, Response]]:
        """The responses to requests for one model, each with the name that was asked for."""
        return [
            (name, response)
            for asked, response in self.responses.items()
            if (name := name_asked(asked)) is not None
        ]

    @cached_property
    def plainly_retrieved(self) -> list[tuple[str, Response]]:
        """Those of them that were asked for with the key and nothing unusual."""
        return [(name, response) for name, response in self.retrieved if is_plain(response)]

    @cached_property
    def models(self) -> dict[str, Any]:
        """The models of the catalogue by id, in the order of the list."""
        found: dict[str, Any] = {}
        for page in self.crawl:
            for own, model in zip(page.ids, page.data, strict=True):
                found.setdefault(own, model)
        return found

    @cached_property
    def ids(self) -> list[str]:
        return list(self.models)

    @cached_property
    def position(self) -> dict[str, int]:
        """The place of each listed id, also where the list comes in the format of another API."""
        other = ids_in(self.bare.json) if self.bare and self.bare.ok else []
        return {own: place for place, own in enumerate(self.ids or other)}

    @cached_property
    def dates(self) -> list[Any]:
        """When each model of the catalogue was released, None where that cannot be read."""
        return [moment(model) for model in self.models.values()]

    @property
    def refusals(self) -> list[Response]:
        """The responses that refuse something: a 4xx."""
        return [response for response in self.responses.values() if 400 <= response.status < 500]

    @cached_property
    def dated(self) -> tuple[list[str], list[Any]]:
        """The ids of the models whose date can be read, newest first, and their dates, oldest first."""
        pairs = zip(self.ids, self.dates, strict=True)
        newest = sorted(
            (pair for pair in pairs if pair[1] is not None), key=itemgetter(1), reverse=True
        )
        return [own for own, _ in newest], [date for _, date in reversed(newest)]

    def of_other_models(self, models: dict[str, Any]) -> Observed:
        """The same exchanges, with these models as the catalogue, and nothing violated."""
        other = Observed(self.exchanges, self.revision, self.crawl, ())
        other.models = models
        return other

    def may_be_listed(self, name: str) -> bool:
        """Whether the name is that of a listed model, as far as the list was read."""
        return name in self.position or not self.ids

    def said(self, response: Response) -> str:
        """What the server says about an error, where it shows no part of a key there."""
        return "" if once(response.request) in self._unquotable else message_of(response)

    def quote(self, response: Response) -> str:
        """The same, as a hint."""
        said = self.said(response)
        return f'the server says "{said}"' if said else ""

    def begins(self, response: Response) -> str:
        """How the body begins, where the response shows no part of a key."""
        text = response.body.decode("utf-8", "replace")
        unquotable = once(response.request) in self._unquotable or (response.key or "\0") in text
        return "" if unquotable else visible(text, 60)

    @cached_property
    def _unquotable(self) -> set[Request]:
        return {once(own.response.request) for _, own in self.findings("") if own.unquoted}

    def findings(self, *checks: str) -> Iterator[tuple[str, Finding]]:
        """What the violated checks found whose ids begin so."""
        for own in self.violated:
            if own.check.startswith(checks):
                yield from ((own.check, found) for found in own.findings)

    def is_violated(self, *checks: str) -> bool:
        """Whether a check is violated whose id begins so."""
        return any(own.check.startswith(checks) for own in self.violated)


def _with_the_key_as_now(exchanges: Sequence[Response]) -> Sequence[Response]:
    """The exchanges since the key is sent as it is at the end: a server may refuse the first header."""
    keyed = [n for n, own in enumerate(exchanges) if own.request.variant.auth == "key" and own.key]
    last = _key_header(exchanges[keyed[-1]]) if keyed else ""
    since = next(
        (later for n, later in pairwise(keyed) if _key_header(exchanges[n]) != last),
        0,
    )
    return exchanges[since:]


def _key_header(response: Response) -> str:
    return next(name for name, _ in response.sent if name in {"authorization", "x-api-key"})


def among(responses: Iterable[Response], *checks: str) -> Follows:
    """Whether a finding of a check whose id begins so is about one of these responses."""
    asked = {once(response.request) for response in responses}
    return lambda check, found: check.startswith(checks) and once(found.response.request) in asked


def whatever(responses: Sequence[Response]) -> Follows:
    """Whether a finding is that one of these responses came, whichever check says so.

    A server that fails writes no headers either.
    """
    about = among(responses, "")
    failed = among([own for own in responses if own.failed], REQUEST_ID)
    return lambda check, found: (
        failed(check, found) or (not check.startswith(FORM) and about(check, found))
    )


def either(*follows: Follows) -> Follows:
    """Whether one of these says so."""
    return lambda check, found: any(own(check, found) for own in follows)


def once(asked: Request) -> Request:
    """The request itself, whichever asking of it."""
    return replace(asked, again=0) if asked.again else asked


def walk_of(asked: Request) -> tuple[Any, ...]:
    """What the pages of one walk have in common: how they are asked for, their size, the direction."""
    return asked.variant, asked.value("limit"), asked.value("before_id") is not None


def name_asked(asked: Request) -> str | None:
    """The name of the model that is asked for; None for the list."""
    return unquote(asked.path[len(LIST) + 1 :]) if asked.path.startswith(f"{LIST}/") else None


def is_list(response: Response) -> bool:
    return response.request.path == LIST


def is_plain(response: Response) -> bool:
    """Whether the request had the usual headers and no parameter but those for paging."""
    return response.request.variant == PLAIN and not is_filtered(response) and not extras(response)


def is_filtered(response: Response) -> bool:
    return any(name == "lifecycle[]" for name, _ in response.request.query)


def extras(response: Response) -> list[str]:
    """The parameters beside those for paging."""
    paging = {"limit", "after_id", "before_id", "lifecycle[]"}
    return [name for name, _ in response.request.query if name not in paging]


def moment(model: Any) -> Any:
    """When a model was released, None where that cannot be read."""
    text = model.get("created_at") if isinstance(model, dict) else None
    return rfc3339.instant(text) if isinstance(text, str) else None


def id_of(response: Response) -> str | None:
    """The id of the model in a response, None when there is none."""
    return model_id(response.json) if response.ok else None


def message_of(response: Response) -> str:
    """What the server says about an error, or the empty string."""
    error = response.json.get("error") if isinstance(response.json, dict) else None
    stated = error.get("message") if isinstance(error, dict) else error
    if stated is None and isinstance(response.json, dict):
        stated = response.json.get("detail", response.json.get("message"))
    return visible(stated, 120) if isinstance(stated, str) else ""


def error_type(response: Response) -> str | None:
    """The type of the error in the body, None where there is none."""
    error = response.json.get("error") if isinstance(response.json, dict) else None
    kind = error.get("type") if isinstance(error, dict) else None
    return kind if isinstance(kind, str) else None


def is_error(response: Response) -> bool:
    """Whether the body is an error, whatever the status: it says something, and has no models."""
    body = response.json
    if not isinstance(body, dict):
        return False
    if body.get("type") == "error" or isinstance(body.get("error"), dict):
        return True
    empty = "id" not in body and body.get("data") is None and not ids_in(body)
    return empty and bool(message_of(response))


def squeezed(name: str) -> str:
    """A key without what spellings differ in: `created_at` and `createdAt` are one."""
    return re.sub(r"[^a-z0-9]", "", name.lower())
