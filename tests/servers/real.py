"""Servers that others wrote: how each is installed from its pins, started on loopback and stopped."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

HERE = Path(__file__).parent
CONFIGS, PINS = HERE / "configs", HERE / "pins"
KEY = "sk-test"
PATIENCE = 90.0
INSTALL_PATIENCE = 600.0


class NotInstalled(Exception):
    """The server cannot be had here; the text says why."""


@dataclass(frozen=True)
class Place:
    """Where a server runs: its installation, a scratch folder of its own, its port."""

    installed: Path
    scratch: Path
    port: int

    def program(self, name: str) -> str:
        """A command of a Python installation."""
        return str(self.installed / ("Scripts" if os.name == "nt" else "bin") / name)


@dataclass(frozen=True)
class Server:
    """A server: the pins it is installed from, its command and environment once it has a place."""

    name: str
    install: Callable[[Path], Path]
    command: Callable[[Place], Sequence[str]]
    environment: Callable[[Place], Mapping[str, str]] = field(default=lambda _: {})


def python(pins: str) -> Callable[[Path], Path]:
    """Installs a pinned tree of PyPI packages into an environment of its own."""
    path = PINS / pins

    def install(folder: Path) -> None:
        venv.create(folder, with_pip=True)
        interpreter = str(Place(folder, folder, 0).program("python"))
        _run([interpreter, "-m", "pip", "install", "--no-deps", "-r", str(path)], folder)

    return lambda cache: _once(cache / _dated(path, sys.version), install)


def npm(cache: Path) -> Path:
    """Installs the pinned tree of npm packages."""

    def install(folder: Path) -> None:
        if not shutil.which("npm"):
            raise NotInstalled("npm is not on the PATH")
        for path in (PINS / "npm").iterdir():
            shutil.copy(path, folder)
        # Their install scripts fetch what no server here needs.
        _run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder)

    return _once(cache / _dated(PINS / "npm" / "package-lock.json"), install)


@contextmanager
def running(server: Server, cache: Path, scratch: Path) -> Iterator[str]:
    """The base URL of the server while the block runs. Raises `NotInstalled`."""
    place = Place(server.install(cache), scratch, free_port())
    base_url = f"http://127.0.0.1:{place.port}"
    environment = {**os.environ, "HOME": str(scratch), **server.environment(place)}
    log = scratch / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - a server that we chose and pinned
            [*server.command(place)], cwd=scratch, env=environment, stdout=output, stderr=output
        )
    try:
        _await(base_url, process, log)
        yield base_url
    finally:
        process.terminate()
        process.wait(20)


def _once(folder: Path, install: Callable[[Path], None]) -> Path:
    """The folder, filled by `install` when it is not there yet; an incomplete installation starts again."""
    done = folder / "installed"
    with _alone(folder):
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            install(folder)
            done.touch()
    return folder


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other workers of pytest-xdist from the folder while the block runs."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        if fcntl:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _dated(pins: Path, *more: str) -> str:
    """A folder name that changes with the pins, and with what else it depends on."""
    digest = hashlib.sha256(pins.read_bytes() + "".join(more).encode()).hexdigest()
    return f"{pins.stem}-{digest[:12]}"


def _run(command: Sequence[str], folder: Path) -> None:
    try:
        done = subprocess.run(  # noqa: S603 - pip or npm, with our pins
            command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_PATIENCE
        )
    except subprocess.TimeoutExpired:
        raise NotInstalled(f"{command[0]} took more than {INSTALL_PATIENCE:g} s") from None
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        raise NotInstalled(f"{Path(command[0]).name} failed: {' / '.join(lines[-2:])[:300]}")


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(base_url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the list is answered, as an SDK would ask for it."""
    deadline = time.monotonic() + PATIENCE
    headers = {"x-api-key": KEY, "anthropic-version": "2023-06-01"}
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if httpx.get(f"{base_url}/v1/models", headers=headers, trust_env=False).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    tail = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    raise RuntimeError(f"the server did not answer within {PATIENCE:g} s; its log ends:\n{tail}")


def _copied(place: Place, config: str) -> str:
    """A configuration in the scratch folder, for a server that writes beside it."""
    return str(shutil.copy(CONFIGS / config, place.scratch))


def _node(place: Place, *path: str) -> list[str]:
    return ["node", str(place.installed.joinpath("node_modules", *path))]


def _aimock(place: Place) -> list[str]:
    llmock = _node(place, "@copilotkit", "aimock", "dist", "cli.js")
    # Without --fixtures it takes ./fixtures of the current folder.
    where = ["--host", "127.0.0.1", "--port", str(place.port)]
    return [*llmock, *where, "--fixtures", str(CONFIGS / "aimock")]


def _prism(place: Place) -> list[str]:
    prism = _node(place, "@stoplight", "prism-cli", "dist", "index.js")
    where = ["--host", "127.0.0.1", "--port", str(place.port)]
    return [*prism, "mock", *where, str(CONFIGS / "openapi.yaml")]


def _steady(place: Place) -> list[str]:
    # The binary itself: its npm wrapper would leave it running when terminated.
    found = sorted(place.installed.glob("node_modules/@stdy/cli-*/bin/steady*"))
    if not found:
        raise NotInstalled("@stdy/cli has no binary for this platform")
    where = ["--host", "127.0.0.1", "--port", str(place.port)]
    return [str(found[0]), *where, "--no-color", str(CONFIGS / "openapi.yaml")]


def _litellm(place: Place) -> list[str]:
    where = ["--host", "127.0.0.1", "--port", str(place.port), "--telemetry", "False"]
    return [place.program("litellm"), "--config", str(CONFIGS / "litellm.yaml"), *where]


def _rosetta(place: Place) -> list[str]:
    config = _copied(place, "rosetta.jsonc")
    where = ["--host", "127.0.0.1", "--port", str(place.port), "--data-dir", str(place.scratch)]
    return [place.program("llm-rosetta-gateway"), "--config", config, *where, "--no-banner"]


def _nvd(place: Place) -> list[str]:
    # Its own command starts another, smaller application.
    where = ["--host", "127.0.0.1", "--port", str(place.port)]
    app = ["-m", "uvicorn", "--factory", "nvd_claude_proxy.app:create_app"]
    return [place.program("python"), *app, *where]


def _mock_ai_api(place: Place) -> list[str]:
    # Its own command listens on all addresses, and starts a mock of another API as well.
    where = ["--host", "127.0.0.1", "--port", str(place.port)]
    app = ["-m", "uvicorn", "--factory", "app.anthropic_app:create_app"]
    return [place.program("python"), *app, *where]


SERVERS = [
    Server(
        "litellm",
        python("litellm.txt"),
        _litellm,
        # Otherwise it fetches a table of prices and waits for it.
        lambda _: {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "DISABLE_ADMIN_UI": "True"},
    ),
    Server("aimock", npm, _aimock),
    Server("prism", npm, _prism),
    Server("steady", npm, _steady),
    Server(
        "localstack-claude",
        python("localstack-claude.txt"),
        lambda place: [place.program("claude-local")],
        lambda place: {"CLAUDE_HOST": "127.0.0.1", "CLAUDE_PORT": str(place.port)},
    ),
    Server("llm-rosetta", python("llm-rosetta.txt"), _rosetta),
    Server(
        "nvd-claude-proxy",
        python("nvd-claude-proxy.txt"),
        _nvd,
        lambda _: {"NVIDIA_API_KEY": "unused", "PROXY_API_KEY": KEY},
    ),
    Server("mock-ai-api", python("mock-ai-api.txt"), _mock_ai_api),
]
