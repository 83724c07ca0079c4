"""Write the pages and the tables that the package is the source of: `python docs/generate.py`.

docs/contract.md and docs/faults.md have programs of their own, which users can run as well.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pytest_models_contract import DOCUMENTATION, FakeServer, Upstream, plugin
from pytest_models_contract.session.option_table import GROUPS, PREFIX, Option

DOCS = Path(__file__).parent
README = DOCS.parent / "README.md"
SCHEMA = DOCS.parent / "schemas" / "report.json"
Schema = dict[str, Any]

FIXTURES = (
    *("models_fake", "models_upstream", "models_explorer", "models_api", "models_catalogue"),
    *("models_revision", "models_base_url", "models_api_key", "models_headers", "models_transport"),
)
"""The fixtures for users, those that most need first."""
METHODS: dict[str, tuple[type, tuple[str, ...]]] = {
    "models_fake": (
        FakeServer,
        ("serve", "inject", "delay", "fail", "drop", "reset", "models", "requests"),
    ),
    "models_upstream": (
        Upstream,
        ("serve", "fail", "delay", "cut", "drop", "behave", "models", "requests"),
    ),
}
"""What a test does with these fixtures: methods and properties of their type."""
GENERATED = re.compile(r"(<!-- table of (\w+) -->).*?(<!-- end -->)", re.DOTALL)
"""A table of docs/fixtures.md that this program writes."""
COPIED = re.compile(r"(<!-- tables of docs/([\w-]+\.md) -->).*?(<!-- end -->)", re.DOTALL)
"""A part of the README that this program writes."""
NOTE = "`python docs/generate.py` generates this page: change {source}, not this page."
OPTIONS_HEAD = """\
# Options

`--models-contract` collects the suite: without paths pytest runs only the suite, with paths it runs the suite and the
tests there. The other options change how they run. `models-contract check` has the same options without `models-`: `--strict` for
`--models-strict`.

The second column has the name of the ini option. In `[tool.pytest]` of pytest 9 its value may be typed:
`models_timeout = 5`. Options with several values have a list there, and a line for each value in other ini files. The
command line has precedence over the ini file."""
REPORT_HEAD = """\
# The JSON report

`--models-report FILE.json` writes the verdicts of a run. [The schema](../schemas/report.json) describes the file in JSON
Schema 2020-12; the package contains it. Ignore unknown keys: a later version may add some.
[Compatibility](compatibility.md) says what stays."""
INI = {
    "string": "text",
    "int": "whole number",
    "float": "number",
    "bool": "true or false",
    "linelist": "list",
}
MEANING = {
    "base_url": "the base URL of a running server, as an SDK has it: without `/v1`; or where the started server listens",
    "start": "the command by which the run starts [the server](server.md#a-server-that-the-run-starts); the run also ends it",
    "start_timeout": "how long the server may take to start; default 60",
    "app": "a WSGI or ASGI application, or a factory of one, [in process](in-process.md)",
    "cassette": "a recording: a VCR cassette or a `.har` file; `reference` is the shipped one",
    "max_age": "fail the run if the cassette is older",
    "upstream": "start a conformant upstream at this port, on loopback without HOST; `0` takes a free port and needs"
    " `--models-start` or `--models-app`. Adds the area `proxy/`: [both sides of a proxy](both-sides.md)",
    "proxy": "which models the server lists: those of the upstream (`mirror`, default), or a catalogue of its own (`own`)",
    "auth": "how the key is sent: `x-api-key` (default) or `bearer`",
    "header": "an additional request header, treated as a secret; `env:NAME` as value reads the environment",
    "timeout": "deadline of one request, first byte sent to last byte read; default 10",
    "max_body": "the longest body that is read; default 8 MiB",
    "concurrency": "most requests in flight at once; default: chosen by the run, at most 4. `1` sends one by one",
    "revision": "the [revision](revisions.md) of the reference to test against; default `2026-04-16`",
    "strict": "violated checks of level [*should*](levels.md) fail too",
    "complete": "checks that were not tested fail too",
    "client": "also test what a client needs: `claude-code`, `claude-desktop`, `anthropic-sdk`, `typescript-sdk`, or"
    " `FILE.toml`, a profile of your own application; see [clients](clients.md)",
    "alias": "an alias that retrieve must resolve",
    "expect": "a model that must be listed and be found by its id",
    "explore": "after the suite, send more requests for random parts (windows) of the list: a number of them (`400`),"
    " as many as fit into a time (`60s`), or every window (`all`); needs"
    " `pip install 'pytest-models-contract[explore]'`; see [exploration](explore.md)",
    "explore_seed": "repeat an exploration: the head of the run and each finding show the seed",
    "report": "write the verdicts, as [`.json`](report.md), `.md` or `.html`, a"
    " [page for people](ci.md#the-html-report) (needs `pip install 'pytest-models-contract[html]'`)",
    "xfails": "[known deviations](known-deviations.md)",
    "write_xfails": "write the violations of this run as such a file; you fill in the reasons",
    "record": "record the exchanges of the run into FILE; an existing FILE is replaced",
}
"""What each option means, with links, where the help of the command has room for a few words."""
OPTIONS_END = """\
`--models-client anthropic-sdk` runs the real SDK: `pip install 'pytest-models-contract[clients]'`. `typescript-sdk` runs
the real one in Node.js: `npm install @anthropic-ai/sdk`.

If a server takes more than 20 ms to respond, requests that do not depend on each other are sent several at once. At the
first sign that the server does not cope (429, 503, a broken connection, longer response times) the rest is sent one at a
time, with a note. Verdicts and messages do not depend on it. An application in process, a recording run and a run with
`--models-upstream` send one request at a time.

