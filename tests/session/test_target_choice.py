"""Which options make a choice of server and upstream together, on which levels, and which are refused."""

from __future__ import annotations

import pytest
from contracting import LOADED

from pytest_models_contract.session import options
from pytest_models_contract.session.option_values import Address
from pytest_models_contract.session.target_choice import DEFAULT_BASE_URL

URL = "MODELS_CONTRACT_BASE_URL"
START = ("--models-start", "gateway --port {port} --to {upstream}")
PLAIN = ("--models-start", "gateway --port {port}")
INI = "models_start = gateway {port}\nmodels_upstream = 0"


def settings(pytester: pytest.Pytester, *arguments: str, ini: str = "") -> options.Settings:
    pytester.makeini(f"[pytest]\n{ini}")
    return options.read(pytester.parseconfig(*LOADED, *arguments))


def refusal(pytester: pytest.Pytester, *arguments: str, ini: str = "") -> str:
    with pytest.raises(pytest.UsageError) as refused:
        settings(pytester, *arguments, ini=ini)
    return str(refused.value)


def test_a_start_command_is_a_target(pytester: pytest.Pytester) -> None:
    found = settings(pytester, *PLAIN)
    assert found.target == ("models_base_url", DEFAULT_BASE_URL)
    assert found.start
    assert (found.start.command.words, found.start.base_url) == (
        ("gateway", "--port", "{port}"),
        DEFAULT_BASE_URL,
    )
    assert (found.start_timeout, found.upstream, found.proxy) == (60.0, None, "mirror")
    assert found.asked_for == {"", "start"}


def test_the_ini_options(pytester: pytest.Pytester) -> None:
    more = "\nmodels_start_timeout = 5\nmodels_proxy = own"
    inner = pytester.mkdir("inner")
    pytester.makeini(f"[pytest]\n{INI}{more}")
    found = options.read(pytester.parseconfig(*LOADED, str(inner)))
    assert found.start
    assert (found.start.folder, found.start.typed) == (pytester.path, False)
    assert (found.start_timeout, found.proxy) == (5.0, "own")
    assert found.upstream == Address("127.0.0.1", 0)
    assert found.asked_for == {"", "start", "upstream"}
    typed = ("--models-start-timeout", "7", "--models-proxy", "mirror", "--models-upstream", "9")
    found = settings(pytester, *PLAIN, *typed, ini=INI + more)
    assert found.start
    assert (found.start.folder, found.start.typed) == (pytester.path, True)
    assert (found.start_timeout, found.proxy, found.upstream) == (7.0, "mirror", ("127.0.0.1", 9))


@pytest.mark.parametrize(
    ("typed", "environment", "ini", "base_url"),
    [
        ((*PLAIN, "--models-base-url", "http://a:{port}/x"), "", "", "http://a:{port}/x"),
        (PLAIN, "http://b:1", "models_base_url = http://c:1", "http://b:1"),
        (PLAIN, "", "models_base_url = http://c:{port}", "http://c:{port}"),
        (PLAIN, "", "models_cassette = reference", DEFAULT_BASE_URL),
        ((), "", "models_base_url = http://c:1\nmodels_start = gateway", "http://c:1"),
    ],
)
def test_a_base_url_of_the_same_or_a_lower_level_belongs_to_the_command(
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    typed: tuple[str, ...],
    environment: str,
    ini: str,
    base_url: str,
) -> None:
    monkeypatch.setenv(URL, environment)
    found = settings(pytester, *typed, ini=ini)
    assert found.start
    assert (found.start.base_url, found.note) == (base_url, "")


@pytest.mark.parametrize(
    ("typed", "environment", "option"),
    [
        (("--models-base-url", "http://a:1"), "", "--models-base-url"),
        ((), "http://b:1", "--models-base-url"),
        (("--models-app", "a:b"), "", "--models-app"),
        (("--models-cassette", "reference"), "", "--models-cassette"),
    ],
)
def test_a_target_of_a_higher_level_displaces_the_command(
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    typed: tuple[str, ...],
    environment: str,
    option: str,
) -> None:
    monkeypatch.setenv(URL, environment)
    found = settings(pytester, *typed, ini=INI)
    assert found.start is None
    assert found.note == f"no server is started: {option} replaces models_start of the ini file"
    # The free port was for the command; an application is stated of it as well.
    assert (found.upstream is None) == (option != "--models-app")


