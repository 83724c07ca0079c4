"""Properties that models lack: all models or some, renamed, left out where null, of a later revision."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from pytest_models_contract.client.exchange import Finding
from pytest_models_contract.evidence.diagnoses.causes import Cause, Follows
from pytest_models_contract.evidence.diagnoses.checks import SAME_MODELS
from pytest_models_contract.evidence.diagnoses.counting import grouped, joined, named, quoted
from pytest_models_contract.evidence.diagnoses.known_formats import is_openai_model
from pytest_models_contract.evidence.diagnoses.observed import Observed, either, squeezed
from pytest_models_contract.evidence.diagnoses.scope import scope
from pytest_models_contract.evidence.diagnoses.wrong_properties import (
    Wrong,
    are,
    count,
    model_of,
    of_checks,
    value_of,
    wrong_properties,
)
from pytest_models_contract.evidence.wording import is_absent
from pytest_models_contract.spec.revision import Property, Revision

_NULL = "send the key with null where the value is unknown"
_DROPPED = "send the key all the same: a serializer drops it, as `exclude_none` or `omitempty` do"
_OTHER_NAMES = {
    "created_at": ("created", "release_date", "modified_at", "updated_at"),
    "display_name": ("name", "title", "label", "model_name"),
    "id": ("model", "name", "slug", "model_id"),
    "max_input_tokens": ("context_length", "context_window", "max_context_length"),
    "max_tokens": ("max_output_tokens", "max_completion_tokens", "output_token_limit"),
    "type": ("object", "kind"),
}
"""What other APIs call a property."""


def missing_properties(seen: Observed) -> Iterator[Cause]:
    """What the same models lack is one cause."""
    absent = [
        Wrong(wrong.prop, findings)
        for wrong in wrong_properties(seen)
        if (findings := [own for own in wrong.findings if is_absent(own.seen)])
    ]
    kinds = grouped(absent, lambda wrong: wrong.places)
    for together in kinds.values():
        if not all(is_openai_model(value_of(own)) for own in together[0].findings):
            yield _missing(together, seen)
    if len(kinds) > 1 and (what := _left_out(absent, seen)):
        paths = [wrong.prop.path for wrong in absent]
        names = list(dict.fromkeys(name for wrong in absent for name in wrong.models))
        title = f"properties that are {what} are left out: {quoted(paths)}, on {count(names, seen)}"
        yield Cause("nulls left out", title, _of(absent), _DROPPED)


def _of(missing: Sequence[Wrong]) -> Follows:
    findings = [own for wrong in missing for own in wrong.findings]
    return of_checks([wrong.prop.path for wrong in missing], findings)


def _missing(together: Sequence[Wrong], seen: Observed) -> Cause:
    paths = [wrong.prop.path for wrong in together]
    models = [value_of(own) for own in together[0].findings]
    number = f"{count(together[0].models, seen)}{_where(together[0], seen)}"
    hint = (
        _NULL if all(wrong.prop.nullable for wrong in together) else "the key must always be there"
    )
    if renamed := _renamed(together, models):
        title = (
            f"keys are renamed: {named(renamed) if len(renamed) > 4 else joined(renamed)}, {number}"
        )
    elif older := _older_revision(together, seen):
        title = f"models have the fields of {older} only: {quoted(paths)} are missing on {number}"
        hint = f"test it against that revision with --models-revision {older}, or add the fields"
    elif parent := _emptied(paths):
        title = f"`{parent}` lacks its members {quoted(paths)}: {number}"
    else:
        title = f"{quoted(paths)} {are(paths)} missing{_instead(paths, models)}: {number}"
    follows = either(_of(together), _of_other_checks(together))
    return Cause(f"missing {' '.join(paths)}", title, follows, hint)


# --- what kind of lack ---------------------------------------------------------------------------


def _where(wrong: Wrong, seen: Observed) -> str:
    """On which pages it is so, where the catalogue has the property."""
    catalogue = [_has(wrong.prop, seen.models.get(model_of(own))) for own in wrong.findings]
    if not any(catalogue):
        return ""
    inside = list({id(own.response): own.response for own in wrong.findings}.values())
    known = set(map(id, inside))
    outside = [page.response for page in seen.pages if page.data and id(page.response) not in known]
    where = scope(inside, outside, seen)
    if where and where.phrase:
        return f", on pages {where.phrase} alone"
    return ", on some pages alone" if all(catalogue) else ", on some pages"


def _has(prop: Property, model: Any) -> bool:
    holder = prop.holder(model)
    return holder is not None and prop.name in holder


def _left_out(missing: Sequence[Wrong], seen: Observed) -> str:
    """The value that some models lack and no model has, in words: null or false; empty where it is none."""
    props = [wrong.prop for wrong in missing]
    empty = {prop.path: None if prop.nullable else False for prop in props}
    legal = all(prop.nullable or prop.demands.get("type") == "boolean" for prop in props)
    given = any(
        _has(prop, model) and (prop.holder(model) or {})[prop.name] is empty[prop.path]
        for prop in props
        for model in seen.models.values()
    )
    words = dict.fromkeys(json.dumps(value) for value in empty.values())
    return joined(list(words), "or") if legal and not given else ""


def _renamed(missing: Sequence[Wrong], models: Sequence[Any]) -> list[str]:
    """Missing keys that stand there under another spelling, `createdAt` in place of `created_at`."""
    found = []
    for prop in (wrong.prop for wrong in missing):
        keys = dict.fromkeys(name for model in models for name in prop.holder(model) or ())
        if own := next((name for name in keys if squeezed(name) == squeezed(prop.name)), ""):
            found.append(f"`{own}` in place of `{prop.name}`")
    return found if len(found) == len(missing) else []


def _older_revision(together: Sequence[Wrong], seen: Observed) -> str:
    """The revision whose fields the models have, where they lack all that came later."""
    if len(together) < 2 or len(together[0].models) < len(seen.models):
        return ""
    missing = {wrong.prop.path for wrong in together}
    top = _top(seen.revision)
    older = [name for name in Revision.known() if name < seen.revision.name]
    names = (name for name in reversed(older) if top - _top(Revision.load(name)) == missing)
    return next(names, "")


def _top(revision: Revision) -> set[str]:
    return {prop.path for prop in revision.properties if not prop.parent}


def _emptied(paths: Sequence[str]) -> str:
    """The object that all that is missing was in."""
    parents = {path.rpartition(".")[0] for path in paths}
    return parents.pop() if len(parents) == 1 < len(paths) else ""


def _instead(paths: Sequence[str], models: Sequence[Any]) -> str:
    """What the models have under another name, where it is one that other APIs use."""
    found = [
        name
        for path in paths
        for name in _OTHER_NAMES.get(path, ())
        if models and all(isinstance(model, dict) and name in model for model in models)
    ]
    return f", the models have {quoted(found)}" if found else ""


def _of_other_checks(together: Sequence[Wrong]) -> Follows:
    """What other checks find about the models that lack the property."""
    names = {name for wrong in together for name in wrong.models}
    paths = {wrong.prop.path for wrong in together}
    responses = {id(own.response) for wrong in together for own in wrong.findings}

    def follows(check: str, found: Finding) -> bool:
        if check.startswith("lifecycle/stage_lists"):
            return "lifecycle" in paths and found.where in names
        if check.startswith(SAME_MODELS):
            absent = any(f"{path}: absent" in found.seen for path in paths)
            return absent and id(found.response) in responses
        return check.startswith("clients/") and found.where.rpartition("/")[2] in paths

    return follows
