# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""`perigee repl` at a terminal: what is typed, and what the screen then shows."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import tempfile
import termios
import time

from jackd import PERIGEE, Process, wait_for

PATCH = 'tone = saw(110)\nlow = tone:lowpass(900)\noutput("main", low * db(-20))\n'
TAB, ENTER, UP, DOWN, LEFT, HOME = '\t', '\r', '\033[A', '\033[B', '\033[D', '\001'
CTRL_C, CTRL_D = '\003', '\004'


class Screen:
    """As much of a terminal as line editors need: rows of characters, and all that has scrolled out on top."""

    def __init__(self, columns):
        self.columns, self.rows = columns, [[]]
        self.row = self.column = 0
        self.held = ''

    def text(self):
        return '\n'.join(''.join(row).rstrip() for row in self.rows)

    def last(self):
        return ''.join(self.rows[self.row]).rstrip()

    def put(self, character):
        if self.column == self.columns:
            self.row, self.column = self.row + 1, 0
        while len(self.rows) <= self.row:
            self.rows.append([])
        row = self.rows[self.row]
        row += [' '] * (self.column + 1 - len(row))
        row[self.column] = character
        self.column += 1

    def feed(self, text):
        text = self.held + text
        self.held = ''
        while text:
            found = re.match(r'\033\[([\d;?]*)([@-~])', text)
            if found:
                self.control(int(found[1]) if found[1].isdigit() else 0, found[2])
                text = text[found.end():]
            elif text[0] == '\033' and len(text) < 8 and not re.match(r'\033[^\[]', text):
                self.held = text
                return
            elif text[0] == '\033':
                text = text[2:]
            else:
                self.character(text[0])
                text = text[1:]

    def character(self, one):
        if one == '\r':
            self.column = 0
        elif one == '\n':
            self.row += 1
        elif one == '\b':
            self.column = max(0, min(self.column, self.columns - 1) - 1)
        elif one == '\t':
            self.column = min(self.columns - 1, self.column // 8 * 8 + 8)
        elif one >= ' ':
            self.put(one)
        while len(self.rows) <= self.row:
            self.rows.append([])

    def control(self, number, letter):
        row = self.rows[self.row]
        if letter == 'A':
            self.row = max(0, self.row - max(1, number))
        elif letter == 'B':
            self.row += max(1, number)
        elif letter == 'C':
            self.column = min(self.columns - 1, self.column + max(1, number))
        elif letter == 'D':
            self.column = max(0, self.column - max(1, number))
        elif letter == 'G':
            self.column = max(1, number) - 1
        elif letter == 'K':
            del row[self.column:]
        elif letter == 'J':
            del row[self.column:]
            del self.rows[self.row + 1:]
        elif letter == 'P':
            del row[self.column:self.column + max(1, number)]
        elif letter == '@':
            row += [' '] * (self.column - len(row))
            row[self.column:self.column] = [' '] * max(1, number)
        elif letter not in 'mhl':
            raise AssertionError(f'a terminal was asked for {letter!r}')
        while len(self.rows) <= self.row:
            self.rows.append([])


class Repl:
    def __init__(self, name, columns=100, **variables):
        self.screen = Screen(columns)
        self.master, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))
        env = dict(os.environ, TERM='xterm', XDG_STATE_HOME=state, HOME=state, LC_ALL='C.UTF-8', **variables)

        def own():
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen([PERIGEE, 'repl', '-n', name], stdin=terminal, stdout=terminal,
                                        stderr=terminal, env=env, preexec_fn=own, close_fds=True)
        os.close(terminal)

    def read(self):
        while select.select([self.master], [], [], 0)[0]:
            try:
                some = os.read(self.master, 65536)
            except OSError:
                return
            if not some:
                return
            self.screen.feed(some.decode())

    def type(self, text):
        os.write(self.master, text.encode())

    def shows(self, wanted):
        """Waits until the screen shows it: a text, or what a function finds on it."""
        def there():
            self.read()
            return wanted(self.screen) if callable(wanted) else wanted in self.screen.text()
        try:
            wait_for(repr(wanted), there)
        except AssertionError as error:
            raise AssertionError(f'{error}; the screen:\n{self.screen.text()}') from None

    def ready(self, prompt='>'):
        self.shows(lambda screen: screen.last() == prompt)

    def line(self, text, then):
        """Types a line and waits for all that it makes the screen show, in order, and for the next prompt."""
        self.ready()
        before = len(self.screen.rows)
        self.type(text + ENTER)
        self.shows(lambda screen: screen.last() == '>' and len(screen.rows) > before)
        said = '\n'.join(self.screen.text().split('\n')[before:-1])
        assert said == then if isinstance(then, str) else then.search(said), f'{text}: {said!r} instead of {then!r}'

    def end(self, with_text=CTRL_D):
        self.ready()
        self.type(with_text)
        def ended():
            self.read()
            return self.process.poll() is not None
        wait_for('the end of the repl', ended)
        os.close(self.master)
        return self.process.returncode

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
            if kind is not None:
                print('--- the screen:\n' + self.screen.text())


