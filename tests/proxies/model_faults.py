"""Proxies that change values: nulls, dates, integers, texts, and what they do not know."""

from __future__ import annotations

import html
import unicodedata
from typing import Any

from proxies.kit import Registry, edit_models, family, registered
from proxies.server import Proxy
from pytest_models_contract.spec.revision import Revision

FAULTS: Registry = {}
fault = registered(FAULTS)
KNOWN = {prop.path for prop in Revision.load().properties}


def _deep(value: Any, change: Any) -> Any:
    """The value with every value in it changed, from the leaves up."""
    if isinstance(value, dict):
        value = {name: _deep(each, change) for name, each in value.items()}
    elif isinstance(value, list):
        value = [_deep(each, change) for each in value]
    return change(value)


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: each for name, each in value.items() if each is not None}
    return value


@fault
def properties_with_null_are_left_out(proxy: Proxy) -> None:
    edit_models(proxy, lambda model: _deep(model, _without_nulls))


@fault
def nulls_are_left_out_of_a_model_alone(proxy: Proxy) -> None:
    edit_models(proxy, lambda model: _deep(model, _without_nulls), lists=False)


@fault
def nulls_are_left_out_of_capabilities(proxy: Proxy) -> None:
    """Only what may be missing is missing."""

    def edit(model: dict[str, Any]) -> dict[str, Any]:
        return {**model, "capabilities": _deep(model["capabilities"], _without_nulls)}

    edit_models(proxy, edit)


@family(FAULTS, {"0": 0, "text": "", "false": False})
def null_becomes(proxy: Proxy, instead: Any) -> None:
    edit_models(
        proxy,
        lambda model: {name: instead if value is None else value for name, value in model.items()},
    )


@family(
    FAULTS,
    {
        "the-day": lambda date: f"{date[:10]}T00:00:00Z",
        "seconds": lambda date: f"{date[:19]}Z",
        "another-offset": lambda date: date[:-6] + "Z" if date[-6] in "+-" else date,
        "now": lambda date: "2026-11-27T12:00:00Z",
        "epoch-number": lambda date: 1_700_000_000,
        "null": lambda date: None,
    },
)
def date_becomes(proxy: Proxy, change: Any) -> None:
    edit_models(proxy, lambda model: {**model, "created_at": change(model["created_at"])})


@fault
def dates_are_cut_to_the_millisecond(proxy: Proxy) -> None:
    """As JavaScript does; advice alone."""

    def cut(date: str) -> str:
        whole, dot, rest = date.partition(".")
        digits = rest.rstrip("Z") if rest.endswith("Z") else ""
        return f"{whole}.{digits[:3]}Z" if dot and len(digits) > 3 else date

    edit_models(proxy, lambda model: {**model, "created_at": cut(model["created_at"])})


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


@family(
    FAULTS,
    {
        "float": float,
        "text": str,
        "32-bits": lambda number: min(number, 2**31 - 1),
        "thousands": lambda number: number // 1000 * 1000,
    },
)
def integer_becomes(proxy: Proxy, change: Any) -> None:
    def edit(model: dict[str, Any]) -> dict[str, Any]:
        return {
            name: change(value) if _is_integer(value) else value for name, value in model.items()
        }

    edit_models(proxy, edit)


@fault
def large_integers_are_rounded(proxy: Proxy) -> None:
    """As JavaScript does; advice alone."""
    edit_models(
        proxy,
        lambda model: _deep(
            model, lambda value: int(float(value)) if _is_integer(value) else value
        ),
    )


@family(
    FAULTS,
    {
        "ascii": lambda text: text.encode("ascii", "replace").decode(),
        "mojibake": lambda text: text.encode().decode("latin-1"),
        "html": html.escape,
        "composed": lambda text: unicodedata.normalize("NFC", text),
        "no-emoji": lambda text: "".join(sign for sign in text if ord(sign) < 0x10000),
        "title-case": str.title,
    },
)
def name_becomes(proxy: Proxy, change: Any) -> None:
    edit_models(proxy, lambda model: {**model, "display_name": change(model["display_name"])})


@fault
def name_is_the_id(proxy: Proxy) -> None:
    edit_models(proxy, lambda model: {**model, "display_name": model["id"]})


@fault
def unknown_properties_are_dropped(proxy: Proxy) -> None:
    edit_models(proxy, lambda model: {name: model[name] for name in model if name in KNOWN})


@fault
def unknown_capabilities_are_dropped(proxy: Proxy) -> None:
    def edit(model: dict[str, Any]) -> dict[str, Any]:
        shown = model["capabilities"] or {}
        kept = {name: shown[name] for name in shown if f"capabilities.{name}" in KNOWN}
        return {**model, "capabilities": kept or None}

    edit_models(proxy, edit)


@fault
def unknown_members_of_capabilities_are_dropped(proxy: Proxy) -> None:
    def edit(model: dict[str, Any]) -> dict[str, Any]:
        shown = model["capabilities"] or {}
        kept = {name: _known_members(name, each) for name, each in shown.items()}
        return {**model, "capabilities": kept or None}

    edit_models(proxy, edit)


def _known_members(name: str, capability: Any) -> Any:
    if f"capabilities.{name}" not in KNOWN:
        return capability
    return {
        member: value
        for member, value in capability.items()
        if f"capabilities.{name}.{member}" in KNOWN
    }


@family(FAULTS, {"max_tokens": "max_tokens", "capabilities": "capabilities", "type": "type"})
def property_is_dropped(proxy: Proxy, name: str) -> None:
    edit_models(proxy, lambda model: {key: value for key, value in model.items() if key != name})


@fault
def capabilities_are_flat(proxy: Proxy) -> None:
    """Each capability is a boolean in place of an object."""

    def edit(model: dict[str, Any]) -> dict[str, Any]:
        shown = model["capabilities"]
        flat = {name: bool(each) for name, each in shown.items()} if shown else shown
        return {**model, "capabilities": flat}

    edit_models(proxy, edit)


@fault
def capabilities_are_all_supported(proxy: Proxy) -> None:
    def edit(model: dict[str, Any]) -> dict[str, Any]:
        def supported(value: Any) -> Any:
            return (
                {**value, "supported": True}
                if isinstance(value, dict) and "supported" in value
                else value
            )

        return {**model, "capabilities": _deep(model["capabilities"], supported)}

    edit_models(proxy, edit)


@fault
def model_alone_is_in_another_format(proxy: Proxy) -> None:
    """OpenAI's: no name, a number for the date."""

    def edit(model: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": model["id"],
            "object": "model",
            "created": 1_700_000_000,
            "owned_by": "anthropic",
        }

    edit_models(proxy, edit, lists=False)
