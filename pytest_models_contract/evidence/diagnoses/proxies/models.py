"""A proxy's models: values that are changed on the way, models that are not found alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pytest_models_contract.client.exchange import Finding, model_id
from pytest_models_contract.evidence.diagnoses.causes import Cause
from pytest_models_contract.evidence.diagnoses.counting import grouped, joined, quoted, several
from pytest_models_contract.evidence.diagnoses.observed import Observed
from pytest_models_contract.evidence.diagnoses.proxies.findings import Found, case, of

FOUND = "proxy/odd_id_is_found"
ALIAS = "proxy/alias_of_the_upstream_resolves"
ALONE = ("proxy/models_of_every_page_are_found", FOUND, ALIAS)
UNKNOWN = "proxy/unknown_id_stays_unknown"
MADE_UP = (
    "proxy/failure_is_no_model[404]",
    "proxy/each_client_gets_its_own[retrieve]",
    "proxy/change_is_visible[retrieve]",
)
"""Where else a model is made up for an id that the upstream does not know."""
VALUES: Mapping[str, str] = {
    "proxy/null_stays_null": "null",
    "proxy/dates_name_the_same_moment": "dates",
    "proxy/fractions_of_dates_are_whole": "dates",
    "proxy/integers_are_exact": "integers",
    "proxy/large_integers_are_exact": "integers",
    "proxy/text_is_intact": "text",
    "proxy/other_values_are_kept": "values",
    "proxy/what_no_revision_knows_is_passed_on": "properties that no revision knows",
}
"""What each check looks at."""
MANY = 3
"""From so many kinds of values on, the models as a whole are changed."""
_IN_A_PATH = {"slash": "a slash", "percent": "a percent sign"}


# --- values --------------------------------------------------------------------------------------


def changed_values(seen: Observed) -> Iterator[Cause]:
    """Values of models that are not the upstream's."""
    kinds = grouped(seen.findings(*VALUES), lambda each: VALUES[each[0].partition("[")[0]])
    if not kinds:
        return
    every = [each for found in kinds.values() for each in found]
    if len(kinds) >= MANY or len({property_of(own) for _, own in every}) == 1:
        yield Cause(
            "changed models", f"models are changed on the way: {_shown(every)}", of(*VALUES)
        )
    for kind, found in kinds.items():
        checks = [check for check, looks_at in VALUES.items() if looks_at == kind]
        hint = _HINTS.get(kind, "")
        title = f"{_CHANGED.get(kind, f'{kind} are changed')} on the way: {_shown(found)}"
        yield Cause(f"changed {kind}", title, of(*checks), hint)


_CHANGED = {"null": "null is changed", "text": "text is changed"}
_HINTS = {
    "null": "send the key with null: a serializer may drop it, or put a default in its place",
    "dates": "pass dates on as text",
    "integers": "pass numbers on as they are written: a float holds 53 bits",
    "text": "read and write UTF-8, and change no text",
    "properties that no revision knows": "pass on what is unknown: clients may know it",
}


def _shown(found: Found) -> str:
    """The first change, how many there are, and of which properties."""
    found = list(found)
    first = found[0][1]
    names = list(dict.fromkeys(property_of(own) for _, own in found))
    endpoints = {"the list" if "/data/" in own.where else "retrieve" for _, own in found}
    where = "" if len(endpoints) == 2 else f", in {endpoints.pop()} alone"
    change = f"{first.seen} in place of {first.expected}"
    return f"{change}, {several(len(found), 'value')} of {quoted(names)}{where}"


def property_of(found: Finding) -> str:
    """The property at the top of the model that a finding is about: of `id (/data/0/type)`, `type`."""
    steps = found.where.rpartition("(/")[2].rstrip(")").split("/")
    return steps[2] if steps[0] == "data" and len(steps) > 2 else steps[0]


# --- retrieve ------------------------------------------------------------------------------------


def decoded_paths(seen: Observed) -> Iterator[Cause]:
    """Ids that lose their encoding on the way to the upstream."""
    kinds = {case(check) for check, _ in seen.findings(FOUND)}
    if kinds and kinds <= _IN_A_PATH.keys():
        what = joined([text for kind, text in _IN_A_PATH.items() if kind in kinds], "or")
        hint = "pass the path on unchanged, without decoding it"
        title = f"the proxy decodes the path: a model with {what} in its id is not found"
        yield Cause("decoded path", title, of(FOUND, "retrieve/ids_that_need_encoding"), hint)


def not_found_alone(seen: Observed) -> Iterator[Cause]:
    """Models of the upstream that retrieve does not give."""
    found = [own for _, own in seen.findings(*ALONE)]
    if not found:
        return
    refused = [own for own in found if not own.response.ok]
    first = (refused or found)[0]
    if not seen.is_violated(*ALONE[:-1]):
        title = f"an alias that only the upstream knows is not resolved: {first.seen}"
        yield Cause("alias", title, of(ALIAS), "ask the upstream for what is not in the list")
        return
    says = "are not found by their ids" if refused else "are not those that were asked for"
    shown = f"{several(len(found), 'id')}, such as {first.where}: {first.seen}"
    yield Cause("not found alone", f"single models {says}: {shown}", of(*ALONE, UNKNOWN))


def unknown_ids(seen: Observed) -> Iterator[Cause]:
    """An id that the upstream does not know, and what the proxy makes of its 404."""
    found = [own for _, own in seen.findings(UNKNOWN)]
    if not found:
        return
    made_up = bool(model_id(found[0].response.json))
    says = "is answered with a model that is made up" if made_up else "is no 404"
    follows = of(UNKNOWN, *(MADE_UP if made_up else ()))
    title = f"an id that the upstream does not know {says}: {found[0].seen}"
    yield Cause("unknown id", title, follows, "pass the upstream's 404 on", (UNKNOWN,))
