# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""live_edits.py PERIGEE EXECUTABLE: a program plays W6 under a JACK server, and is seen to do so: periods follow each
other, and the 500 nodes are heard when they are there. A program that adds nothing gets no figures."""

import shutil
import sys
from contextlib import contextmanager
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / 'scripts'))

from peers import edits, jack, perigee_live, supercollider_live  # noqa: E402
from peers.process import Failure  # noqa: E402

EDITS = 5


class Lazy:
    """Does not add, but answers."""

    def __init__(self, program):
        self._program, self.mark = program, program.mark

    @contextmanager
    def play(self, *arguments):
        with self._program.play(*arguments) as player:
            player.add = player.remove = lambda: None
            yield player


class Silent:
    """Says nothing about how many nodes it has, either."""

    def __init__(self, program):
        self._program, self.mark = program, program.mark

    @contextmanager
    def play(self, *arguments):
        with Lazy(self._program).play(*arguments) as player:
            player.expect = lambda added: None
            yield player


def refused(program, server):
    try:
        edits.measure(program, server, EDITS)
    except (edits.Unheard, Failure) as failure:
        print(f'refused: {failure}')
        return True
    return False


def main():
    programs = [perigee_live.Live(sys.argv[1]), *supercollider_live.PROGRAMS]
    program = next(one for one in programs if one.executable == sys.argv[2])
    for needed in (program, jack.SERVER):
        if shutil.which(needed.executable) is None:
            print(f'{needed.executable} is not installed: apt-get install {needed.package}')
            return 77
    with jack.Server() as server:
        result = edits.measure(program, server, EDITS)
        print(result)
        assert 0 < result.rest.median <= result.rest.worst
        # It takes some time until a message is there, and the period that it is heard in is then not over.
        assert 0 < result.edit.worst < result.heard.worst * 1e3
        assert refused(Lazy(program), server)
        assert refused(Silent(program), server)
    return 0


sys.exit(main())
