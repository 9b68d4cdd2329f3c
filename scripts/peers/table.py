# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The results as Markdown, and their places in README.md."""


def _marks(name):
    return f'<!-- {name}: begin -->', f'<!-- {name}: end -->'


SPEED, EDITS = _marks('compare-peers'), _marks('compare-peers W6')


class Misplaced(Exception):
    """The text has no place for a table."""


def cell(result):
    """A figure, or why there is none."""
    if result is None:
        return '–'
    return result if isinstance(result, str) else f'{result:.3g}' if result < 100 else f'{result:.0f}'


def row(*cells):
    return f'| {" | ".join(map(str, cells))} |'


def ratio(programs, results, workload, ours, theirs):
    """Of the best of theirs to the best of ours, one thread each: above 1, we are faster."""
    def best(wanted):
        figures = [results.get((program.title, workload.name)) for program in programs
                   if program.threads == 1 and wanted(program)]
        return min((one for one in figures if isinstance(one, float)), default=None)

    mine, other = best(ours), best(theirs)
    return '–' if mine is None or other is None else f'{other / mine:.2f}'


def table(programs, workloads, results):
    """Of `results`, by title and workload: ns, or a text."""
    lines = [row('ns a node', *(workload.name for workload in workloads)), row('---', *('---:' for _ in workloads))]
    for program in programs:
        lines.append(row(program.title, *(cell(results.get((program.title, workload.name))) for workload in workloads)))
    for title, ours, theirs in (
            ('best peer ÷ Perigee', lambda one: one.ours, lambda one: not one.ours),
            ('the same, each node of its own', lambda one: one.ours and one.modular,
             lambda one: not one.ours and one.modular)):
        lines.append(row(title, *(ratio(programs, results, workload, ours, theirs) for workload in workloads)))
    return '\n'.join(lines)


def edits_table(programs, results):
    """Of `results`, by title: of edits, or a text."""
    def series(one):
        return f'{cell(one.median)} … {cell(one.worst)}'

    columns = ('before, µs', 'with it, µs', 'longest after, µs', 'at rest after, µs', 'answered, ms', 'heard, ms',
               'late', 'late at rest')
    lines = [row('median … worst', *columns), row('---', *('---:' for _ in columns))]
    for program in programs:
        result = results[program.title]
        if isinstance(result, str):
            lines.append(row(program.title, *(result for _ in columns)))
            continue
        lines.append(row(program.title, *map(series, (result.rest, result.edit, result.after, result.settled,
                                                      result.answered, result.heard)), result.late,
                         result.late_at_rest))
    return '\n'.join(lines)


def put(text, section, marks):
    """The text with the section between its two marks."""
    before, begin, rest = text.partition(marks[0])
    _, end, after = rest.partition(marks[1])
    if not begin or not end:
        raise Misplaced(f'there is no {" … ".join(marks)}')
    return f'{before}{begin}\n{section}\n{end}{after}'
