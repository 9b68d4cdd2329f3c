# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Perigee as a JACK client, which follows its patch: W6 is saved over W2, and W2 over W6."""

import os
import re
from contextlib import contextmanager

from peers.perigee import SCRIPTS, Perigee
from peers.process import Failure
from peers.workloads import ADDED

# Beside the workload: where the first of the voices that come is heard.
BEFORE = (SCRIPTS / 'w2-loop.lua', 'output("mark", 0)\n')
AFTER = (SCRIPTS / 'w6.lua', 'output("mark", voices[201]:mix())\n')


class Player:
    def __init__(self, process, patch):
        self._process, self._patch = process, patch
        self._texts = {added: file.read_text(encoding='utf-8') + mark
                       for added, (file, mark) in ((False, BEFORE), (True, AFTER))}

    def write(self, added):
        """As editors do: a new file, which takes the name of the old one."""
        new = self._patch.with_suffix('.new')
        new.write_text(self._texts[added], encoding='utf-8')
        os.replace(new, self._patch)

    def add(self):
        self._save(True)

    def remove(self):
        self._save(False)

    def expect(self, added):
        """Said by its answer."""

    def _save(self, added):
        self.write(added)
        answer = self._process.wait_for_line(lambda line: line.startswith('kept '))
        new, gone = map(int, re.search(r'new (\d+), gone (\d+)', answer).groups())
        # The mark takes a node, too, and a sum of more is another one.
        if (new if added else gone) < ADDED.nodes:
            raise Failure(f'it says {answer!r}')


class Live(Perigee):
    mark = 'mark'

    def __init__(self, executable):
        super().__init__(executable, 'loop')
        self.title = 'Perigee'

    @contextmanager
    def play(self, server, folder, environment):
        patch = folder / 'patch.lua'
        player = Player(None, patch)
        player.write(False)
        with server.start([self.executable, 'run', '--watch', patch], environment) as process:
            process.wait_for_line(lambda line: line.startswith('outputs:'))
            yield Player(process, patch)
