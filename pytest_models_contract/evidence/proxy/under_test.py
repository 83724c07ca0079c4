"""A proxy seen from both sides: what a client asks and gets, and what reaches the upstream meanwhile."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.client.exchange import Finding, Page, Request, Response, page_of
from pytest_models_contract.client.requests import LIST
from pytest_models_contract.client.retries import is_transient, pause_before_retry
from pytest_models_contract.client.variant import PLAIN, Variant
from pytest_models_contract.client.verdict import NotJudged, Unexercised
from pytest_models_contract.evidence.proxy.requests import concerns, listing, single
from pytest_models_contract.evidence.proxy.truth import Truth
from pytest_models_contract.fake.upstream import Upstream, UpstreamRequest
from pytest_models_contract.spec.revision import Level, Revision

T = TypeVar("T")
_PAUSES = (0.1, 0.5, 1.0)
"""How long to wait before a request is sent again that failed for a moment, in seconds."""
_LASTING = 3
"""After so many requests in a row that failed all the time, none is sent again until one is answered."""
_LONGEST_PAUSE = 2.0
"""The longest `Retry-After` that is respected, in seconds."""
RECOVERY = 10.0
"""How long a server may take until it serves again once its upstream does, in seconds."""
NEVER_ASKED = (
    "no request reached the upstream at {}: point the server at it, by {{upstream}} in --models-start, by the"
    " variable MODELS_CONTRACT_UPSTREAM_URL, or by the server's own setting for the base URL of Anthropic's"
    " API. A server whose list comes from its own configuration (LiteLLM's model_list, one-api, Envoy AI"
    " Gateway) needs no --models-upstream"
)


@dataclass(frozen=True)
class Relayed:
    """A request to the proxy: its response, and what reached the upstream in the meantime."""

    response: Response
    upstream: tuple[UpstreamRequest, ...]

    @property
    def page(self) -> Page | None:
        return page_of(self.response)

    @property
    def status_text(self) -> str:
        """How the proxy answered, for a message."""
        if self.response.status:
            return self.response.status_text
        why = self.response.broken.removeprefix(f"{self.response.request.shortened}: ")
        return f"no response: {why}"

    def finding(
        self, seen: str, expected: str, where: str = "", level: Level | None = None, hint: str = ""
    ) -> Finding:
        """A finding that shows both sides."""
        reached = tuple(map(str, self.upstream)) or ("nothing reached it",)
        return replace(
            self.response.finding(seen, expected, where, level, hint),
            upstream=reached,
            settled=True,
        )


@dataclass(frozen=True, eq=False)
class ProxyUnderTest:
    """A proxy and the upstream behind it, which is ours.

    `api` asks the proxy. `expect` says what the proxy makes of the upstream's catalogue: the same
    models (`mirror`), or its `own`. `restart` starts the proxy again, None where that cannot be done;
    it raises `NotJudged` when the proxy does not come back. `recovery` is how long it may take until
    it serves again, in seconds. `apart`: when the requests were sent that say nothing of the server
    by itself.
    """

    api: ModelsAPI
    revision: Revision
    upstream: Upstream
    expect: str = "mirror"
    restart: Callable[[], None] | None = None
    recovery: float = RECOVERY
    apart: set[float] = field(default_factory=set, repr=False)
    _readings: dict[Any, Any] = field(default_factory=dict, repr=False)
    _quoted: set[int] = field(default_factory=set, repr=False)
    _lasting: list[Request] = field(default_factory=list, repr=False)

    def read(self, reading: Callable[..., T], *arguments: Any) -> T:
        """What `reading(self, *arguments)` gives, or the `Unexercised` it raises, read once in a run."""
        known = (reading, *arguments)
        if known not in self._readings:
            try:
                self._readings[known] = reading(self, *arguments)
            except Unexercised as why:
                self._readings[known] = why
        found: T | Unexercised = self._readings[known]
        if isinstance(found, Unexercised):
            raise found.with_traceback(None)
        return found

    # --- asking ----------------------------------------------------------------------------------

    def ask(self, request: Request) -> Relayed:
        """Ask, and again where the failure looks transient. Raises `NotJudged` without any response."""
        asked = self.once(request)
        for pause in _PAUSES if len(self._lasting) < _LASTING else ():
            if asked.response.stalled or not is_transient(asked.response):
                break
            wanted = pause_before_retry(asked.response, 0)
            time.sleep(max(pause, min(wanted, _LONGEST_PAUSE)))
            asked = self.once(request)
        if asked.response.failed:
            self._lasting.append(request)
        else:
            self._lasting.clear()
        if not asked.response.status and self._serves_nobody():
            raise NotJudged(asked.response.broken)
        return asked

    def _serves_nobody(self) -> bool:
        return not self.api.once(listing(limit=1)).status

    def once(self, request: Request) -> Relayed:
        """Ask once, whatever comes of it. Raises `NotJudged` where the run is over."""
        if self.api.dead:
            raise NotJudged(self.api.dead)
        before = self.upstream.count
        response = self.api.once(request)
        if not self.upstream.count and self.read(_is_never_asked):
            raise NotJudged(NEVER_ASKED.format(self.upstream.base_url))
        return Relayed(response, tuple(self.upstream.since(before)))

    def at_once(self, requests: Sequence[Request]) -> list[Relayed]:
        """Ask all of them at the same moment, each once."""
        before = self.upstream.count
        # A server of one connection at a time would wait for those that are kept open.
        self.api.wire.disconnect()
        with ThreadPoolExecutor(len(requests)) as threads:
            responses = list(threads.map(self._once_alone, requests))
        reached = self.upstream.since(before)
        return [
            Relayed(response, tuple(seen for seen in reached if concerns(seen, response.request)))
            for response in responses
        ]

    @property
    def responses(self) -> Sequence[Response]:
        """Every response of the run but those in which the upstream itself quoted a key."""
        return [
            response
            for response in self.api.exchanges
            if response.status and id(response) not in self._quoted
        ]

    def quoting(self, asked: Relayed) -> Relayed:
        """The same, set apart: the upstream quoted a key in it."""
        self._quoted.add(id(asked.response))
        return asked

    def _once_alone(self, request: Request) -> Response:
        """Ask once, on a connection that ends with the response."""
        variant = request.variant
        closing = replace(variant, headers=(*variant.headers, ("connection", "close")))
        return replace(self.api.once(replace(request, variant=closing)), request=request)

    # --- what was not asked yet ------------------------------------------------------------------

    def fresh_limit(self, least: int = 21, most: int = 300) -> int:
        """A limit that no request to the upstream had so far, so that no cache knows the response."""
        used = [part for seen in self.upstream.requests for part in seen.query.split("&")]
        limits = {f"limit={limit}": limit for limit in range(least, most + 1)}
        return limits[self.unused(list(limits), "limit", used)]

    def fresh_model(self) -> str:
        """The plain id of a model that was not asked for so far. Raises `Unexercised` without any."""
        if not self.truth.plain:
            raise Unexercised("no model has a plain id")
        used = [seen.path.rpartition("/")[2] for seen in self.upstream.requests]
        return self.unused(self.truth.plain[::-1], "model", used)

    def fresh(self, endpoint: str) -> Request:
        """A request for the `list` or for a single model that nobody sent so far."""
        if endpoint == "list":
            return listing(limit=self.fresh_limit())
        return single(self.fresh_model())

    def unused(self, choice: Sequence[str], purpose: str, used: Sequence[str] = ()) -> str:
        """The first that was not used for this purpose; where all were, the one that was least often."""
        given: list[str] = self._readings.setdefault(("given", purpose), [])
        often = Counter([*used, *given])
        found = min(choice, key=lambda each: often[each])
        given.append(found)
        return found

    # --- who is asked, and what is true ----------------------------------------------------------

    @property
    def who(self) -> str:
        """With whose key the proxy asks for its client: `client`, `server`, or `anyone`."""
        return self.read(_who)

    @property
    def truth(self) -> Truth:
        """What the proxy's list should be."""
        return self.read(_truth)

    @property
    def mirrors(self) -> bool:
        return self.expect == "mirror"

    def require_mirror(self) -> None:
        """Raise `Unexercised` where the proxy has models of its own."""
        if not self.mirrors:
            raise Unexercised("the server has a catalogue of its own (--models-proxy own)")

    def true_model(self, found: str) -> Any:
        """What should be answered for a model that is listed."""
        if self.mirrors:
            return self.upstream.response_to(f"{LIST}/{quote(found, safe='')}", self.who).body
        return self.truth.models[self.truth.position[found]]


