"""Properties of models: missing, of the wrong type, in another format; on all models or on some."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pytest_models_contract.client.exchange import ABSENT, Finding
from pytest_models_contract.client.redact import visible
from pytest_models_contract.evidence.diagnoses.causes import Cause, Follows
from pytest_models_contract.evidence.diagnoses.counting import joined, named, quoted, share
from pytest_models_contract.evidence.diagnoses.dates import date_format
from pytest_models_contract.evidence.diagnoses.known_formats import is_openai_model
from pytest_models_contract.evidence.diagnoses.observed import Observed, either, is_list, squeezed
from pytest_models_contract.evidence.diagnoses.scope import scope
from pytest_models_contract.spec.revision import Property, Revision

AREA = "model_info/"


@dataclass(frozen=True)
class Wrong:
    """A property that is wrong in some models: the places of these models in the responses."""

    prop: Property
    findings: Sequence[Finding]

    @property
    def places(self) -> frozenset[str]:
        """Which models it is about, whatever the property."""
        return frozenset(_place(found) for found in self.findings)

    @property
    def models(self) -> list[str]:
        return list(dict.fromkeys(_model(found) for found in self.findings))


def _place(found: Finding) -> str:
    """The model, and where it stands."""
    pointer = re.search(r"\((/data/\d+)?", found.where)
    return f"{_model(found)} {pointer[0] if pointer else ''} {found.response.request}"


def _model(found: Finding) -> str:
    """The id of the model, or its place where that is no id."""
    name, _, pointer = found.where.rpartition(" (")
    return (
        name
        if name and not re.match(r"\(no |[\[{]|None|\d+$", name)
        else pointer.rpartition("/")[0]
    )


def properties(seen: Observed) -> Iterator[Cause]:
    """What is wrong with properties; what the same models lack is one cause."""
    own = {prop.path: prop for prop in seen.revision.properties}
    lacking: dict[frozenset[str], list[Wrong]] = {}
    wrong_values: dict[tuple[str, str], list[Wrong]] = {}
    for violated in seen.violated:
        prop = (
            own.get(violated.check.removeprefix(AREA)) if violated.check.startswith(AREA) else None
        )
        if prop is None:
            continue
        absent = [found for found in violated.findings if found.seen == "absent"]
        if absent:
            wrong = Wrong(prop, absent)
            lacking.setdefault(wrong.places, []).append(wrong)
        for kind, values in _by_kind(prop, violated.findings, seen).items():
            wrong_values.setdefault(kind, []).append(Wrong(prop, values))
    for kind, alike in wrong_values.items():
        yield _wrong_values(kind, alike, seen)
    for together in lacking.values():
        yield from _missing(together, seen)
    if len(lacking) > 1:
        yield from _left_out([wrong for each in lacking.values() for wrong in each], seen)


# --- missing -------------------------------------------------------------------------------------


def _missing(together: Sequence[Wrong], seen: Observed) -> Iterator[Cause]:
    paths = [wrong.prop.path for wrong in together]
    models = [_value(found, seen) for found in together[0].findings]
    if all(map(is_openai_model, models)):
        return  # see `formats.openai_models`
    count = _share(together[0], seen) + _where(together, seen)
    follows = either(_about(paths, "absent"), _elsewhere(together))
    if renamed := _renamed(paths, models):
        pairs = joined([f"`{new}` in place of `{old}`" for old, new in renamed.items()])
        title = f"keys are renamed: {pairs}, {count}"
    elif older := _older_revision(paths, together[0], seen):
        title = f"models have the fields of {older} only: {_listed(paths)} {_are(paths)} missing on {count}"
        yield Cause(
            f"missing {' '.join(paths)}",
            title,
            follows,
            f"hold it to that revision with --models-revision {older}, or add the fields",
        )
        return
    elif parent := _emptied(paths, models):
        title = f"`{parent}` lacks its members {_listed(paths)}: {count}"
    else:
        title = f"{_listed(paths)} {_are(paths)} missing{_instead(paths, models)}: {count}"
    yield Cause(f"missing {' '.join(paths)}", title, follows, _nulls(together))


def _where(together: Sequence[Wrong], seen: Observed) -> str:
    """On which pages it is so, where the catalogue has it right."""
    found = together[0].findings
    if any(
        not _has(wrong.prop, seen.models.get(_model(own))) for wrong in together for own in found
    ):
        return ""
    inside = list({id(own.response): own.response for own in found}.values())
    known = set(map(id, inside))
    outside = [page.response for page in seen.pages if page.data and id(page.response) not in known]
    where = scope(inside, outside, seen)
    return f", on pages {where.phrase} alone" if where and where.phrase else ", on some pages alone"


def _has(prop: Property, model: Any) -> bool:
    holder = prop.holder(model)
    return holder is not None and prop.name in holder


def _nulls(together: Sequence[Wrong]) -> str:
    if all(wrong.prop.nullable for wrong in together):
        return "send the key with null where the value is unknown"
    return "the key must always be there"


def _left_out(missing: Sequence[Wrong], seen: Observed) -> Iterator[Cause]:
    """Nullable properties that some models lack, and that are null in none: null is left out."""
    if not all(wrong.prop.nullable for wrong in missing) or len(missing) < 2:
        return
    models = list(seen.models.values())
    if any(_has_null(wrong.prop, model) for wrong in missing for model in models):
        return
    paths = [wrong.prop.path for wrong in missing]
    names = {name for wrong in missing for name in wrong.models}
    title = f"properties that are null are left out: {_listed(paths)}, on {len(names)} of {len(models)} models"
    yield Cause(
        "nulls left out",
        title,
        _about(paths, "absent"),
        "send the key with null: a serializer drops it, as `exclude_none` or `omitempty` do",
    )


def _has_null(prop: Property, model: Any) -> bool:
    holder = prop.holder(model)
    return holder is not None and holder.get(prop.name, ABSENT) is None


def _renamed(paths: Sequence[str], models: Sequence[Any]) -> dict[str, str]:
    """Missing keys that stand there under another spelling: `createdAt` for `created_at`."""
    found = {}
    for path in paths:
        if "." in path:
            return {}
        spelled = {squeezed(name): name for model in models for name in (model or {})}
        if (new := spelled.get(squeezed(path))) is None or new == path:
            return {}
        found[path] = new
    return found


_OTHER_NAMES = {
    "created_at": ("created", "release_date", "modified_at", "updated_at"),
    "display_name": ("name", "title", "label", "model_name"),
    "id": ("model", "name", "slug", "model_id"),
    "max_input_tokens": ("context_length", "context_window", "max_context_length"),
    "max_tokens": ("max_output_tokens", "max_completion_tokens", "output_token_limit"),
    "type": ("object", "kind"),
}
"""What other APIs call a property."""


def _instead(paths: Sequence[str], models: Sequence[Any]) -> str:
    """What the models have under another name, where it is one that other APIs use."""
    found = [
        name
        for path in paths
        for name in _OTHER_NAMES.get(path, ())
        if models and all(isinstance(model, dict) and name in model for model in models)
    ]
    return f", the models have {quoted(found)}" if found else ""


def _older_revision(paths: Sequence[str], wrong: Wrong, seen: Observed) -> str:
    """The revision whose fields the models have, where they lack all that came later."""
    if (
        len(paths) < 2
        or len(wrong.models) < len(seen.models)
        or not all(map(is_list, [f.response for f in wrong.findings]))
    ):
        return ""
    top = {prop.path for prop in seen.revision.properties if not prop.parent}
    older = [name for name in Revision.known() if name < seen.revision.name]
    for name in reversed(older):
        own = {prop.path for prop in Revision.load(name).properties if not prop.parent}
        if top - own == set(paths):
            return name
    return ""


def _emptied(paths: Sequence[str], models: Sequence[Any]) -> str:
    """The object that has none of its members, when all that is missing was in it."""
    parents = {path.rpartition(".")[0] for path in paths}
    return parents.pop() if len(parents) == 1 and "" not in parents and len(paths) > 1 else ""


def _elsewhere(together: Sequence[Wrong]) -> Follows:
    """What other checks find about the models that lack the property."""
    names = {name for wrong in together for name in wrong.models}
    paths = {wrong.prop.path for wrong in together}
    responses = {id(found.response) for wrong in together for found in wrong.findings}

    def follows(check: str, found: Finding) -> bool:
        if check.startswith("lifecycle/stage_lists") and "lifecycle" in paths:
            return found.where in names
        if check.startswith("model_list/a_model_is_the_same"):
            return id(found.response) in responses and any(
                f"{path}: absent" in found.seen for path in paths
            )
        return False

    return follows


def _about(paths: Sequence[str], seen: str = "") -> Follows:
    checks = {f"{AREA}{path}" for path in paths}
    return lambda check, found: check in checks and (not seen or found.seen == seen)


# --- wrong values --------------------------------------------------------------------------------


def _by_kind(
    prop: Property, findings: Sequence[Finding], seen: Observed
) -> dict[tuple[str, str], list[Finding]]:
    """Wrong values by what they are and what was expected: alike in several properties, they are one cause."""
    kinds: dict[tuple[str, str], list[Finding]] = {}
    dated = prop.demands.get("format") == "date-time"
    for found in findings:
        if found.seen == "absent":
            continue
        value = _read(found, prop, seen)
        form = date_format(value) if dated else ""
        expected = "" if form or value is None else found.expected
        kind = form or ("null" if value is None else _kind(value))
        # An object is wrong in a way of its own; another path expects other members.
        kinds.setdefault((kind, expected if kind != "an object" else prop.path), []).append(found)
    return kinds


def _wrong_values(kind: tuple[str, str], alike: Sequence[Wrong], seen: Observed) -> Cause:
    paths = [wrong.prop.path for wrong in alike]
    values = list(dict.fromkeys(found.seen for wrong in alike for found in wrong.findings))
    few = visible(values[0], 60) + (f" or {visible(values[1], 40)}" if len(values) == 2 else "")
    if len(values) > 2:
        few = f"{visible(values[0], 60)} and {len(values) - 1} others"
    what, expected = kind[0], alike[0].findings[0].expected
    are = _are(paths)
    what = what if are == "is" else _many(what)
    if what == "null":
        says = f"{_listed(paths)} {are} null, which {'it' if are == 'is' else 'they'} may not be"
    elif kind[1]:
        says = f"{_listed(paths)} {are} {what}, {few}, expected {visible(expected, 80)}"
    else:
        says = f"{_listed(paths)} {are} {what}: {few}"
    names = list(dict.fromkeys(name for wrong in alike for name in wrong.models))
    title = f"{says}: {_count(names, seen)}"
    checks = {f"{AREA}{path}" for path in paths}
    ids = {id(found) for wrong in alike for found in wrong.findings}

    def follows(check: str, found: Finding) -> bool:
        return check in checks and id(found) in ids

    return Cause(f"values {what} {kind[1]}", title, either(follows, *map(_staged, alike)))


def _staged(wrong: Wrong) -> Follows:
    """A stage that does not exist puts the model into no filtered list."""
    names = set(wrong.models)
    return lambda check, found: (
        wrong.prop.path == "lifecycle" and check.startswith("lifecycle/") and found.where in names
    )


def _kind(value: Any) -> str:
    kinds = {bool: "a boolean", str: "a string", list: "an array", dict: "an object"}
    return kinds.get(type(value), "a number")


def _many(kind: str) -> str:
    """
    >>> _many("a string"), _many("an empty string"), _many("a date without a time")
    ('strings', 'empty strings', 'dates without a time')
    """
    article, _, words = kind.partition(" ")
    if article not in {"a", "an"}:
        return kind
    noun = re.match(r"(empty |number in a )?[\w-]+", words)
    end = noun.end() if noun else len(words)
    return f"{words[:end]}s{words[end:]}"


def _read(found: Finding, prop: Property, seen: Observed) -> Any:
    """The value that the finding is about."""
    holder = prop.holder(_value(found, seen))
    return None if holder is None else holder.get(prop.name)


def _value(found: Finding, seen: Observed) -> Any:
    """The model that the finding is about."""
    place = re.search(r"/data/(\d+)", found.where)
    body = found.response.json
    if place is None or not isinstance(body, dict):
        return body
    return body["data"][int(place[1])]


# --- words ---------------------------------------------------------------------------------------


def _share(wrong: Wrong, seen: Observed) -> str:
    """How many of the models, and which where they are few."""
    return _count(wrong.models, seen)


def _count(names: Sequence[str], seen: Observed) -> str:
    total = max(len(seen.models), len(names))
    text = share(len(names), total, "model")
    return text if len(names) == total else f"{text} ({named(names)})"


def _listed(paths: Sequence[str]) -> str:
    if len(paths) > 4:
        return f"{', '.join(f'`{path}`' for path in paths[:3])} and {len(paths) - 3} more"
    return joined([f"`{path}`" for path in paths])


def _are(paths: Sequence[str]) -> str:
    return "is" if len(paths) == 1 else "are"
