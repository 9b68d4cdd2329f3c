# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""A JACK server of our own, without a sound card, and the programs that play with it."""

import os
import select
import signal
import subprocess
import tempfile
import time

from peers.process import Failure
from peers.program import Program
from peers.workloads import RATE

NAME = 'perigee-peers'
PERIOD = 64
PATIENCE = 20  # seconds


def may_be_realtime():
    try:
        before = os.sched_getscheduler(0), os.sched_getparam(0)
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(70))
        os.sched_setscheduler(0, *before)
        return True
    except PermissionError:
        return False


class Running:
    """A program that runs until it is ended; what it says is read line by line."""

    def __init__(self, arguments, environment):
        self._log = tempfile.TemporaryFile()
        self._process = subprocess.Popen([str(one) for one in arguments], env={**os.environ, **environment},
                                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._log)
        self._said = b''

    def wait_for_line(self, wanted):
        """The next one of which `wanted` holds."""
        end = time.monotonic() + PATIENCE
        while True:
            line, newline, rest = self._said.partition(b'\n')
            if newline:
                self._said = rest
                if wanted(text := line.decode(errors='replace')):
                    return text
                continue
            if not select.select([self._process.stdout], [], [], max(end - time.monotonic(), 0))[0]:
                raise Failure(f'{self.name()} says nothing: {self.complaint()}')
            more = os.read(self._process.stdout.fileno(), 65536)
            if not more:
                raise Failure(f'{self.name()} ended: {self.complaint()}')
            self._said += more

    def name(self):
        return os.path.basename(self._process.args[0])

    def ended(self):
        return self._process.poll() is not None

    def complaint(self):
        """The last line of its errors."""
        self._log.seek(0)
        return ''.join(self._log.read().decode(errors='replace').strip().splitlines()[-1:])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        # A JACK client that is killed can stall the server: first ask.
        for ask in (signal.SIGTERM, signal.SIGKILL):
            if not self.ended():
                self._process.send_signal(ask)
            try:
                self._process.wait(5)
                break
            except subprocess.TimeoutExpired:
                continue
        self._process.stdout.close()
        self._log.close()


class Server(Running):
    period = PERIOD

    def __init__(self):
        self.environment = {'JACK_DEFAULT_SERVER': NAME, 'JACK_NO_START_SERVER': '1', 'JACK_NO_AUDIO_RESERVATION': '1'}
        super().__init__(['jackd', '-n', NAME, *(['-R', '-P', '70'] if may_be_realtime() else ['-r']),
                          '-d', 'dummy', '-r', RATE, '-p', PERIOD], self.environment)
        end = time.monotonic() + PATIENCE
        while 'system:playback_1' not in self._ports():
            if self.ended() or time.monotonic() > end:
                complaint = self.complaint()
                self.__exit__()
                raise Failure(f'jackd does not start: {complaint}')
            time.sleep(0.05)

    def _ports(self):
        return subprocess.run(['jack_lsp'], env={**os.environ, **self.environment}, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True, check=False).stdout

    def start(self, arguments, environment):
        return Running(arguments, {**self.environment, **environment})


class _Needed(Program):
    """What has to be installed for a server."""
    executable = 'jackd'
    package = 'jackd2'


SERVER = _Needed()
