"""How many units stand when: first delivery, production, launch, and the end of design life."""

from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
import numpy.typing as npt

from opendome.quantities.dates import YEAR_S

Floats = npt.NDArray[np.float64]

STEP_S = YEAR_S / 12.0
_WHOLE = 1e-6  # of a unit: rounding of sums


@dataclass(frozen=True, kw_only=True)
class Rollout:
    """What is planned of every asset, in every sample.

    Attributes
    ----------
    planned : (asset, sample) units that make the asset whole
    in_service : (asset, sample) units that stand at the start, and stay
    first_s : (asset, sample) seconds from the start to the first delivery; infinite if never
    rate_hz, rate_target_hz : (asset, sample) units built per second at the first delivery, and
        after `ramp_s`; 0 builds the first unit and no more
    ramp_s : (asset, sample)
    life_s : (asset, sample) after which a unit leaves; infinite if it stays
    mass_kg : (asset, sample) to be launched for each unit; 0 for what stays on Earth
    launch_kg_s : (sample,) mass that can be launched per second, all assets together
    """

    planned: Floats
    in_service: Floats
    first_s: Floats
    rate_hz: Floats
    rate_target_hz: Floats
    ramp_s: Floats
    life_s: Floats
    mass_kg: Floats
    launch_kg_s: Floats

    def built(self, since_s: Floats) -> Floats:
        """(asset, sample) units that can be built by a time after the first delivery [s].

        Model: one at the first delivery, then a rate that rises in a straight line over the ramp.
        """
        ramp_s = np.clip(since_s, 0.0, self.ramp_s)
        gain = np.where(
            self.ramp_s > 0.0,
            (self.rate_target_hz - self.rate_hz) * ramp_s**2 / (2.0 * np.maximum(self.ramp_s, 1.0)),
            0.0,
        )
        steady = self.rate_target_hz * np.maximum(since_s - self.ramp_s, 0.0)
        return np.where(since_s >= 0.0, 1.0 + self.rate_hz * ramp_s + gain + steady, 0.0)

    def only(self, chosen: npt.NDArray[np.bool_]) -> "Rollout":
        """The same for some of the assets (asset,)."""
        rows = {part.name: getattr(self, part.name)[chosen] for part in fields(self)[:-1]}
        return Rollout(**rows, launch_kg_s=self.launch_kg_s)

    @cached_property
    def ceiling_production(self) -> Floats:
        """(asset, sample) units that production can keep up for ever: rate times design life."""
        with np.errstate(invalid="ignore"):
            kept = self.rate_target_hz * self.life_s
        one = (self.rate_target_hz <= 0.0) & np.isinf(self.life_s) & np.isfinite(self.first_s)
        return np.where(self.rate_target_hz > 0.0, kept, one.astype(float)) + self.in_service

    @cached_property
    def ceiling_launch(self) -> Floats:
        """(asset, sample) units that launch could keep up if it served this asset alone."""
        with np.errstate(invalid="ignore", divide="ignore"):
            kept = self.launch_kg_s / self.mass_kg * self.life_s
        return np.where(self.mass_kg > 0.0, kept, np.inf) + self.in_service


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """What stands, step by step.

    edges_s : (step,) seconds after the start
    standing : (step, asset, sample) units at each edge
    built, launched : (step, asset, sample) units in the step that ends at each edge
    held_by_launch : (asset, sample) share of the steps of the build-up in which finished units
        waited for a launch
    """

    edges_s: Floats
    standing: Floats
    built: Floats
    launched: Floats
    held_by_launch: Floats

    def units(self, t_s: float) -> Floats:
        """(asset, sample) whole units at a time after the start [s]."""
        step = int(np.searchsorted(self.edges_s, t_s, side="right")) - 1
        return np.floor(self.standing[max(step, 0)] + _WHOLE)

    def reached_s(self, needed: Floats) -> Floats:
        """(asset, sample) first edge at which so many units stand [s]; infinite if none does."""
        enough = np.floor(self.standing + _WHOLE) >= needed
        first = np.argmax(enough, axis=0)
        return np.where(enough.any(axis=0), self.edges_s[first], np.inf)

    def sum_by_span(self, flow: Floats, borders_s: Floats) -> Floats:
        """(span, asset, sample) of a flow between borders (span + 1,) [s].

        flow : (step, asset, sample), taken as even within each step
        """
        so_far = np.cumsum(flow, axis=0)
        place = np.clip(np.searchsorted(self.edges_s, borders_s), 1, len(self.edges_s) - 1)
        part = (borders_s - self.edges_s[place - 1]) / (
            self.edges_s[place] - self.edges_s[place - 1]
        )
        part = np.clip(part, 0.0, 1.0)[:, None, None]
        return np.diff(so_far[place - 1] * (1.0 - part) + so_far[place] * part, axis=0)


