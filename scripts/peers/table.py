# SPDX-FileCopyrightText: 2026 The Perigee developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result as Markdown, and its place in README.md."""

BEGIN, END = '<!-- compare-peers: begin -->', '<!-- compare-peers: end -->'


class Misplaced(Exception):
    """The text has no place for a table."""


def cell(result):
    """A figure, or why there is none."""
    if result is None:
        return '–'
    return result if isinstance(result, str) else f'{result:.3g}' if result < 100 else f'{result:.0f}'


def row(*cells):
    return f'| {" | ".join(cells)} |'


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


def put(text, section):
    """The text with the section between its two marks."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise Misplaced(f'there is no {BEGIN} … {END}')
    return f'{before}{BEGIN}\n{section}\n{END}{after}'
