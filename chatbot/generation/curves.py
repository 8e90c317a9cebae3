"""The course of a training: the time that is left, and its curves as a picture."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

WIDTH, HEIGHT, EDGE = 640, 360, 48
COLORS = ("#1f6feb", "#d1242f", "#1a7f37")


@dataclass
class Course:
    """Steps done and what was measured at them. `steps` are those to be done."""

    steps: int
    first: int = 0
    started: float = field(default_factory=time.monotonic)
    curves: dict[str, list[tuple[int, float]]] = field(default_factory=dict)

    def note(self, step: int, **values: float) -> str:
        """Adds a point to each named curve, and says it in a line with an estimate of the time left."""
        for name, value in values.items():
            self.curves.setdefault(name.replace("_", " "), []).append((step, round(value, 4)))
        told = ", ".join(f"{name.replace('_', ' ')} {value:.3f}" for name, value in values.items())
        done = max(1, step - self.first)
        left = (time.monotonic() - self.started) / done * max(0, self.steps - step)
        return f"step {step} of {self.steps}: {told}; about {left / 60:.0f} min left"


def draw(curves: dict[str, list[tuple[int, float]]], path: Path) -> None:
    """Writes the curves as an SVG picture; nothing where there is no point."""
    points = [point for curve in curves.values() for point in curve]
    if not points:
        return
    right, top = max(step for step, _ in points), max(value for _, value in points)
    low = min(value for _, value in points)

    def place(step: int, value: float) -> str:
        x = EDGE + (WIDTH - 2 * EDGE) * step / max(1, right)
        y = HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * (value - low) / max(1e-9, top - low)
        return f"{x:.1f},{y:.1f}"

    def line(curve: Sequence[tuple[int, float]], color: str) -> str:
        corners = " ".join(place(*point) for point in curve)
        return f'<polyline fill="none" stroke="{color}" stroke-width="2" points="{corners}"/>'

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif">']
    parts.append(f'<path d="M{EDGE} {EDGE}V{HEIGHT - EDGE}H{WIDTH - EDGE}" fill="none" stroke="#888"/>')
    for value in (low, top):
        x, y = place(0, value).split(",")
        parts.append(f'<text x="{float(x) - 6}" y="{y}" font-size="12" text-anchor="end">{value:.2f}</text>')
    parts.append(f'<text x="{WIDTH - EDGE}" y="{HEIGHT - EDGE + 18}" font-size="12">{right} steps</text>')
    for number, (name, curve) in enumerate(curves.items()):
        color = COLORS[number % len(COLORS)]
        parts.append(line(curve, color))
        label = f'<text x="{WIDTH - EDGE}" y="{EDGE + 18 * number}" font-size="13" text-anchor="end"'
        parts.append(f'{label} fill="{color}">{escape(name)}</text>')
    path.write_text("\n".join([*parts, "</svg>", ""]), encoding="utf-8")