def deploy(rollout: Rollout, end_s: float) -> Deployment:
    """Play production, launch and ageing in steps of a month until `end_s`.

    Model: in each step, units whose design life is over leave; production makes what is missing,
    up to its rate; what is finished goes up, and where the launch capacity is short every asset
    gets the same share of what it has waiting. Units are counted in fractions, and read as whole.
    Valid for: any rates; a unit appears up to a month after its day; no failures, no losses.
    """
    steps = max(1, int(np.ceil(end_s / STEP_S)))
    edges_s = STEP_S * np.arange(steps + 1, dtype=np.float64)
    moves = np.asarray(np.isfinite(rollout.first_s).any(axis=1))
    moving = _play(rollout.only(moves), edges_s)
    standing, built, launched = (
        np.zeros((steps + 1, *rollout.planned.shape)) for _ in range(3)
    )  # pages of what never moves are never touched
    standing[:, ~moves] = rollout.in_service[~moves]
    held = np.zeros(rollout.planned.shape)
    for whole, part in (
        (standing, moving.standing),
        (built, moving.built),
        (launched, moving.launched),
    ):
        whole[:, moves] = part
    held[moves] = moving.held_by_launch
    return Deployment(
        edges_s=edges_s, standing=standing, built=built, launched=launched, held_by_launch=held
    )


def _play(rollout: Rollout, edges_s: Floats) -> Deployment:
    """The same for assets that all have a first delivery."""
    steps, shape = len(edges_s) - 1, rollout.planned.shape
    standing, built, launched, leaving = (np.zeros((steps + 1, *shape)) for _ in range(4))
    standing[0] = rollout.in_service
    life_steps = np.minimum(np.round(rollout.life_s / STEP_S), steps).astype(int)
    asset, sample = np.ogrid[: shape[0], : shape[1]]
    store, waits, works = (np.zeros(shape) for _ in range(3))
    could = np.where(rollout.first_s < 0.0, rollout.built(-rollout.first_s), 0.0)
    for step in range(1, steps + 1):
        by_now = rollout.built(edges_s[step] - rollout.first_s)
        kept = standing[step - 1] - leaving[step]
        built[step] = np.clip(rollout.planned - kept - store, 0.0, by_now - could)
        store += built[step]
        launched[step] = store * _lifted(rollout, store)
        store -= launched[step]
        standing[step] = kept + launched[step]
        leaves = step + life_steps
        inside = leaves <= steps
        leaving[np.where(inside, leaves, 0), asset, sample] += np.where(inside, launched[step], 0.0)
        missing = standing[step] < rollout.planned - _WHOLE
        works += missing & (by_now > 0.0)
        waits += missing & (store > _WHOLE)
        could = by_now
    return Deployment(
        edges_s=edges_s,
        standing=standing,
        built=built,
        launched=launched,
        held_by_launch=waits / np.maximum(works, 1.0),
    )


def _lifted(rollout: Rollout, store: Floats) -> Floats:
    """(asset, sample) share of the finished units that go up in a step."""
    waiting_kg = (store * rollout.mass_kg).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.minimum(1.0, rollout.launch_kg_s * STEP_S / waiting_kg)
    return np.where((rollout.mass_kg > 0.0) & (waiting_kg > 0.0), share, 1.0)
