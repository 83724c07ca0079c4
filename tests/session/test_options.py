"""The options on the command line, in the ini file and in the environment; errors say what to give."""

from __future__ import annotations

import errno
import re
import tempfile
from pathlib import Path

import pytest
from contracting import LOADED, contract

from pytest_models_contract.session import option_values, options

KEY = "MODELS_CONTRACT_API_KEY"
URL = "MODELS_CONTRACT_BASE_URL"


def settings(pytester: pytest.Pytester, *arguments: str, ini: str = "") -> options.Settings:
    pytester.makeini(f"[pytest]\n{ini}")
    return options.read(pytester.parseconfig(*LOADED, *arguments))


def refusal(pytester: pytest.Pytester, *arguments: str, ini: str = "") -> str:
    with pytest.raises(pytest.UsageError) as refused:
        settings(pytester, *arguments, ini=ini)
    return str(refused.value)


@pytest.mark.parametrize(
    ("flag", "ini", "name", "given", "in_file", "default"),
    [
        ("--models-revision", "models_revision", "revision", "2026-03-18", "2024-12-17", None),
        ("--models-max-age", "models_max_age", "max_age", "7", "30", None),
        ("--models-auth", "models_auth", "auth", "x-api-key", "bearer", "x-api-key"),
        ("--models-timeout", "models_timeout", "timeout", "1.5", "3", 10.0),
        (
            "--models-max-body",
            "models_max_body",
            "max_body",
            "100",
            "200",
            options.DEFAULT_MAX_BODY,
        ),
        ("--models-concurrency", "models_concurrency", "concurrency", "1", "2", 4),
    ],
)
def test_the_command_line_has_precedence_over_the_ini_file(
    pytester: pytest.Pytester,
    flag: str,
    ini: str,
    name: str,
    given: str,
    in_file: str,
    default: object,
) -> None:
    line = f"{ini} = {in_file}"
    assert getattr(settings(pytester), name) == default
    kind = str if default in (None, "x-api-key") and name != "max_age" else float
    assert getattr(settings(pytester, ini=line), name) == kind(in_file)
    assert getattr(settings(pytester, flag, given, ini=line), name) == kind(given)


@pytest.mark.parametrize("name", ["strict", "complete"])
def test_switches(pytester: pytest.Pytester, name: str) -> None:
    assert getattr(settings(pytester), name) is False
    assert getattr(settings(pytester, ini=f"models_{name} = true"), name) is True
    assert getattr(settings(pytester, f"--models-{name}"), name) is True


