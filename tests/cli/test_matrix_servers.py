"""The file of servers: what each entry means, and what is said of a wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_models_contract.cli.check import UsageError
from pytest_models_contract.cli.matrix.servers import Server, load

KEY, SECRET = "sk-s3cret-0123456789", "hidden-9876543210"
TWO = '[[server]]\nname = "first"\napp = "a:b"\n\n[[server]]\nname = "second"\n'


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("THE_KEY", KEY)
    monkeypatch.setenv("TENANT", SECRET)
    return tmp_path / "servers.toml"


def loaded(path: Path, entry: str) -> Server:
    path.write_text(f'[[server]]\nname = "one"\n{entry}', encoding="utf-8")
    [server] = load(path)
    return server


@pytest.mark.parametrize(
    ("entry", "arguments"),
    [
        ('url = "http://a.example"', ["http://a.example"]),
        ('app = "main:app"', ["main:app"]),
        ('start = "server --port {port}"', ["--start=server --port {port}"]),
        ('app = "a:b"\nupstream = 0', ["a:b", "--upstream=0"]),
        ('url = "http://a"\nupstream = "0.0.0.0:9000"', ["http://a", "--upstream=0.0.0.0:9000"]),
        ('app = "a:b"\nrevision = 2026-03-18', ["a:b", "--revision=2026-03-18"]),
        ('app = "a:b"\nrevision = "2026-03-18"', ["a:b", "--revision=2026-03-18"]),
        ('app = "a:b"\noptions = ["--strict", "-k", "order"]', ["a:b", "--strict", "-k", "order"]),
    ],
)
def test_an_entry_makes_the_arguments_of_check(
    path: Path, entry: str, arguments: list[str]
) -> None:
    assert loaded(path, entry).arguments == tuple(arguments)


@pytest.mark.parametrize(
    ("entry", "command"),
    [
        (
            'url = "https://a.test/x"\nkey_env = "THE_KEY"\noptions = ["--timeout", "5", "--strict"]',
            'MODELS_CONTRACT_API_KEY="$THE_KEY" models-contract check https://a.test/x --timeout 5 --strict',
        ),
        (
            f'url = "http://me:{SECRET}@a.example/x?token={SECRET}"',
            "models-contract check http://a.example/x",
        ),
        (
            f'start = "TOKEN={SECRET} server --{SECRET} {{port}}"\noptions = ["-k", "two words"]',
            "models-contract check --start 'TOKEN=*** server --*** {port}' -k 'two words'",
        ),
        (
            f'app = "a:b"\noptions = ["--header", "x-a: {SECRET}", "--header=x-b: env:TENANT"]',
            "models-contract check a:b --header 'x-a: ***' --header 'x-b: env:TENANT'",
        ),
    ],
)
def test_the_command_shows_no_secret(path: Path, entry: str, command: str) -> None:
    server = loaded(path, entry)
    assert server.command == command
    assert {KEY, SECRET} & {*server.secrets}
    assert SECRET not in repr(server)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[server]\n", "is not TOML: "),
        ('a = "é\n', "is not TOML: Illegal character"),
        ("", 'names no server. Give at least one:\n[[server]]\nname = "my gateway"'),
        ("server = 3", "names no server."),
        ('[servers]\nname = "x"', "unknown key `servers`. It lists servers:"),
        ('[[server]]\napp = "a:b"', ", line 1, server 1: it has no name: add name ="),
    ],
)
def test_a_wrong_file(path: Path, text: str, said: str) -> None:
    message = refusal(path, text)
    assert message.startswith(str(path))
    assert said in message


def refusal(path: Path, text: str) -> str:
    path.write_text(text, "utf-8")
    with pytest.raises(UsageError) as refused:
        load(path)
    return str(refused.value)


@pytest.mark.parametrize(
    ("more", "line", "said"),
    [
        ("", 5, "it names no server under test: give exactly one of url, start, app"),
        (
            'app = "a:b"\nurl = "http://a"',
            8,
            "it has app and url: give exactly one of url, start, app",
        ),
        (
            'ulr = "http://a"',
            7,
            "unknown key `ulr`: did you mean `url`? The keys are name, url, start,",
        ),
        ('app = "a:b"\nname2 = 1', 8, "unknown key `name2`: did you mean `name`?"),
        ('app = "a:b"\nzzz = 1', 8, "unknown key `zzz`: The keys are name,"),
        ("app = 3", 7, "`app` is a string: give app ="),
        ('url = "localhost:4000"', 7, "localhost:4000: did you mean http://localhost:4000?"),
        ('url = "reference"', 7, '`url` is wrong: give url = "http://localhost:4000"'),
        ('app = "http://a"', 7, '`app` is wrong: give app = "myserver.main:app"'),
        ('app = "a:b"\nupstream = "x"', 5, "--upstream x: give PORT or HOST:PORT"),
        (
            'app = "a:b"\nrevision = 2020-01-01',
            8,
            "unknown revision 2020-01-01: the known ones are 2024",
        ),
        ('app = "a:b"\noptions = "--strict"', 8, "`options` is a list of strings"),
        ('app = "a:b"\noptions = ["--strikt"]', 5, "no option --strikt: did you mean --strict?"),
        ('app = "a:b"\noptions = ["--header", "x"]', 5, "--header: give 'Name: value'"),
        ('start = "a \'b"', 5, "the command: No closing quotation"),
        ('app = "a:b"\nkey_env = "NO_KEY"', 8, "the environment has no NO_KEY: set it to the key"),
    ],
)
def test_a_wrong_entry(path: Path, more: str, line: int, said: str) -> None:
    message = refusal(path, f"{TWO}{more}")
    assert message.startswith(f"{path}, line {line}, server 'second': ")
    assert said in message


def test_a_name_twice(path: Path) -> None:
    entry = '[[server]]\nname = "a"\napp = "a:b"\n'
    assert (
        refusal(path, entry + entry) == f"{path}, line 5, server 'a': another server has this name"
    )


def test_a_file_that_cannot_be_read(path: Path) -> None:
    with pytest.raises(UsageError, match=r"servers.toml: it cannot be read: No such file"):
        load(path)
    path.write_bytes(b"\xff")
    with pytest.raises(UsageError, match=r"servers.toml: it is not UTF-8"):
        load(path)
