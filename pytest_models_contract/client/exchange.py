"""The nouns of an exchange: the request, the response, and a page of models in it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode

from pytest_models_contract.client.naming import odd_digits, variant_in_words
from pytest_models_contract.client.pool import Pool
from pytest_models_contract.client.redact import visible
from pytest_models_contract.client.strict_json import NOT_JSON, read_json
from pytest_models_contract.client.variant import DEFAULT_VERSION, PLAIN, Variant
from pytest_models_contract.spec.models import ModelInfo, ModelList
from pytest_models_contract.spec.revision import Level


@dataclass(frozen=True)
class Request:
    """The path below the base URL, the query, the variant, which repetition (0: the first), the method."""

    path: str
    query: tuple[tuple[str, str], ...] = ()
    variant: Variant = PLAIN
    again: int = 0
    method: str = "GET"

    def __str__(self) -> str:
        query = f"?{urlencode(self.query, safe='[]:@')}" if self.query else ""
        own = self.variant
        version = None if own.version == DEFAULT_VERSION else own.version
        names = [name for name, _ in own.headers]
        words = [*variant_in_words(own.auth, version, own.betas, names), odd_digits(self.query)]
        said = ", ".join(filter(None, words))
        return f"{self.method} {self.path}{query}{f' ({said})' if said else ''}"

    @property
    def shortened(self) -> str:
        """The request in a message: an id may be longer than a line."""
        return visible(str(self), 300)

    def value(self, name: str) -> str | None:
        return dict(self.query).get(name)


class Received(NamedTuple):
    """What the server sent back, without anything of the request."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    broken: str = ""
    retries: int = 0
    seconds: float = 0.0
    cut_off: bool = False
    raised: str = ""
    started: float = 0.0
    stalled: bool = False

    @classmethod
    def nothing(cls, why: str, seconds: float, *, stalled: bool = False) -> Received:
        """No response after so many seconds, until now; `stalled`: within the deadline."""
        began = time.time() - seconds
        return cls(0, (), b"", why, seconds=seconds, started=began, stalled=stalled)


@dataclass(frozen=True)
class Response:
    """One response: status, headers in order, the body as read, and how it broke, if it did.

    The status is 0 where the server closed the connection each time without a response. `packed` is
    the body as its `pool` keeps it. `cut_off` says that the connection broke in the middle of the
    body. `retries` counts how often the request was repeated before this response came.
    `raised` says what an application in process raised, and where, a line each. `started` is when the
    request was sent, in seconds since 1970, and `seconds` how long the response took. `stalled` says
    that the deadline passed without a response.
    """

    request: Request
    url: str = field(repr=False)
    sent: tuple[tuple[str, str], ...] = field(repr=False)
    status: int
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    packed: bytes = field(repr=False)
    pool: Pool = field(repr=False, compare=False)
    broken: str = ""
    retries: int = 0
    seconds: float = 0.0
    cut_off: bool = False
    raised: str = field(default="", repr=False)
    started: float = field(default=0.0, repr=False, compare=False)
    stalled: bool = False

    @property
    def received(self) -> Received:
        return Received(*(getattr(self, name) for name in Received._fields))

    @property
    def body(self) -> bytes:
        """The body as read, without its content-encoding."""
        return self.pool.unpack(self.packed)

    def header(self, name: str) -> str | None:
        """The value of a header, several joined by a comma, or None."""
        values = [value for key, value in self.headers if key.lower() == name]
        return ", ".join(values) if values else None

    @property
    def key(self) -> str:
        """The key that was sent, or the empty string."""
        sent = dict(self.sent)
        return sent.get("x-api-key") or sent.get("authorization", "").removeprefix("Bearer ")

    @property
    def status_text(self) -> str:
        """The status for a message: `status 404`, or `no response` where the server hung up."""
        return f"status {self.status}" if self.status else "no response"

    @property
    def failed(self) -> bool:
        """Whether the server failed: a 5xx, or it hung up."""
        return self.status >= 500 or not self.status

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def media_type(self) -> str:
        return (self.header("content-type") or "").partition(";")[0].strip().lower()

    @cached_property
    def _read(self) -> tuple[Any, str]:
        known = self.pool.read
        if self.packed not in known:
            known[self.packed] = read_json(self.body, self.pool)
        value, problem = known[self.packed]
        return value, self.broken or problem

    @property
    def json(self) -> Any:
        """The body as JSON, as far as it can be read; None when it cannot."""
        return self._read[0]

    @property
    def json_problem(self) -> str:
        """Why the body is not strict JSON, or the empty string: the media type, if that is another one."""
        problem, media_type = self._read[1], self.media_type
        if problem.startswith(NOT_JSON) and media_type and "json" not in media_type:
            return f"{visible(media_type, 60)}, not JSON"
        return problem

    def finding(
        self, seen: str, expected: str, where: str = "", level: Level | None = None, hint: str = ""
    ) -> Finding:
        return Finding(self, seen, expected, where, level, hint)


