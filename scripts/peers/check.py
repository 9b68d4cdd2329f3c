# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a program plays what Perigee plays: a figure of one that does not means nothing."""

import cmath
import tempfile
from pathlib import Path

from peers import sound
from peers.process import run
from peers.workloads import WORKLOADS, Branches

# The same sine through the same gains and filters: what differs is arithmetic, in tables and in single precision.
EXACT = 0.05  # dB
# Saws end below the Nyquist frequency or alias, and start elsewhere in their period, so that voices meet differently.
SAWS = 1.0  # dB
# Above 5 kHz are mostly aliases and what keeps them away. Without its low-pass, W2 would have 10 dB more.
SAWS_ABOVE = 2.0  # dB
# How late a sine is by its filters; by one frame more it would be 0.06.
LAG = 0.005  # radians


class Listener:
    """Hears workloads as one program plays them, with one block size."""

    def __init__(self, program, block):
        self._program, self._block = program, block
        self._heard = {}

    def hear(self, workload):
        if workload not in self._heard:
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / 'heard.wav'
                command = self._program.command(workload, self._block, sound.SECONDS, Path(folder), file)
                run(command, self._program.threads)
                if not file.exists():
                    raise sound.Unreadable('it wrote no file')
                self._heard[workload] = sound.Impression.of(file)
        return self._heard[workload]

    def lag(self, workload):
        """Of its sine, to that of a workload without filters: programs start at different places in the period."""
        return self.hear(workload).phase - self.hear(WORKLOADS[0]).phase


def objections(workload, listener, reference):
    """How what is heard differs from what it should be, in words; none if it is right."""
    heard, expected = listener.hear(workload), reference.hear(workload)
    exact = isinstance(workload, Branches)
    found = []

    def compare(what, difference, tolerance, unit='dB'):
        # What is not a number is wrong, too.
        if not abs(difference) <= tolerance:
            found.append(f'{what} {difference:+.3g} {unit}')

    compare('left', heard.left - expected.left, EXACT if exact else SAWS)
    compare('right', heard.right - expected.right, EXACT if exact else SAWS)
    if exact:
        turn = cmath.exp(1j * (listener.lag(workload) - reference.lag(workload)))
        compare('phase', cmath.phase(turn), LAG, 'rad')
    else:
        compare('left to right around 60 Hz', heard.lean - expected.lean, SAWS)
        compare('above 5 kHz', heard.high - expected.high, SAWS_ABOVE)
    return found
