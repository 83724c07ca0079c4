"""Servers of a few lines, as scripts that a command starts, and what becomes of their processes."""

from __future__ import annotations

import os
import shlex
import sys
import time
from pathlib import Path

LITTLE = '''\
"""One connection at a time, one request on each: quick to start."""
import os, signal, socket, subprocess, sys, time

def serve(port, answer):
    """`answer` gives status and body for a path and the whole head of a request."""
    with socket.create_server(("127.0.0.1", int(port))) as listener:
        while True:
            connection, _ = listener.accept()
            with connection:
                head = connection.recv(65536).decode()
                status, body = answer(head.split(" ")[1], head)
                lines = [f"HTTP/1.1 {status} Said", "content-type: application/json", "connection: close"]
                lines += [f"content-length: {len(body.encode())}", "", body]
                connection.sendall("\\r\\n".join(lines).encode())
'''


def script(folder: Path, text: str, name: str = "server.py") -> str:
    """Write a script that may use the names of `LITTLE`; gives the command that runs it."""
    (folder / "little.py").write_text(LITTLE)
    (folder / name).write_text(f"from little import *\n{text}")
    return shlex.join([sys.executable, str(folder / name)])


def is_running(pid: int) -> bool:
    """Whether a process is there and no zombie, which only its parent can clear away."""
    stat = Path(f"/proc/{pid}/stat")
    try:
        if stat.parent.parent.joinpath("self").exists():
            return stat.read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
        os.kill(pid, 0)
    except (OSError, IndexError):
        return False
    return True


def pids(path: Path, count: int = 1, seconds: float = 20) -> list[int]:
    """The process ids that scripts wrote into a file, one a line, once there are so many."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = path.read_text(encoding="utf-8").split("\n")[:-1] if path.exists() else []
        if len(found) >= count:
            return [int(line) for line in found]
        time.sleep(0.02)
    raise TimeoutError(f"{path} has fewer than {count} lines after {seconds} s")


def all_end(found: list[int], seconds: float = 20) -> bool:
    """Whether all of the processes end within so many seconds."""
    deadline = time.monotonic() + seconds
    while any(map(is_running, found)):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