def test_a_target_on_the_command_line_replaces_those_of_environment_and_ini(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    ini = "models_cassette = reference"
    assert settings(pytester, ini=ini).target == ("models_cassette", "reference")
    monkeypatch.setenv(URL, "http://env.test")
    assert settings(pytester, ini=ini).target == ("models_base_url", "http://env.test")
    given = settings(pytester, "--models-app", "a:b", ini=ini).target
    assert given == ("models_app", "a:b")


def test_an_empty_variable_counts_as_unset(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(URL, "")
    monkeypatch.setenv(KEY, "")
    found = settings(pytester)
    assert (found.target, found.key) == (None, None)


def test_two_targets_on_one_level_are_refused(pytester: pytest.Pytester) -> None:
    said = refusal(pytester, "--models-app", "a:b", "--models-cassette", "reference")
    assert "--models-app and --models-cassette, both on the command line" in said
    said = refusal(pytester, ini="models_app = a:b\nmodels_base_url = http://x")
    assert "both in the ini file" in said


@pytest.mark.slow
def test_without_a_target_the_error_shows_the_options(pytester: pytest.Pytester) -> None:
    result = contract(pytester, app="")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    for way in ("--models-base-url http", "--models-app module:attr", "--models-cassette FILE"):
        result.stderr.fnmatch_lines([f"*{way}*"])


@pytest.mark.parametrize(
    "flag", ["base-url", "app", "cassette", "revision", "xfails", "write-xfails", "record"]
)
def test_an_empty_value_is_refused(pytester: pytest.Pytester, flag: str) -> None:
    assert refusal(pytester, f"--models-{flag}", "") == (
        f"--models-{flag} is empty: give a value, or leave it out"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--models-timeout", "0"), "--models-timeout 0: give seconds above 0"),
        (("--models-timeout", "nan"), "--models-timeout nan: give seconds above 0"),
        (("--models-timeout", "inf"), "--models-timeout inf: give seconds above 0"),
        (("--models-timeout", "soon"), "--models-timeout soon: give seconds above 0"),
        (("--models-max-age", "-1"), "--models-max-age -1: give a number of days"),
        (("--models-max-body", "1.5"), "--models-max-body 1.5: give a number of bytes"),
        (("--models-concurrency", "0"), "--models-concurrency 0: give a number of requests"),
        (("--models-concurrency", "many"), "--models-concurrency many: give a number of requests"),
        (("--models-auth", "basic"), "--models-auth basic: give x-api-key or bearer"),
        (
            ("--models-client", "curl"),
            "the known clients are claude-code, claude-desktop, anthropic-sdk, ",
        ),
        (("--models-alias", "opus"), "--models-alias opus: give ALIAS=ID"),
        (("--models-alias", "=opus"), "--models-alias =opus: give ALIAS=ID"),
        (("--models-report", "r.txt"), "--models-report r.txt: the suffix selects the format"),
        (("--models-report", "no/r.md"), "create it first"),
        (("--models-write-xfails", "no/x.toml"), "create it first"),
        (("--models-write-xfails", "."), "that is a folder"),
    ],
)
def test_an_impossible_value_is_refused(
    pytester: pytest.Pytester, arguments: tuple[str, ...], said: str
) -> None:
    assert said in refusal(pytester, *arguments)


def test_the_maximal_age_may_be_zero(pytester: pytest.Pytester) -> None:
    assert settings(pytester, "--models-max-age", "0").max_age == 0


@pytest.mark.parametrize(
    "line", ["models_strict = perhaps", "models_timeout = soon", "models_max_body = big"]
)
def test_a_wrong_ini_value_is_named(pytester: pytest.Pytester, line: str) -> None:
    assert refusal(pytester, ini=line).startswith(f"{line.partition(' ')[0]} in the ini file: ")


def test_an_unwritable_output_is_refused_before_the_first_request(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", refuse)
    said = refusal(pytester, "--models-report", "r.json")
    assert said.endswith("no file can be written there: Read-only file system")


def test_the_check_of_an_output_leaves_no_file(pytester: pytest.Pytester) -> None:
    kept = pytester.path / "r.json"
    kept.write_text("kept")
    before = set(pytester.path.iterdir())
    option_values.writable(kept, "--models-report")
    assert kept.read_text() == "kept"
    assert set(pytester.path.iterdir()) == before


def test_files_in_the_ini_are_named_from_its_folder(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    ini = "models_xfails = known.toml\nmodels_cassette = tapes/a.yaml"
    deeper = pytester.mkdir("deeper")
    pytester.makeini(f"[pytest]\n{ini}")
    monkeypatch.chdir(deeper)
    found = options.read(pytester.parseconfig(*LOADED, "-c", "../tox.ini"))
    assert found.xfails is not None
    assert found.xfails.resolve() == pytester.path / "known.toml"
    assert found.target == ("models_cassette", str(Path("../tapes/a.yaml")))


def test_files_on_the_command_line_are_named_from_where_pytest_is_started(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    deeper = pytester.mkdir("deeper")
    pytester.makeini("[pytest]\nmodels_xfails = known.toml")
    monkeypatch.chdir(deeper)
    arguments = ("-c", "../tox.ini", "--models-xfails", "mine.toml")
    assert options.read(pytester.parseconfig(*LOADED, *arguments)).xfails == deeper / "mine.toml"


def test_the_shipped_cassette_is_no_file_of_the_ini_folder(pytester: pytest.Pytester) -> None:
    found = settings(pytester, ini="models_cassette = reference")
    assert found.target == ("models_cassette", "reference")


def test_aliases_and_headers_of_ini_and_command_line_add_up(pytester: pytest.Pytester) -> None:
    ini = "models_alias =\n  a=1\n  b=2\nmodels_header =\n  x-one: 1\n  x-two: 2"
    given = ("--models-alias", "b=3", "--models-header", "x-two: 4")
    found = settings(pytester, *given, ini=ini)
    assert found.aliases == (("a", "1"), ("b", "3"))
    assert found.headers == {"x-one": "1", "x-two": "4"}


def test_a_header_may_come_from_the_environment(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENANT", "blue")
    found = settings(pytester, "--models-header", "x-tenant: env:TENANT")
    assert found.headers == {"x-tenant": "blue"}
    assert found.headers_shown == ("x-tenant: env:TENANT",)
    assert settings(pytester, "--models-header", "a: b").headers_shown == ("a: ***",)


@pytest.mark.parametrize("variable", ["", "unset"])
def test_a_header_without_its_variable_is_refused(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    if not variable:
        monkeypatch.setenv("TENANT", "")
    said = refusal(pytester, "--models-header", "x-tenant: env:TENANT")
    assert said == "--models-header x-tenant: the environment has no TENANT"


@pytest.mark.parametrize("text", ["s3cret", "x-a:", ": s3cret", "x a: s3cret", "x-ä: s3cret"])
def test_a_malformed_header_is_refused_without_being_shown(
    pytester: pytest.Pytester, text: str
) -> None:
    said = refusal(pytester, "--models-header", text)
    assert said.startswith("--models-header: give 'Name: value'")
    assert "s3cret" not in said


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("https://api.anthropic.com", "sk-ant"),
        ("https://api.anthropic.com/v1", "sk-ant"),
        ("http://api.anthropic.com", None),
        ("https://api.anthropic.com.evil.test", None),
        ("https://gateway.test/api.anthropic.com", None),
        ("http://localhost:4000", None),
    ],
)
def test_anthropics_own_key_goes_to_anthropic_alone(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, target: str, found: str | None
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant")
    assert settings(pytester, "--models-base-url", target).key == found
    monkeypatch.setenv(KEY, "sk-own")
    assert settings(pytester, "--models-base-url", target).key == "sk-own"


def test_a_key_with_a_line_end_is_refused_without_being_shown(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY, "sk-s3cret\n")
    said = refusal(pytester)
    assert "does it contain a line end?" in said
    assert "s3cret" not in said


def test_a_client_whose_library_is_missing_says_how_to_get_it(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(option_values, "find_spec", lambda _: None)
    said = refusal(pytester, "--models-client", "anthropic-sdk")
    assert "pip install 'pytest-models-contract[clients]'" in said


def test_an_unknown_revision_lists_the_known_ones(pytester: pytest.Pytester) -> None:
    result = contract(pytester, "--models-revision", "2025-01-01")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--models-revision: *2025-01-01*2024-12-17*2026-04-16*"])


def test_the_help_names_every_option_and_its_value(pytester: pytest.Pytester) -> None:
    text = pytester.runpytest_inprocess(*LOADED, "--help").stdout.str()
    values = {"app": "MODULE:ATTR", "max-age": "DAYS", "timeout": "SECONDS", "xfails": "FILE"}
    for option, value in values.items():
        assert re.search(rf"--models-{option}\W{value}\b", text)
