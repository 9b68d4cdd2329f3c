# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing that is saved or sent stops the music: each of these is saved and sent to a patch that plays under a real JACK
server and the guard. Each is answered, and the tone plays on; at the end the patch ends when it is told to."""

import json
import os
import subprocess
import tempfile

from jackd import PERIGEE, Server, wait_for

BEFORE = 'tone = sine(440) * db(-20)\nlevel = tone:probe()\noutput("main", level)\n'
ANSWER = 30  # seconds, on a machine that is busy with other things

HOSTILE = {
    # Shapes.
    'more lanes than there are': 'x = lanes(40000, function(i) return i end) output("more", join(x, x):mix())',
    'lanes that double': 'x = tone for i = 1, 40 do x = join(x, x) end output("more", x:mix())',
    'widths backwards': 'b = {} for i = 1, 64 do b[i] = sine(i) end\nfor i = 63, 1, -1 do b[i].hz = b[i + 1] end\n'
                        'b[64].hz = lanes(100, function(i) return i end)\noutput("more", b[1]:mix())',
    'feedbacks without a cycle': 'f = {} for i = 1, 70 do f[i] = feedback() end\n'
                                 'for i = 1, 69 do f[i]:from(f[i + 1]) end f[70]:from(tone)\noutput("more", f[1])',
    # Parameters by signals.
    'release below nothing': 'output("more", tone:compressor{ release = lfo(1) * 0.2 })',
    'depth beyond measure': 'output("more", tone:chorus{ depth = constant(1e8) })',
    'all parameters wild': 'w = noise() * 1e30\noutput("more", tone:delay{ time = w, feedback = w, damping = w, mix = w }'
                           ':reverb{ size = w, damping = w, predelay = w }:lowpass{ cutoff = w, q = w })',
    # Memory.
    'echoes of 65,536 lanes': 'output("more", saw(lanes(65536, function(i) return i end)):delay(1, 0.5, { max = 60 }):mix())',
    'compensation of a terabyte': 's = saw(lanes(65536, function(i) return i end)) output("more", (s + s:lag(4194304)):mix())',
    # Time.
    'a loop that does not move': 'l = loop(1, function() while true do wait(5e-324) end end)',
    'a loop that yields what is no number': 'l = loop(1, function() coroutine.yield(0/0) end)',
    # Values.
    'values that are no float': 'output("more", pulse{ width = lanes{ 1e308 } } * 1e308 + lanes{ 1e308 } + constant(1e39))',
    'a feedback above 1': 'fb = feedback() fb:from((fb * 1.5 + tone):lowpass(5000)) output("more", fb)',
    'an infinite gain': 'output("more", (tone * 1e30) * 1e30 / (noise() * 0))',
    # Code that does not come back.
    'endless': 'while true do end',
    'a pattern without an end': 's = ("a"):rep(40) s:find(("a?"):rep(40) .. ("a"):rep(40))',
    'a pattern without an end, again': 's = ("a"):rep(200) s:find(("a-"):rep(100) .. "b")',
    'memory without an end': 't = {} while true do t[#t + 1] = ("x"):rep(1000) end',
    # Names, and ports.
    'names that are no text': 'x = sine(3):as("\\255\\254\\27[2J") output("more", x) print("\\27[2J\\255")',
    'ports by the thousand': 'output("more", saw(lanes(5000, function(i) return i end)))',
}


class Played:
    """A patch that plays, its file, and what it says."""

    def __init__(self, process, patch):
        self.process, self.patch = process, patch

    def command(self, *arguments):
        done = subprocess.run([PERIGEE, *arguments], capture_output=True, timeout=ANSWER)
        return done.returncode, done.stdout.decode(errors='replace'), done.stderr.decode(errors='replace')

    def save(self, text):
        """Waits until it is answered."""
        before = len(self.process.text())
        with open(self.patch + '.new', 'w') as file:
            file.write(text)
        os.rename(self.patch + '.new', self.patch)

        def answered():
            assert self.process.process.poll() is None, self.process.text()[-4000:]
            said = self.process.text()[before:]
            return 'kept ' in said or 'patch.lua:' in said
        wait_for(f'an answer to the save of {text}', answered)

    def plays(self, what):
        """The tone is heard, and code is answered."""
        assert self.process.process.poll() is None, f'{what}: {self.process.text()[-4000:]}'
        code, out, err = self.command('send', '-e', '1 + 1')
        assert (code, out) == (0, '2\n'), (what, code, out, err)

        def sounds():
            code, out, _ = self.command('top', '--json')
            meters = json.loads(out)['meters'] if code == 0 else []
            return any(0.06 < (value or 0) < 0.08 for meter in meters for value in meter['readings'].values())
        wait_for(f'the tone after {what}', sounds)


with tempfile.TemporaryDirectory() as folder:
    patch = f'{folder}/patch.lua'
    with open(patch, 'w') as file:
        file.write(BEFORE)
    with Server() as server, server.perigee(patch, '--watch', guarded=True) as process:
        played = Played(process, patch)
        played.plays('nothing')
        for what, text in HOSTILE.items():
            played.save(BEFORE + text + '\n')
            played.plays(f'{what}, saved')
            played.save(BEFORE)
            code, out, err = played.command('send', '-e', text)
            assert code in (0, 1), (what, code, out, err)
            played.plays(f'{what}, sent')
            played.save(BEFORE + f'-- after {what}\n')
            played.plays(f'{what}, sent and gone')
        assert process.end() == 0, process.text()[-4000:]
        assert 'guard' not in process.text(), process.text()[-4000:]
        print(f'{len(HOSTILE)} kinds of hostile code, saved and sent, while a tone played')