with tempfile.TemporaryDirectory() as state:
    patch = f'{state}/patch.lua'
    with open(patch, 'w') as file:
        file.write(PATCH)
    player = Process(PERIGEE, 'run', patch, '--driver', 'dummy', '-p', '256', '-n', 'one')
    with player:
        player.wait_for_text('outputs:')
        with Repl('one') as repl:
            repl.shows('talking to "one"')
            repl.line('1 + 2', '3')
            repl.line('ls', 'low   lowpass  1 lane\ntone  saw      1 lane')
            repl.line('ls()', 'low   lowpass  1 lane\ntone  saw      1 lane')
            repl.line('tree(low)', re.compile('^lowpass "low".*\n  in: saw "tone" .hz 110'))
            repl.line('help(low)', re.compile('^lowpass: .*\n  cutoff', re.S))
            repl.line('help("fade")', re.compile('^fade: How long'))
            repl.line('tune = 1 + tune', re.compile('^repl:1: tune is not defined.*'))
            repl.line('tone = tone:highpass(30)', 'kept 4, new 1, gone 0')
            # How much is new depends on what has faded out by now.
            repl.line('undo()', re.compile('^undo: kept '))
            repl.line('redo', re.compile('^redo: kept '))
            repl.line('undo', re.compile('^undo: kept '))
            repl.line('hush()', '')

            # More lines.
            repl.type('for i = 1, 2 do' + ENTER)
            repl.ready('..')
            repl.type('print("line", i)' + ENTER)
            repl.shows(lambda screen: screen.text().endswith('\n.. print("line", i)\n..'))
            repl.type('end' + ENTER)
            repl.shows('line    1\nline    2\n>')

            # A word that can go on in one way does; in several, they are told.
            repl.type('low:compr' + TAB)
            repl.shows('> low:compressor')
            repl.type(CTRL_C)
            repl.ready()
            repl.type('low:no' + TAB)
            repl.shows('low:nocomp  low:notch  low:note')
            repl.shows(lambda screen: screen.last() == '> low:no')
            repl.type(CTRL_C)
            repl.ready()
            repl.type('jack.disc' + TAB)
            repl.shows('> jack.disconnect')
            repl.type(CTRL_C)
            repl.ready()

            # Ctrl-C discards what was typed, also of several lines, and ends nothing.
            repl.type('x = 17')
            repl.shows('> x = 17')
            repl.type(CTRL_C)
            repl.shows('> x = 17^C')
            repl.ready()
            repl.type('if x then' + ENTER)
            repl.ready('..')
            repl.type(CTRL_C)
            repl.ready()
            repl.line('x == nil', re.compile('x is not defined|true'))

            # What is no ASCII, and lines that are pasted.
            repl.line('print("é → ü")', 'é → ü')
            repl.type('for i = 1, 2 do\rprint("pasted", i)\rend\r')
            repl.shows('pasted\t1\npasted\t2\n>'.expandtabs())

            # Code that never ends is stopped; Ctrl-C meanwhile ends nothing.
            repl.type('while true do end' + ENTER)
            time.sleep(0.1)
            repl.type(CTRL_C)
            repl.shows('repl:1: stopped: it ran for more than 0.5 s\n>')

            # What was typed comes back, and can be changed.
            repl.line('6 * 7', '42')
            repl.type(UP)
            repl.shows(lambda screen: screen.last() == '> 6 * 7')
            repl.type(LEFT + '1' + ENTER)
            repl.shows('> 6 * 17\n102')
            assert repl.end() == 0

        # The next session remembers.
        with Repl('one') as repl:
            repl.ready()
            repl.type(UP)
            repl.shows(lambda screen: screen.last() == '> 6 * 17')
            repl.type(UP)
            repl.shows(lambda screen: screen.last() == '> 6 * 7')
            repl.type(CTRL_C)
            assert repl.end() == 0

        # A narrow window: a line that is longer than it is can be typed, moved in, changed and run.
        with Repl('one', columns=20) as repl:
            repl.ready()
            repl.type('first = "abcdefghijklmnopqrstuvwxyz"')
            repl.shows('> first = "abcdefghi\njklmnopqrstuvwxyz"')
            repl.type(HOME + '-- ' + HOME + '\033[C\033[C\033[C\b\b\b' + ENTER)
            repl.ready()
            repl.type('#first' + ENTER)
            repl.shows('> #first\n26\n>')
            repl.type('low:no' + TAB)
            repl.shows('\nlow:nocomp\nlow:notch  low:note\n> low:no')
            repl.type(CTRL_C)
            repl.ready()
            # A window that is made wider.
            repl.screen.columns = 60
            fcntl.ioctl(repl.master, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 60, 0, 0))
            repl.process.send_signal(signal.SIGWINCH)
            repl.type('first .. "0123456789"' + ENTER)
            repl.shows('\nabcdefghijklmnopqrstuvwxyz0123456789\n>')
            assert repl.end() == 0

        # The patch ends: that is told, and the repl ends as well.
        with Repl('one') as repl:
            repl.ready()
            assert player.end() == 0, player.text()
            repl.type('1' + ENTER)
            repl.shows('perigee: ')
            wait_for('the end of the repl', lambda: (repl.read(), repl.process.poll() is not None)[1])
            assert repl.process.returncode == 3, repl.process.returncode
