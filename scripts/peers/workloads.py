# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every program is given to do: the graphs of lua/bench/, as numbers that a generator writes its patch from.

A graph is of one of two shapes: one sine through many branches that are summed, or many voices that are placed in
stereo. What stands between source and sum are stages."""

from dataclasses import dataclass

RATE = 48000
CHUNK = 64  # frames: what a figure counts
TONE = 440  # Hz: the sine of every branch
BUTTERWORTH = 0.5 ** 0.5


def from_db(level):
    return 10 ** (level / 20)


@dataclass(frozen=True)
class Gain:
    factor: float


@dataclass(frozen=True)
class Lowpass:
    cutoff: float
    q: float = BUTTERWORTH


@dataclass(frozen=True)
class Voice:
    pitch: float  # Hz, of a saw
    stages: tuple
    position: float  # -1 left ... 1 right


@dataclass(frozen=True)
class Branches:
    """One sine to all branches; their sum times `level` to left and right."""
    name: str
    nodes: int
    doc: str
    branches: tuple  # of tuples of stages
    level: float


@dataclass(frozen=True)
class Voices:
    name: str
    nodes: int
    doc: str
    voices: tuple


def _pitch(i):
    return 55 * 2 ** (i / 47.3)


def _voices(count, *stages):
    return tuple(Voice(_pitch(i), stages, 2 * i / (count - 1) - 1) for i in range(count))


RESONANT = Lowpass(2000, 2), Gain(from_db(-40))

WORKLOADS = (
    Branches('W1', 1000, 'a sine through 100 chains of 10 gains',
             tuple(tuple(Gain(from_db(-0.1 * g - 0.01 * c)) for g in range(1, 11)) for c in range(1, 101)),
             from_db(-40)),
    Voices('W2', 800, '200 voices of saw, resonant low-pass, gain, pan',
           _voices(200, *RESONANT)),
    Branches('W3', 1000, 'a sine through 1000 low-passes',
             tuple((Lowpass(2000 + 10 * i),) for i in range(1, 1001)), from_db(-60)),
    Voices('W4', 768, '256 voices of saw, gain, pan', _voices(256, Gain(from_db(-48)))),
)

W2 = WORKLOADS[1]
# What W6 adds to W2 while it plays.
ADDED = Voices('W6', 500, '125 voices more', tuple(Voice(_pitch(200 + i), RESONANT, i / 99.5 - 1) for i in range(125)))
