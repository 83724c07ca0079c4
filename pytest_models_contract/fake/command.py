"""Serving the fake from the command line: `python -m pytest_models_contract.fake`."""

from __future__ import annotations

import argparse
import os
import threading
from collections.abc import Sequence

from pytest_models_contract.fake.application import Fake
from pytest_models_contract.fake.catalogue import DEFAULT_REVISION, MOST_MODELS, REVISIONS
from pytest_models_contract.fake.faults import fault_named, listing
from pytest_models_contract.fake.serving import serve

KEY_VARIABLE = "MODELS_CONTRACT_API_KEY"
PROG = "python -m pytest_models_contract.fake"


def main(arguments: Sequence[str] | None = None, prog: str = PROG) -> None:
    """Serve the fake until Ctrl-C, or list its faults. SystemExit with status 2: an argument is wrong."""
    parser = _parser(prog)
    chosen = parser.parse_args(arguments)
    if chosen.list_faults:
        print(listing.text(), end="")
        return
    try:
        with serve(_fake(chosen), port=chosen.port) as base_url:
            print(
                f"Models API at {base_url} - {_how_to_run(base_url, chosen.revision)}", flush=True
            )
            threading.Event().wait()
    except KeyboardInterrupt:
        pass
    except OSError as problem:
        parser.error(f"port {chosen.port}: {problem.strerror}; --port 0 takes a free one")
    except ValueError as problem:
        parser.error(str(problem))


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=prog,
        description="Serve a Models API that follows the contract, on a loopback port.",
        epilog=f"If {KEY_VARIABLE} is set, each request needs that key.",
    )
    parser.add_argument("--port", type=_port, default=8000, help="default 8000; 0 takes a free one")
    parser.add_argument("--models", type=int, default=27, help=f"how many, up to {MOST_MODELS}")
    parser.add_argument(
        "--revision", metavar="DATE", default=DEFAULT_REVISION, help=", ".join(REVISIONS)
    )
    parser.add_argument(
        "--fault", metavar="NAME", action="append", default=[], help="a fault to inject; repeatable"
    )
    parser.add_argument(
        "--list-faults", action="store_true", help="print the faults by area, and serve nothing"
    )
    return parser


def _port(written: str) -> int:
    if not written.isdecimal() or int(written) > 65535:
        raise argparse.ArgumentTypeError(
            f"{written!r} is not a port: give a number from 0 to 65535"
        )
    return int(written)


def _fake(chosen: argparse.Namespace) -> Fake:
    faults = [fault_named(name) for name in chosen.fault]
    key = os.environ.get(KEY_VARIABLE) or None
    return Fake(chosen.models, chosen.revision, key, faults)


def _how_to_run(base_url: str, revision: str) -> str:
    return f"test it with: models-contract check {base_url} --revision {revision}"
