# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long programs take. Each renders as a whole process, a short and a long piece: the difference is what sound
takes, and starting is not in it."""

import tempfile
from pathlib import Path
from statistics import median

from peers.process import Failure, run
from peers.workloads import CHUNK, RATE

SHORT = 1  # seconds of sound
LONGEST = 10000  # seconds of sound: a WAV file cannot hold 12000


class Stopwatch:
    """One program with one workload."""

    def __init__(self, program, workload, block):
        self._program, self._workload, self._block = program, workload, block
        self._long = SHORT
        self.figures = []  # ns for each node and chunk

    def choose_length(self, seconds):
        """So that the difference takes about so many seconds."""
        long = 10 * SHORT
        while (taken := self._difference(long)) < min(seconds, 0.1) and long < LONGEST:
            long *= 4
        wanted = round((long - SHORT) * seconds / max(taken, 1e-3))
        self._long = SHORT + min(max(wanted, 1), LONGEST)

    def measure(self):
        chunks = (self._long - SHORT) * RATE / CHUNK
        self.figures.append(self._difference(self._long) / chunks / self._workload.nodes * 1e9)

    def _difference(self, long):
        return self._taken(long) - self._taken(SHORT)

    def _taken(self, seconds):
        with tempfile.TemporaryDirectory() as folder:
            # Who insists on a file writes to nowhere.
            (Path(folder) / 'null.wav').symlink_to('/dev/null')
            usage = run(self._program.command(self._workload, self._block, seconds, Path(folder)),
                        self._program.threads)
        # Processor time leaves out who else runs; but threads are there to be done earlier, not with less work.
        return usage.wall if self._program.threads > 1 else usage.cpu


def measure(programs, workload, block, runs, seconds, tell):
    """The median of each, by title; in turns, so that what slows the machine down meets them all. Of who fails, why."""
    watches = {program.title: Stopwatch(program, workload, block) for program in programs}
    failed = {}

    def each(act):
        for title, watch in watches.items():
            if title not in failed:
                try:
                    act(watch)
                except Failure as failure:
                    failed[title] = str(failure)

    each(lambda watch: watch.choose_length(seconds))
    for _ in range(runs):
        each(Stopwatch.measure)
    figures = {title: median(watch.figures) for title, watch in watches.items() if title not in failed}
    for title, figure in figures.items():
        tell(f'{title}: {figure:.2f}, of {min(watches[title].figures):.2f} … {max(watches[title].figures):.2f}')
    return figures, failed
