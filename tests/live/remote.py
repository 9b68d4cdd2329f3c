# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""A patch that plays is talked to: `perigee send`, `perigee repl` and what speaks the protocol by itself."""

import json
import os
import re
import signal
import socket
import stat
import subprocess
import tempfile
import time

from jackd import PERIGEE, Process, Server, wait_for

PATCH = 'tone = saw(110)\noutput("main", tone * db(-20))\n'


def folder_of_sockets():
    return os.environ['XDG_RUNTIME_DIR'] + '/perigee'


def running(name, *options, env=None):
    process = Process(PERIGEE, 'run', patch, '--driver', 'dummy', '-p', '256', '-n', name, *options, env=env)
    process.wait_for_text('outputs:')
    return process


def tool(*arguments, text='', code=0, env=None):
    """Runs perigee, and returns what it says to standard output and to standard error."""
    ended = subprocess.run([PERIGEE, *arguments], input=text, capture_output=True, text=True, timeout=20, env=env)
    assert ended.returncode == code, ended
    return ended.stdout, ended.stderr


def send(name, text, code=0):
    return tool('send', '-n', name, '-e', text, code=code)


class Client:
    def __init__(self, name):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(20)
        self.socket.connect(f'{folder_of_sockets()}/{name}.sock')
        self.file = self.socket.makefile('rb')

    def send(self, request):
        self.socket.sendall(json.dumps(request).encode() + b'\n')

    def answer(self):
        line = self.file.readline()
        return json.loads(line) if line else None

    def ask(self, request):
        """All answers, the last of which has no print."""
        self.send(request)
        answers = [self.answer()]
        while answers[-1] is not None and 'print' in answers[-1]:
            answers.append(self.answer())
        return answers

    def close(self):
        self.file.close()
        self.socket.close()


