"""What a proxy passes on, or should not: headers either way, and bodies."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_models_contract.client.exchange import Finding
from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.observed import Observed, either
from pytest_models_contract.evidence.diagnoses.proxies.failures import COMPRESSED, SUCCESSES
from pytest_models_contract.evidence.diagnoses.proxies.findings import cases, of, that, words
from pytest_models_contract.evidence.diagnoses.proxies.models import ALONE, property_of

VERSION, BETAS = "proxy/version_reaches_the_upstream", "proxy/betas_reach_the_upstream"
WORKSPACE = "proxy/workspace_reaches_the_upstream"
HEADERS = {
    VERSION: "anthropic-version",
    BETAS: "anthropic-beta",
    WORKSPACE: "anthropic-workspace-id",
}
BETA_QUERY = "proxy/what_the_beta_query_adds_is_passed_on"
HOPS = "proxy/hop_by_hop_headers_go_one_hop"
WHOLE = "proxy/body_is_whole_however_it_is_framed"
PLAIN = "proxy/body_is_plain_for_those_who_ask_so"
CUT = tuple(f"{check}[cut-" for check in SUCCESSES)


def lost_headers(seen: Observed) -> Iterator[Cause]:
    """Headers of the client's that do not reach the upstream as they came."""
    for check, name in HEADERS.items():
        found = list(seen.findings(check))
        if found:
            first = found[0][1]
            says = f"`{name}` is not passed on as it came"
            title = f"{says}: {first.seen}, not {first.expected} ({cases(found)})"
            yield Cause(
                f"lost {name}", title, of(check), f"pass `{name}` on, values of any kind too"
            )


def lost_beta_query(seen: Observed) -> Iterator[Cause]:
    """What `?beta=true` adds at the upstream, and clients do not get."""
    found = list(seen.findings(BETA_QUERY))
    if found:
        names = words(property_of(own) for _, own in found)
        title = f"what `?beta=true` adds is not passed on: {names} ({cases(found)})"
        hint = "pass `beta=true` on in the query, and keep what the upstream then adds"
        yield Cause("lost beta query", title, of(BETA_QUERY), hint)


def hop_by_hop(seen: Observed) -> Iterator[Cause]:
    """Headers for one hop alone that go further."""
    found = [own for _, own in seen.findings(HOPS)]
    if found:
        hint = "remove what `Connection` names, `Keep-Alive`, `TE` and `Proxy-Connection` (RFC 9110, 7.6.1)"
        title = f"headers for one hop only are passed on: {found[0].seen}"
        yield Cause("hop by hop", title, of(HOPS), hint)


def broken_bodies(seen: Observed) -> Iterator[Cause]:
    """Bodies that do not arrive as the upstream sent them, for their frame or coding."""
    found = list(seen.findings(WHOLE))
    if found:
        title = f"bodies arrive broken, by how the upstream sends them: {cases(found)}; {found[0][1].seen}"
        hint = "undo the transfer coding, and keep `content-encoding` and `content-length` right for the body"
        follows = either(of(WHOLE, PLAIN, COMPRESSED), that(_unreadable, *CUT, *ALONE))
        yield Cause("broken bodies", title, follows, hint)


def cut_bodies(seen: Observed) -> Iterator[Cause]:
    """Bodies that were cut off on the way, and that look whole to clients."""
    found = [each for each in seen.findings(*CUT) if _unreadable(each[1])]
    if found:
        title = f"a body that was cut off is passed on as a whole one: {cases(found)}"
        hint = "close the connection early as well, or answer 502"
        yield Cause("cut bodies", title, that(_unreadable, *CUT), hint)


def _unreadable(found: Finding) -> bool:
    """Whether the response is a success whose body is no JSON."""
    return found.response.ok and found.response.json is None


def compressed_for_all(seen: Observed) -> Iterator[Cause]:
    """Compressed bodies for clients that take none."""
    found = [own for _, own in seen.findings(PLAIN)]
    if found:
        title = f"clients that accept no compressed body get one: {found[0].seen}"
        hint = "cache by `accept-encoding` too, or decompress the body"
        yield Cause("compressed for all", title, of(PLAIN), hint)
