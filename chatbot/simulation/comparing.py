"""Strategies against each other: the same users with the same goals talk to a bot of each.

Figures are means over dialogues with 95 % intervals: Wilson's for shares, ± 1.96 standard errors for the rest. The
dialogues are paired, so strategies are compared by the mean difference within pairs, which is far surer than the
intervals of each alone suggest.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chatbot.asking import DEFAULT, STRATEGIES
from chatbot.bot import Chatbot
from chatbot.simulation.dialogues import LIMIT, Played, Players, play
from chatbot.simulation.personas import load_people

DIALOGUES = 1000
WITHIN = (3, 5, 10)
Z = 1.96


def compare(
    bot_for_strategy: Callable[[str], Chatbot],
    dialogues: int,
    seed: int,
    strategies: Sequence[str] = tuple(STRATEGIES),
    progress: Callable[[int], object] = lambda _: None,
) -> dict[str, Any]:
    """Figures of each strategy, over all dialogues and by persona, and how it differs from ours.

    `bot_for_strategy` gives the bot that asks by a strategy of that name. `progress` is told of each dialogue.
    """
    bots = {name: bot_for_strategy(name) for name in strategies}
    players = Players(next(iter(bots.values())), load_people())
    played: dict[str, list[Played]] = {name: [] for name in strategies}
    for number in range(dialogues):
        for name, bot in bots.items():
            played[name].append(play(bot, players.user(number, seed), number))
            progress(1)
    return {
        "dialogues": dialogues,
        "seed": seed,
        "limit": LIMIT,
        "strategies": {name: _figures(rows, played.get(DEFAULT, [])) for name, rows in played.items()},
    }


def _figures(rows: Sequence[Played], ours: Sequence[Played]) -> dict[str, Any]:
    found = {"overall": _summary(rows, ours)}
    for persona in dict.fromkeys(p.persona for p in rows):
        chosen = [n for n, p in enumerate(rows) if p.persona == persona]
        found[persona] = _summary([rows[n] for n in chosen], [ours[n] for n in chosen] if ours else [])
    return found


def _summary(rows: Sequence[Played], ours: Sequence[Played]) -> dict[str, Any]:
    """Success within so many turns, turns (failures count as the limit), questions, CPU time a turn."""
    figures: dict[str, Any] = {"dialogues": len(rows)}
    for limit in WITHIN:
        figures[f"within_{limit}"] = wilson(sum(_within(p, limit) for p in rows), len(rows))
    figures["turns"] = mean([p.turns for p in rows])
    figures["questions"] = mean([p.questions for p in rows])[0]
    figures["ms_a_turn"] = 1000 * sum(p.seconds for p in rows) / max(1, sum(p.turns for p in rows))
    if ours and ours is not rows:
        pairs = list(zip(ours, rows, strict=True))
        for limit in WITHIN:
            figures[f"ours_more_within_{limit}"] = mean([_within(a, limit) - _within(b, limit) for a, b in pairs])
        figures["ours_fewer_turns"] = mean([b.turns - a.turns for a, b in pairs])
    return figures


def _within(played: Played, limit: int) -> int:
    return int(played.found is not None and played.found <= limit)


def wilson(successes: int, count: int) -> tuple[float, float, float]:
    """A share with its 95 % interval (Wilson, 1927)."""
    if not count:
        return 0.0, 0.0, 1.0
    share = successes / count
    middle = (share + Z**2 / (2 * count)) / (1 + Z**2 / count)
    half = Z / (1 + Z**2 / count) * math.sqrt(share * (1 - share) / count + Z**2 / (4 * count**2))
    return share, middle - half, middle + half


def mean(values: Sequence[float]) -> tuple[float, float, float]:
    """A mean with its 95 % interval."""
    count = len(values)
    middle = sum(values) / count if count else 0.0
    spread = math.sqrt(sum((v - middle) ** 2 for v in values) / max(1, count - 1) / max(1, count))
    return middle, middle - Z * spread, middle + Z * spread


def table(figures: Mapping[str, Any]) -> str:
    """The figures as lines of text."""
    lines = [f"{figures['dialogues']} simulated dialogues a strategy, seed {figures['seed']}, {figures['limit']} turns"]
    groups = list(next(iter(figures["strategies"].values())))
    for group in groups:
        lines += [
            "",
            f"{group:<12}{'success within 3':>22}{'5':>22}{'10':>22}{'turns':>20}{'questions':>11}{'ms/turn':>9}",
        ]
        lines += [_row(name, found[group]) for name, found in figures["strategies"].items() if group in found]
        lines += [_difference(name, found[group]) for name, found in figures["strategies"].items() if name != DEFAULT]
    return "\n".join(lines)


def _row(name: str, found: Mapping[str, Any]) -> str:
    shares = "".join(f"{_share(found[f'within_{limit}']):>22}" for limit in WITHIN)
    turns = "{:.2f} ({:.2f}-{:.2f})".format(*found["turns"])
    return f"{name:<12}{shares}{turns:>20}{found['questions']:>11.2f}{found['ms_a_turn']:>9.1f}"


def _difference(name: str, found: Mapping[str, Any]) -> str:
    if "ours_fewer_turns" not in found:
        return ""
    shares = "".join(f"{_share(found[f'ours_more_within_{limit}'], '+'):>22}" for limit in WITHIN)
    turns = "{:+.2f} ({:+.2f} {:+.2f})".format(*(-t for t in found["ours_fewer_turns"]))
    return f"  ours-{name:<7}{shares[2:]}{turns:>20}"


def _share(found: Sequence[float], sign: str = "") -> str:
    middle, low, high = (100 * x for x in found)
    return f"{middle:{sign}.1f} ({low:{sign}.1f} {high:{sign}.1f})"
