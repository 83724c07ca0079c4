"""Proxies that others wrote: how each is had, and how a user would start it for a run."""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from real import CONFIGS, NotInstalled, python

from pytest_models_contract.session.spelling import PYTEST, as_command

CONFIG_FOLDER = CONFIGS / "proxies"
SYSTEM = "/usr/sbin"
"""Where Debian has programs that are not for everybody's PATH."""
PORT, UPSTREAM_PORT = "4000", "9000"
"""The ports in the configuration files, as in docs/proxies.md; a test replaces them by free ones."""


@dataclass(frozen=True)
class Proxy:
    """A proxy: where its program is, the command that starts it, the files beside it.

    `files` are names in configs/proxies. A proxy that is set up by a file has a fixed port; the
    command of any other names `{port}`. `path` is what follows the port in the base URL. `more` are
    further options of the run. `heading` is the section of docs/proxies.md that shows it. `slow`: it
    takes longer than the others together.
    """

    name: str
    folder: Callable[[Path], Path]
    start: str
    files: tuple[str, ...] = ()
    path: str = ""
    more: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    heading: str = ""
    slow: bool = False

    def __str__(self) -> str:
        return self.name

    @property
    def is_fixed(self) -> bool:
        """Whether its port stands in a file."""
        return "{port}" not in self.start

    def options(self, port: int, upstream_port: int) -> list[str]:
        """The options of a run; the ports are for a proxy that is set up by a file."""
        base_url = f"http://127.0.0.1:{port if self.is_fixed else '{port}'}{self.path}"
        upstream = upstream_port if self.is_fixed else 0
        named = ["--models-base-url", base_url] if self.is_fixed or self.path else []
        where = [*named, "--models-upstream", str(upstream)]
        return ["--models-start", _at(self.start, port, upstream_port), *where, *self.more]

    @property
    def command(self) -> str:
        """The run as a user types it, in the folder of the configuration files."""
        options = self.options(int(PORT), int(UPSTREAM_PORT))
        return as_command(f"{PYTEST} {shlex.join(options)}")

    def set_up(self, scratch: Path, port: int, upstream_port: int) -> None:
        """Put the files into the folder where the proxy runs."""
        for name in self.files:
            text = (CONFIG_FOLDER / name).read_text()
            (scratch / name).write_text(_at(text, port, upstream_port))


def debian(program: str, package: str) -> Callable[[Path], Path]:
    """Looks for a program that a Debian package has. The search raises `NotInstalled`."""

    def find(_: Path) -> Path:
        found = shutil.which(program, path=os.pathsep.join([os.environ["PATH"], SYSTEM]))
        if not found:
            line = f"apt-get install --no-install-recommends {package}"
            raise NotInstalled(f"{program} is not on the PATH: {line}")
        return Path(found).parent

    return find


def pypi(pins: str) -> Callable[[Path], Path]:
    """Installs pinned packages from PyPI, and gives the folder of their programs."""
    install = python(pins)
    return lambda cache: install(cache) / ("Scripts" if os.name == "nt" else "bin")


def _at(text: str, port: int, upstream_port: int) -> str:
    return text.replace(PORT, str(port)).replace(UPSTREAM_PORT, str(upstream_port))


NGINX, APACHE = debian("nginx", "nginx-light"), debian("apache2", "apache2")
LITELLM = pypi("litellm.txt")
QUIET = {
    # Otherwise it fetches a table of prices and waits for it.
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "DISABLE_ADMIN_UI": "True",
    # A minute is not enough for its imports where other programs keep the processors busy.
    "PYTEST_ADDOPTS": "--models-start-timeout 240",
}
PROXIES = [
    Proxy("nginx", NGINX, "nginx -p . -c nginx.conf", ("nginx.conf",), heading="nginx"),
    Proxy("nginx-path", NGINX, "nginx -p . -c nginx-path.conf", ("nginx-path.conf",)),
    Proxy(
        "haproxy",
        debian("haproxy", "haproxy"),
        "haproxy -f haproxy.cfg",
        ("haproxy.cfg",),
        heading="HAProxy",
    ),
    Proxy(
        "apache",
        APACHE,
        "apache2 -d . -f apache.conf -DFOREGROUND",
        ("apache.conf",),
        heading="Apache httpd",
    ),
    Proxy(
        "apache-tutorial",
        APACHE,
        "apache2 -d . -f apache-tutorial.conf -DFOREGROUND",
        ("apache-tutorial.conf",),
    ),
    Proxy(
        "caddy",
        debian("caddy", "caddy"),
        "caddy run --config Caddyfile",
        ("Caddyfile",),
        environment={"XDG_CONFIG_HOME": "."},  # it keeps a copy of what it last ran
    ),
    Proxy(
        "varnish",
        debian("varnishd", "varnish"),
        # Its folder is one below /var/lib/varnish.
        "varnishd -F -n models-contract-4000 -a 127.0.0.1:4000 -b 127.0.0.1:9000",
    ),
    Proxy("squid", debian("squid", "squid"), "squid -N -f squid.conf", ("squid.conf",)),
    Proxy(
        "mitmproxy",
        pypi("mitmproxy.txt"),
        "mitmdump --quiet --mode reverse:{upstream} --listen-host 127.0.0.1 --listen-port {port}",
    ),
    Proxy(
        "litellm-anthropic",
        LITELLM,
        "ANTHROPIC_API_BASE={upstream} ANTHROPIC_API_KEY={upstream_key} LITELLM_MASTER_KEY={api_key}"
        " litellm --port {port}",
        path="/anthropic",
        environment=QUIET,
        slow=True,
        heading="LiteLLM",
    ),
    Proxy(
        "litellm-models",
        LITELLM,
        "ANTHROPIC_API_BASE={upstream} ANTHROPIC_API_KEY={upstream_key} LITELLM_MASTER_KEY={api_key}"
        " litellm --port {port} --config litellm.yaml",
        ("litellm.yaml",),
        more=("--models-proxy", "own"),
        environment=QUIET,
        slow=True,
    ),
    Proxy(
        "llm-cache-proxy",
        pypi("llm-cache-proxy.txt"),
        "ANTHROPIC_UPSTREAM={upstream} LLM_CACHE_PORT={port} LLM_CACHE_DIR=kept llm-cache-proxy",
        path="/anthropic",
    ),
    Proxy(
        "tokenbiryani",
        pypi("tokenbiryani.txt"),
        "ANTHROPIC_API_BASE={upstream} ANTHROPIC_API_KEY={upstream_key}"
        " tokenbiryani -c tokenbiryani.yaml serve --port {port}",
        ("tokenbiryani.yaml",),
    ),
]
