# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Perigee itself, rendering its own scripts: each node of its own, and as bundles."""

import subprocess
from pathlib import Path

from peers.program import Command, Program

SCRIPTS = Path(__file__).resolve().parents[2] / 'lua' / 'bench'


class Perigee(Program):
    ours = True

    def __init__(self, executable, style):
        self.executable, self._style = str(executable), style
        self.modular = style == 'loop'
        self.title = {'loop': 'Perigee, each node of its own', 'bundle': 'Perigee, bundles'}[style]

    def version(self):
        return subprocess.run([self.executable, '--version'], stdout=subprocess.PIPE, text=True,
                              check=True).stdout.split()[-1]

    def command(self, workload, block, seconds, folder, sound=None):
        script = SCRIPTS / f'{workload.name.lower()}-{self._style}.lua'
        return Command([self.executable, 'render', script, '-d', seconds, '-p', block,
                        '-o', sound or folder / 'null.wav'])
