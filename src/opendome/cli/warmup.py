"""`opendome warmup`: compile every kernel that a run needs, once."""

import time

import typer

SCENARIO = "golden-dome"  # has sensors and interceptors of every kind
FLIGHTS = (
    "hypersonic-pacific",
    "fractional-orbit",
    "cruise-coast",
    "mixed-raid",
)  # a kind of flight each


def warmup() -> None:
    """Compile every kernel that a run needs, so that the first run need not wait."""
    import opendome
    from opendome.cli.progress import warn_when_cold
    from opendome.command.assign import SOLVERS, prepare
    from opendome.compiled import cache_root
    from opendome.engagement.decisions import prepare as prepare_replay
    from opendome.engagement.decisions import replay
    from opendome.engagement.geometry import lay_out
    from opendome.engagement.measured import MeasuredScene, MeasuredTrial
    from opendome.engagement.stepped import SteppedTrial
    from opendome.results.run import warm_up
    from opendome.scenario.loading import load

    begun = time.perf_counter()
    warn_when_cold(measured=True)
    warm_up(load(SCENARIO), "measured", deciding=True)
    laid = lay_out(load(SCENARIO), 0)
    replay(laid, MeasuredTrial(MeasuredScene.of(laid), seed=0, trial=0), objects=())
    for name in FLIGHTS:
        laid = lay_out(load(name), 0)
        prepare_replay(laid, SteppedTrial(laid.board, laid.rules, seed=0, trial=0))
    for solver in SOLVERS:
        prepare(solver)
    opendome.coverage(SCENARIO, hours="0.2", grid="30 deg")
    typer.echo(f"ready after {time.perf_counter() - begun:.1f} s; kernels in {cache_root()}")
