"""A server that echoes every secret wherever it can: no output of the run may contain one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from misbehaving import JSON, Act, Asked, Served, conformant, misbehaving, response
from sampling import first_of

KEY = "sk-ant-canary-0123456789-abcdefghijklmnopqrstuvwxyz"
SECRETS = {
    "key": KEY,
    "header": "header-canary-9876543210-zyxwvutsrqponm",
    "user": "user-canary-1111",
    "password": "password-canary-2222",
    "query": "query-canary-3333-abcdefgh",
}
# A truncated repr shows one end of a secret, so the ends count as well.
SHOWN = re.compile(
    "|".join([*SECRETS.values(), KEY[:20], KEY[-20:], *(s[-14:] for s in SECRETS.values())])
)
EVERYTHING = [
    *["-vv", "-rA", "--tb=long", "--showlocals", "--log-level=DEBUG", "-o", "log_cli=true"],
    *["--log-file=run.log", "--log-file-level=DEBUG"],
]
STYLES = {
    "plain": [],
    "short": ["-vv", "--tb=short", "--showlocals", "--full-trace"],
    "native": ["--tb=native", "--showlocals"],
}


def echoed(asked: Asked) -> str:
    """All that the request said, on one line."""
    return " ".join(asked.head.decode("latin-1").split())


def echoing_body(asked: Asked) -> None:
    said = echoed(asked).replace('"', "'")
    body = f'{{"data": [{{"id": "{said}", "{said}": 1}}], "has_more": true, "first_id": "{said}"}}'
    asked.send(response(200, body.encode()))


def echoing_headers(asked: Asked) -> None:
    said = echoed(asked)
    headers = {**JSON, "x-echo": said, "content-type": f"text/{said}", "request-id": said}
    asked.send(response(200, b"{}", headers))


def redirecting(asked: Asked) -> None:
    asked.send(response(302, b"", {"location": f"http://elsewhere.invalid/{echoed(asked)}"}))


def refusing(asked: Asked) -> None:
    said = echoed(asked).replace('"', "'")
    body = f'{{"type": "error", "error": {{"type": "api_error", "message": "{said}"}}}}'
    asked.send(response(400, body.encode()))


def breaking(asked: Asked) -> None:
    asked.send(echoed(asked).encode() + b"\r\n\r\n")
    asked.hang_up()


def conformant_but_echoing(asked: Asked) -> None:
    """Conformant, except that a header and the messages of refusals echo the key."""
    if asked.query.get("limit", "1").isdigit() and "after_id" not in asked.query:
        CONFORMANT_APP(asked)
    else:
        refusing(asked)


CONFORMANT_APP = conformant()
ECHOES = (echoing_body, echoing_headers, redirecting, refusing, breaking, conformant_but_echoing)


@pytest.fixture(autouse=True)
def in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODELS_CONTRACT_API_KEY", KEY)
    monkeypatch.setenv("MY_HEADER", SECRETS["header"])


@pytest.mark.slow
@pytest.mark.parametrize("echo", ECHOES, ids=lambda echo: echo.__name__)
def test_no_secret_leaves_the_run(echo: Act, pytester: pytest.Pytester) -> None:
    with misbehaving(echo) as server:
        assert leaks(pytester, server, EVERYTHING) == {}


@pytest.mark.slow
@pytest.mark.parametrize("arguments", first_of(STYLES.values()), ids=STYLES)
def test_no_style_of_tracebacks_shows_a_secret(
    arguments: list[str], pytester: pytest.Pytester
) -> None:
    with misbehaving(echoing_body) as server:
        assert leaks(pytester, server, arguments) == {}


def leaks(
    pytester: pytest.Pytester, server: Served, arguments: Sequence[str]
) -> dict[str, list[str]]:
    """The secrets in the outputs of a run, by output."""
    result = pytester.runpytest_inprocess(
        *["-p", "pytest_models_contract", "--models-contract", "--models-base-url", secret(server)],
        *["--models-header", "x-tenant: env:MY_HEADER", "--models-timeout", "5"],
        *["--models-report", "out.json", "--models-report", "out.md", "--junit-xml", "out.xml"],
        *["--models-record", "out.yaml", "-p", "no:cacheprovider", *arguments],
    )
    assert all(value in server.asked[0].head.decode() for value in (KEY, SECRETS["query"]))
    files = [path for path in Path(pytester.path).rglob("*") if path.is_file()]
    outputs = {path.name: path.read_text(errors="replace") for path in files}
    assert {"out.json", "out.md", "out.xml"} <= outputs.keys()
    outputs |= {"terminal": result.stdout.str(), "stderr": result.stderr.str()}
    return {name: SHOWN.findall(text) for name, text in outputs.items() if SHOWN.search(text)}


def secret(server: Served) -> str:
    """The URL of the server with secrets in it."""
    user = f"{SECRETS['user']}:{SECRETS['password']}"
    return server.url.replace("//", f"//{user}@") + f"?token={SECRETS['query']}"


def test_a_test_of_the_project_shows_no_secret_either(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        def test_fails(models_api, models_evidence, models_catalogue):
            response = models_api.list()
            wire = models_api.wire
            assert not response.ok
    """)
    with misbehaving(conformant()) as server:
        result = pytester.runpytest_inprocess(
            *["-p", "pytest_models_contract", "--models-base-url", secret(server)],
            *["--showlocals", "-vv", "--tb=long"],
        )
    result.assert_outcomes(failed=1)
    assert KEY.encode() in server.asked[0].head
    assert SHOWN.findall(result.stdout.str()) == []
