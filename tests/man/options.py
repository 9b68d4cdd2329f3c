# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""options.py PERIGEE PERIGEE.1 README.md: the manual describes every command and every option that --help tells, in its
list and in its synopsis, and nothing else; and README.md lists the same commands."""

import re
import subprocess
import sys

perigee, page, readme = sys.argv[1:4]
with open(page) as file:
    manual = file.read()
with open(readme) as file:
    text = file.read()


def help_of(*command):
    return subprocess.run([perigee, *command, '--help'], stdout=subprocess.PIPE, check=True, text=True).stdout


def flags(mdoc):
    """As mdoc writes them: Fl n is -n, Fl -name is --name."""
    return {'-' + flag for flag in re.findall(r'\bFl ([a-z-]+)', mdoc)}


def between(text, start, end):
    at = text.index(start)
    return text[at:text.index(end, at + len(start))]


commands = re.findall(r'^  (\w+) ', between(help_of(), 'Commands:', '\n\n'), re.M)
described = re.split(r'^\.It Cm ', between(manual, 'The commands are:', '.Sh ENVIRONMENT'), flags=re.M)[1:]
synopsis = re.split(r'^\.Nm\n', between(manual, '.Sh SYNOPSIS', '.Sh DESCRIPTION'), flags=re.M)[1:]
wrong = []


def compare(what, told, shown):
    if told != shown:
        wrong.append(f'{what}: --help has {sorted(told)}, the page {sorted(shown)}')


compare('commands', set(commands), {one.split()[0] for one in described})
compare('README.md', set(commands), set(re.findall(r'^\| `perigee (\w+)', text, re.M)))
for command in commands:
    told = [re.findall(r'-\w|--[a-z-]+', names)
            for names in re.findall(r'^  (-[^ ]+)', between(help_of(command) + '\n\n', 'Options:', '\n\n'), re.M)]
    told = [names for names in told if '--help' not in names]
    own = next((one for one in described if one.split()[0] == command), '')
    items = ' '.join(re.findall(r'^\.It (Fl .*)', own, re.M))
    if items:
        compare(command, {name for names in told for name in names}, flags(items))
    else:
        compare(command, {name for names in told for name in names}, flags(own))
    # The synopsis has one name for each.
    line = next((one for one in synopsis if one.startswith(f'.Cm {command}\n')), '')
    compare(f'{command} in the synopsis', {names[0] for names in told}, flags(line))
print('\n'.join(wrong) or f'{len(commands)} commands agree')
sys.exit(bool(wrong))
