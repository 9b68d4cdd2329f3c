# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines for the socket of a patch that plays, most of them wrong in some way: code that asks for everything that callbacks,
loops and outputs can do, with values that nobody means; and what is no request."""

import json

# Globals of the patches, so that no line holds an address: what is changed by chance stays on this machine.
SIGNALS = ['tone', 'low', 'v', 'lead', 'level', 'knob', 'scene', 'mic']
PATHS = ['/ask', '/fader/1', '/play', '/perigee/level', '/later', '/odd path', '/']
PORTS = ['system:capture_1', 'system:playback_1', 'perigee:main', 'perigee:mic', 'perigee:keys', 'perigee:synth',
         'wild:out', 'wild:in', 'wild:', '*', 'nobody:here', 'perigee:*', '']
WILD = ['0/0', '1/0', '-1/0', '1e308', '-1e308', '5e-324', '2^53', '2^31', '-2^63', '-0', '65536', '65537', '1/256', '-1',
        '1e-9', '256', '128', 'nil', 'true', 'false', '{}', '"x"', '""', '("x"):rep(70000)', 'print', 'tone', 'keys', 'v',
        'undefined', '"\\0"', '"\\255\\254"', '{ tone, tone }', 'osc', 'function() end', 'coroutine.create(print)', '(...)']
BEATS = ['1/64', '1/16', '1/8', '1/4', '1/2', '1', '4', '0']
FILES = ['a.lua', '', 'x' * 5000, 'a\nb', 'é', '/', '..', None]


class Lines:
    def __init__(self, random):
        self.random = random
        self.makers = [(30, self.request), (20, self.mutated), (12, self.cut), (12, self.noise), (14, self.no_request),
                       (1, self.deep), (1, self.joined), (0.2, self.long)]

    def any(self):
        """A line without its end."""
        line = self.chosen(self.makers)()
        return line.replace(b'\n', b' ')

    def chosen(self, weighted):
        weights, makers = zip(*weighted)
        return self.random.choices(makers, weights)[0]

    # What the code is made of.

    def number(self):
        r = self.random
        if r.random() < 0.12:
            return r.choice(WILD)
        return r.choice([str(r.randrange(128)), f'{r.random():.4f}', str(r.randrange(1, 17)), r.choice(BEATS),
                         f'{r.uniform(-2, 2):.3f}', str(r.randrange(20, 2000)), 'key', 'select(1, ...)'])

    def beats(self):
        return self.random.choice(WILD) if self.random.random() < 0.05 else self.random.choice(BEATS)

    def numbers(self, least, most):
        return ', '.join(self.number() for _ in range(self.random.randint(least, most)))

    def signal(self, depth=0):
        r, more = self.random, lambda: self.signal(depth + 1)
        if depth > 2 or r.random() < 0.3:
            return r.choice(SIGNALS)
        return r.choice([
            lambda: f'sine({self.number()})', lambda: f'saw({self.number()})', lambda: f'noise()',
            lambda: f'{more()} * {self.number()}', lambda: f'({more()} + {more()})',
            lambda: f'{more()}:lowpass({self.number()})', lambda: f'{more()}:delay({self.number()})',
            lambda: f'{more()}:pan({self.number()})', lambda: f'keys:cc({self.number()})', lambda: 'keys:bend()',
            lambda: f'keys:cc{{ {self.number()}, kind = "{r.choice(["7 bit", "14 bit", "nrpn", "x"])}" }}',
            lambda: 'keys:pressure()', lambda: f'switch(keys:program(), {{ {more()}, {more()} }})',
            lambda: f'switch({self.number()}, {{ {more()}, {more()} }}, {{ fade = {self.number()}, tail = {self.number()} }})',
            lambda: f'selector({self.number()})',
            lambda: f'param{{ {self.numbers(1, 3)}, cc = keys:cc({self.number()}) }}',
            lambda: f'voices({self.number()}, keys, function(v) return v.gate * {more()} end)',
        ])()

    def statement(self, depth=0):
        """One that belongs into a callback or loop."""
        r = self.random
        inner = lambda: self.statements(depth + 1)
        simple = [
            (6, lambda: f'synth:note({self.numbers(1, 4)})'), (2, lambda: f'synth:cc({self.numbers(1, 3)})'),
            (1, lambda: f'synth:program({self.numbers(0, 2)})'), (1, lambda: f'synth:bend({self.numbers(0, 2)})'),
            (1, lambda: f'synth:pressure({self.numbers(0, 2)})'), (4, lambda: f'v:note({self.numbers(0, 3)})'),
            (4, lambda: f'lead:note({self.numbers(0, 3)})'), (2, lambda: f'level:set({self.number()})'),
            (2, lambda: f'{r.choice(SIGNALS)}:set{{ value = {self.number()}, over = {self.number()}, '
                        f'curve = {r.choice(["nil", "nil", chr(34) + "exp" + chr(34), self.number()])} }}'),
            (1, lambda: f'scene.index = {self.number()}'), (1, lambda: f'low.cutoff = {self.number()}'), (1, lambda: f'level.value = {self.number()}'),
            (5, lambda: f'osc.send(friends[{r.randrange(1, 7)}], {json.dumps(r.choice(PATHS))}, {self.numbers(1, 6)})'),
            (1, lambda: f'osc.send(friends[1], "/all", ...)'), (4, lambda: f'wait({self.beats()})'),
            (1, lambda: f'jack.{r.choice(["connect", "disconnect"])}({json.dumps(r.choice(PORTS))}, '
                        f'{json.dumps(r.choice(PORTS))})'),
            (0.3, lambda: f'tempo({self.number()})'), (1, lambda: f'state[{self.number()}] = {self.number()}'),
            (1, lambda: f'count = (count or 0) + {self.number()}'), (0.5, lambda: f'print({self.numbers(0, 3)}, now())'),
            (0.3, lambda: f'error({self.number()})'), (0.1, lambda: r.choice(['hush()', 'undo()', 'redo()', 'ls()'])),
            (0.3, lambda: f'local ports = jack.ports({json.dumps(r.choice(PORTS))})'),
            (0.2, lambda: self.definition(depth + 1)), (0.2, lambda: 'local t = {} for i = 1, 5000 do t[i] = {} end'),
        ]
        nested = [
            (1, lambda: f'for i = 1, {r.randrange(6)} do {inner()} end'),
            (1, lambda: f'if key and {self.number()} then {inner()} end'), (1, lambda: f'pcall(function(...) {inner()} end, ...)'),
            (0.4, lambda: f'coroutine.wrap(function(...) {inner()} end)(...)'),
            (0.2, lambda: f'xpcall(function() {inner()} end, {self.function(depth + 1)})'),
        ]
        return self.chosen(simple + (nested if depth < 2 else []))()

    def statements(self, depth=0):
        return ' '.join(self.statement(depth) for _ in range(self.random.randint(0, 3)))

    def function(self, depth=0):
        r = self.random
        if r.random() < 0.5:
            return r.choice(GOOD)
        if r.random() < 0.3:
            return f'safely(function(key, velocity, ...) {self.statements(depth)} end)'
        if r.random() < 0.05:
            return r.choice(['false', 'print', 'error', 'tempo', 'function(...) return ... end', self.number()])
        return f'function(key, velocity, ...) {self.statements(depth)} end'

    def definition(self, depth=0):
        """Names what is called, runs or is heard."""
        r = self.random
        return self.chosen([
            (5, lambda: f'osc.on({json.dumps(r.choice(PATHS))}, {self.function(depth)})'),
            (5, lambda: 'keys:on{ ' + ', '.join(
                f'{r.choice(["note", "note", "cc", "program", "bend", "pressure", "key_pressure"])} = '
                f'{self.function(depth)}'
                for _ in range(r.randint(0, 3))) + ' }'),
            (2, lambda: f'jack.on("{r.choice(["port", "connection", "x"])}", {self.function(depth)})'),
            (3, lambda: f'r{r.randrange(4)} = loop({self.beats()}, {self.function(depth)})'),
            (1, lambda: f'if r{r.randrange(4)} then r{r.randrange(4)}:stop() end'),
            (2, lambda: f'output("{r.choice(["main", "main", "cue", "side"])}", {self.signal()} * 0.1)'),
            (2, lambda: f'{r.choice(SIGNALS)} = {self.signal()}'), (1, lambda: f'level = param{{ {self.numbers(0, 3)} }}'),
            (1, lambda: f'knob = param{{ {self.numbers(0, 3)}, cc = {self.signal()} }}'),
            (1, lambda: f'v = voices({self.number()}, keys, function(v) return '
                        f'{r.choice(["v.gate", "v.hz", self.signal()])} end)'),
            (1, lambda: f'synth = midi_out("{r.choice(["synth", "other", ""])}")'), (0.2, lambda: 'synth:clock()'),
            (0.5, lambda: f'keys = midi("{r.choice(["keys", "keys", "pads"])}", "wild:*")'),
            (0.3, lambda: f'clock({r.choice(CLOCKS)})'), (0.3, lambda: f'tempo({self.number()})'),
            (0.3, lambda: f'route({json.dumps(r.choice(PORTS))}, {json.dumps(r.choice(PORTS))})'),
        ])()

    def code(self):
        r = self.random
        return self.chosen([
            (10, lambda: self.definition()), (4, lambda: self.definition() + '\n' + self.definition()),
            (4, lambda: self.statement()), (4, lambda: self.number()), (3, lambda: self.signal()),
            (2, lambda: f'print({self.signal()}, {self.number()})'), (0.1, lambda: 'hush()'),
            (0.5, lambda: r.choice(['undo()', 'redo()', 'undo() redo() hush()', 'ls()', 'ls()', f'tree({self.signal()})',
                                  f'help({json.dumps(r.choice(SIGNALS))})'])),
            (2, lambda: self.definition()[:r.randrange(1, 60)]), (0.5, lambda: f'for i = 1, {r.randrange(200)} do print(i) end'),
            (0.01, lambda: r.choice(ENDLESS)), (0.05, lambda: r.choice(HEAVY)),
        ])()

    # Lines.

    def id(self):
        r = self.random
        return r.choice([r.randrange(1000), 'x', None, 1.5, -1, 2**63, 2**70, 1e300, 'x' * 256, 'x' * 257, '', True, [], {},
                         '\0', 'é', '\ud800']) if r.random() < 0.1 else r.randrange(1 << 30)

    def wish(self):
        r = self.random
        made = self.chosen([
            (20, lambda: {'run': self.code()}), (1, lambda: {'complete': self.definition()[:r.randrange(40)]}),
            (0.3, lambda: {'undo': True}), (0.3, lambda: {'redo': True}), (1, lambda: {'ls': True}),
            (1, lambda: {'tree': r.choice(SIGNALS)}), (0.5, lambda: {'top': True}), (1, lambda: {'help': r.choice(['saw', 'osc.on', 'midi', 'x y', ''])}),
        ])()
        if r.random() < 0.9:
            made['id'] = self.id()
        if r.random() < 0.1:
            made['file'] = r.choice(FILES)
        if r.random() < 0.1:
            made['line'] = r.choice([1, 7, 0, -1, 10**6, 10**6 + 1, 2**63, 1.5, 'x', None])
        return made

    def request(self):
        return json.dumps(self.wish(), ensure_ascii=self.random.random() < 0.7).encode('utf-8', 'surrogatepass')

    def mutated(self):
        r = self.random
        line = bytearray(self.request())
        for _ in range(r.randint(1, 4)):
            at = r.randrange(len(line) + 1)
            byte = r.randrange(256) if r.random() < 0.3 else r.randrange(32, 127)
            how = r.randrange(4)
            if how == 0:
                line.insert(at, byte)
            elif how == 1 and at < len(line):
                line[at] = byte
            elif how == 2:
                del line[at:at + r.randrange(8)]
            else:
                other = r.randrange(len(line) + 1)
                line[at:at] = line[other:other + r.randrange(20)]
        return bytes(line)

    def cut(self):
        line = self.request()
        return line[:self.random.randrange(len(line))]

    def joined(self):
        return self.request() + self.random.choice([b'', b',', b' ', b'\r', b'\0']) + self.request()

    def noise(self):
        return self.random.randbytes(self.random.randrange(100))

    def no_request(self):
        r = self.random
        one = self.wish()
        return json.dumps(r.choice([
            [one], one | {'run': r.choice([7, None, [], {}, True])}, one | {'undo': 1, 'redo': 1, 'run': 'x'}, {}, [], 'run', None,
            one | {'tree': 'a b'}, one | {'help': 7}, {'id': one.get('id')},
            {'id': 1, 'rum': 'x'}, one | {'x' * r.randrange(300): one},
        ])).encode()

    def deep(self):
        r = self.random
        depth = r.choice([7, 8, 9, 100, 5000])
        begin, end = r.choice([('[', ']'), ('{"a":', '}'), ('[{"run":', '}]')])
        return (begin * depth + r.choice(['', '1', '"x"']) + end * r.choice([0, depth])).encode()

    def long(self):
        r = self.random
        filler = r.choice(['x', ' ', '-- ', '"', '\\', '('])
        text = filler * (r.randrange(1000, 200000) // len(filler))
        return json.dumps({'id': 1, 'run': text if r.random() < 0.5 else 'count = 1 --' + text}).encode()


GOOD = ['function(...) osc.send(friends[1], "/told", ...) end', 'safely(function(...) synth:note(...) lead:note(...) end)',
        'safely(function(key) key = tonumber(key) or 60 synth:note(key % 128, 0.5, 1/8) wait(1/16) synth:cc(key % 128, 1) end)',
        'safely(function(value, ...) level:set{ value = value, over = (...) } osc.send(friends[1], "/set", value, ...) end)']
CLOCKS = ['"jack"', '"internal"', '"jack", { lead = true }', '"x"', 'nil', 'keys']
ENDLESS = ['while true do end', 'while true do pcall(function() while true do end end) end',
           'local function f() return f() end f()', '("x"):rep(1e9)', 'osc.on("/hang", function() while true do end end)']
HEAVY = ['local t = {} while true do t[#t + 1] = ("x"):rep(1e6) end', 'for i = 1, 300 do print(("x"):rep(3000)) end',
         'local function f() f() f() end f()', 'r9 = loop(1/256, function() for i = 1, 50 do synth:note(i, 1, 4) end end)',
         'r8 = loop(1/16, function() while true do synth:note(60, 1, 1/8) end end)',
        'for i = 1, 200 do output("o" .. i, sine(i)) end']
