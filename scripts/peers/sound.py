# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a rendered workload sounds, as a few numbers."""

import array
import cmath
import math
import struct
import sys
from dataclasses import dataclass

from peers.workloads import RATE, TONE

SECONDS = 4  # are rendered to be compared
SETTLED = 1  # what is before is not: some saws start with an offset that fades


class Unreadable(Exception):
    pass


def read(path):
    """The channels of a WAV file of 32-bit floats."""
    data = path.read_bytes()
    if data[:4] != b'RIFF' or data[8:12] != b'WAVE':
        raise Unreadable(f'{path.name} is not a WAV file')
    at, channels = 12, 0
    while at + 8 <= len(data):
        name, size = data[at:at + 4], struct.unpack_from('<I', data, at + 4)[0]
        if name == b'fmt ':
            channels, bits = (struct.unpack_from('<H', data, at + offset)[0] for offset in (10, 22))
            if bits != 32:
                raise Unreadable(f'{path.name} has samples of {bits} bits')
        elif name == b'data' and channels:
            frame = 4 * channels
            samples = array.array('f', data[at + 8:at + 8 + min(size, len(data) - at - 8) // frame * frame])
            if sys.byteorder == 'big':
                samples.byteswap()
            return [samples[channel::channels] for channel in range(channels)]
        at += 8 + size + size % 2
    raise Unreadable(f'{path.name} has no samples')


def rms(samples):
    """In dB; silence is very little."""
    squares = [x * x for x in samples]
    return 10 * math.log10(max(sum(squares) / max(len(squares), 1), 1e-30))


def high(samples, cutoff):
    """What a high-pass of the second order lets through."""
    angle = 2 * math.pi * cutoff / RATE
    alpha, cosine = math.sin(angle) / math.sqrt(2), math.cos(angle)
    a1, a2, b0 = -2 * cosine / (1 + alpha), (1 - alpha) / (1 + alpha), (1 + cosine) / 2 / (1 + alpha)
    s1 = s2 = 0.0
    for x in samples:
        y = b0 * x + s1
        s1, s2 = s2 - 2 * b0 * x - a1 * y, b0 * x - a2 * y
        yield y


def low(samples, cutoff):
    """What a low-pass of the first order lets through."""
    part, y = 1 - math.exp(-2 * math.pi * cutoff / RATE), 0.0
    for x in samples:
        y += part * (x - y)
        yield y


def phase(samples):
    """Of the tone, over its whole periods in the last second."""
    return cmath.phase(sum(x * cmath.exp(-2j * math.pi * TONE * i / RATE) for i, x in enumerate(samples[-RATE:])))


@dataclass(frozen=True)
class Impression:
    left: float  # dB
    right: float
    lean: float  # dB, left against right, between 40 and 100 Hz: where low voices stand
    high: float  # dB, of both, above 5 kHz
    phase: float  # radians; of a sound without the tone it means nothing

    @staticmethod
    def of(path):
        channels = read(path)
        if len(channels) != 2:
            raise Unreadable(f'{path.name} has {len(channels)} channels, not 2')
        # A program may render a block more than it was asked for.
        left, right = (channel[SETTLED * RATE:SECONDS * RATE] for channel in channels)
        if len(left) < (SECONDS - SETTLED) * RATE:
            raise Unreadable(f'{path.name} has only {len(channels[0])} frames')
        lowest = [rms(low(high(channel, 40), 100)) for channel in (left, right)]
        return Impression(rms(left), rms(right), lowest[0] - lowest[1],
                          rms(high((a + b for a, b in zip(left, right)), 5000)), phase(left))
