"""Runs a command in a process group of its own, and ends the group when the run is over.

`process.py` runs this file as a script. Standard input is a pipe from the run: the operating system
closes it when the run ends, be it by an exit without clean-up or by SIGKILL. So no server outlives a run.

All that the package does with signals and process groups, which differ by system, is here.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

GRACE = 5.0
"""Seconds between SIGTERM and SIGKILL, on Windows between Ctrl-Break and the end by `taskkill`."""
CANNOT_RUN = 126
"""The exit status of a command that cannot be run, as in a shell."""
SIGNALLED = 128
"""A command that a signal ended has this exit status plus the number of the signal, as in a shell."""
POLL = 0.02
NEW_GROUP = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
"""On Windows the flag of `Popen` for a group of its own, beside `start_new_session` elsewhere."""
END = getattr(signal, "CTRL_BREAK_EVENT", signal.SIGTERM)
"""What asks a process to end."""

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
            creationflags=NEW_GROUP,
        )
    except OSError as error:
        print(f"{command[0]} cannot be run: {error.strerror}", file=sys.stderr)
        return CANNOT_RUN
    threading.Thread(target=_end_when_stated, args=(child,), daemon=True).start()
    status = child.wait()
    _end(child)
    return status if status >= 0 else SIGNALLED - status


def name_of_signal(status: int) -> str:
    """The signal that ended a command, by its exit status; empty if none did."""
    with suppress(ValueError):
        return signal.Signals(status - SIGNALLED).name if status > SIGNALLED else ""
    return ""


def interrupt(process: subprocess.Popen[Any]) -> None:
    """Pass on the Ctrl-C that this process got; on Windows the console has sent it to both."""
    if sys.platform != "win32":
        process.send_signal(signal.SIGINT)


def _end_when_stated(child: subprocess.Popen[bytes]) -> None:
    os.read(0, 1)
    _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    with _ending:
        if sys.platform == "win32":  # pragma: no cover
            _end_tree(child)
        else:
            _end_group(child.pid)


def _end_tree(child: subprocess.Popen[bytes]) -> None:
    """End a process of Windows with its children, which are no group that one call ends."""
    with suppress(OSError):  # it is without a console
        child.send_signal(END)
    with suppress(subprocess.TimeoutExpired):
        child.wait(GRACE)
    end = ["taskkill", "/T", "/F", "/PID", str(child.pid)]
    subprocess.run(end, capture_output=True)  # noqa: S603 - a program of Windows, a number


if sys.platform != "win32":  # pragma: no branch

    def _end_group(group: int) -> None:
        """End every process of the group: SIGTERM, five seconds, SIGKILL."""
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
