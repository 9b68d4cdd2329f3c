# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a JACK client takes for each period, as periods.cpp writes it down from inside of the client."""

import mmap
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

from peers.process import Failure

HEAD = struct.Struct('=QQ')  # how many periods, how many xruns
PERIOD = struct.Struct('=qII')
SOURCE = Path(__file__).with_suffix('.cpp')


@dataclass(frozen=True)
class Period:
    begin: int  # ns of the monotonic clock
    took: int  # ns
    sounds: bool

    @property
    def end(self):
        return self.begin + self.took


class Log:
    """Of one client, while it plays and afterwards."""

    def __init__(self, folder, port):
        library = folder / 'periods.so'
        if not library.exists():
            build(library)
        self._file = folder / 'periods'
        self.environment = {'LD_PRELOAD': str(library), 'PERIODS_FILE': str(self._file), 'PERIODS_PORT': port}

    def _read(self, start, size):
        with open(self._file, 'rb') as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as memory:
            return memory[start:start + size]

    def xruns(self):
        return HEAD.unpack(self._read(0, HEAD.size))[1]

    def periods(self):
        count, _ = HEAD.unpack(self._read(0, HEAD.size))
        return [Period(begin, took, sounds != 0)
                for begin, took, sounds in PERIOD.iter_unpack(self._read(HEAD.size, count * PERIOD.size))]


def build(library):
    done = subprocess.run(['c++', '-std=c++20', '-O2', '-Wall', '-Wextra', '-Werror', '-shared', '-fPIC', '-o', library,
                           SOURCE], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        raise Failure(f'{SOURCE.name}: {done.stdout.strip()}')
