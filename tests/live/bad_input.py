# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input from everywhere at once: lines at the socket, packets of OSC, bytes of MIDI and whatever can happen to JACK's
ports, for patches that have functions for all of it and answer by notes, OSC and wires, while they are saved. Each line is
answered, a plain request is answered soon, what is sent on is well made, and the patch ends when it is told to, without a
word from a sanitizer. BAD_LINES tells how many lines there are, BAD_SEED repeats them (not their order in time)."""

import collections
import json
import os
import queue
import random
import re
import socket
import subprocess
import tempfile
import threading
import time

from bad_lines import Lines
from bad_packets import Packets
from jackd import PERIGEE, Server, wait_for
from osc_bytes import message

LINES = int(os.environ.get('BAD_LINES', '3000'))
SEED = int(os.environ.get('BAD_SEED', str(random.SystemRandom().randrange(1 << 30))))
IN_A_ROUND = 10000  # lines: numbers of nodes are never given twice, so that each edit costs more than the one before
CLIENTS = 8
PATIENCE = 60  # seconds until an answer that does not come is a stall; busy machines need some
HONEST = 30  # seconds, for a request that asks for nothing

HEAD = '''
function safely(f)
  return function(...)
    local ok, why = pcall(f, ...)
    if not ok then failures, last = (failures or 0) + 1, why end
  end
end
friends = { "127.0.0.1:PORT", "127.0.0.1:PORT", "PORT", "localhost:PORT", "nowhere", "[::1]:PORT", "127.0.0.1:99999", "" }
keys = midi("keys", "wild:out")
synth = midi_out("synth", "wild:in")
mic = input("mic")
tone = saw(110)
low = (tone + mic):lowpass(900)
level = param{ 0.5, 0, 2, cc = keys:cc(11) }
knob = param{ 1200, 80, 12000, curve = "exp", cc = keys:cc{ 1, kind = "14 bit" } }
scene = switch(keys:program(), { tone, low, noise() })
v = voices(8, keys, function(v) return sine(v.hz) * v.gate * v.velocity end)
lead = voices(4, function(v) return saw(v.hz) * v.gate * v.pressure end)
output("main", (scene + v:mix() + lead:mix()) * 0.05 * level)
output("side", low:delay(0.01, { feedback = 0.5 }) * keys:bend() * keys:pressure() + keys:cc{ 300, kind = "nrpn" })
'''
ANSWERS = '''
osc.on("/ask", safely(function(...) osc.send(friends[1], "/told", ...) end))
osc.on("/fader/1", safely(function(value, ...) level.value = value; level:set{ value = value, over = select(1, ...) } end))
osc.on("/play", safely(function(key, velocity, beats, channel)
  lead:note(key, velocity, beats)
  synth:note(key, velocity, beats, channel)
  wait(beats % 4)
  synth:cc(key, velocity, channel)
end))
osc.on("/later", safely(function(beats, ...) wait(beats % 4) osc.send(friends[1], "/later", now(), ...) end))
osc.on("/odd path", function(...) for i = 1, select("#", ...) do state[i] = (select(i, ...)) end end)
keys:on{
  note = function(key, velocity, channel)
    if velocity == 0 then return osc.send(friends[1], "/off", key, channel) end
    synth:note(key, velocity, 1/8, channel)
    lead:note(127 - key, velocity, 1/4)
    wait(1/16)
    synth:note(key, velocity / 2, 1/16, channel)
  end,
  cc = function(number, value, channel)
    synth:cc(number, value, channel)
    low:set{ cutoff = 100 + 5000 * value, over = value }
    osc.send(friends[1], "/cc", number, value, channel)
  end,
  program = function(number, channel) synth:program(number, channel) end,
  bend = function(value, channel) synth:bend(value, channel) end,
  pressure = function(value, channel) synth:pressure(value, channel) end,
  key_pressure = function(key, value, channel) synth:cc(key, value, channel) end,
}
jack.on("port", function(name, there)
  osc.send(friends[1], "/port", name, there)
  if there and name:find("wild:") then
    jack.connect(name, "perigee:mic")
    jack.connect("perigee:side", name)
    wait(1)
    jack.disconnect("perigee:side", name)
  end
end)
jack.on("connection", function(from, to, there) osc.send(friends[1], "/wire", from, to, there) end)
'''
LOOPS = '''
tempo(240)
r1 = loop(1, function()
  synth:note(36, 1, 1/8, 10)
  for k = 1, 4 do lead:note(48 + k, 0.5, 1/8) wait(1/8) end
  osc.send(friends[1], "/beat", now())
end)
r2 = every(1/4, function() level:set{ value = (now() % 2), over = 0.1 } end)
synth:clock()
'''
FAILING = '''
osc.on("/ask", function(...) error(...) end)
keys:on{ note = function(key) if key > 64 then error("no") end synth:note(key, 1, 1) end, cc = function() wait(1000) end }
jack.on("port", function() undefined() end)
'''
PATCHES = [HEAD + ANSWERS + LOOPS, HEAD + ANSWERS, HEAD + ANSWERS + FAILING, HEAD + 'clock("jack")\n' + ANSWERS + LOOPS,
           HEAD + 'clock("jack", { lead = true })\n' + LOOPS + ANSWERS, HEAD + 'clock(keys)\n' + ANSWERS + LOOPS]
BROKEN = 3 * [HEAD + 'osc.on("ask", 3)\nkeys:on{ nots = print }', HEAD + ANSWERS + 'output(', ''] + [HEAD + 'while true do end']
TOLD = ['the function for "osc ', 'the function for "midi ', 'the function for "jack ', 'is called no more', 'loop r',
        'too much happened at once', 'ran for too long', 'periods were late', 'osc.send to', 'jack.connect', 'not a number']
OPTIONS = [[], ['--ahead', '0.5'], ['--threads', '2'], ['--verbose'], ['--ahead', '0.06']]


class Counts:
    def __init__(self):
        self.lock = threading.Lock()
        self.of = {}

    def add(self, what, how_many=1):
        with self.lock:
            self.of[what] = self.of.get(what, 0) + how_many

    def most(self, what, value):
        with self.lock:
            self.of[what] = max(self.of.get(what, 0), value)

    def __getitem__(self, what):
        with self.lock:
            return self.of.get(what, 0)


class Line:
    """A connection."""

    def __init__(self, path, counts):
        self.counts = counts
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(path)
        self.file = self.socket.makefile('rb')
        counts.add('connections')

    def send(self, data):
        self.socket.sendall(data)

    def answer(self):
        """The last of those to a line; nothing once the connection is over."""
        while True:
            text = self.file.readline()
            if not text:
                return None
            answer = json.loads(text)
            if 'print' not in answer:
                return answer

    def close(self):
        self.file.close()
        self.socket.close()


def is_full(answer):
    mistakes = [] if answer is None else answer.get('mistakes', [])
    return bool(mistakes) and mistakes[0].get('text') == '64 clients are here already'


class Round:
    """A patch that plays, and all that is thrown at it."""

    def __init__(self, perigee, patch, friend, lines, seed, counts):
        self.perigee, self.patch, self.friend, self.counts = perigee, patch, friend, counts
        self.path = os.environ['XDG_RUNTIME_DIR'] + '/perigee/perigee.sock'
        self.osc = int(re.search(r'OSC at 127\.0\.0\.1:(\d+)\n', perigee.text())[1])
        self.left, self.lock = lines, threading.Lock()
        self.failed = queue.Queue()
        self.over = threading.Event()
        seeds = random.Random(seed)
        self.talkers = [self.start(self.talk, seeds.random()) for _ in range(CLIENTS)]
        self.others = [self.start(what, seeds.random()) for what in (self.ask, self.pelt, self.save)]

    def start(self, what, seed):
        def run():
            try:
                what(random.Random(seed))
            except Exception as error:  # of a thread of its own: told by end()
                self.failed.put(f'{what.__name__}: {error!r}')
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        return thread

    def end(self):
        """Once all lines are answered."""
        while any(one.is_alive() for one in self.talkers) and self.failed.empty():
            time.sleep(0.05)
        self.over.set()
        for one in self.talkers + self.others:
            one.join(PATIENCE if self.failed.empty() else 1)
        assert self.failed.empty(), f'{self.failed.get()}\n{self.perigee.text()[-6000:]}'
        with open(f'/proc/{self.perigee.process.pid}/net/udp') as table:
            for row in table.readlines()[1:]:
                if int(row.split()[1].split(':')[1], 16) == self.osc:
                    self.counts.add('packets lost', int(row.split()[-1]))

    def take(self, most):
        with self.lock:
            taken = min(self.left, most)
            self.left -= taken
            return taken

    def connect(self):
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return Line(self.path, self.counts)
            except BlockingIOError:  # as many are being let in as the system keeps waiting
                assert time.monotonic() < end, 'nobody is let in'
                time.sleep(0.02)

    def talk(self, r):
        lines = Lines(r)
        while True:
            line = self.connect()
            for _ in range(r.randrange(1, 40)):
                count = self.take(r.choice([1, 5, 20, 50]))
                if count == 0:
                    return line.close()
                if not self.say(line, r, [lines.any() for _ in range(count)]):
                    break
            for what in range(20):
                if r.random() < 0.004:
                    self.mischief(what % 4, r, lines)
            line.close()

    def say(self, line, r, batch):
        """False when the connection is over: then other lines take the place of these."""
        data = b''.join(one + b'\n' for one in batch)
        cuts = sorted(r.randrange(len(data)) for _ in range(r.choice([0, 0, 0, 1, 3])))
        try:
            for begin, end in zip([0] + cuts, cuts + [len(data)]):
                line.send(data[begin:end])
        except (BrokenPipeError, ConnectionResetError):
            pass  # turned away: what it was told is there
        for i in range(len(batch)):
            try:
                answer = line.answer()
            except ConnectionResetError:
                answer = None
            if i == 0 and (answer is None or is_full(answer)):
                with self.lock:
                    self.left += len(batch)
                self.counts.add('turned away')
                time.sleep(0.05)
                return False
            assert answer is not None, f'the connection is lost at the answer to {batch[i]!r}'
            assert isinstance(answer['ok'], bool), answer
            self.counts.add('lines answered')
            self.counts.add('lines well taken' if answer['ok'] else 'lines refused')
        return True

    def mischief(self, what, r, lines):
        """Connections that are no good. Their lines are not counted among those that are answered."""
        if what == 0:  # who goes in the middle, of a line or of an answer
            line = self.connect()
            whole = b''.join(lines.any() + b'\n' for _ in range(r.randrange(20)))
            line.send(whole + lines.request()[:r.randrange(30)])
            line.close()
        elif what == 1:  # many at once
            many = []
            for _ in range(r.randrange(80)):
                try:
                    many.append(self.connect())
                    many[-1].send(lines.any() + b'\n')
                except OSError:
                    pass
            for one in many:
                one.close()
        elif what == 2:  # without an end
            line = self.connect()
            try:
                line.send(r.choice([b'x', b'[', b'\0', b' ']) * (r.choice([1, 2, 3]) << 20))
                line.send(b'x' * r.randrange(1 << 18))
                answer = line.answer()
                told = 'a line has at most 1 MiB'
                assert answer is None or is_full(answer) or answer['mistakes'][0]['text'] == told, answer
            except (BrokenPipeError, ConnectionResetError):
                pass
            line.close()
        else:  # who does not read
            line = self.connect()
            line.socket.settimeout(2)
            try:
                for _ in range(r.randrange(12)):
                    line.send(b'{"run":"for i = 1, 20 do print((\\"x\\"):rep(50000)) end"}\n')
            except OSError:
                pass
            line.close()
        self.counts.add('mischief')

    def ask(self, _):
        """A plain request, again and again."""
        line, number = None, 0
        while not self.over.wait(0.5 if line is not None else 0.05):
            line = line or self.connect()
            number += 1
            begin = time.monotonic()
            try:
                line.send(b'{"id":%d,"run":"1 + 1"}\n' % number)
                answer = line.answer()
            except (BrokenPipeError, ConnectionResetError):
                answer = None
            if answer is None or is_full(answer):
                line.close()
                line = None
                continue
            seconds = time.monotonic() - begin
            assert answer['id'] == number, answer
            self.counts.add('plain requests')
            self.counts.add('plain requests refused', 0 if answer['ok'] else 1)
            if not answer['ok']:
                self.counts.add(f'plain request: {answer["mistakes"][0]["text"][:60]}')
            self.counts.most('longest ms', int(seconds * 1000))
            self.counts.add('slower than 1 s', int(seconds > 1))
            assert seconds < HONEST, f'a plain request took {seconds:.1f} s'

    def pelt(self, r):
        """OSC."""
        packets = Packets(r)
        while not self.over.is_set():
            for _ in range(r.choice([1, 4, 16, 32])):
                packet = packets.any()
                self.friend.sendto(packet, ('127.0.0.1', self.osc))
                self.counts.add('packets')
                self.counts.add('packet bytes', len(packet))
            self.over.wait(r.choice([0.01, 0.05, 0.1]))

    def save(self, r):
        """The file, as a whole or in pieces, so that what was sent does not pile up."""
        while not self.over.wait(r.uniform(0.2, 2)):
            text = r.choice(PATCHES if r.random() < 0.85 else BROKEN).replace('PORT', str(self.friend.getsockname()[1]))
            at = r.randrange(len(text) + 1) if r.random() < 0.2 else 0
            with open(self.patch, 'w') as file:
                file.write(text[:at])
                file.flush()
                if at > 0:
                    self.over.wait(0.02)
                file.write(text[at:])
            self.counts.add('saves')


def still_answers(patch, friend, port, heard):
    """After all of that: what is saved is played, and answers."""
    with open(patch, 'w') as file:
        file.write(PATCHES[1].replace('PORT', str(friend.getsockname()[1])))
    question = random.getrandbits(23)

    def answered():
        friend.sendto(message('/ask', 'i', question), ('127.0.0.1', port))
        time.sleep(0.2)
        return message('/told', 'f', question) in heard
    end = time.monotonic() + PATIENCE
    while not answered():
        assert time.monotonic() < end, 'it answers no more'


def is_sanitized():
    with open(PERIGEE, 'rb') as file:
        return b'__asan_init' in file.read()


def fell_in_libjack(text):
    """JACK 2 walks a client's list of ports on a thread of its own while another thread takes a port off it. Seldom, where
    ports go while wires change, that ends the client. A sanitizer shows that nothing of Perigee is on the stack; so only
    where one looks on, wires are changed all the time."""
    crash = re.search(r'ERROR: AddressSanitizer: SEGV.*?\n\n', text, re.DOTALL)
    frames = re.findall(r'#\d+ .*', crash[0]) if crash else []
    return bool(frames) and 'libjack' in frames[0] and all(
        'libjack' in one or 'start_thread' in one or 'clone' in one for one in frames)


def hear(friend, counts, heard):
    """What the patch sends on; the last of it is kept."""
    while True:
        try:
            data = friend.recv(65536)
        except socket.timeout:
            continue
        except OSError:
            return
        counts.add('packets sent on')
        heard.append(data)
        counts.add('packets sent on that are none', int(len(data) % 4 != 0 or not data.startswith(b'/')))


def replay(log, counts):
    """Whatever was played, its log fits together."""
    done = subprocess.run([PERIGEE, 'render', '--log', log, '-o', f'main={log}.wav'], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors='replace')
    assert 'does not fit' not in done.stdout and 'no line of a log' not in done.stdout, done.stdout[-2000:]
    assert 'Sanitizer' not in done.stdout and 'runtime error' not in done.stdout, done.stdout[-8000:]
    counts.add(f'replayed, exit {done.returncode}')


def main():
    counts, begin, heard = Counts(), time.monotonic(), collections.deque(maxlen=1000)
    seeds = random.Random(SEED)
    print(f'BAD_SEED={SEED}', flush=True)
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as friend:
        friend.bind(('127.0.0.1', 0))
        friend.settimeout(0.5)
        threading.Thread(target=hear, args=(friend, counts, heard), daemon=True).start()
        patch = f'{folder}/patch.lua'
        with Server() as server, server.start(
                os.environ['BAD_MIDI'], str(seeds.randrange(1 << 30)), *(['wires'] if is_sanitized() else [])) as wild:
            wait_for('the one that behaves badly', lambda: 'wild:in' in server.lsp())
            number = 0
            while counts['lines answered'] < LINES:
                with open(patch, 'w') as file:
                    file.write(PATCHES[number % len(PATCHES)].replace('PORT', str(friend.getsockname()[1])))
                options = OPTIONS[number % len(OPTIONS)] + (['--log', f'{folder}/take.log', '--force'] if number % 3 == 2 else [])
                number += 1
                with server.perigee(patch, '--osc', '0', '--watch', *options) as perigee:
                    wait_for('OSC', lambda: 'OSC at ' in perigee.text())
                    try:
                        lines = min(IN_A_ROUND, LINES - counts['lines answered'])
                        one = Round(perigee, patch, friend, lines, seeds.random(), counts)
                        one.end()
                        still_answers(patch, friend, one.osc, heard)
                    except (AssertionError, OSError):
                        if not fell_in_libjack(perigee.text()):
                            raise
                        counts.add('rounds that ended in libjack')
                        assert counts['rounds that ended in libjack'] <= 1 + LINES / 50000, counts.of
                        continue
                    code, text = perigee.end(), perigee.text()
                    assert code == 0, f'ended with {code}:\n{text[:2000]}\n…\n{text[-8000:]}'
                    assert 'Sanitizer' not in text and 'runtime error' not in text, text[-8000:]
                    counts.add('rounds')
                    if '--log' in options:
                        replay(f'{folder}/take.log', counts)
                    for what in TOLD:
                        counts.add(f'told: {what}', text.count(what))
                    print(f'{time.monotonic() - begin:.0f} s', dict(sorted(counts.of.items())), flush=True)
            ended = wild.end()
            print(f'MIDI: {wild.text()}', flush=True)
            assert ended == 0, 'what came out of the patch is no MIDI'
            midi = [int(one) for one in re.findall(r'\d+', wild.text())]
    # What is to be reached was reached.
    assert counts['lines answered'] == LINES, counts.of
    assert counts['lines well taken'] > LINES / 20 and counts['lines refused'] > LINES / 20, counts.of
    assert counts['packets sent on'] > 0 and counts['packets sent on that are none'] == 0, counts.of
    assert counts['plain requests'] > 0, counts.of
    assert midi[0] > 0 and midi[2] > 0, wild.text()


main()
