"""Complete runs against hostile servers: each ends by itself, soon, with a verdict."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from misbehaving import (
    JSON,
    Act,
    Asked,
    at,
    conformant,
    misbehaving,
    never_accepting,
    response,
    says,
)

from pytest_models_contract.fake import Fake

CONTRACT = ("-p", "pytest_models_contract", "--models-contract", "-p", "no:cacheprovider")
MODEL = dict(Fake(1).models[0])


class Ran(NamedTuple):
    """The outcome of a run: exit status, terminal, report."""

    status: int
    terminal: str
    report: dict[str, Any]

    @property
    def verdicts(self) -> dict[str, str]:
        return {check["id"]: check["verdict"] for check in self.report["checks"]}

    def message(self, check: str) -> str:
        [found] = [found for found in self.report["checks"] if found["id"] == check]
        return str(found["message"])


def run(pytester: pytest.Pytester, url: str, *arguments: str, timeout: str = "5") -> Ran:
    bounds = ("--models-timeout", timeout, "--models-report", "out.json")
    result = pytester.runpytest_inprocess(*CONTRACT, "--models-base-url", url, *bounds, *arguments)
    terminal = result.stdout.str()
    assert result.ret != pytest.ExitCode.INTERNAL_ERROR
    assert "bug in the contract" not in terminal
    return Ran(int(result.ret), terminal, json.loads(Path("out.json").read_text(encoding="utf-8")))


def listing(models: list[Any], **envelope: Any) -> bytes:
    ids = [model["id"] for model in models]
    ends = {"first_id": ids[0], "last_id": ids[-1]} if ids else {"first_id": None, "last_id": None}
    return json.dumps({"data": models, "has_more": False, **ends, **envelope}).encode()


# --- a dead server -------------------------------------------------------------------------------

DEAD: dict[str, tuple[Act, str]] = {
    "hangs": (Asked.hang, "no complete response within 0.3 s"),
    "resets": (Asked.reset, "the connection broke: "),
    "hangs up": (Asked.hang_up, "the connection broke: "),
    "talks no HTTP": (
        lambda asked: asked.send(b"SSH-2.0-OpenSSH\r\n\r\n"),
        "the connection broke: ",
    ),
    "is overloaded": (says(529, b"{}"), "the server kept responding with 529"),
    "limits the rate": (says(429, b"{}", {"retry-after": "3600"}), "the server responded with 429"),
}


@pytest.mark.parametrize(("act", "why"), DEAD.values(), ids=DEAD)
def test_a_dead_server_ends_the_run_with_one_message(
    act: Act, why: str, pytester: pytest.Pytester
) -> None:
    with misbehaving(act) as server:
        ran = run(pytester, server.url, timeout="0.3" if act is Asked.hang else "10")
        assert len(server.asked) <= 3
    _assert_dead(ran, why)


@pytest.mark.slow
def test_a_server_that_accepts_no_connection_is_dead_too(pytester: pytest.Pytester) -> None:
    with never_accepting() as url:
        _assert_dead(run(pytester, url, timeout="0.3"), "no complete response within 0.3 s")


@pytest.mark.slow
def test_a_closed_port_is_reported_at_once(pytester: pytest.Pytester) -> None:
    with misbehaving(Asked.hang_up) as server:
        url = server.url
    ran = run(pytester, url, timeout="60")
    _assert_dead(ran, f"cannot connect to {url}: ")
    assert ran.report["duration_s"] < 10


def _assert_dead(ran: Ran, why: str) -> None:
    assert ran.status == 1
    assert ran.report["verdict"] == "error"
    assert set(ran.verdicts.values()) == {"error", "unexercised"}
    assert ran.verdicts["model_list/status"] == "error"
    assert why in ran.message("model_list/status")
    assert ran.terminal.count("ERROR at setup of ") == 1
    assert ran.terminal.count(why) <= 3


# --- a server that hangs at some requests --------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(("place", "lost"), [
    ("after_id", {"model_list/status", "cursors/after_id_starts_after_the_cursor",
                  "cursors/walking_forward_yields_every_model_once"}),
    ("before_id", {"model_list/status", "cursors/before_id_ends_before_the_cursor",
                   "cursors/walking_backward_yields_every_model_once"}),
])  # fmt: skip
def test_where_one_parameter_hangs_the_rest_is_judged(
    place: str, lost: set[str], pytester: pytest.Pytester
) -> None:
    hanging = at(lambda asked: place in asked.query, Asked.hang, conformant())
    with misbehaving(hanging) as server:
        ran = run(pytester, server.url, timeout="1")
    verdicts = ran.verdicts
    assert ran.status == 1
    assert {verdicts[check] for check in lost} == {"error"}
    assert "violated" not in [verdict for check, verdict in verdicts.items() if "key" not in check]
    assert {verdicts[check] for check in verdicts if check.startswith("model_info/")} == {"holds"}
    assert f"{place}=" in ran.message("model_list/status")


# --- lists without an end ------------------------------------------------------------------------


def cycling(asked: Asked) -> None:
    """One model on each page, and the first model again after the last."""
    after = {"a": "b", "b": "c", "c": "a"}
    models = [{**MODEL, "id": after.get(asked.query.get("after_id", ""), "a")}]
    asked.send(response(200, listing(models, has_more=True)))


def ignoring(asked: Asked) -> None:
    """The same page for any cursor."""
    asked.send(response(200, listing([{**MODEL, "id": i} for i in "abc"], has_more=True)))


@pytest.mark.slow
@pytest.mark.parametrize(("act", "why"), [
    (cycling, "the cursor a came again after 4 pages"),
    (ignoring, "the cursor c came again after 2 pages"),
], ids=["cycles", "ignores the cursor"])  # fmt: skip
def test_a_list_without_end_is_named(act: Act, why: str, pytester: pytest.Pytester) -> None:
    with misbehaving(act) as server:
        ran = run(pytester, server.url)
    assert ran.status == 1
    assert ran.verdicts["cursors/walking_forward_yields_every_model_once"] == "violated"
    assert why in ran.message("cursors/walking_forward_yields_every_model_once")


# --- redirects -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_redirect_is_shown_and_not_followed(pytester: pytest.Pytester) -> None:
    with misbehaving(conformant()) as wrong_window:
        target = f"{wrong_window.url}/v1/models"
        with misbehaving(says(307, b"", {"location": target})) as server:
            ran = run(pytester, server.url)
        assert wrong_window.asked == []
    assert ran.status == 1
    assert f"status 307, a redirect to {target}" in ran.message("model_list/status")


# --- checks that needed a retry --------------------------------------------------------------------


@pytest.mark.slow
def test_a_check_that_needed_a_retry_says_so(pytester: pytest.Pytester) -> None:
    with misbehaving(at(lambda asked: asked.number == 3, Asked.reset, conformant())) as server:
        ran = run(pytester, server.url)
    assert (ran.status, ran.report["verdict"]) == (0, "conforms")
    noted = [
        check for check in ran.report["checks"] if "only after a retry" in str(check["evidence"])
    ]
    assert len(noted) == 1
    assert "at try 2" in noted[0]["evidence"]


# --- output --------------------------------------------------------------------------------------

EVIL = "\x1b]0;owned\x07\x1b[31m\n::error file=x::owned\r##[error]owned\u202e\u2028\x9b2J\0"


@pytest.mark.slow
def test_a_response_cannot_act_on_a_terminal_or_a_log(pytester: pytest.Pytester) -> None:
    models = [{**MODEL, "id": EVIL, EVIL: EVIL, "type": EVIL, "created_at": EVIL}, {"id": EVIL[1:]}]
    fields = {**JSON, "content-type": "text/\x1b[31m::error::owned"}
    reports = ("--models-report", "out.md", "--junit-xml", "out.xml", "-vv", "-rA")
    with misbehaving(says(200, listing(models, has_more=EVIL), fields)) as server:
        ran = run(pytester, server.url, *reports)
    outputs = {
        "terminal": ran.terminal,
        **{n: Path(n).read_text(encoding="utf-8") for n in ("out.md", "out.xml")},
    }
    for where, text in outputs.items():
        assert "owned" in text, where
        assert {char for char in text if not char.isprintable()} <= {"\n"}, where
        lines = [line.strip() for line in text.splitlines()]
        assert [line for line in lines if line.startswith(("::", "##["))] == [], where
    assert max(map(len, ran.terminal.splitlines())) < 1000


def test_long_values_are_cut(pytester: pytest.Pytester) -> None:
    models = [{**MODEL, "id": "x" * 100_000, "type": "y" * 100_000, "z" * 100_000: 1}]
    with misbehaving(says(200, listing(models), {"content-type": "w" * 50_000})) as server:
        ran = run(pytester, server.url, "-vv")
    assert ran.status == 1
    assert len(ran.terminal) < 200_000
    assert Path("out.json").stat().st_size < 300_000
