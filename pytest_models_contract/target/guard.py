"""Runs a command in a process group of its own, and ends the group when the run is over.

`process.py` runs this file as a script. Standard input is a pipe from the run: the operating system
closes it when the run ends, be it by an exit without clean-up or by SIGKILL. So no server outlives a run.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence

GRACE = 5.0
"""Seconds between SIGTERM and SIGKILL."""
CANNOT_RUN = 126
"""The exit status of a command that cannot be run, as in a shell."""
SIGNALLED = 128
"""A command that a signal ended has this exit status plus the number of the signal, as in a shell."""
POLL = 0.02

_ending = threading.Lock()


def main(command: Sequence[str]) -> int:
    """Run the command; gives its exit status once its whole group is gone."""
    for number in (signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        # The pipe says when to end. A handler, since the command would inherit SIG_IGN.
        signal.signal(number, lambda *_: None)
    try:
        child = subprocess.Popen(  # noqa: S603 - the command that the user asked for
            command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
    except OSError as error:
        print(f"{command[0]} cannot be run: {error.strerror}", file=sys.stderr)
        return CANNOT_RUN
    threading.Thread(target=_end_when_stated, args=(child.pid,), daemon=True).start()
    status = child.wait()
    _end(child.pid)
    return status if status >= 0 else SIGNALLED - status


def _end_when_stated(group: int) -> None:
    os.read(0, 1)
    _end(group)


def _end(group: int) -> None:
    """End every process of the group: SIGTERM, five seconds, SIGKILL."""
    with _ending:
        if os.name == "nt":  # pragma: no cover - Windows has no process groups, but a tree
            end = ["taskkill", "/T", "/F", "/PID", str(group)]
            subprocess.run(end, capture_output=True)  # noqa: S603 - a program of Windows, a number
            return
        deadline = time.monotonic() + GRACE
        _signal(group, signal.SIGTERM)
        while _signal(group, 0) and time.monotonic() < deadline:
            time.sleep(POLL)
        _signal(group, signal.SIGKILL)


def _signal(group: int, number: int) -> bool:
    """Send a signal, 0 for none, to the group; gives whether any process of it is left."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):  # macOS refuses where only zombies are left
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
