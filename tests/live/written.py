# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that are written while something happens: an interruption, a limit, a log whose disk is full. What was there
before is not lost, and what was written can be used."""

import os
import resource
import signal
import subprocess
import tempfile

from jackd import PERIGEE, wait_for

LONG = '100000'  # seconds: nobody waits for its end
ENDINGS = ('wav', 'w64', 'caf', 'au', 'aiff', 'flac', 'ogg', 'opus', 'mp3')
INTERRUPTED = 128


def perigee(*arguments, **options):
    done = subprocess.run([PERIGEE, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60,
                          errors='replace', **options)
    return done.returncode, done.stdout


def read(name):
    with open(name, 'rb') as file:
        return file.read()


def write(name, text):
    with open(name, 'w') as file:
        file.write(text)
    return name


def rests(folder):
    return [name for name in os.listdir(folder) if name.startswith('.perigee-')]


def is_heard(folder, sound):
    """Perigee reads it, and it is as long as was said."""
    through = write(f'{folder}/through.lua', 'output("main", input("in"))\n')
    code, text = perigee('render', through, '-i', sound, '-o', f'{folder}/through.wav')
    assert code == 0, text
    return float(text.split('through.wav: ')[1].split(' s')[0])


def interrupt(folder, patch, ending, by, old):
    place = f'{folder}/out.{ending}'
    beside = f'{folder}/out.partial.{ending}'
    if old:
        write(place, 'what was there')
    process = subprocess.Popen([PERIGEE, 'render', patch, '-o', place, '-d', LONG], stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True)
    wait_for('some of it', lambda: any(os.path.getsize(f'{folder}/{name}') > 200000 for name in rests(folder)))
    process.send_signal(by)
    text = process.communicate(timeout=60)[0]
    assert process.returncode == INTERRUPTED + by, (process.returncode, text)
    kept = beside if old else place
    assert f'{kept}: not complete: the first ' in text, text
    said = float(text.split('the first ')[1].split(' s')[0])
    heard = is_heard(folder, kept)
    assert abs(heard - said) <= (0.1 if ending in ('ogg', 'opus', 'mp3') else 0.001), (ending, heard, said)
    assert not old or read(place) == b'what was there'
    assert not rests(folder), rests(folder)
    os.remove(kept)


def check_interrupted(folder, patch):
    for number, ending in enumerate(ENDINGS):
        interrupt(folder, patch, ending, (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)[number % 3], number % 2 == 1)
    # Before the first frame there is nothing to keep: here, for the patch is being loaded.
    assert not rests(folder)


def limit(size):
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def check_full(folder, patch):
    """A file that may grow no more is as a disk that is full."""
    for number, ending in enumerate(ENDINGS):
        place, beside = f'{folder}/full.{ending}', f'{folder}/full.partial.{ending}'
        old = number % 2 == 0
        if old:
            write(place, 'what was there')
        code, text = perigee('render', patch, '-o', place, '-d', LONG, preexec_fn=limit(1 << 20))
        assert code == 3 and 'File too large' in text, (code, text)
        assert not old or read(place) == b'what was there'
        kept = beside if old else place
        said = float(text.split(f'{kept}: not complete: the first ')[1].split(' s')[0])
        heard = is_heard(folder, kept)
        assert said > 1 and abs(heard - said) <= (0.1 if ending in ('ogg', 'opus', 'mp3') else 0.001), (ending, heard, said)
        assert not rests(folder), rests(folder)


def check_killed(folder, patch):
    place = write(f'{folder}/killed.wav', 'what was there')
    process = subprocess.Popen([PERIGEE, 'render', patch, '-o', place, '-d', LONG], stdout=subprocess.DEVNULL)
    wait_for('some of it', lambda: any(os.path.getsize(f'{folder}/{name}') > 200000 for name in rests(folder)))
    process.kill()
    process.wait()
    assert read(place) == b'what was there'
    for rest in rests(folder):
        os.remove(f'{folder}/{rest}')


def play(patch, *options, until=None, **more):
    """Plays for a moment: exit code and what was said."""
    with tempfile.TemporaryFile('w+') as out:
        process = subprocess.Popen([PERIGEE, 'run', patch, '--driver', 'dummy', *options], stdout=out,
                                   stderr=subprocess.STDOUT, **more)

        def text():
            return os.pread(out.fileno(), 1 << 20, 0).decode(errors='replace')
        try:
            wait_for('the end, or what is awaited',
                     lambda: process.poll() is not None or (until(text()) if until else 'outputs:' in text()))
            if process.poll() is None:
                process.terminate()
            return process.wait(30), text()
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()


def check_takes(folder, patch):
    log = write(f'{folder}/old.log', 'what was there')
    bad = write(f'{folder}/bad.lua', 'output("main", nothing)\n')
    for options in ((), ('--force',)):
        code, text = play(bad, '--log', log, *options)
        assert code in (1, 2) and read(log) == b'what was there', (code, text)
    code, text = play(patch, '--log', log)
    assert code == 2 and f'{log}: it is there already' in text and '--force' in text, (code, text)
    assert read(log) == b'what was there'
    os.symlink(log, f'{folder}/link.log')
    code, text = play(patch, '--log', f'{folder}/link.log', '--force')
    assert code == 0 and os.path.islink(f'{folder}/link.log'), (code, text)
    assert b'"perigee log"' in read(log).split(b'\n')[0] and b'"end"' in read(log), (text, read(log)[-300:])
    assert perigee('render', '--log', log, '-o', f'{folder}/take.wav')[0] == 0
    # Neither the patch, nor what it is made of, by any name.
    module = write(f'{folder}/part.lua', 'return 440\n')
    assert perigee('render', patch, '-o', f'{folder}/tone.wav', '-d', '0.1')[0] == 0
    whole = write(f'{folder}/whole.lua', 'output("main", sine(require("part")) + player("tone.wav"))\n')
    os.link(whole, f'{folder}/hard.log')
    for name in (whole, module, f'{folder}/tone.wav', f'{folder}/../{os.path.basename(folder)}/whole.lua',
                 f'{folder}/hard.log'):
        before = read(name)
        for options in ((), ('--force',)):
            code, text = play(whole, '--log', name, *options)
            assert code == 2 and read(name) == before, (name, code, text)
    assert not rests(folder), rests(folder)


def check_full_logs(folder):
    """It is told once, the patch plays on, and what is in the log can be rendered."""
    patch = write(f'{folder}/busy.lua', 'g = sine(440) * param(1, 0, 1)\nv = param(0.5, 0, 1)\noutput("main", g * v)\n'
                                        'n = 0\nloop(1/256, function() v:set(math.random()) n = n + 1 '
                                        'if n % 20 == 0 then print("beat") end end)\n')
    log = f'{folder}/full.log'
    ended = 'the log cannot be written any more ('

    def goes_on(text):
        return ended in text and 'beat' in text.split(ended)[1]
    code, text = play(patch, '--log', log, until=goes_on, preexec_fn=limit(20000))
    assert code == 3 and text.count(ended + 'File too large)') == 1, (code, text)
    assert read(log).splitlines()[-1].startswith(b'{"end":'), read(log)[-200:]
    assert perigee('render', '--log', log, '-o', f'{folder}/full_log.wav')[0] == 0
    # A file that is gone.
    gone = f'{folder}/gone.log'

    def gone_on(text):
        if 'beat' in text and os.path.exists(gone):
            os.remove(gone)
        return goes_on(text)
    code, text = play(patch, '--log', gone, until=gone_on)
    assert code == 3 and text.count(ended + 'the file is gone)') == 1, (code, text)
    code, text = play(patch, '--log', '/dev/full')
    assert code == 3 and 'the log cannot be written: /dev/full' in text, (code, text)


def check_names(folder):
    """Names of any bytes: the patch plays, its log is JSON and renders to the same sound, escapes are no escapes."""
    sound = os.fsencode(folder) + b'/\xe4.wav'
    assert perigee('render', write(f'{folder}/noise.lua', 'output("main", noise("white") * 0.1)\n'), '-o', sound, '-d', '0.2')[0] == 0
    patch = f'{folder}/names.lua'
    with open(patch, 'wb') as file:
        file.write(b'a = player("\xe4.wav", {loop = 1}):as("\\255")\nb = sine(441):as("\\254")\n'
                   b'c = saw(220):as("\\27[31mred")\n'
                   b'print("\\27[2J\\255 said")\nbad = (a / 0):as("\\27]0;title\\7")\n'
                   b'output("main", (a + b + c) * 0.1 + bad * 0)\n')
    log = f'{folder}/names.log'
    code, text = play(patch, '--log', log, until=lambda text: 'made NaN' in text)
    assert code == 0 and '\33' not in text and '\7' not in text, text
    read(log).decode()
    for name in ('names_1.wav', 'names_2.wav'):
        code, text = perigee('render', '--log', log, '-o', f'{folder}/{name}')
        assert code == 0 and '\33' not in text, text
    for command in (('check', patch), ('graph', patch), ('graph', patch, '-f', 'json'), ('graph', patch, '-f', 'svg'),
                    ('graph', patch, '-f', 'dot'), ('render', f'{folder}/\33[31m.lua', '-o', 'x.wav'),
                    ('check', f'{folder}/\33[31m.lua'), ('send', '-n', '\33[31m', '-e', '1'), ('nodes', '\33[31m'),
                    ('\33[31m',), ('check', '--\33[31m')):
        done = subprocess.run([PERIGEE, *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert b'\33' not in done.stdout, (command, done.stdout)
        done.stdout.decode()


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.environ['XDG_RUNTIME_DIR'] = folder
        patch = write(f'{folder}/patch.lua', 'output("main", (noise("white") + sine(440)) * 0.2)\n')
        check_interrupted(folder, patch)
        check_full(folder, patch)
        check_killed(folder, patch)
        check_takes(folder, patch)
        check_full_logs(folder)
        check_names(folder)


main()