def walk(
    ask: Callable[[Request], Relayed],
    *,
    limit: int | None,
    start: str | None = None,
    backward: bool = False,
    variant: Variant = PLAIN,
    most: int = 128,
) -> Iterator[Relayed]:
    """Follow the pages as a client does: while `has_more` says so and the cursor is new."""
    cursor, used = start, {start}
    for _ in range(most):
        name = "before_id" if backward else "after_id"
        asked = ask(listing(limit=limit, variant=variant, **{name: cursor}))
        yield asked
        page = asked.page
        if page is None or not page.data or page.has_more is not True:
            return
        cursor = page.ids[0 if backward else -1]
        if cursor in used:
            return
        used.add(cursor)


def _is_never_asked(proxy: ProxyUnderTest) -> bool:
    """Whether the upstream is not even asked for the list: some proxies relay nothing else."""
    proxy.api.once(listing(limit=1))
    return not proxy.upstream.count


def _who(proxy: ProxyUnderTest) -> str:
    """Whose key comes with the requests that clients cause, not with those of health checks."""
    if not proxy.upstream.keys.known:
        return "anyone"
    models = [single(f"models-contract-no-such-model-{number}") for number in range(3)]
    lists = [listing(limit=proxy.fresh_limit()) for _ in range(3)]
    for requests in (models, lists):
        seen = [proxy.once(request) for request in requests]
        came = [{request.who for request in asked.upstream} for asked in seen if asked.upstream]
        if came and all("server" in each for each in came):
            return "server"
    known = {request.who for request in proxy.upstream.requests}
    return "server" if "server" in known and "client" not in known else "client"


def _truth(proxy: ProxyUnderTest) -> Truth:
    if not proxy.mirrors:
        return _walked(proxy)
    models: list[Any] = []
    more = True
    while more:
        cursor = {"after_id": models[-1]["id"]} if models else {}
        target = f"{LIST}?{urlencode({'limit': 1000, **cursor})}"
        page = proxy.upstream.response_to(target, proxy.who).body
        models += page["data"]
        more = page["has_more"]
    return Truth(models, [model["id"] for model in models])


def _walked(proxy: ProxyUnderTest) -> Truth:
    """The whole by a complete walk of the proxy's list. Raises `Unexercised` where it has no end."""
    pages = [asked.page for asked in walk(proxy.ask, limit=1000)]
    last = pages[-1]
    if last is None or last.has_more is not False:
        raise Unexercised("the list could not be read to its end")
    models = [model for page in pages if page for model in page.data]
    if not models:
        raise Unexercised("the server lists no model")
    return Truth(models, [found for page in pages if page for found in page.ids])
