# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""alike.py PERIGEE EXECUTABLE: a peer plays every workload of scripts/compare-peers as Perigee does, with every block
size; and if it is given another graph to play, that is noticed."""

import dataclasses
import shutil
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / 'scripts'))

from peers import check, csound, perigee, pure_data, supercollider  # noqa: E402
from peers.workloads import WORKLOADS, Branches, Gain, Lowpass, from_db  # noqa: E402

W1, W2, W3, W4 = WORKLOADS


def with_stages(workload, change):
    """The same graph, each stage of which is what `change` makes of it."""
    def changed(stages):
        return tuple(map(change, stages))

    if isinstance(workload, Branches):
        return dataclasses.replace(workload, branches=tuple(map(changed, workload.branches)))
    return with_voices(workload, lambda voice: dataclasses.replace(voice, stages=changed(voice.stages)))


def with_voices(workload, change):
    return dataclasses.replace(workload, voices=tuple(map(change, workload.voices)))


def louder(workload, db):
    return with_stages(workload, lambda stage: Gain(stage.factor * from_db(db)) if isinstance(stage, Gain) else stage)


def retuned(workload, factor):
    """Its low-passes."""
    return with_stages(workload, lambda stage: Lowpass(stage.cutoff * factor, stage.q) if isinstance(stage, Lowpass)
                       else stage)


def mirrored(workload):
    return with_voices(workload, lambda voice: dataclasses.replace(voice, position=-voice.position))


def higher(workload):
    return with_voices(workload, lambda voice: dataclasses.replace(voice, pitch=2 * voice.pitch))


# Each with a workload in which it must be heard.
SPOILT = [('louder', W1, lambda one: louder(one, 0.02)), ('louder', W2, lambda one: louder(one, 1.5)),
          ('mirrored', W2, mirrored), ('brighter', W2, lambda one: retuned(one, 2)),
          ('darker', W3, lambda one: retuned(one, 0.5)), ('mirrored', W4, mirrored), ('higher', W4, higher)]


class Spoilt:
    """A program that plays another graph in the place of one workload."""

    def __init__(self, program, workload, change):
        self._program, self._workload, self._change = program, workload, change
        self.threads = program.threads

    def command(self, workload, *arguments):
        return self._program.command(self._change(workload) if workload is self._workload else workload, *arguments)


def main():
    reference = check.Listener(perigee.Perigee(sys.argv[1], 'loop'), 64)
    programs = [one for one in (*supercollider.PROGRAMS, *pure_data.PROGRAMS, *csound.PROGRAMS)
                if one.executable == sys.argv[2]]
    if shutil.which(sys.argv[2]) is None:
        print(f'{sys.argv[2]} is not installed: apt-get install {programs[0].package}')
        return 77
    failures = 0

    def expect(right, what):
        nonlocal failures
        failures += not right
        print(f'{"ok" if right else "WRONG"}: {what}', flush=True)

    for program in programs:
        for block in (64, 256):
            listener = check.Listener(program, block)
            for workload in WORKLOADS:
                found = check.objections(workload, listener, reference)
                expect(not found, f'{program.title}, blocks of {block}, {workload.name}: {", ".join(found) or "alike"}')
    for name, workload, change in SPOILT:
        found = check.objections(workload, check.Listener(Spoilt(programs[0], workload, change), 64), reference)
        expect(found, f'{programs[0].title}, {workload.name}, {name}: {", ".join(found) or "not noticed"}')
    return failures > 0


sys.exit(main())
