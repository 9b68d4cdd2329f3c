# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""What scripts/compare-peers is made of, without any peer: reading sound, files for SuperCollider, figures, the
table."""

import math
import random
import struct
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
HOME = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(HOME / 'scripts'))

from peers import edits, perigee, perigee_live, periods, score, sound, supercollider, table, timing  # noqa: E402
from peers.workloads import ADDED, CHUNK, RATE, TONE, WORKLOADS, Branches  # noqa: E402

SEED = random.randrange(2 ** 32)


def wav(channels, bits=32, before=b''):
    data = struct.pack(f'<{len(channels) * len(channels[0])}f', *(x for frame in zip(*channels) for x in frame))
    head = struct.pack('<HHIIHH', 3, len(channels), RATE, RATE * len(channels) * 4, len(channels) * 4, bits)
    chunks = before + b'fmt ' + struct.pack('<I', len(head)) + head + b'data' + struct.pack('<I', len(data)) + data
    return b'RIFF' + struct.pack('<I', 4 + len(chunks)) + b'WAVE' + chunks


def sine(amplitude, frequency, phase=0.0, seconds=1):
    return [amplitude * math.cos(2 * math.pi * frequency * i / RATE + phase) for i in range(seconds * RATE)]


class Sound(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name) / 'sound.wav'

    def test_what_was_written_is_read(self):
        made = random.Random(SEED)
        for count in (1, 2, 3):
            channels = [[struct.unpack('f', struct.pack('f', made.uniform(-1, 1)))[0] for _ in range(100)]
                        for _ in range(count)]
            # A chunk that nobody knows, of an odd size, with its filler.
            self.file.write_bytes(wav(channels, before=b'odd ' + struct.pack('<I', 3) + b'abc\0'))
            self.assertEqual([list(channel) for channel in sound.read(self.file)], channels, f'seed {SEED}')

    def test_what_is_no_sound_is_refused(self):
        for data in (b'', b'RIFF', wav([[0.0]])[:-12], wav([[0.0]], bits=16), b'RIFX' + wav([[0.0]])[4:]):
            self.file.write_bytes(data)
            with self.assertRaises(sound.Unreadable):
                sound.read(self.file)

    def test_levels_of_sines_are_those_of_formulas(self):
        made = random.Random(SEED)
        for _ in range(5):
            amplitude, phase = made.uniform(0.01, 1), made.uniform(-3, 3)
            of_sine = 10 * math.log10(amplitude ** 2 / 2)
            tone = sine(amplitude, TONE, phase)
            self.assertAlmostEqual(sound.rms(tone), of_sine, 6, f'seed {SEED}')
            self.assertAlmostEqual(sound.phase(tone), phase, 6, f'seed {SEED}')
            # At its corner a Butterworth filter has half the power; what starts with it is little in a second.
            self.assertAlmostEqual(sound.rms(sound.high(sine(amplitude, 5000), 5000)), of_sine - 3.01, 1)
            self.assertLess(sound.rms(sound.high(tone, 5000)), of_sine - 40)
            self.assertAlmostEqual(sound.rms(sound.low(sine(amplitude, 100), 100)), of_sine - 3.01, 1)

    def test_a_short_file_gives_no_impression(self):
        tone = sine(1, TONE, seconds=sound.SECONDS)
        self.file.write_bytes(wav([tone, tone]))
        self.assertAlmostEqual(sound.Impression.of(self.file).left, -3.01, 2)
        for channels in ([tone[1:], tone[1:]], [tone]):
            self.file.write_bytes(wav(channels))
            with self.assertRaises(sound.Unreadable):
                sound.Impression.of(self.file)


class Workloads(unittest.TestCase):
    def test_the_nodes_are_those_that_are_counted(self):
        for workload in (*WORKLOADS, ADDED):
            if isinstance(workload, Branches):
                nodes = sum(map(len, workload.branches))
            else:
                nodes = sum(len(voice.stages) + 2 for voice in workload.voices)  # its saw and its pan
            self.assertEqual(nodes, workload.nodes, workload.name)
            for style in ('loop', 'bundle') if workload in WORKLOADS else ():
                self.assertTrue((perigee.SCRIPTS / f'{workload.name.lower()}-{style}.lua').exists())
        for file, _ in (perigee_live.BEFORE, perigee_live.AFTER):
            self.assertTrue(file.exists())


class SuperCollider(unittest.TestCase):
    def test_a_score_is_bundles_in_order_and_small(self):
        for workload in WORKLOADS:
            for parallel in (False, True):
                data = score.score(supercollider.Patch(workload, parallel).messages, 1.5)
                at, times = 0, []
                while at < len(data):
                    size, head, time, length = struct.unpack_from('>i8sQi', data, at)
                    self.assertEqual((head, length + 20, size % 4), (b'#bundle\0', size, 0))
                    self.assertLess(size, 8192)
                    times.append(time)
                    at += 4 + size
                self.assertEqual(at, len(data))
                self.assertEqual(times, [0] * (len(times) - 1) + [3 << 31])

    def test_an_edit_is_one_bundle_of_all(self):
        patch = supercollider.Patch(ADDED, False, 5000, 2).messages
        data = score.bundle(patch)
        self.assertEqual(data[:16], b'#bundle\0' + bytes(7) + b'\1')
        at, found = 16, []
        while at < len(data):
            length, = struct.unpack_from('>i', data, at)
            found.append(data[at + 4:at + 4 + length])
            at += 4 + length
        self.assertEqual(found, patch)
        nodes = [integers[0] for _, integers in map(score.received, found)]
        self.assertEqual(nodes, list(range(5000, 5000 + ADDED.nodes)))

    def test_what_is_sent_is_received(self):
        made = random.Random(SEED)
        for _ in range(100):
            address = '/' + 'a' * made.randrange(1, 12)
            sent = [made.choice([made.randrange(-2 ** 31, 2 ** 31), made.uniform(-1, 1), 'b' * made.randrange(9)])
                    for _ in range(made.randrange(6))]
            self.assertEqual(score.received(score.message(address, *sent)),
                             (address, [one for one in sent if isinstance(one, int)]), f'seed {SEED}')

    def test_a_synthdef_holds_what_it_says(self):
        for graph in (*supercollider.kinds(), *map(supercollider.whole, WORKLOADS)):
            outputs = self.outputs_of(graph.bytes())
            self.assertGreater(len(outputs), 1)

    def outputs_of(self, data):
        """Reads it by the format's description; the numbers of outputs of its UGens."""
        at = 0

        def take(form):
            nonlocal at
            values = struct.unpack_from('>' + form, data, at)
            at += struct.calcsize('>' + form)
            return values if len(values) != 1 else values[0]

        def text():
            return take(f'{take("B")}s')

        self.assertEqual(take('4sih'), (b'SCgf', 2, 1))
        text()
        constants = take('i')
        take(f'{constants}f')
        params = take('i')
        take(f'{params}f')
        for index in range(take('i')):
            text()
            self.assertEqual(take('i'), index)
        outputs = []
        for ugen in range(take('i')):
            text()
            _, inputs, made, _ = take('biih')
            for _ in range(inputs):
                source, index = take('ii')
                # Each hears only what ran before it.
                self.assertLess(source, ugen)
                self.assertLess(index, constants if source == -1 else outputs[source])
            take(f'{made}b')
            outputs.append(made)
        self.assertEqual(take('h'), 0)
        self.assertEqual(at, len(data))
        return outputs


