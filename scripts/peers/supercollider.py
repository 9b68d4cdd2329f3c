# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""scsynth and supernova, rendering a score. Three ways to write a graph: as one SynthDef, which nobody can edit; as a
synth for each node, with buses between them; and, for supernova's threads, the latter with voices in parallel."""

from peers.program import Command, Program
from peers.score import message, score
from peers.synthdef import SynthDef
from peers.workloads import BUTTERWORTH, Branches, Gain, RATE, TONE

SAW = 2  # Saw swings by half of what others do; Pan2 takes a level, so that this costs nothing

ROOT, TAIL = 0, 1
TONE_BUS, SUM_BUS, FIRST_BUS = 2, 3, 4  # after the two of the output


def lowpass(graph, signal, cutoff, rq):
    """RLPF resonates; LPF is the Butterworth one."""
    return graph.ugen('LPF', [signal, cutoff])[0] if rq is None else graph.ugen('RLPF', [signal, cutoff, rq])[0]


def rq(stage):
    return None if stage.q == BUTTERWORTH else 1 / stage.q


def whole(workload):
    """The workload as one SynthDef."""
    graph = SynthDef('whole')

    def through(signal, stages):
        for stage in stages:
            if isinstance(stage, Gain):
                signal = graph.times(signal, stage.factor)
            else:
                signal = lowpass(graph, signal, stage.cutoff, rq(stage))
        return signal

    if isinstance(workload, Branches):
        tone = graph.ugen('SinOsc', [TONE, 0])[0]
        total = graph.times(graph.sum([through(tone, stages) for stages in workload.branches]), workload.level)
        graph.out(0, total, total)
    else:
        placed = [graph.ugen('Pan2', [through(graph.ugen('Saw', [voice.pitch])[0], voice.stages), voice.position, SAW],
                             outputs=2) for voice in workload.voices]
        graph.out(0, *(graph.sum(list(side)) for side in zip(*placed)))
    return graph


def kinds():
    """A SynthDef for each kind of node. Those in a chain replace what is on their bus; 'add' adds to a sum."""
    def kind(name, process, out='ReplaceOut', **params):
        graph = SynthDef(name, source=0, out=0, **params)
        graph.out(graph['out'], *process(graph, lambda: graph.ugen('In', [graph['source']])[0]), kind=out)
        return graph

    yield kind('tone', lambda graph, _: graph.ugen('SinOsc', [TONE, 0]))
    yield kind('saw', lambda graph, _: graph.ugen('Saw', [graph['pitch']]), pitch=TONE)
    yield kind('pan', lambda graph, source: graph.ugen('Pan2', [source(), graph['position'], SAW], outputs=2), 'Out',
               position=0)
    yield kind('level', lambda graph, source: [graph.times(source(), graph['factor'])] * 2, factor=1)
    for name, out in (('', 'ReplaceOut'), ('-add', 'Out')):
        yield kind('gain' + name, lambda graph, source: [graph.times(source(), graph['factor'])], out, factor=1)
        yield kind('lowpass' + name, lambda graph, source: [lowpass(graph, source(), graph['cutoff'], None)], out,
                   cutoff=TONE)
        yield kind('resonant' + name, lambda graph, source: [lowpass(graph, source(), graph['cutoff'], graph['rq'])],
                   out, cutoff=TONE, rq=1)


class Patch:
    """A synth for each node, as the messages that make them. `bus` is the first of the voices' own."""

    def __init__(self, workload, parallel, first_node=1001, bus=FIRST_BUS):
        self.messages = []
        self._last_node = first_node - 1
        self._voices_in = ROOT
        if isinstance(workload, Branches):
            self._synth(ROOT, 'tone', out=TONE_BUS)
            self._start_voices(parallel)
            for bus, stages in enumerate(workload.branches, FIRST_BUS):
                self._chain(self._voice(parallel), stages, TONE_BUS, bus, SUM_BUS)
            self._synth(ROOT, 'level', source=SUM_BUS, factor=workload.level)
        else:
            self._start_voices(parallel)
            for bus, voice in enumerate(workload.voices, bus):
                group = self._voice(parallel)
                self._synth(group, 'saw', out=bus, pitch=voice.pitch)
                self._chain(group, voice.stages, bus, bus, bus)
                self._synth(group, 'pan', source=bus, position=voice.position)

    def _node(self):
        self._last_node += 1
        return self._last_node

    def _start_voices(self, parallel):
        if parallel:
            self._voices_in = self._node()
            self.messages.append(message('/p_new', self._voices_in, TAIL, ROOT))

    def _voice(self, parallel):
        if not parallel:
            return ROOT
        group = self._node()
        self.messages.append(message('/g_new', group, TAIL, self._voices_in))
        return group

    def _synth(self, group, kind, **params):
        controls = [one for name, value in params.items() for one in (name, float(value))]
        self.messages.append(message('/s_new', kind, self._node(), TAIL, group, *controls))

    def _chain(self, group, stages, source, bus, end):
        for stage in stages:
            out = end if stage is stages[-1] else bus
            kind, params = 'gain', {}
            if isinstance(stage, Gain):
                params['factor'] = stage.factor
            else:
                kind, params['cutoff'] = 'lowpass', stage.cutoff
                if rq(stage) is not None:
                    kind, params['rq'] = 'resonant', rq(stage)
            self._synth(group, kind + ('-add' if out != bus else ''), source=source, out=out, **params)
            source = bus


class SuperCollider(Program):
    def __init__(self, executable, package, style, threads=1):
        self.executable, self.package, self.threads = executable, package, threads
        self.modular = style != 'one SynthDef'
        self.title = f'{executable}, {style}' + (f', {threads} threads' if threads > 1 else '')

    def command(self, workload, block, seconds, folder, sound=None):
        if self.modular:
            graphs, messages = kinds(), Patch(workload, self.threads > 1).messages
        else:
            graphs, messages = [whole(workload)], [message('/s_new', 'whole', 1000, TAIL, ROOT)]
        for graph in graphs:
            (folder / f'{graph.name}.scsyndef').write_bytes(graph.bytes())
        (folder / 'score.osc').write_bytes(score(messages, seconds))
        options = ['-i', '0', '-o', '2', '-z', block, '-n', '4096', '-a', '4096', '-m', '262144', '-V', '-1']
        if self.executable == 'supernova':
            options += ['-T', self.threads]
        return Command([self.executable, '-N', folder / 'score.osc', '_', sound or folder / 'null.wav', RATE,
                        'WAV', 'float', *options], {'SC_SYNTHDEF_PATH': str(folder)})


PROGRAMS = [SuperCollider(executable, package, style)
            for executable, package in (('scsynth', 'supercollider-server'), ('supernova', 'supercollider-supernova'))
            for style in ('one SynthDef', 'a synth a node')]
PROGRAMS.append(SuperCollider('supernova', 'supercollider-supernova', 'a synth a node', threads=2))
