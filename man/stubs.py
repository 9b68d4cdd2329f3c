# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes what an editor has to know of Perigee's Lua, as the Lua language server reads it, from what `perigee nodes
--json` declares and from what the comments of lua/ document: stubs.py NODES.json FUNCTIONS.json FOLDER. FOLDER gets
perigee.lua, and a file for each module of the library."""

import json
import re
import sys

KEYWORDS = {'in': 'signal'}  # arguments that cannot be called as they are
# The editor knows these from Lua, and what require() finds.
OF_LUA = {'print', 'require'}
OWN_TYPES = {'signal': 'perigee.Signal', 'midi': 'perigee.Midi', 'loop': 'perigee.Loop', 'voice': 'perigee.Voice',
             'occasions': 'perigee.Occasions', 'midi_out': 'perigee.MidiOut'}
SIGNAL_OR_NUMBER = 'number|perigee.Signal'


def editors_type(text):
    """A type of a comment as the editor has it: {number,...} is number[]."""
    text = re.sub(r'\{(\w+),\.\.\.\}', r'\1[]', text or 'any')
    text = re.sub(r'\boptions\.', 'perigee.options.', text)
    text = re.sub(r'(?<![.\w])(signal|midi|loop|voice|occasions|midi_out)\b(?!\??:)', lambda found: OWN_TYPES[found[1]], text)
    return re.sub(r',', ', ', re.sub(r':(?=\S)', ': ', text))


def comment(*paragraphs):
    lines = []
    for text in filter(None, paragraphs):
        lines += ['---'] if lines else []
        lines.append('--- ' + text)
    return lines


def with_doc(line, doc):
    return f'{line} {doc}' if doc else line


# What the comments of lua/ document.

def function(one, owner=None):
    """owner: the local name of the class whose method it is."""
    lines = comment(one['doc'])
    names = []
    for argument in one['arguments']:
        names.append(argument['name'])
        mark = '?' if argument['optional'] else ''
        lines.append(with_doc(f"---@param {argument['name']}{mark} {editors_type(argument['type'])}", argument['doc']))
    for result in one['results']:
        doc = f" # {result['doc']}" if result['doc'] else ''
        lines.append(f"---@return {editors_type(result['type'])}{doc}")
    lines += ['---@overload ' + editors_type(text) for text in one['overloads']]
    name = one['name'].removeprefix('api.')
    if owner:
        name = f"{owner}:{name.partition(':')[2]}"
    return lines + [f"function {name}({', '.join(names)}) end", '']


def table(name, one):
    lines = comment(one['doc']) + [f'---@class {name}']
    for field in one['fields']:
        mark = '?' if field['optional'] else ''
        lines.append(with_doc(f"---@field {field['name']}{mark} {editors_type(field['type'])}", field['doc']))
    return lines + ['']


# What the kinds declare.

def number(value):
    return f'{value:g}'


def notes(one):
    """What a parameter or a fixed value may be, and is if it is not given."""
    default = one['default']
    if default is None:
        default = 'required' if one.get('required', True) else ''
    elif isinstance(default, str):
        default = f'"{default}"' if default else ''
    else:
        default = ' '.join(filter(None, [number(default), one['unit']]))
    return ''.join([one['allowed'], f'; {default}' if default else '',
                    ' if not given' if default and default != 'required' else '', '. ', one['doc']])


def fixed_type(one):
    return {'number': 'number|boolean', 'text': 'string', 'numbers': 'number|number[]', 'points': 'perigee.Point[]',
            'choice': '|'.join(f'"{choice}"' for choice in one['choices'])}[one['type']]


def arguments_of(kind):
    """By name: type, what is said of it, whether it may be left out, whether it is any number of signals."""
    found = {}
    for one in kind['inputs']:
        found[one['name']] = (SIGNAL_OR_NUMBER, one['doc'], one['optional'], one['many'])
    for one in kind['parameters']:
        found[one['name']] = (SIGNAL_OR_NUMBER + '|boolean', notes(one), one['default'] is not None, False)
    for one in kind['fixed']:
        found[one['name']] = (fixed_type(one), notes(one), not one['required'], False)
    return found


def latency_of(kind):
    latency = kind['latency']
    if not latency['frames'] and not latency['depends_on']:
        return ''
    by = f", set by {' and '.join(latency['depends_on'])}" if latency['depends_on'] else ''
    return f"Latency: {latency['frames']} frames at 48 kHz{' by default' if by else ''}{by}."


def classes(kind, methods):
    """The kind's signal, and the table that the kind can be called with."""
    name = kind['kind']
    lines = comment(kind['doc']) + [f'---@class perigee.{name} : perigee.Signal']
    for one in kind['outputs']:
        lines.append(with_doc(f"---@field {one['name']} perigee.Signal", one['doc']))
    for one in kind['parameters']:
        # What is a method as well can be set by its name in :set{ } alone, as far as the editor knows.
        if one['name'] not in methods:
            lines.append(f"---@field {one['name']} {SIGNAL_OR_NUMBER}|boolean To be set, not read. {notes(one)}")
    lines += ['', f'---@class perigee.options.{name}', '---@field [integer] any what is given by place']
    for argument, (kinds_type, doc, _, many) in arguments_of(kind).items():
        if argument not in KEYWORDS:
            if many:
                kinds_type = f'({kinds_type})[]'
            lines.append(with_doc(f'---@field {argument}? {kinds_type}', doc))
    return lines + ['']


def call(kind, owner=None):
    """The function of a kind, or the method that feeds its first input. All have a table as the last argument."""
    arguments = arguments_of(kind)
    fed = kind['inputs'][0]['name'] if owner else None
    lines = comment(kind['doc'], f"`{kind['usage']}`", latency_of(kind))
    names = []
    rest = False
    for name in kind['arguments']:
        kinds_type, doc, optional, many = arguments[name]
        if name == fed and not many:
            continue
        if many:
            rest = True
            lines.append(f'---@param ... {kinds_type}|({kinds_type})[]|perigee.options.{kind["kind"]} {doc}')
            names.append('...')
            break
        word = KEYWORDS.get(name, name)
        names.append(word)
        lines.append(with_doc(f"---@param {word}{'?' if optional else ''} {kinds_type}", doc))
    result = 'perigee.' + kind['kind']
    options = f'options{"" if any(not arguments[name][2] for name in kind["arguments"] if name != fed) else "?"}'
    if not rest:
        names.append('options')
        lines.append(f"---@param options? perigee.options.{kind['kind']} by their names")
    lines.append(f'---@return {result}')
    if not rest:
        before = 'self: perigee.Signal, ' if owner else ''
        lines.append(f"---@overload fun({before}{options}: perigee.options.{kind['kind']}): {result}")
    return lines + [f"function {owner + ':' if owner else ''}{kind['kind']}({', '.join(names)}) end", '']


OPERATORS = [f'---@operator {name}({SIGNAL_OR_NUMBER}): perigee.Signal' for name in ('add', 'sub', 'mul', 'div')]


def main(nodes, functions, folder):
    with open(nodes, encoding='utf-8') as file:
        kinds = json.load(file)
    with open(functions, encoding='utf-8') as file:
        modules = json.load(file)
    api = [one for module in modules if not module['module'] for one in module['functions']]
    api = [one for one in api if one['name'].removeprefix('api.') not in OF_LUA]
    owners = list(dict.fromkeys(re.findall(r'^([A-Z]\w*):', '\n'.join(one['name'] for one in api), re.M)))
    of_class = {'signal': 'Signal'} | {owner: owner for owner in owners}
    methods = {one['name'].partition(':')[2] for one in api if one['name'].startswith('signal:')}
    fed = [kind for kind in kinds if kind['inputs'] and kind['kind'] != 'feedback']
    methods |= {kind['kind'] for kind in fed}
    in_lua = {one['name'].removeprefix('api.') for one in api}
    # A function of lua/ that does not take what the kind of its name does has taken its place.
    told = ' '.join(argument['type'] for one in api for argument in one['arguments'])
    kinds = [kind for kind in kinds
             if kind['kind'] not in in_lua or re.search(rf"\boptions\.{kind['kind']}\b", told)]

    lines = ['---@meta', '-- Generated: what scripts of Perigee find, for the Lua language server.', '']
    lines += ['--- A time in seconds, a value, and how it is reached.',
              '---@alias perigee.Point { [1]: number, [2]: number, [3]: "step"|"lin"|"exp"|"s"|nil }', '']
    lines += comment('A bundle of lanes, or one of them: signal[2].')
    lines += ['---@class perigee.Signal', '---@field [integer] perigee.Signal a lane, counted from 1']
    lines += OPERATORS + ['---@operator unm: perigee.Signal', 'local Signal = {}', '']
    for owner in owners:
        lines += [f'---@class perigee.{owner}', f'local {owner} = {{}}', '']
    for module in modules:
        for one in module['tables']:
            lines += table(OWN_TYPES[one['name']], one)
    for kind in kinds:
        lines += classes(kind, methods)
        if kind['kind'] not in in_lua:
            lines += call(kind)
        if kind in fed:
            lines += call(kind, 'Signal')
    for name in sorted({one['name'].partition('.')[0] for one in api if re.match(r'(?!api)\w+\.', one['name'])}):
        lines += [f'{name} = {{}}', '']
    for one in api:
        lines += function(one, of_class.get(one['name'].partition(':')[0]) if ':' in one['name'] else None)
    lines += comment('Plain values that outlive a save: numbers, texts, booleans and tables of these.')
    lines += ['---@type table<string, any>', 'state = {}']
    write(f'{folder}/perigee.lua', lines)
    for module in modules:
        if not module['module']:
            continue
        name = module['module']
        lines = [f'---@meta {name}', '-- Generated: see perigee.lua.', ''] + comment(module['doc'])
        lines += [f'local {name} = {{}}', '']
        for field in module['fields']:
            lines += [f"---@type {editors_type(field['type'])}", f"{name}.{field['name']} = {{}}", '']
        for one in module['functions']:
            lines += function(one)
        write(f'{folder}/{name}.lua', lines + [f'return {name}'])


def write(path, lines):
    with open(path, 'w', encoding='utf-8') as file:
        file.write('\n'.join(lines) + '\n')


main(*sys.argv[1:])