The workers of pytest-xdist (`-n 4`) share responses: each request is sent once. Each worker sends one request at a
time, except in the check of simultaneous requests. With `--models-start` each worker starts a server of its own."""


def options() -> str:
    """The page of the options."""
    groups = "\n\n".join(
        "\n".join([f"## {title[0].upper()}{title[1:]}", "", *_option_rows(group)])
        for title, group in GROUPS.items()
    )
    more = f"## More about them\n\n{OPTIONS_END}"
    note = NOTE.format(source="`session/option_table.py` or the program")
    return "\n\n".join([OPTIONS_HEAD, groups, more, note]) + "\n"


def report() -> str:
    """The page of the JSON report."""
    schema = json.loads(SCHEMA.read_text("utf-8"))
    parts = {
        "The report": schema,
        "A diagnosis": schema["$defs"]["diagnosis"],
        "A check": schema["$defs"]["check"],
    }
    tables = (
        "\n".join(
            [f"## {title}", "", "| key | value | meaning |", "|---|---|---|", *_key_rows(part)]
        )
        for title, part in parts.items()
    )
    return "\n\n".join([REPORT_HEAD, *tables, NOTE.format(source="`schemas/report.json`")]) + "\n"


def fixtures() -> str:
    """The page of the fixtures, with its tables."""
    page = (DOCS / "fixtures.md").read_text("utf-8")
    tables = {"fixtures": _fixture_rows(), **{name: _method_rows(name) for name in METHODS}}

    def table(found: re.Match[str]) -> str:
        return "\n".join([found[1], "", *tables[found[2]], "", found[3]])

    return GENERATED.sub(table, page)


def readme(text: str) -> str:
    """The README with the tables of the pages that its comments name."""
    return COPIED.sub(lambda found: f"{found[1]}\n\n{_tables(found[2])}\n\n{found[3]}", text)


def _tables(name: str) -> str:
    """The tables of a page; those with the same columns are one."""
    found: dict[str, list[str]] = {}
    page = PAGES[name]() if name in PAGES else (DOCS / name).read_text("utf-8")
    for block in re.findall(r"(?:^\|.*\n)+", page, re.MULTILINE):
        head, line, *rows = block.splitlines()
        found.setdefault(f"{head}\n{line}", []).extend(rows)
    text = "\n\n".join("\n".join([head, *rows]) for head, rows in found.items())
    return re.sub(r"\]\(([\w-]+)\.md", rf"]({DOCUMENTATION}\1.html", text)


def _option_rows(group: tuple[Option, ...]) -> Iterator[str]:
    yield from ("| option | ini | meaning |", "|---|---|---|")
    for option in group:
        value = option.metavar.replace("|", "\\|")
        flag = f"`{PREFIX}{option.word}{' ' * bool(value)}{value}`"
        ini = f"`{option.key}`, {INI[option.ini]}" if option.ini else ""
        meaning = MEANING[option.name].replace("|", "\\|") + "; repeatable" * option.many
        yield f"| {flag} | {ini} | {meaning} |"


def _fixture_rows() -> Iterator[str]:
    yield from ("| fixture | scope | type | what |", "|---|---|---|---|")
    for name in FIXTURES:
        fixture = getattr(plugin, name)
        function = fixture._get_wrapped_function()
        scope = fixture._fixture_function_marker.scope
        kind = re.sub(r"^Iterator\[(.+)\]$", r"\1", function.__annotations__["return"])
        kind = kind.replace("|", "\\|")
        yield f"| `{name}` | {scope} | `{kind}` | {_first_paragraph(function)} |"


def _method_rows(fixture: str) -> Iterator[str]:
    yield from (f"| of `{fixture}` | what |", "|---|---|")
    owner, names = METHODS[fixture]
    for name in names:
        own = inspect.getattr_static(owner, name)
        call = name if isinstance(own, property) else f"{name}({_parameters(own)})"
        yield f"| `{call}` | {_first_paragraph(own)} |"


def _parameters(method: Callable[..., Any]) -> str:
    shown = {
        inspect.Parameter.KEYWORD_ONLY: "{}=",
        inspect.Parameter.VAR_POSITIONAL: "*{}",
    }
    _, *given = inspect.signature(method).parameters.values()
    return ", ".join(shown.get(each.kind, "{}").format(each.name) for each in given)


def _first_paragraph(documented: object) -> str:
    return " ".join((inspect.getdoc(documented) or "").partition("\n\n")[0].split())


def _key_rows(schema: Schema, prefix: str = "") -> Iterator[str]:
    required = schema.get("required", ())
    for name, value in schema["properties"].items():
        optional = "" if name in required else " (may be absent)"
        meaning = value.get("description", "").replace("|", "\\|")
        yield f"| `{prefix}{name}` | {_kind(value)}{optional} | {meaning} |"
        inner = next((one for one in (value, *value.get("oneOf", ())) if "properties" in one), None)
        if inner:
            yield from _key_rows(inner, f"{prefix}{name}.")


def _kind(schema: Schema) -> str:
    """What a value is, in words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return {"count": "integer", "revision": "date"}.get(name, f"[{name}](#a-{name})")
    if "oneOf" in schema:
        return " or ".join(map(_kind, schema["oneOf"]))
    if "enum" in schema or "const" in schema:
        return ", ".join(
            f"`{json.dumps(value)}`" for value in schema.get("enum", [schema.get("const")])
        )
    kind = schema["type"]
    if kind == "array":
        return f"list of {_kind(schema['items'])}"
    return kind if isinstance(kind, str) else " or ".join(kind)


PAGES = {"fixtures.md": fixtures, "options.md": options, "report.md": report}

if __name__ == "__main__":
    for name, text in PAGES.items():
        (DOCS / name).write_text(text(), encoding="utf-8")
    README.write_text(readme(README.read_text("utf-8")), encoding="utf-8")
