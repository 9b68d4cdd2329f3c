# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever becomes of standard input, output and error: a patch plays on, and a command whose output could not be written
says so by its exit code. OUTPUT_MATRIX=all goes through every combination of the three, not of two."""

import contextlib
import fcntl
import itertools
import json
import os
import pty
import select
import signal
import socket
import subprocess
import tempfile
import termios
import time

from jackd import PERIGEE, RUNTIME, Server, wait_for

ALL = os.environ.get('OUTPUT_MATRIX') == 'all'
KINDS = ('open', 'closed', 'full', 'broken', 'hung')
LOST = 3
PATCH = 'tone = sine(440)\noutput("main", tone * db(-20))\nprint("loaded")\n'


class Ends:
    """What a child has as one of its descriptors: `file`, or None for one that is closed."""

    def __init__(self, kind, reads):
        self.file, self.other = None, None
        if kind == 'open':
            self.file = os.open(os.devnull, os.O_RDONLY) if reads else os.memfd_create('output')
        elif kind == 'full':
            self.file = os.open('/dev/full', os.O_RDONLY if reads else os.O_WRONLY)
        elif kind == 'broken':
            other, self.file = os.pipe()[::-1] if reads else os.pipe()
            os.close(other)
        elif kind == 'hung':
            master, self.file = pty.openpty()
            os.close(master)

    def text(self):
        return os.pread(self.file, 1 << 20, 0).decode()

    def close(self):
        if self.file is not None:
            os.close(self.file)


class Child:
    def __init__(self, kinds, *arguments, env=None):
        self.kinds = kinds
        self.ends = [Ends(kind, number == 0) for number, kind in enumerate(kinds)]
        self.arguments = arguments

        def arrange():
            for number, end in enumerate(self.ends):
                if end.file is not None:
                    os.dup2(end.file, number)
            for number, end in enumerate(self.ends):
                if end.file is None:
                    os.close(number)

        # Its own would be closed, or be these.
        self.process = subprocess.Popen([PERIGEE, *arguments], preexec_fn=arrange, env=env, close_fds=True)

    def stop(self, with_signal=signal.SIGTERM):
        self.process.send_signal(with_signal)
        return self.process.wait(30)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for end in self.ends:
            end.close()

    def __repr__(self):
        return f'perigee {" ".join(self.arguments)} with {self.kinds}'


def asks(name, code):
    """The answer of the patch that runs under this name; None if there is none."""
    with socket.socket(socket.AF_UNIX) as one, contextlib.suppress(OSError):
        one.settimeout(15)
        one.connect(f'{os.environ["XDG_RUNTIME_DIR"]}/perigee/{name}.sock')
        one.sendall(json.dumps({'id': 1, 'run': code}).encode() + b'\n')
        answer = b''
        while not answer.endswith(b'\n') or '"ok"' not in answer.decode().splitlines()[-1]:
            part = one.recv(65536)
            if not part:
                return None
            answer += part
        return json.loads(answer.decode().splitlines()[-1])
    return None


def plays(child, name):
    assert child.process.poll() is None, f'{child} ended with {child.process.returncode}'
    answer = asks(name, '1 + 1')
    return answer is not None and answer.get('value') == '2'


def plays_on(child, name, codes=(0,)):
    """Also after it had much to say: of saves, of what cannot be undone and what code prints."""
    wait_for(f'{child}: its socket', lambda: plays(child, name))
    child.process.send_signal(signal.SIGHUP)
    child.process.send_signal(signal.SIGUSR1)
    assert asks(name, 'tone = tone:lowpass(900)')['ok'], child
    for _ in range(3):
        child.process.send_signal(signal.SIGUSR1)
        child.process.send_signal(signal.SIGUSR2)
        assert plays(child, name), child
    assert child.stop() in codes, f'{child} ended with {child.process.returncode}'


def combinations():
    if ALL:
        return list(itertools.product(KINDS, repeat=3))
    pairs = list(itertools.product(KINDS, repeat=2))
    return [(KINDS[number % len(KINDS)], *pair) for number, pair in enumerate(pairs)]


def check_run(patch, *options, some=None, env=None):
    batch = 5
    every = list(enumerate(some or combinations()))
    for start in range(0, len(every), batch):
        with contextlib.ExitStack() as stack:
            children = []
            for number, kinds in every[start:start + batch]:
                name = f'run{number}'
                child = Child(kinds, 'run', patch, '-n', name, *options, env=env)
                stack.callback(child.close)
                children.append((child, name))
            for child, name in children:
                plays_on(child, name)


def check_command(kinds, *arguments, code=0, talks=('out',)):
    """`talks`: where it has something to say."""
    child = Child(kinds, *arguments)
    try:
        ended = child.process.wait(60)
        lost = any(kind != 'open' for kind, stream in zip(kinds[1:], ('out', 'error')) if stream in talks)
        assert ended == (LOST if lost and code == 0 else code), f'{child} ended with {ended}'
        if kinds[1] != 'open' and kinds[2] == 'open' and 'out' in talks:
            assert 'perigee: standard output: ' in child.ends[2].text(), f'{child}: {child.ends[2].text()}'
        if kinds[1] == 'open' and 'out' in talks:
            assert child.ends[1].text(), child
    finally:
        child.close()


def check_commands(folder, patch):
    bad = f'{folder}/bad.lua'
    with open(bad, 'w') as file:
        file.write('output("main", nothing)\n')
    for kinds in combinations():
        check_command(kinds, 'check', patch)
        check_command(kinds, 'graph', patch, '-f', 'json', talks=('out', 'error'))
        check_command(kinds, 'nodes', '--json')
        check_command(kinds, 'check', bad, code=1, talks=('error',))
    few = combinations() if ALL else [('open', kind, 'open') for kind in KINDS] + [('closed', 'closed', 'closed')]
    for kinds in few:
        check_command(kinds, '--help')
        check_command(kinds, '--version')
        check_command(kinds, 'run', '--help')
        check_command(kinds, 'render', patch, '-o', f'{folder}/x.wav', '-d', '0.1')
        check_command(kinds, 'bench', 'W1', '--runs', '1', '-d', '0.01')
        check_command(kinds, 'nosuch', code=2, talks=('error',))
    name = 'listens'
    child = Child(('open', 'open', 'open'), 'run', patch, '-n', name, '--driver', 'dummy')
    try:
        wait_for('its socket', lambda: plays(child, name))
        for kinds in few:
            check_command(kinds, 'send', '-n', name, '-e', 'print("hello")')
        for kinds in few if ALL else few[:1] + few[2:3]:
            check_command(kinds, 'top', '-n', name, '--json')
        # Lines that cannot be read: there are none.
        for kind in KINDS:
            # A device that has no lines, but bytes without an end, is refused.
            check_command((kind, 'open', 'open'), 'repl', '-n', name, talks=(), code=int(kind == 'full'))
        assert child.stop() == 0
    finally:
        child.close()
    for kinds in few if ALL else few[2:3]:
        ended = Child(kinds, 'doctor')
        code = ended.process.wait(60)
        ended.close()
        assert code == LOST, f'{ended} ended with {code}'  # so it would without a server, too


def talking(folder):
    patch = f'{folder}/talks.lua'
    with open(patch, 'w') as file:
        file.write('output("main", sine(440))\nn = 0\nloop(1/16, function() for i = 1, 200 do n = n + 1 '
                   'print(n, ("x"):rep(500)) end end)\n')
    return patch


def beats(name):
    """How many lines it has printed; this is answered late or not at all when the control thread is held up."""
    return int(asks(name, 'n')['value'])


def check_stuck(folder):
    """A reader that sleeps and a terminal that is stopped hold nothing up; what was lost is told."""
    patch = talking(folder)
    end, pipe = os.pipe()
    master, terminal = pty.openpty()
    termios.tcflow(terminal, termios.TCOOFF)
    for number, (name, output) in enumerate((('sleeps', pipe), ('stopped', terminal))):
        process = subprocess.Popen([PERIGEE, 'run', patch, '-n', name, '--driver', 'dummy'], stdout=output,
                                   stderr=output, stdin=subprocess.DEVNULL)
        try:
            wait_for('its socket', lambda: asks(name, '1') is not None)
            # More than any pipe, terminal and backlog takes.
            wait_for('loops that go on', lambda: beats(name) > 6000)
            process.send_signal(signal.SIGUSR1)
            before = beats(name)
            wait_for('loops that go on', lambda: beats(name) > before + 1000)
            if number == 0:
                text = b''

                def told():
                    nonlocal text
                    text += os.read(end, 1 << 16)
                    return b' lines were lost here: nobody took them\n' in text
                wait_for('what was lost', told)
                os.set_blocking(end, False)
            process.terminate()
            assert process.wait(15) == 0, process.returncode
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    for one in (end, pipe, master, terminal):
        os.close(one)


def own_terminal():
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def says(master, text):
    """Waits for it at the other end of a terminal."""
    said = b''

    def there():
        nonlocal said
        if select.select([master], [], [], 0)[0]:
            said += os.read(master, 65536)
        return text in said
    wait_for(f'{text} at the terminal', there)


def check_hang_up(patch):
    """Its own terminal goes, which it is told by a signal, too."""
    master, terminal = pty.openpty()
    process = subprocess.Popen([PERIGEE, 'run', patch, '-n', 'owned', '--driver', 'dummy'], stdin=terminal,
                               stdout=terminal, stderr=terminal, preexec_fn=own_terminal)
    os.close(terminal)
    try:
        says(master, b'outputs: ')
        wait_for('its socket', lambda: asks('owned', '1') is not None)
        os.close(master)
        for cutoff in (400, 500, 600):
            assert asks('owned', f'tone = tone:lowpass({cutoff})')['ok']
            process.send_signal(signal.SIGUSR1)
        process.terminate()
        assert process.wait(15) == 0, process.returncode
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def check_background(patch):
    """A terminal that lets nobody write from the background does not stop it."""
    master, terminal = pty.openpty()
    flags = termios.tcgetattr(terminal)
    flags[3] |= termios.TOSTOP
    termios.tcsetattr(terminal, termios.TCSANOW, flags)
    shell = subprocess.Popen(['bash', '-c', 'set -m; "$@" & echo job $!; wait $!; exit $?', 'bash', PERIGEE, 'run', patch,
                              '-n', 'behind', '--driver', 'dummy'], stdin=terminal, stdout=terminal, stderr=terminal,
                             preexec_fn=own_terminal)
    os.close(terminal)
    try:
        says(master, b'outputs: ')
        wait_for('its socket', lambda: asks('behind', '1') is not None)
        assert asks('behind', 'tone = tone:lowpass(500)')['ok']
        says(master, b'sent: ')
        with open(f'/proc/{shell.pid}/task/{shell.pid}/children') as file:
            job = int(file.read().split()[0])
        os.kill(job, signal.SIGTERM)
        assert shell.wait(15) == 0, shell.returncode
    finally:
        if shell.poll() is None:
            shell.kill()
            shell.wait()
        os.close(master)


def check_jack(patch):
    """Whose library opens files of its own."""
    every = [(kind,) * 3 for kind in KINDS] + [('open', 'closed', 'full'), ('closed', 'closed', 'open')]
    with Server() as server:
        check_run(patch, some=every, env=server.env)
        assert 'system:playback_1' in server.lsp()
        # Late periods are told, too.
        child = Child(('open', 'full', 'full'), 'run', patch, '-n', 'late', env=server.env)
        try:
            wait_for('its socket', lambda: plays(child, 'late'))
            for period in (256, 64, 256, 64):
                server.run('jack_bufsize', str(period))
            child.process.send_signal(signal.SIGSTOP)
            time.sleep(0.2)
            child.process.send_signal(signal.SIGCONT)
            # On a busy machine the server may have turned its back on a client that was stopped.
            plays_on(child, 'late', (0, LOST))
        finally:
            child.close()


def main():
    with tempfile.TemporaryDirectory() as folder:
        patch = f'{folder}/patch.lua'
        with open(patch, 'w') as file:
            file.write(PATCH)
        begin = time.monotonic()
        for what, check in (('run', lambda: check_run(patch, '--driver', 'dummy')),
                            ('commands', lambda: check_commands(folder, patch)),
                            ('stuck', lambda: check_stuck(folder)),
                            ('hang-up', lambda: check_hang_up(patch)),
                            ('background', lambda: check_background(patch)),
                            ('jack', lambda: check_jack(patch))):
            check()
            print(f'{what}: all well after {time.monotonic() - begin:.1f} s', flush=True)


main()