with tempfile.TemporaryDirectory() as folder:
    patch = f'{folder}/patch.lua'
    with open(patch, 'w') as file:
        file.write(PATCH)

    # Nobody there, and what to do.
    said = tool('send', '-e', 'x = 1', code=3)[1]
    assert said == 'perigee: no patch runs as "perigee": start one with perigee run PATCH -n perigee\n', said
    assert 'no patch runs as "perigee"' in tool('repl', code=3)[1]
    assert tool('send', code=2)[1]

    with running('one') as one, running('two') as two:
        # For this user alone.
        assert stat.S_IMODE(os.stat(folder_of_sockets()).st_mode) == 0o700
        assert stat.S_IMODE(os.stat(f'{folder_of_sockets()}/one.sock').st_mode) == 0o600
        said = tool('send', '-e', 'x = 1', code=3)[1]
        assert 'or talk to another with -n: there is one, two\n' in said, said

        # A block of a file, by the editor's own lines.
        block = f'{folder}/block.lua'
        with open(block, 'w') as file:
            file.write('nonsense (\n\ntone = tone:lowpass(300)\nprint("now", 1 + 1)\n\noutput("cue", tune)\n')
        assert tool('send', '-n', 'one', f'{block}:3-4') == ('now\t2\nkept 3, new 1, gone 0\n', '')
        wait_for('the summary', lambda: 'sent: kept 3, new 1, gone 0\n' in one.text())
        assert tool('send', '-n', 'one', f'{block}:6', code=1) == ('', f'{block}:6: tune is not defined: did you mean tone?\n')
        assert tool('send', '-n', 'one', '-', text='1 + 2') == ('3\n', '')
        assert tool('send', '-n', 'one', f'{folder}/none.lua', code=1)[1] == f'{folder}/none.lua: it cannot be read: No such file or directory\n'
        assert 'sent' not in two.text(), two.text()

        # A name is one patch's.
        with Process(PERIGEE, 'run', patch, '--driver', 'dummy', '-n', 'one') as again:
            assert again.wait() == 3
            assert again.text() == 'perigee: a patch runs as "one" already: give this one another name with -n\n', again.text()
        assert send('one', '7')[0] == '7\n'

        # Each client hears its own answers.
        clients = [Client('one') for _ in range(2)]
        for client, mark in zip(clients, 'ab'):
            client.send({'id': mark, 'run': f'for i = 1, 300 do print("{mark}", i) end'})
        for client, mark in zip(clients, 'ab'):
            for i in range(300):
                answer = client.answer()
                assert answer == {'id': mark, 'print': f'{mark}\t{i + 1}'}, answer
            assert client.answer() == {'id': mark, 'ok': True}
        assert clients[0].ask({'id': 1, 'complete': 'tone'}) == [{'id': 1, 'ok': True, 'words': ['tone']}]
        assert clients[0].ask({'id': 2, 'undo': True})[-1]['summary'].startswith('kept '), one.text()
        assert clients[1].ask({'id': 2, 'redo': True})[-1]['ok']
        assert 'lowpass  1 lane' in clients[1].ask({'id': 3, 'ls': True})[0]['print']
        assert 'saw' in clients[1].ask({'id': 3, 'tree': 'tone'})[0]['print']

        # What is no request is told so, and the connection lives on.
        for nonsense in (b'{', b'[]', b'{"id":4}', b'\xff\xfe', b'[' * 5000, b'{"run":"x","undo":1}', b'{"run":7}'):
            clients[0].socket.sendall(nonsense + b'\n')
            answer = clients[0].answer()
            assert answer['ok'] is False and answer['mistakes'][0]['text'], (nonsense, answer)
        assert clients[0].ask({'id': 5, 'run': '"alive"'}) == [{'id': 5, 'ok': True, 'value': 'alive'}]

        # A line without end, somebody who does not read, and too many.
        long = Client('one')
        try:
            long.socket.sendall(b'x' * (3 << 20))
        except OSError:
            pass
        assert long.answer()['mistakes'][0]['text'] == 'a line has at most 1 MiB'
        deaf = Client('one')
        deaf.socket.settimeout(0.5)
        try:
            for _ in range(100):
                deaf.send({'run': 'for i = 1, 20 do print(("x"):rep(50000)) end'})
        except OSError:
            pass
        many = []
        while True:
            many.append(Client('one'))
            try:
                many[-1].send({'id': 1, 'run': '1'})
            except BrokenPipeError:
                pass  # turned away already: the answer is there
            answer = many[-1].answer()
            if not answer['ok']:
                break
            assert len(many) < 70
        assert answer['mistakes'][0]['text'] == '64 clients are here already', answer
        for client in many + [long, deaf]:
            client.close()
        assert clients[1].ask({'id': 6, 'run': '6'})[-1]['value'] == '6'
        wait_for('room', lambda: Client('one').ask({'run': '1'})[-1]['ok'])

        # An endless loop is stopped, and meanwhile others are heard, though they wait for their turn.
        start = time.monotonic()
        clients[0].send({'id': 7, 'run': 'while true do end', 'file': 'x.lua', 'line': 30})
        clients[1].send({'id': 8, 'run': '8'})
        answer = clients[0].answer()
        print(f'an endless loop is answered after {time.monotonic() - start:.2f} s')
        assert answer == {'id': 7, 'ok': False, 'mistakes': [
            {'file': 'x.lua', 'line': 30, 'text': 'stopped: it ran for more than 0.5 s'}]}, answer
        assert clients[1].answer() == {'id': 8, 'ok': True, 'value': '8'}
        for client in clients:
            client.close()

        assert one.end() == 0, one.text()
        assert not os.path.exists(f'{folder_of_sockets()}/one.sock')
        assert two.end(signal.SIGINT) == 0, two.text()
        assert os.listdir(folder_of_sockets()) == []

    # A patch that was killed leaves its socket behind; the next takes it over.
    with running('one') as one:
        one.process.kill()
        one.process.wait()
        assert os.listdir(folder_of_sockets()) == ['one.sock']
    with running('one') as one:
        assert send('one', '"back"')[0] == 'back\n'

        # Line by line, from a file: more lines where one is not finished, and words as commands.
        said = tool('repl', '-n', 'one', text='for i = 1, 2 do\nprint(i)\nend\n\ncutoff = 400\ncutoff\nls\ntree tone\n')[0]
        assert said == '1\n2\n400\ntone  saw  1 lane\nsaw "tone" (hz 110, phase 0)\n', said
        assert tool('repl', '-n', 'one', text='x =\n', code=1)[1] == "repl:1: unexpected symbol near '<eof>'\n"
        assert one.end() == 0, one.text()

    # Saves while code is sent: each is answered, and the last save counts.
    with running('one', '--watch') as one:
        client = Client('one')
        for i in range(10):
            # Never half of a file: those that are written all the time are read all the same.
            with open(f'{patch}~', 'w') as file:
                file.write(PATCH.replace('110', str(111 + i)))
            os.replace(f'{patch}~', patch)
            for _ in range(5):
                answer = client.ask({'run': 'tone = tone:lowpass(300)'})[-1]
                assert answer['ok'], answer
        time.sleep(0.3)
        wait_for('the last save', lambda: 'hz 120' in client.ask({'tree': 'tone'})[0].get('print', ''))
        client.close()
        assert one.end() == 0, one.text()

    # Without a folder for sockets it plays all the same; with one that is open to others, too.
    os.mkdir(f'{folder}/open')
    os.mkdir(f'{folder}/open/perigee', 0o755)
    os.chmod(f'{folder}/open/perigee', 0o755)
    for place, why in ((f'{folder}/none', 'it cannot be made'), (f'{folder}/open', 'others can get into it')):
        env = dict(os.environ, XDG_RUNTIME_DIR=place)
        with running('one', env=env) as one:
            assert 'perigee: no code can be sent: ' in one.text() and why in one.text(), one.text()
            assert one.end() == 0, one.text()

    # The sound goes on while a script hangs: JACK hears a tone that never ends.
    with open(patch, 'w') as file:
        file.write('tone = sine(440) * 0.5\noutput("main", tone)\noutput("clock", tone)\n')
    with Server() as server, server.perigee(patch, '-n', 'live', '--watch') as live:
        client = Client('live')
        with server.start(os.environ['LISTENER'], 'live:main', 'live:clock', '2.5') as listener:
            listener.wait_for_text('listening')
            client.send({'id': 1, 'run': 'while true do end'})
            answer = client.answer()
            assert not answer['ok'] and 'ran for more than 0.5 s' in answer['mistakes'][0]['text'], answer
            assert listener.wait() == 0, listener.text()
            heard = re.search(r'roughness ([\d.]+), clean ([\d.]+)', listener.text())
            print(listener.text())
            # A tone that is interrupted has a step; where the machine itself lost a period, nothing is clean.
            assert 0 < float(heard[1]) < 1e-4 or float(heard[2]) == 0, listener.text()
        top = json.loads(server.run(PERIGEE, 'top', '-n', 'live', '--json'))
        assert (top['rate'], top['period'], top['latency']) == (48000, 64, 0), top
        assert 0 < top['load']['mean'] <= top['load']['longest'] and 'tone' in [one['name'] for one in top['nodes']], top
        text = server.run(PERIGEE, 'top', '-n', 'live')
        assert text.startswith('live: load ') and 'tone (' in text, text
        client.close()
        assert live.end() == 0, live.text()