def test_a_fixed_upstream_of_the_ini_file_stays_with_another_target(
    pytester: pytest.Pytester,
) -> None:
    ini = "models_upstream = 9000"
    assert settings(pytester, "--models-base-url", "http://a:1", ini=ini).upstream
    assert settings(pytester, "--models-cassette", "reference", ini=ini).upstream is None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            (*PLAIN, "--models-app", "a:b"),
            "--models-app and --models-start, both on the command line",
        ),
        (
            (*PLAIN, "--models-cassette", "reference"),
            "--models-cassette and --models-start, both on the command line, name two servers",
        ),
        (("--models-start", ""), "--models-start is empty"),
        (
            ("--models-start", "A=1"),
            "--models-start: it names no program: give a command as in a shell",
        ),
        (
            ("--models-start", "sk-secret 'x"),
            "--models-start: No closing quotation: give a command",
        ),
        (START, "--models-start names {upstream}, but there is none: add --models-upstream"),
        (
            (*PLAIN, "--models-header", "x-to: {upstream}/v1"),
            "--models-header names {upstream}, but there is none: add --models-upstream",
        ),
        (("--models-base-url", "http://a:{port}"), "add --models-start"),
        ((*PLAIN, "--models-start-timeout", "0"), "--models-start-timeout 0: give seconds above 0"),
        ((*START, "--models-upstream", "x"), "--models-upstream x: give PORT or HOST:PORT"),
        ((*START, "--models-upstream", "70000"), "--models-upstream 70000: give PORT"),
        ((*START, "--models-upstream", "-1"), "--models-upstream -1: give PORT"),
        ((*START, "--models-upstream", "::1:90"), "--models-upstream ::1:90: give PORT"),
        ((*START, "--models-upstream", "a:"), "--models-upstream a:: give PORT"),
        (
            ("--models-base-url", "http://a:1", "--models-upstream", "0"),
            "--models-upstream 0: the server has to know the free port: add",
        ),
        (("--models-upstream", "0"), "add --models-start or --models-app"),
        (
            ("--models-cassette", "reference", "--models-upstream", "9000"),
            "--models-upstream 9000: a recording asks no upstream",
        ),
        (
            (*PLAIN, "--models-proxy", "own"),
            "--models-proxy needs an upstream: add --models-upstream",
        ),
        ((*START, "--models-upstream", "0", "--models-proxy", "both"), "give mirror or own"),
        (
            ("-n2", "--models-base-url", "http://a:1", "--models-upstream", "9000"),
            "--models-upstream under -n: each worker needs a server and an upstream of its own",
        ),
        (
            ("-n2", "--models-app", "a:b", "--models-upstream", "0"),
            "--models-upstream under -n: each worker needs",
        ),
        (
            ("-n2", *PLAIN, "--models-base-url", "http://a:1"),
            "--models-start under -n: each worker starts a server on a port of its own",
        ),
        (
            ("-n2", *START, "--models-upstream", "9000"),
            "--models-upstream 9000 under -n: each worker starts an upstream on a port of its own",
        ),
    ],
)
def test_what_cannot_be_is_refused(
    pytester: pytest.Pytester, arguments: tuple[str, ...], said: str
) -> None:
    stated = refusal(pytester, *arguments)
    assert said in stated
    assert "sk-secret" not in stated


def test_workers_may_each_have_a_pair(pytester: pytest.Pytester) -> None:
    found = settings(pytester, "-n2", *START, "--models-upstream", "0")
    assert found.start
    assert found.upstream


@pytest.mark.parametrize(
    ("text", "address", "shown", "is_open"),
    [
        ("9000", ("127.0.0.1", 9000), "9000", False),
        ("localhost:0", ("localhost", 0), "localhost:0", False),
        ("0.0.0.0:9000", ("0.0.0.0", 9000), "0.0.0.0:9000", True),  # noqa: S104 - what a container needs
        ("[::1]:80", ("::1", 80), "[::1]:80", False),
        ("host.test:80", ("host.test", 80), "host.test:80", True),
        (":80", ("127.0.0.1", 80), "80", False),
    ],
)
def test_where_the_upstream_listens(
    pytester: pytest.Pytester, text: str, address: tuple[str, int], shown: str, is_open: bool
) -> None:
    found = settings(pytester, *START, "--models-upstream", text).upstream
    assert found
    assert (found, str(found), found.is_open) == (address, shown, is_open)


def test_keys_of_the_environment(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("API", "SECOND", "UPSTREAM"):
        monkeypatch.setenv(f"MODELS_CONTRACT_{name}_KEY", f"sk-{name}")
    found = settings(pytester, *PLAIN, "--models-header", "x-to: env:HOME")
    assert (found.key, found.second_key, found.upstream_key) == (
        "sk-API",
        "sk-SECOND",
        "sk-UPSTREAM",
    )
    assert {"sk-API", "sk-SECOND", "sk-UPSTREAM"} < set(found.secrets)
    assert not any(key in repr(found) for key in ("sk-API", "sk-SECOND", "sk-UPSTREAM"))
    monkeypatch.setenv("MODELS_CONTRACT_SECOND_KEY", "two\nlines")
    assert "MODELS_CONTRACT_SECOND_KEY, a key: give printable ASCII" in refusal(pytester, *PLAIN)
