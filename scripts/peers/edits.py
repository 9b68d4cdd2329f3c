# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""What it takes to add nodes to a graph that plays: W6. A program adds and takes away the same nodes by turns, under a
JACK server. One of the new nodes is heard at a port of its own, so that the period that has them is known to the
frame."""

import bisect
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from peers import periods

PAUSE = 0.1  # seconds before an edit, and after one: fades have ended by then


@dataclass(frozen=True)
class Edit:
    """An addition, in ns of the monotonic clock."""
    sent: int
    answered: int


@dataclass(frozen=True)
class Series:
    median: float
    worst: float

    @staticmethod
    def of(values):
        return Series(median(values), max(values))


@dataclass(frozen=True)
class Result:
    rest: Series  # µs of a period before the edit
    edit: Series  # µs of the period with it
    after: Series  # µs of the longest one after it
    settled: Series  # µs of a period when that is over
    answered: Series  # ms from when it was sent
    heard: Series  # ms until the period that has it is done
    late: int  # periods after an edit, taking away included
    late_at_rest: int  # periods in as much time without one


class Unheard(Exception):
    """An edit had no effect."""


def figures_of(log, additions):
    """The series of a Result, from all periods and additions."""
    begins = [period.begin for period in log]
    pause = round(PAUSE * 1e9)
    found = {name: [] for name in ('rest', 'edit', 'after', 'settled', 'answered', 'heard')}
    for one in additions:
        at = bisect.bisect_left(begins, one.sent)
        before = log[bisect.bisect_left(begins, one.sent - pause):at]
        until, end = (bisect.bisect_left(begins, one.answered + later) for later in (pause, 2 * pause))
        first = next((i for i in range(at, until) if log[i].sounds), None)
        if first is None or not before or until == end:
            raise Unheard('an edit was not heard')
        found['rest'].append(median(period.took for period in before) / 1e3)
        found['edit'].append(log[first].took / 1e3)
        found['after'].append(max((period.took for period in log[first + 1:until]), default=0) / 1e3)
        found['settled'].append(median(period.took for period in log[until:end]) / 1e3)
        found['answered'].append((one.answered - one.sent) / 1e6)
        found['heard'].append((log[first].end - one.sent) / 1e6)
    return {name: Series.of(values) for name, values in found.items()}


def measure(program, server, count):
    """`count` additions."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        log = periods.Log(folder, program.mark)
        with program.play(server, folder, log.environment) as player:
            player.add()  # what is done for the first time is not counted
            player.remove()
            additions, late, late_at_rest = [], 0, 0
            for _ in range(count):
                for act in (player.add, player.remove):
                    before = log.xruns()
                    time.sleep(PAUSE)
                    at_rest = log.xruns()
                    sent = time.monotonic_ns()
                    act()
                    answered = time.monotonic_ns()
                    if act == player.add:
                        additions.append(Edit(sent, answered))
                    time.sleep(PAUSE)
                    player.expect(act == player.add)
                    late += log.xruns() - at_rest
                    late_at_rest += at_rest - before
            return Result(late=late, late_at_rest=late_at_rest, **figures_of(log.periods(), additions))
