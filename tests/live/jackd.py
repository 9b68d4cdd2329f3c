# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""A JACK server of a test's own, and the programs that play with it. Everything ends by its process id."""

import array
import os
import random
import re
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zlib

if '--inside' not in sys.argv:  # else PipeWire has made one
    RUNTIME = tempfile.TemporaryDirectory()  # where patches that play listen
    os.environ['XDG_RUNTIME_DIR'] = RUNTIME.name
PLAYER, LOOPBACK, GUARD, PORTS = sys.argv[1:5]
PERIGEE = os.environ.get('PERIGEE', '')
EXAMPLES = os.path.normpath(f'{os.path.dirname(__file__)}/../../examples')
# JACK has room for 8 names, and keeps that of a server that was killed until one of the same name comes.
SERVER = f'perigee-test-{zlib.crc32(__file__.encode()):x}'
PATIENCE = 15  # seconds: long enough for a loaded machine, shorter than the test's own limit


def wait_for(what, condition):
    """Polls until the condition holds; what it returns is returned."""
    end = time.monotonic() + PATIENCE
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise AssertionError(f'waited in vain: {what}')
        time.sleep(0.02)


def may_be_realtime():
    try:
        before = os.sched_getscheduler(0), os.sched_getparam(0)
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(70))
        os.sched_setscheduler(0, *before)
        return True
    except PermissionError:
        print('without -R: the system does not permit SCHED_FIFO here')
        return False


