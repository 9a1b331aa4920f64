"""The sweep over ten thousand and over a million open clocks, five hundred of which are due: it costs what is due."""

from __future__ import annotations

from bench.installation import Installation
from bench.measures import Measure

DUE = 500
FEW, MANY = 10_000, 1_000_000


def measures(installation: Installation) -> list[Measure]:
    few = installation.ask("sweep", str(FEW), str(DUE))
    many = installation.ask("sweep", str(MANY), str(DUE))
    return [
        Measure(f"sweep, {DUE} due of {many['open']} open clocks", many["seconds"], "s"),
        Measure(f"sweep, against {few['open']} open clocks", many["seconds"] / few["seconds"], "×", 1.5),
    ]
