# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""What loops play at a MIDI output arrives on its frames; a note that is held ends when its port goes with a save, and
when the patch ends."""

import re
import tempfile

from jackd import Server, wait_for

PATCH = '''
tempo(240)
output("main", sine(440) * 0.01)
synth = midi_out("synth", "dump:*")
riff = loop(1/4, function() synth:note(36, 1, 1/8, 10) end)
local is_held
once = loop(1, function()
  if not is_held then synth:note(60, 1, 4096) end
  is_held = true
end)
'''
WITHOUT = 'output("main", sine(440) * 0.01)\n'


def events(dump):
    """Frames and bytes."""
    return [(int(frame), data.split()) for frame, data in
            re.findall(r'^\s*(\d+):((?: [0-9a-f]{2}\b)+)', dump.text(), re.MULTILINE)]


def count(dump, *data):
    return sum(one == list(data) for _, one in events(dump))


with tempfile.TemporaryDirectory() as folder:
    patch = f'{folder}/patch.lua'
    with open(patch, 'w') as file:
        file.write(PATCH)
    with Server(sync=True) as server, server.start('stdbuf', '-oL', 'jack_midi_dump', '-a', 'dump') as dump:
        wait_for('the dump', lambda: 'dump:' in server.lsp())
        with server.perigee(patch, '--ahead', '1', '--watch') as perigee:
            assert 'MIDI outputs: synth' in perigee.text(), perigee.text()
            wait_for('notes', lambda: count(dump, '99', '24', '7f') >= 20)
            starts = [frame for frame, data in events(dump) if data == ['99', '24', '7f']]
            # Sixteenths of 3000 frames. jackd's own clock gives the frame that each period begins with.
            assert {b - a for a, b in zip(starts, starts[1:])} == {3000}, starts
            assert count(dump, '90', '3c', '7f') == 1 and count(dump, '80', '3c', '00') == 0, dump.text()
            with open(patch, 'w') as file:
                file.write(WITHOUT)
            wait_for('the held note to end', lambda: count(dump, '80', '3c', '00') == 1)
            with open(patch, 'w') as file:
                file.write(PATCH)
            wait_for('it again', lambda: count(dump, '90', '3c', '7f') == 2)
            assert perigee.end() == 0, perigee.text()
        wait_for('the held note to end with the patch', lambda: count(dump, '80', '3c', '00') == 2)
        assert count(dump, '99', '24', '7f') == sum(data[:2] == ['89', '24'] for _, data in events(dump)), dump.text()