class Timing(unittest.TestCase):
    def test_starting_is_not_counted(self):
        made = random.Random(SEED)
        for workload in WORKLOADS:
            start, cost = made.uniform(0, 5), made.uniform(0.001, 1)

            class Known(timing.Stopwatch):
                def _taken(self, seconds):
                    return start + cost * seconds

            watch = Known(None, workload, CHUNK)
            watch.choose_length(2)
            watch.measure()
            self.assertAlmostEqual(watch.figures[0] / (cost / (RATE / CHUNK) / workload.nodes * 1e9), 1, 6,
                                   f'seed {SEED}')


class Table(unittest.TestCase):
    class Row:
        def __init__(self, title, ours, modular, threads=1):
            self.title, self.ours, self.modular, self.threads = title, ours, modular, threads

    def test_ratios_are_of_the_best(self):
        rows = [self.Row('loop', True, True), self.Row('bundle', True, False), self.Row('whole', False, False),
                self.Row('nodes', False, True), self.Row('threads', False, True, 2), self.Row('off', False, True)]
        results = {('loop', 'W1'): 10.0, ('bundle', 'W1'): 5.0, ('whole', 'W1'): 4.0, ('nodes', 'W1'): 25.0,
                   ('threads', 'W1'): 1.0, ('off', 'W1'): 'wrong'}
        lines = table.table(rows, WORKLOADS[:2], results).splitlines()
        self.assertEqual(lines[-2:], ['| best peer ÷ Perigee | 0.80 | – |',
                                      '| the same, each node of its own | 2.50 | – |'])
        self.assertIn('| off | wrong | – |', lines)

    def test_edits_have_a_row_each(self):
        made = random.Random(SEED)
        numbers = [made.uniform(0, 1000) for _ in range(12)]
        series = [edits.Series(*numbers[i:i + 2]) for i in range(0, 12, 2)]
        result = edits.Result(*series, late=3, late_at_rest=1)
        rows = [self.Row('loop', True, True), self.Row('nodes', False, True)]
        lines = table.edits_table(rows, {'loop': result, 'nodes': 'failed'}).splitlines()
        self.assertEqual(len({line.count('|') for line in lines}), 1)
        told = [float(cell) for cells in lines[2].split('|')[2:-3] for cell in cells.split('…')]
        for number, one in zip(told, numbers):
            self.assertAlmostEqual(one, number, delta=max(0.5, one / 100), msg=f'seed {SEED}')
        self.assertEqual(lines[2].split('|')[-3:-1], [' 3 ', ' 1 '])
        self.assertEqual(set(lines[3].split('|')[2:-1]), {' failed '})

    def test_it_replaces_what_is_between_its_marks(self):
        text = 'before\n' + ''.join(f'{begin}\nold\n{end}\n' for begin, end in (table.SPEED, table.EDITS)) + 'after\n'
        for marks in (table.SPEED, table.EDITS):
            begin, end = marks
            new = table.put(text, 'new', marks)
            self.assertEqual(new, text.replace(f'{begin}\nold\n{end}', f'{begin}\nnew\n{end}'))
            self.assertEqual(table.put(new, 'new', marks), new)
            for wrong in ('', begin, f'{end}{begin}'):
                with self.assertRaises(table.Misplaced):
                    table.put(wrong, 'new', marks)

    def test_the_readme_has_its_places(self):
        for marks in (table.SPEED, table.EDITS):
            table.put((HOME / 'README.md').read_text(encoding='utf-8'), 'new', marks)


