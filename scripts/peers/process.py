# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""A program that is run once, on processors of its own, and the time that it took."""

import os
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass

PATIENCE = 600  # seconds


class Failure(Exception):
    """The program did not do what it was asked."""


@dataclass(frozen=True)
class Usage:
    cpu: float  # seconds, of user and system, of all threads
    wall: float
    output: str


def processors(count):
    """The last ones that this process may use: interrupts mostly go to the first."""
    return set(sorted(os.sched_getaffinity(0))[-count:])


def run(command, threads=1):
    """Runs it pinned to as many processors as it has threads."""
    arguments = [str(one) for one in command.arguments]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as log:
        start = time.monotonic()
        try:
            process = subprocess.Popen(arguments, env={**os.environ, **command.environment}, stdin=subprocess.DEVNULL,
                                       stdout=out, stderr=log,
                                       preexec_fn=lambda: os.sched_setaffinity(0, processors(threads)))
        except OSError as error:
            raise Failure(str(error)) from error
        timer = threading.Timer(PATIENCE, process.kill)
        timer.start()
        try:
            # Of this child alone, and to the microsecond.
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.monotonic() - start
        finally:
            timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        output, complaint = (_text(file) for file in (out, log))
    if process.returncode != 0:
        last = (complaint.strip() or output.strip()).splitlines()[-1:]
        raise Failure(f'{arguments[0]} ended with {process.returncode}: {"".join(last)}')
    return Usage(usage.ru_utime + usage.ru_stime, wall, output)


def _text(file):
    file.seek(0)
    return file.read().decode(errors='replace')
