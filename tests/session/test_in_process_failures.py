"""A failure of an application in process: what it raised, where, and a line of Python that asks again."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from typing import Any

import contracting
import pytest
from contracting import contract
from systems import POSIX

from pytest_models_contract.client.api import ModelsAPI
from pytest_models_contract.target.applications import Asgi, Wsgi
from pytest_models_contract.target.targets import IN_PROCESS

KEY = "sk-s3cret-0123456789"
CHECK = "cursors/unknown_cursor_is_no_server_error[after_id]"
APP = """
    from pytest_models_contract.fake import Fake

    fake = Fake(key={key!r})

    def looked_up(query):
        if "models-contract" in query:
            raise LookupError(f"no cursor in {{query}} for {key}")

    def app(environ, start_response):
        looked_up(environ["QUERY_STRING"])
        return fake(environ, start_response)
    """


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    contracting.without_environment(monkeypatch)


@POSIX
@pytest.mark.slow
def test_a_failure_shows_what_was_raised_and_how_to_ask_again(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODELS_CONTRACT_API_KEY", KEY)
    pytester.makepyfile(raising_app=APP.format(key=KEY))
    result = contract(pytester, "-k", CHECK, app="raising_app:app")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "  request   python -c *'/v1/models?*after_id=*",
            "  response  500, *",
            "  raised    LookupError: no cursor in *",
            '            */raising_app.py:*, in looked_up: raise LookupError(f"no cursor in *',
            "            */raising_app.py:*, in app: looked_up(environ[[]*",
        ]
    )
    assert KEY not in result.stdout.str()
    assert "app.invalid" not in result.stdout.str()
    [line] = [line for line in result.stdout.lines if line.startswith("  request ")]
    command = line.removeprefix("  request ").replace("python", shlex.quote(sys.executable), 1)
    asked = subprocess.run(  # noqa: S603 - the line that the failure shows
        ["bash", "-c", command],  # noqa: S607
        cwd=pytester.path,
        env={**os.environ, "MODELS_CONTRACT_API_KEY": KEY},
        capture_output=True,
        text=True,
    )
    assert asked.stdout.startswith("500 "), asked.stderr
    assert "the application raised LookupError" in asked.stdout


async def answers_and_raises(_: Any, __: Any, send: Any) -> None:
    """As Starlette does: the 500 is sent before the exception goes on."""
    await send({"type": "http.response.start", "status": 500, "headers": []})
    await send({"type": "http.response.body", "body": b"Internal Server Error"})
    raise ValueError("boom")


async def raises_at_once(_: Any, __: Any, ___: Any) -> None:
    raise ValueError("boom")


def logs_and_answers(_: Any, start_response: Any) -> list[bytes]:
    """As Flask and Django do: the exception is logged and becomes a page."""
    import logging

    try:
        raise ValueError("boom")
    except ValueError:
        logging.getLogger("a.framework").exception("Exception on /v1/models")
    start_response("500 Internal Server Error", [])
    return [b"Internal Server Error"]


RAISING = {
    "after the response": lambda: Asgi(answers_and_raises),
    "at once": lambda: Asgi(raises_at_once),
    "logged": lambda: Wsgi(logs_and_answers),
}


@pytest.mark.parametrize("transport", RAISING.values(), ids=list(RAISING))
def test_an_exception_is_kept_with_the_response(transport: Any) -> None:
    api = ModelsAPI(IN_PROCESS, transport())
    response = api.list()
    api.close()
    assert response.status == 500
    first, where, *_ = response.raised.splitlines()
    assert first == "ValueError: boom"
    assert where.startswith(f"{__file__}:")
    assert where.endswith('raise ValueError("boom")')


def test_one_request_does_not_show_what_another_one_raised() -> None:
    def sometimes(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        if "limit" in environ["QUERY_STRING"]:
            return logs_and_answers(environ, start_response)
        start_response("500 Internal Server Error", [])
        return [b""]

    api = ModelsAPI(IN_PROCESS, Wsgi(sometimes))
    assert "boom" in api.list(limit=1).raised
    assert api.list().raised == ""
    api.close()
