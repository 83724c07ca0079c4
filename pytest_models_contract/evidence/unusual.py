"""The unusual requests: limits, cursors, ids, keys, betas and parameters that a server may refuse."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import islice, pairwise
from os.path import commonprefix
from string import ascii_letters, digits
from typing import TYPE_CHECKING

from pytest_models_contract.client.exchange import Request
from pytest_models_contract.client.requests import model_request, page_request
from pytest_models_contract.client.variant import Variant
from pytest_models_contract.evidence import plan, stages
from pytest_models_contract.evidence.plan import NO_MODEL, ODD_NAME, PLAIN_ID, UNKNOWN

if TYPE_CHECKING:
    from pytest_models_contract.evidence.gathering import Evidence

REFUSED = {"0": "0", "-1": "-1", "1001": "1001", "huge": str(2**64 + 5), "word": "abc"}
"""Limits that are out of range, or no number."""
MALFORMED = {"fraction": "1.5", "tail": "5abc", "empty": "", "exponent": "1e2", "digits": "\u0665"}
"""Limits that some servers read as a number."""
UNKNOWN_BETA = "no-such-beta-2000-01-01"
MALFORMED_BETA = ',;= "{%\\'
"""Signs that a header value may have and no name of a beta has."""
UNDEFINED: Mapping[str, Callable[[str, str], Request]] = {
    "unknown_parameter": lambda _, __: page_request(extra=[("models_contract", "1")]),
    "no_version": lambda _, __: page_request(variant=Variant(version="")),
    "unknown_beta": lambda _, __: page_request(variant=Variant(betas=(UNKNOWN_BETA,))),
    "empty_beta": lambda _, __: page_request(variant=Variant(betas=("",))),
    "malformed_beta": lambda _, __: page_request(variant=Variant(betas=(MALFORMED_BETA,))),
    "unknown_beta_on_retrieve": lambda first, _: model_request(
        first, Variant(betas=(UNKNOWN_BETA,))
    ),
    "malformed_beta_on_retrieve": lambda first, _: model_request(
        first, Variant(betas=(MALFORMED_BETA,))
    ),
    "empty_cursor": lambda _, __: page_request(after_id=""),
    "odd_cursor": lambda _, __: page_request(after_id=ODD_NAME),
    "crossed_cursors": lambda first, last: page_request(after_id=last, before_id=first),
}
"""Requests that the reference does not define, from the first and the last listed id."""
WORKSPACE = "anthropic-workspace-id"
_NO_WORKSPACE = Variant(headers=((WORKSPACE, "wrkspc_unknown"),))
KEYS = {"no_key": Variant(auth="none"), "wrong_key": Variant(auth="wrong")}
UNKNOWN_IDS = ("name", "tail", "head", "odd", "word")


def undefined(name: str, evidence: Evidence) -> Request:
    """The request of that name in `UNDEFINED`."""
    ids = evidence.named or [NO_MODEL]
    return UNDEFINED[name](ids[0], ids[-1])


def unknown_workspace(endpoint: str, evidence: Evidence) -> Request:
    """A list or a model for a workspace that the key hardly has: its id is made up."""
    if endpoint == "list":
        return page_request(variant=_NO_WORKSPACE)
    return model_request(next(iter(evidence.named), NO_MODEL), _NO_WORKSPACE)


def unknown_ids(name: str, evidence: Evidence) -> list[str]:
    """The id of that name in `UNKNOWN_IDS`: it names no model. None where the catalogue has none such."""
    found = {
        "name": [NO_MODEL],
        # Some servers look an id up by its beginning, or as a pattern of SQL: `%` stands for any text.
        "tail": [f"{found}%" for found in evidence.named[-1:]],
        "head": list(islice(_common_prefixes(evidence), 1)),
        "odd": [_odd_id(evidence)],
        "word": ["constructor"],  # every object of JavaScript has this property
    }[name]
    return [unknown for unknown in found if unknown not in evidence.named]


def _odd_id(evidence: Evidence) -> str:
    """An id of odd characters whose last segment is a model: some servers look no further."""
    return "/".join([ODD_NAME, *evidence.named[:1]])


def _common_prefixes(evidence: Evidence) -> Iterator[str]:
    """The common prefixes of two ids, up to a separator: no id, and no alias ends with a separator."""
    for pair in pairwise(sorted(filter(PLAIN_ID.fullmatch, evidence.sample))):
        prefix = commonprefix(pair).rstrip(ascii_letters + digits)  # noqa: RUF071 - ids, not paths
        if prefix and prefix not in evidence.position:
            yield prefix


def key_variants(name: str, evidence: Evidence) -> list[Variant]:
    """The variants without a key, or with a wrong one: that in both headers, where there is a right key."""
    both = name == "wrong_key" and evidence.api.key
    return [KEYS[name], *([Variant(auth="wrong-other-way")] if both else [])]


def lists_without_the_key(name: str, evidence: Evidence) -> list[Request]:
    """The list without a key, or with a wrong one. Of two variants the second asks for a page with a query,
    one that the right key gets: some servers look for a key only where the path is all there is."""
    pages = (page_request(), _page_with_a_query(evidence))
    return [
        replace(page, variant=variant)
        for variant, page in zip(key_variants(name, evidence), pages, strict=False)
    ]


def _page_with_a_query(evidence: Evidence) -> Request:
    """The page that request variants ask for, or another one that is served; else the plain list."""
    served = [own.request for own in evidence.responses if own.status == 200 and own.request.query]
    usual = page_request(**plan.variant_page([] if evidence.unusable_ids else evidence.ids))
    return usual if usual in served else next(iter(served), page_request())


def beyond_the_limit(evidence: Evidence) -> list[Request]:
    """The request with a cursor and a limit that is out of range; none without a cursor."""
    beyond = evidence.revision.limit.maximum + 1
    ids = [] if evidence.unusable_ids else evidence.ids
    return [page_request(after_id=cursor, limit=beyond) for cursor in ids[:1]]


def out_of_range() -> list[Request]:
    """The requests with the limits that must be refused."""
    return [page_request(limit=value) for value in REFUSED.values()]


def refusals(evidence: Evidence) -> list[Request]:
    """The requests that must or may be refused."""
    known = next(iter(evidence.named), NO_MODEL)
    return [
        model_request(NO_MODEL),
        *out_of_range(),
        *(page_request(variant=variant) for variant in KEYS.values()),
        *(model_request(known, variant) for variant in KEYS.values()),
        *(page_request(**window) for window in UNKNOWN.values()),
    ]


def refused_by_frameworks(evidence: Evidence) -> list[Request]:
    """The requests that a web framework or a gateway may refuse by itself, with an error body of its own."""
    wrong = key_variants("wrong_key", evidence)
    return [
        *(model_request(own) for name in UNKNOWN_IDS for own in unknown_ids(name, evidence)),
        *(page_request(limit=value) for value in MALFORMED.values()),
        *beyond_the_limit(evidence),
        *(undefined(name, evidence) for name in UNDEFINED),
        *stages.odd_filters(evidence),
        *lists_without_the_key("wrong_key", evidence),
        *(model_request(known, variant) for known in evidence.named[:1] for variant in wrong),
    ]
