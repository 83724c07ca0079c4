"""How the benchmarks measure: child processes in turn, so that load on the machine affects all of them."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from pytest_models_contract.fake import Ask, Fake, Request, Response, serve

KEY = "sk-benchmark"
PLUGIN = ("-p", "pytest_models_contract")
YARDSTICKS = Path(__file__).parent / "yardsticks"
_COMPILED = tempfile.mkdtemp(prefix="models-contract-benchmark-")


class Cost(NamedTuple):
    """The cost of a child process: seconds on the clock, seconds of the processor, peak memory in bytes."""

    seconds: float
    processor: float
    memory: int


def child(
    *arguments: str, folder: Path, autoload: bool = False, status: Sequence[int] = (0,)
) -> Cost:
    """Run Python with these arguments. RuntimeError: it ended with another status than these."""
    started = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own commands
        [sys.executable, *arguments],
        cwd=folder,
        env=_environment(autoload=autoload),
        stdout=(folder / "output").open("w"),
        stderr=subprocess.STDOUT,
    )
    _, ended, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(ended)
    if process.returncode not in status:
        raise RuntimeError(f"{arguments} ended with {process.returncode}:\n{output_of(folder)}")
    return Cost(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)


def output_of(folder: Path) -> str:
    """What the last child in the folder printed."""
    return (folder / "output").read_text("utf-8", "replace")


def _environment(*, autoload: bool) -> dict[str, str]:
    """The environment of a user: modules are compiled once, but no file of the checkout changes."""
    dropped = {"PYTHONDONTWRITEBYTECODE", "PYTEST_ADDOPTS"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    alone = {} if autoload else {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return {**kept, **alone, "PYTHONPYCACHEPREFIX": _COMPILED, "MODELS_CONTRACT_API_KEY": KEY}


def contract(base_url: str, folder: Path, *more: str) -> Cost:
    """The whole contract against a server, its report in the folder."""
    report = str(folder / "report.json")
    target = ("--models-contract", "--models-base-url", base_url, "--models-report", report)
    return child("-m", "pytest", *PLUGIN, *target, *more, folder=folder)


def bare_pytest(folder: Path) -> Cost:
    """The start of pytest on an empty test file, without any plugin."""
    return child("-m", "pytest", "test_empty.py", folder=folder, status=[5])


def yardstick(name: str, *arguments: str, folder: Path) -> Cost:
    """A script of the folder `yardsticks`."""
    return child(str(YARDSTICKS / f"{name}.py"), *arguments, folder=folder)


def in_turn(rounds: int, **contestants: Callable[[], Cost]) -> dict[str, list[Cost]]:
    """The costs of each contestant, after a first round that does not count."""
    costs = [{name: run() for name, run in contestants.items()} for _ in range(rounds + 1)][1:]
    return {name: [each[name] for each in costs] for name in contestants}


def spread(values: Sequence[float], unit: str = "") -> str:
    """Median, minimum and maximum: `1.31 (1.24 to 1.52)`."""
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:.2f}{unit} ({low:.2f} to {high:.2f})"


def ratios(own: Sequence[float], other: Sequence[float]) -> list[float]:
    """The ratio of each value to that of the same round."""
    return [one / two for one, two in zip(own, other, strict=True)]


@contextmanager
def workplace() -> Iterator[Path]:
    """A folder with an empty test file."""
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "test_empty.py").touch()
        yield Path(name)


@contextmanager
def server(models: int, latency: float = 0.0) -> Iterator[tuple[Fake, str]]:
    """The fake and its base URL, while the block runs; each response waits for `latency` seconds."""

    def late(ask: Ask, request: Request) -> Response:
        time.sleep(latency)
        return ask(request)

    fake = Fake(models, key=KEY, faults=[late] if latency else [])
    with serve(fake) as base_url:
        yield fake, base_url


def written(requests: Sequence[Request], folder: Path) -> str:
    """The requests as a file, for the yardstick that sends the same."""
    path = folder / "requests.json"
    path.write_text(json.dumps([_request(request) for request in requests]), "utf-8")
    return str(path)


def _request(request: Request) -> tuple[str, Mapping[str, str]]:
    query = f"?{urlencode(request.query)}" if request.query else ""
    sent = ("anthropic-version", "anthropic-beta", "x-api-key", "authorization")
    headers = {name: value for name, value in request.headers.items() if name in sent}
    return request.path + query, headers