class Process:
    """A program whose output is kept in a file, so that it can be read while it runs and never blocks it."""

    def __init__(self, *command, env=None, stdin=None):
        self.out = tempfile.TemporaryFile()
        self.process = subprocess.Popen(command, env=env, stdin=stdin, stdout=self.out, stderr=subprocess.STDOUT)
        self.stdin = self.process.stdin

    def text(self):
        size = os.fstat(self.out.fileno()).st_size
        return os.pread(self.out.fileno(), size, 0).decode(errors='replace')  # a script may print any bytes

    def wait_for_text(self, text):
        def said():
            if text in self.text():
                return True
            assert self.process.poll() is None, f'ended with {self.process.returncode}:\n{self.text()}'
            return False
        wait_for(f'{text!r} from {self.process.args}, which says: {self.text()}', said)

    def wait(self):
        return self.process.wait(PATIENCE)

    def end(self, with_signal=signal.SIGTERM):
        """Returns the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(with_signal)
        try:
            return self.wait()
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f'{self.process.args} does not end on signal {with_signal}:\n{self.text()}')

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        # A JACK client that is killed can stall the server: first ask.
        self.process.terminate()
        try:
            self.process.wait(2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if kind is not None:
            print(f'--- {self.process.args}, exit {self.process.returncode}:\n{self.text()[-2000:]}')


class Server(Process):
    """`sync`: a cycle waits for all clients, however slow the machine is, so that no frame is lost."""

    def __init__(self, period=64, sync=False):
        self.env = dict(os.environ, JACK_DEFAULT_SERVER=SERVER, JACK_NO_START_SERVER='1',
                        JACK_NO_AUDIO_RESERVATION='1')
        self.period = period
        self.env.pop('LD_PRELOAD', None)
        command = ['jackd', '-n', SERVER]
        command += ['-R', '-P', '70'] if may_be_realtime() else ['-r']
        command += ['-S', '-t', '5000'] if sync else []
        super().__init__(*command, '-d', 'dummy', '-r', '48000', '-p', str(period), env=self.env)
        wait_for('the JACK server', lambda: self.process.poll() is not None or 'system:playback_2' in self.lsp())
        assert self.process.poll() is None, f'jackd does not start:\n{self.text()}'

    def run(self, *command):
        return subprocess.run(command, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=PATIENCE, text=True).stdout

    def lsp(self, *options):
        return self.run('jack_lsp', *options)

    def start(self, *command, guarded=False, **options):
        env = dict(self.env, LD_PRELOAD=GUARD) if guarded else self.env
        return Process(*command, env=env, **options)

    def play(self, patch, **options):
        """The player, once it says that it plays."""
        player = self.start(PLAYER, patch, **options)
        return player if patch == '-' else self.playing(player)

    def perigee(self, patch, *options, **more):
        """`perigee run`, once it says that it plays."""
        return self.playing(self.start(PERIGEE, 'run', patch, *options, **more))

    @staticmethod
    def playing(process):
        try:
            process.wait_for_text('outputs:')
        except BaseException:
            process.__exit__(AssertionError)
            raise
        return process

    def connect(self, a, b):
        text = self.run('jack_connect', a, b)
        assert 'ERROR' not in text and 'cannot' not in text, text

    def ports(self):
        """Port → what it is connected to."""
        found, port = {}, None
        for line in self.lsp('-c').splitlines():
            if line.startswith(' '):
                found[port].append(line.strip())
            else:
                port = line
                found[port] = []
        return found

    def latencies(self):
        """Port → (capture range, playback range)."""
        found, port = {}, None
        for line in self.lsp('-l').splitlines():
            if not line.startswith('\t'):
                port = line
                found[port] = [None, None]
            elif 'latency = [' in line:
                least, most = line[line.index('[') + 1:line.index(']')].split()
                found[port][0 if 'capture' in line else 1] = int(least), int(most)
        return {port: tuple(ranges) for port, ranges in found.items()}

    def round_trip(self, to, from_):
        """Frames from a port into the patch to one out of it and back, as jack_iodelay measures them."""
        with self.start('stdbuf', '-oL', 'jack_iodelay') as iodelay:
            wait_for('jack_iodelay', lambda: 'jack_delay:in' in self.lsp())
            self.connect('jack_delay:out', to)
            self.connect(from_, 'jack_delay:in')

            def steady():
                found = re.findall(r'([\d.]+) frames .* total', iodelay.text())
                return len(found) > 3 and len(set(found[-3:])) == 1 and float(found[-1])
            result = wait_for('jack_iodelay to measure the same three times', steady)
            iodelay.end()
            return result

    def loopback(self, lanes_in, to, out, from_, *more):
        text = self.run(LOOPBACK, lanes_in, ','.join(to), out, ','.join(from_), *more)
        assert 'xruns' in text, text
        return text


def write_wav(path, lanes, rate=48000):
    """Float WAV from lists of lanes."""
    data = array.array('f', (sample for frame in zip(*lanes) for sample in frame)).tobytes()
    head = struct.pack('<HHIIHH', 3, len(lanes), rate, rate * 4 * len(lanes), 4 * len(lanes), 32)
    with open(path, 'wb') as file:
        file.write(b'RIFF' + struct.pack('<I', 36 + len(data)) + b'WAVEfmt ' + struct.pack('<I', 16) + head)
        file.write(b'data' + struct.pack('<I', len(data)) + data)


def read_wav(path):
    """Frames of a float WAV: lanes of samples."""
    with open(path, 'rb') as file:
        bytes_ = file.read()
    at, channels = 12, 0
    while at < len(bytes_):
        name, size = bytes_[at:at + 4], struct.unpack('<I', bytes_[at + 4:at + 8])[0]
        if name == b'fmt ':
            format_, channels = struct.unpack('<HH', bytes_[at + 8:at + 12])
            assert format_ in (3, 0xfffe), 'not float'
        if name == b'data':
            samples = array.array('f', bytes_[at + 8:at + 8 + size])
            return [samples[lane::channels] for lane in range(channels)]
        at += 8 + size + size % 2
    raise AssertionError(f'{path} is no WAV')


def longest_common_run(got, reference):
    """How many frames in a row are the same. An overloaded machine loses some where nobody waits."""
    best = run = 0
    for a, b in zip(got, reference):
        run = run + 1 if a == b else 0
        best = max(best, run)
    return best


def noise(lanes, frames, seed):
    generator = random.Random(seed)
    return [[generator.uniform(-1, 1) for _ in range(frames)] for _ in range(lanes)]