class Edits(unittest.TestCase):
    """Periods as a client's that takes as long as we say."""

    LENGTH = 1333333  # ns

    def setUp(self):
        made = random.Random(SEED)
        self.rest, self.edit, self.after, self.settled = (made.randrange(1000, 100000) for _ in range(4))
        self.log, self.additions = [], []
        pause = round(edits.PAUSE * 1e9 / self.LENGTH)
        for _ in range(5):
            self.play(2 * pause, self.rest, False)
            sent = len(self.log) * self.LENGTH - made.randrange(self.LENGTH)
            self.additions.append(edits.Edit(sent, sent + 3 * self.LENGTH))
            self.play(1, self.rest, False)
            self.play(1, self.edit, True)
            # One that is long, among those that are not.
            self.play(1, self.after, True)
            self.play(pause, 500, True)
            self.play(2 * pause, self.settled, True)

    def play(self, count, took, sounds):
        self.log += [periods.Period((len(self.log) + i) * self.LENGTH, took, sounds) for i in range(count)]

    def test_the_period_is_that_where_it_is_heard(self):
        found = edits.figures_of(self.log, self.additions)
        for name, expected in (('rest', self.rest), ('edit', self.edit), ('after', self.after),
                               ('settled', self.settled)):
            self.assertEqual(found[name], edits.Series(expected / 1e3, expected / 1e3), f'{name}, seed {SEED}')
        self.assertAlmostEqual(found['answered'].median, 3 * self.LENGTH / 1e6)
        # In the second period from when it was sent, and that is over.
        self.assertGreaterEqual(found['heard'].worst * 1e6, self.LENGTH + self.edit)
        self.assertLess(found['heard'].worst * 1e6, 2 * self.LENGTH + self.edit)

    def test_what_is_not_heard_has_no_figures(self):
        deaf = [periods.Period(one.begin, one.took, False) for one in self.log]
        with self.assertRaises(edits.Unheard):
            edits.figures_of(deaf, self.additions)


unittest.main()
