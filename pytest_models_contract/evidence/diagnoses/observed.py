"""What the rules look at: the recorded exchanges, the catalogue as it was read, and the violated checks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from pytest_models_contract.client.api import LIST
from pytest_models_contract.client.exchange import (
    PLAIN,
    Finding,
    Page,
    Question,
    Reply,
    model_id,
    page_of,
)
from pytest_models_contract.client.redact import visible
from pytest_models_contract.evidence.diagnoses.causes import Follows, Violated
from pytest_models_contract.spec import rfc3339
from pytest_models_contract.spec.revision import Revision


class Observed:
    """What a run has seen so far. Nothing here sends a request.

    `crawl` holds the pages that the catalogue was read from, none when it was not read.
    """

    def __init__(
        self,
        exchanges: Sequence[Reply],
        revision: Revision,
        crawl: Sequence[Page],
        violated: Sequence[Violated],
    ) -> None:
        self.exchanges = exchanges
        self.revision = revision
        self.crawl = crawl
        self.violated = violated

    @cached_property
    def answers(self) -> dict[Question, Reply]:
        """The first response to each request; asking again is the same request."""
        first: dict[Question, Reply] = {}
        for reply in self.exchanges:
            first.setdefault(once(reply.question), reply)
        return first

    @cached_property
    def lists(self) -> list[Reply]:
        """The responses to requests for the list."""
        return [reply for asked, reply in self.answers.items() if asked.path == LIST]

    @cached_property
    def pages(self) -> list[Page]:
        """The responses that are pages, without those under a filter."""
        pages = (page_of(reply) for reply in self.lists if not is_filtered(reply))
        return [page for page in pages if page]

    @cached_property
    def bare(self) -> Reply | None:
        """The response to the list request without any parameter."""
        return self.answers.get(Question(LIST))

    @cached_property
    def retrieved(self) -> list[tuple[str, Reply]]:
        """The responses to requests for one model, each with the name that was asked for."""
        return [
            (name, reply)
            for asked, reply in self.answers.items()
            if (name := name_asked(asked)) is not None
        ]

    @cached_property
    def plainly_retrieved(self) -> list[tuple[str, Reply]]:
        """Those of them that were asked for with the key and nothing unusual."""
        return [(name, reply) for name, reply in self.retrieved if is_plain(reply)]

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
        return {own: place for place, own in enumerate(self.ids)}

    @cached_property
    def dates(self) -> list[Any]:
        """When each model of the catalogue was released, None where that cannot be read."""
        return [moment(model) for model in self.models.values()]

    @property
    def refusals(self) -> list[Reply]:
        """The responses that refuse something: a 4xx."""
        return [reply for reply in self.answers.values() if 400 <= reply.status < 500]

    def findings(self, *checks: str) -> Iterator[tuple[str, Finding]]:
        """What the violated checks found whose ids begin so."""
        for own in self.violated:
            if own.check.startswith(checks):
                yield from ((own.check, found) for found in own.findings)

    def is_violated(self, *checks: str) -> bool:
        """Whether a check is violated whose id begins so."""
        return any(own.check.startswith(checks) for own in self.violated)


def among(replies: Iterable[Reply], *checks: str) -> Follows:
    """Whether a finding of a check whose id begins so is about one of these responses."""
    asked = {once(reply.question) for reply in replies}
    return lambda check, found: check.startswith(checks) and once(found.reply.question) in asked


FORM = ("errors/body_", "errors/type_", "errors/no_answer", "headers/request_id")
"""What is found of the form of a response, whatever it answers."""


def whatever(replies: Iterable[Reply]) -> Follows:
    """Whether a finding is that one of these responses came, whichever check says so."""
    about = among(replies, "")
    return lambda check, found: not check.startswith(FORM) and about(check, found)


def either(*follows: Follows) -> Follows:
    """Whether one of these says so."""
    return lambda check, found: any(own(check, found) for own in follows)


def once(asked: Question) -> Question:
    """The request itself, whichever asking of it."""
    return replace(asked, again=0) if asked.again else asked


def name_asked(asked: Question) -> str | None:
    """The name of the model that is asked for; None for the list."""
    return unquote(asked.path[len(LIST) + 1 :]) if asked.path.startswith(f"{LIST}/") else None


def is_list(reply: Reply) -> bool:
    return reply.question.path == LIST


def is_plain(reply: Reply) -> bool:
    """Whether the request had the usual headers and no parameter but those for paging."""
    return reply.question.variant == PLAIN and not is_filtered(reply) and not extras(reply)


def is_filtered(reply: Reply) -> bool:
    return any(name == "lifecycle[]" for name, _ in reply.question.query)


def extras(reply: Reply) -> list[str]:
    """The parameters beside those for paging."""
    paging = {"limit", "after_id", "before_id", "lifecycle[]"}
    return [name for name, _ in reply.question.query if name not in paging]


def moment(model: Any) -> Any:
    """When a model was released, None where that cannot be read."""
    text = model.get("created_at") if isinstance(model, dict) else None
    return rfc3339.instant(text) if isinstance(text, str) else None


def id_of(reply: Reply) -> str | None:
    """The id of the model in a response, None when there is none."""
    return model_id(reply.json) if reply.ok else None


def message_of(reply: Reply) -> str:
    """What the server says about an error, or the empty string."""
    error = reply.json.get("error") if isinstance(reply.json, dict) else None
    told = error.get("message") if isinstance(error, dict) else error
    if told is None and isinstance(reply.json, dict):
        told = reply.json.get("detail", reply.json.get("message"))
    return visible(told, 120) if isinstance(told, str) else ""


def error_type(reply: Reply) -> str | None:
    """The type of the error in the body, None where there is none."""
    error = reply.json.get("error") if isinstance(reply.json, dict) else None
    kind = error.get("type") if isinstance(error, dict) else None
    return kind if isinstance(kind, str) else None


def is_error(reply: Reply) -> bool:
    """Whether the body is an error, whatever the status."""
    body = reply.json
    return isinstance(body, dict) and (
        body.get("type") == "error" or isinstance(body.get("error"), dict)
    )


def how_answered(reply: Reply) -> str:
    """
    The status in a sentence: `answered with 404`.
    """
    return (
        f"answered with {reply.status}"
        if reply.status
        else "not answered: the connection is closed"
    )
