"""`models-contract check`: its arguments, and the options of pytest that they stand for."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn

from pytest_models_contract.session.option_table import GROUPS, PREFIX, options
from pytest_models_contract.session.target_choice import ENV_BASE_URL, TARGETS

PROG = "models-contract check"
WRONG_USAGE = 4
"""pytest's exit status for it."""
WIDTH = 100
URL = re.compile(r"https?://", re.IGNORECASE)
APP = re.compile(r"[\w.]+:[A-Za-z_][\w.]*(\(\))?")
ADDRESS = re.compile(r"(localhost|[\w-]+(\.[\w-]+)+|\[[0-9a-fA-F:]+\])?(:\d+)?(/.*)?")
RECORDINGS = {".yaml", ".yml", ".har", ".json"}
NO_TARGET = f"""\
no server under test. Name one of
  models-contract check http://localhost:4000                 a running server, without /v1
  models-contract check --start 'my-server --port {{port}}'     a command that starts the server
  models-contract check module:attr                           a WSGI or ASGI application, in process
  models-contract check FILE                                  a cassette or .har file, offline
  models-contract check reference                             the shipped cassette
or set the environment variable {ENV_BASE_URL}"""
EPILOG = """\
* may be given several times. The key is taken from the environment: MODELS_CONTRACT_API_KEY.
Exit status: 0 conforms, 1 failed or could not be tested, 2 Ctrl-C, 4 wrong usage, 5 nothing tested."""


class UsageError(Exception):
    """The arguments are wrong; the text says how to give them right."""


class Parser(argparse.ArgumentParser):
    """A parser whose errors are exceptions."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(message)


def parser() -> Parser:
    """The parser of `check`, with an option for each of the plugin."""
    made = Parser(
        prog=PROG,
        usage="%(prog)s TARGET [options] [-- PYTEST_ARGUMENTS]",
        description="Test a server against the contract of the Anthropic Models API.",
        epilog=EPILOG,
        allow_abbrev=False,
        add_help=False,
        formatter_class=_one_line_each,
    )
    made.add_argument(
        "target",
        metavar="TARGET",
        nargs="?",
        help="a URL, module:attr, a recording or `reference`; none with --start",
    )
    for title, group in GROUPS.items():
        added = made.add_argument_group(title)
        for option in group:
            added.add_argument(f"--{option.word}", dest=option.key, **option.arguments)
    run = made.add_argument_group("the run")
    run.add_argument(
        "-k", metavar="EXPRESSION", help="only the checks whose id matches, such as limit/default"
    )
    run.add_argument("-x", action="store_true", help="stop at the first failure")
    run.add_argument("-n", metavar="N", help="in N processes; needs pytest-xdist")
    run.add_argument(
        "-v", action="count", default=0, help="a line for each check, and every failure in full"
    )
    run.add_argument("-q", action="count", default=0, help="less output")
    run.add_argument("-h", "--help", action="help", help="show this help")
    return made


def _one_line_each(prog: str) -> argparse.HelpFormatter:
    return argparse.RawDescriptionHelpFormatter(prog, max_help_position=30, width=WIDTH)


def for_pytest(arguments: Sequence[str]) -> list[str]:
    """The options of pytest for the arguments of `check`. Raises `UsageError`."""
    _, further = _split(arguments)
    given = parsed(arguments)
    found = [*_target(given), *_options(given)]
    if not (further or names_target(given) or os.environ.get(ENV_BASE_URL)):
        raise UsageError(NO_TARGET)
    return [*found, *_run(given), *further]


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """The values of the arguments before `--`, by the names of pytest's options. Raises `UsageError`."""
    own, _ = _split(arguments)
    given, unknown = parser().parse_known_args(own)
    if unknown:
        raise UsageError(_unknown(unknown))
    return given


def names_target(given: argparse.Namespace) -> bool:
    """Whether the arguments name a server under test."""
    return any(getattr(given, name) is not None for name in ("target", *TARGETS))


def main(arguments: Sequence[str], prog: str = PROG) -> int:
    """Run the contract. Returns pytest's exit status."""
    try:
        found = for_pytest(arguments)
    except UsageError as error:
        print(f"{prog}: {error}", file=sys.stderr)
        return WRONG_USAGE
    from pytest_models_contract.session import command

    return command.run(found)


def _split(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """What is before the first `--`, and what is after it."""
    every = list(arguments)
    place = every.index("--") if "--" in every else len(every)
    return every[:place], every[place + 1 :]


def _unknown(arguments: Sequence[str]) -> str:
    """What is said of arguments that are no options."""
    first = arguments[0].partition("=")[0]
    if not first.startswith("-"):
        return f"one TARGET is enough: {first} is another one"
    word = first.replace(PREFIX, "").lstrip("-")
    near = get_close_matches(word, [option.word for option in options()], n=1)
    meant = f": did you mean --{near[0]}?" if near else ". Options of pytest come after --"
    return f"there is no option {first}{meant}"


def _target(given: argparse.Namespace) -> Iterator[str]:
    """The option that the target stands for. Raises `UsageError`."""
    if given.target is None:
        return
    key = target_option(given.target)
    if getattr(given, key) is not None:
        raise UsageError(
            f"{given.target} and --{key.removeprefix('models_').replace('_', '-')}: give one of them"
        )
    yield f"{_flag(key)}={given.target}"


def target_option(target: str) -> str:
    """The option of pytest that takes this target. Raises `UsageError`."""
    if URL.match(target):
        return "models_base_url"
    path = Path(target)
    if target == "reference" or path.suffix.lower() in RECORDINGS or path.is_file():
        return "models_cassette"
    if APP.fullmatch(target):
        return "models_app"
    if (
        target
        and ADDRESS.fullmatch(target)
        and (":" in target or "." in target or "localhost" in target)
    ):
        local = re.match(r"localhost|127\.|\[::1\]|:", target)
        host = f"localhost{target}" if target.startswith(":") else target
        raise UsageError(f"{target}: did you mean {'http' if local else 'https'}://{host}?")
    raise UsageError(
        f"{target or 'TARGET'}: give a URL such as http://localhost:4000, an application as module:attr, a"
        " cassette or .har file, or `reference`"
    )


def _flag(key: str) -> str:
    return "--" + key.replace("_", "-")


def _options(given: argparse.Namespace) -> Iterator[str]:
    for option in options():
        value: Any = getattr(given, option.key)
        if not option.metavar:
            yield from [_flag(option.key)] * bool(value)
        elif value is not None:
            values = value if option.many else [value]
            yield from (f"{_flag(option.key)}={each}" for each in values)


def _run(given: argparse.Namespace) -> Iterator[str]:
    yield from ["-v"] * given.v
    yield from ["-q"] * given.q
    yield from ["-x"] * given.x
    if given.k is not None:
        yield from ("-k", given.k)
    if given.n is not None:
        if find_spec("xdist") is None:
            raise UsageError("-n needs pytest-xdist: pip install pytest-xdist")
        yield from ("-p", "xdist", "-n", given.n)
