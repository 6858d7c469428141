"""Pictures without a library: bars for a comparison, lines for how a cost grows."""

import math
from html import escape

COLOURS = ["#3566a8", "#9db8dc", "#c26a2d", "#5a8f4e", "#8a5aa8", "#777777"]
_STYLE = "<style>text{font:12px sans-serif;fill:#222}.t{font-weight:bold;font-size:14px}.g{stroke:#ddd}</style>"


def bars(path, title, unit, values):
    """`values`: name -> {part: number}; the parts are stacked."""
    names, width, row, left, top = list(values), 720, 26, 120, 60
    most = max(sum(parts.values()) for parts in values.values()) or 1
    if len(names) > 2 and most > 8 * sorted(sum(p.values()) for p in values.values())[-2]:  # one would hide the others
        most = 1.25 * sorted(sum(p.values()) for p in values.values())[-2]
    scale = (width - left - 90) / most
    out = [_text(10, 22, title, "t"), _text(10, 42, unit)]
    for part, colour in zip(next(iter(values.values())), COLOURS):
        x = 260 + 90 * COLOURS.index(colour)
        out += [f'<rect x="{x}" y="32" width="12" height="12" fill="{colour}"/>', _text(x + 17, 42, part)]
    for i, name in enumerate(names):
        y, x, whole = top + i * row, left, sum(values[name].values())
        out.append(_text(10, y + 15, name))
        for colour, number in zip(COLOURS, values[name].values()):
            length = min(number * scale, width - 70 - x)
            out.append(f'<rect x="{x:.1f}" y="{y}" width="{length:.1f}" height="{row - 8}" fill="{colour}"/>')
            x += length
        out.append(_text(x + 6, y + 15, f"{whole:.2f}" + (" (cut)" if whole > most else "")))
    _write(path, width, top + row * len(names) + 10, out)


def lines(path, title, x_unit, y_unit, series):
    """`series`: name -> [(x, y)], drawn on logarithmic axes."""
    width, height, left, top, bottom = 720, 380, 70, 60, 330
    points = [point for line in series.values() for point in line]
    (x0, x1), (y0, y1) = (_decades(p[axis] for p in points) for axis in (0, 1))

    def place(x, y):
        across = (math.log10(x) - x0) / (x1 - x0) * (width - left - 150)
        return left + across, bottom - (math.log10(max(y, 10**y0)) - y0) / (y1 - y0) * (bottom - top)

    out = [_text(10, 22, title, "t"), _text(10, 42, y_unit), _text(left, height - 12, x_unit)]
    for power in range(y0, y1 + 1):
        _, y = place(10**x0, 10**power)
        out += [f'<line class="g" x1="{left}" y1="{y:.1f}" x2="{width - 150}" y2="{y:.1f}"/>', _text(10, y + 4, f"{10.0**power:g}")]
    for power in range(x0, x1 + 1):
        x, _ = place(10**power, 10**y0)
        out += [f'<line class="g" x1="{x:.1f}" y1="{top}" x2="{x:.1f}" y2="{bottom}"/>', _text(x - 8, bottom + 18, f"{10**power:,}")]
    for i, (name, line) in enumerate(series.items()):
        colour, places = COLOURS[i % len(COLOURS)], [place(*point) for point in line]
        out.append(f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="'
                   + " ".join(f"{x:.1f},{y:.1f}" for x, y in places) + '"/>')
        out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places]
        out.append(_text(width - 140, top + 18 * i + 8, name, colour=colour))
    _write(path, width, height, out)


def _decades(numbers):
    logs = [math.log10(number) for number in numbers if number > 0]
    low, high = math.floor(min(logs)), math.ceil(max(logs))
    return low, max(high, low + 1)


def _text(x, y, text, kind="", colour=""):
    style = f' style="fill:{colour}"' if colour else ""
    return f'<text x="{x:.0f}" y="{y:.0f}"{f" class={chr(34)}{kind}{chr(34)}" if kind else ""}{style}>{escape(text)}</text>'


def _write(path, width, height, elements):
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
    background = f'<rect width="{width}" height="{height}" fill="#fff"/>'
    path.write_text("\n".join([head, _STYLE, background, *elements, "</svg>"]) + "\n")