@dataclass(frozen=True)
class Finding:
    """One place where one response breaks a rule.

    `seen` and `expected` complete the sentence. `where` names the model and the JSON Pointer. `level`
    is set where it differs from the check's own. `hint` says what clients do then, or the usual cause.
    `settled` says that one response alone shows it, or that it was confirmed already. `unquoted` says
    that the response must not be shown. `upstream` is what reached the upstream of a proxy meanwhile,
    and its response. `when` says for which requests it is so; `before` has the commands to run first.
    """

    response: Response
    seen: str
    expected: str
    where: str = ""
    level: Level | None = None
    hint: str = ""
    settled: bool = False
    unquoted: bool = False
    upstream: tuple[str, ...] = ()
    when: str = ""
    before: tuple[str, ...] = ()


class Occurrence(NamedTuple):
    """A model in a response: the response, the JSON Pointer of the model in it, the model."""

    response: Response
    pointer: str
    model: Any

    def where(self, *path: str) -> str:
        name = self.model.get("id", "(no id)") if isinstance(self.model, dict) else "(no object)"
        return f"{name} ({'/'.join([self.pointer, *path])})"

    @property
    def value(self) -> Any:
        """The model as the holder of its own properties."""
        return self.model

    @property
    def occurrences(self) -> Sequence[Occurrence]:
        return (self,)


@dataclass(frozen=True)
class Page:
    """A response with a list of models: its envelope, and the parameters of its request."""

    response: Response
    envelope: ModelList

    @property
    def data(self) -> list[ModelInfo]:
        return self.envelope["data"]

    @cached_property
    def ids(self) -> list[str]:
        """The ids of the page; a model without one gets a name that no model has."""
        return [model_id(model) or f"(no id at /data/{n})" for n, model in enumerate(self.data)]

    def at(self, n: int) -> Occurrence:
        """The model at this place of the page."""
        return Occurrence(self.response, f"/data/{n}", self.data[n])

    @property
    def occurrences(self) -> Iterator[Occurrence]:
        return map(self.at, range(len(self)))

    @property
    def has_more(self) -> Any:
        return self.envelope.get("has_more")

    @property
    def limit(self) -> int | None:
        text = self.response.request.value("limit")
        return int(text) if text else None

    @property
    def after_id(self) -> str | None:
        return self.response.request.value("after_id")

    @property
    def before_id(self) -> str | None:
        return self.response.request.value("before_id")

    @property
    def cursor(self) -> str | None:
        return self.after_id or self.before_id

    @property
    def backward(self) -> bool:
        return self.before_id is not None

    def __len__(self) -> int:
        return len(self.data)

    def __bool__(self) -> bool:
        """A page is a page, empty or not."""
        return True


class _Absent:
    def __repr__(self) -> str:
        return "absent"


ABSENT = _Absent()


def shown(value: Any, most: int = 80) -> str:
    """A value of a response as JSON, harmless to a terminal and cut to `most` characters."""
    return visible("absent" if value is ABSENT else json.dumps(value, ensure_ascii=False), most)


def counted(number: int) -> str:
    """`1 model`, `2 models`."""
    return f"{number:,} model{'' if number == 1 else 's'}"


def model_id(model: Any) -> str | None:
    """The id of a model in a response, or None when it is not a string or is empty."""
    found = model.get("id") if isinstance(model, dict) else None
    return found if isinstance(found, str) and found else None


def page_of(response: Response) -> Page | None:
    """The response as a page, or None when it has no array `data`."""
    body = response.json if response.ok else None
    if isinstance(body, dict) and isinstance(body.get("data"), list):
        return Page(response, body)  # type: ignore[arg-type]
    return None
