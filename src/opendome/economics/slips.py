"""How late such things come: the ratio of actual to planned duration, fitted to the record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from opendome.quantities.dates import date_s
from opendome.quantities.errors import OpendomeError
from opendome.quantities.values import Interval
from opendome.sources.catalogue import CATALOGUE, parse_plain, read_parameter
from opendome.sources.records import Parameter

Floats = npt.NDArray[np.float64]

# Points of each axis of the posterior: doubling any of them moves no quantile by more than 1 %.
_MEANS_STEPS, _CLASS_STEPS, _BETWEEN_STEPS, _WITHIN_STEPS = 61, 161, 13, 25
_REACH = 2.0  # standard deviations between classes by which a class may leave the flat range
_MOST = 64.0  # times the planned duration: where a slip is cut, far beyond the record
_BISECTIONS = 60


@dataclass(frozen=True, kw_only=True)
class Slip:
    """One plan and what became of it.

    what : the event     slip_class : kind of system
    start, planned : when the plan was made, and for when
    reached : when it came true, or until when it had not (`still_open`)
    """

    name: str
    what: str
    slip_class: str
    start: Parameter
    planned: Parameter
    reached: Parameter
    still_open: bool

    @property
    def ratio(self) -> float:
        """Actual over planned duration; of an open plan, the least it can be."""
        start_s, planned_s, reached_s = (
            date_s(str(part.given)) for part in (self.start, self.planned, self.reached)
        )
        return (reached_s - start_s) / (planned_s - start_s)


@dataclass(frozen=True, kw_only=True)
class SlipRecord:
    """The published record.

    classes : slip class -> what belongs to it
    prior : what is assumed before any plan is looked at, in logarithms of the ratio
    """

    slips: tuple[Slip, ...]
    classes: Mapping[str, str]
    prior: Mapping[str, Parameter]

    def of_class(self, slip_class: str) -> tuple[Slip, ...]:
        """Plans of one class."""
        return tuple(slip for slip in self.slips if slip.slip_class == slip_class)

    def without(self, name: str) -> "SlipRecord":
        """The record as if one plan were not known."""
        return replace(self, slips=tuple(slip for slip in self.slips if slip.name != name))


@cache
def load_slips() -> SlipRecord:
    """The record of the catalogue."""
    return read_slips((CATALOGUE / "slips.yaml").read_text("utf-8"))


def read_slips(text: str) -> SlipRecord:
    """Record of the text of a file such as `slips.yaml`; a plan that makes no sense is refused."""
    entry = parse_plain(text)
    slips = tuple(
        _slip(name, body, entry["as_of"], entry["classes"])
        for name, body in entry["records"].items()
    )
    prior = {
        name: read_parameter(name, body, entry["as_of"], "slips")
        for name, body in entry["prior"].items()
    }
    return SlipRecord(slips=slips, classes=dict(entry["classes"]), prior=prior)


def _slip(name: str, body: Mapping[str, Any], as_of: str, classes: Mapping[str, str]) -> Slip:
    ends = {"actual", "open"} & set(body)
    if len(ends) != 1 or set(body) - ends != {"what", "class", "start", "planned"}:
        raise _damaged(name, f"the keys {', '.join(sorted(body))}", "either actual or open")
    if body["class"] not in classes:
        raise _damaged(name, f"the class {body['class']!r}", ", ".join(classes))
    parts = {
        key: read_parameter(key, body[key], as_of, "slips") for key in ("start", "planned", *ends)
    }
    end = ends.pop()
    slip = Slip(
        name=name,
        what=body["what"],
        slip_class=body["class"],
        start=parts["start"],
        planned=parts["planned"],
        reached=parts[end],
        still_open=end == "open",
    )
    start_s, planned_s = (date_s(str(parts[key].given)) for key in ("start", "planned"))
    if planned_s <= start_s or slip.ratio <= 0.0:
        raise _damaged(name, "dates out of order", "a start, then the plan and what became of it")
    return slip


def _damaged(name: str, got: str, allowed: str) -> OpendomeError:
    return OpendomeError(
        got=f"{got} of the slip {name}", allowed=allowed, do="correct the entry", where="slips.yaml"
    )


@dataclass(frozen=True, kw_only=True)
class SlipFit:
    """What the record says of plans to come.

    Model: ln(actual/planned) of a plan is normal about the mean of its class, with one spread
    within every class; the means of classes are normal about a common mean (so a class with few
    plans leans on the others, and one without any is drawn like a new class). Flat priors as
    stated in the record; an open plan counts as "at least". Exact on a grid; a draw carries what
    is not known of means and spreads.
    Valid for: first deliveries of the kinds in the record; no cancellations.
    Source: A. Gelman and others, Bayesian Data Analysis, 3rd edition (2013), sections 5.4, 8.2.
    """

    record: SlipRecord

    @cached_property
    def _axes(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Common means, spreads between classes, spreads within, means of a class."""
        low, high = _ends(self.record.prior["mean_log_ratio"])
        least, most = _ends(self.record.prior["spread_between_classes"])
        within = _ends(self.record.prior["spread_within_class"])
        reach = _REACH * most
        return (
            np.linspace(low, high, _MEANS_STEPS),
            np.linspace(least, most, _BETWEEN_STEPS),
            np.geomspace(*within, _WITHIN_STEPS),
            np.linspace(low - reach, high + reach, _CLASS_STEPS),
        )

    @cached_property
    def _class_given_common(self) -> Floats:
        """(mean, between, class mean) weights that sum to one over the last axis."""
        mean, between, _, own = self._axes
        off = (own - mean[:, None, None]) / between[:, None]
        weight = np.exp(-0.5 * off**2)
        return weight / weight.sum(axis=-1, keepdims=True)

    def _likelihood(self, slip_class: str) -> Floats:
        """(class mean, within) likelihood of the plans of a class, the largest being one."""
        from scipy.special import log_ndtr  # heavy, and needed here alone

        _, _, within, own = self._axes
        total = np.zeros((own.size, within.size))
        for slip in self.record.of_class(slip_class):
            off = (np.log(slip.ratio) - own[:, None]) / within
            total += log_ndtr(-off) if slip.still_open else -0.5 * off**2 - np.log(within)
        return np.exp(total - total.max())

    @cached_property
    def _likelihoods(self) -> dict[str, Floats]:
        return {name: self._likelihood(name) for name in self.record.classes}

    @cached_property
    def _evidence(self) -> dict[str, Floats]:
        """Class -> (mean, between, within) likelihood of its plans, its own mean averaged out."""
        return {name: self._class_given_common @ part for name, part in self._likelihoods.items()}

    @cached_property
    def _common(self) -> Floats:
        """(mean, between, within) posterior, all classes together; sums to one."""
        weight = np.prod(list(self._evidence.values()), axis=0)
        return weight / weight.sum()

    @cached_property
    def _marginals(self) -> dict[str, Floats]:
        """Class -> (class mean, within) posterior; sums to one."""
        found: dict[str, Floats] = {}
        for name, likelihood in self._likelihoods.items():
            elsewhere = np.ones_like(self._common)
            for other, part in self._evidence.items():
                elsewhere = elsewhere * part if other != name else elsewhere
            others = np.einsum("mbc,mbw->cw", self._class_given_common, elsewhere)
            joint = likelihood * others
            found[name] = joint / joint.sum()
        return found

    def p_at_most(self, slip_class: str, ratio: float) -> float:
        """Probability that a new plan of a class takes at most `ratio` times what was planned."""
        from scipy.special import ndtr

        _, _, within, own = self._axes
        below = ndtr((np.log(ratio) - own[:, None]) / within)
        return float((self._marginals[slip_class] * below).sum())

    def quantile(self, slip_class: str, share: float) -> float:
        """Ratio that a new plan of a class stays below with probability `share`."""
        low, high = -np.log(_MOST), np.log(_MOST)
        for _ in range(_BISECTIONS):
            middle = 0.5 * (low + high)
            if self.p_at_most(slip_class, float(np.exp(middle))) < share:
                low = middle
            else:
                high = middle
        return float(np.exp(0.5 * (low + high)))

    def states(self, uniform: Floats) -> npt.NDArray[np.intp]:
        """(sample,) states of knowledge about all classes at once, from (sample,) uniforms."""
        cumulated = np.cumsum(self._common.ravel())
        return np.minimum(np.searchsorted(cumulated, uniform), cumulated.size - 1)

    def of_class(
        self, slip_class: str, states: npt.NDArray[np.intp], uniform: Floats
    ) -> tuple[Floats, Floats]:
        """(sample,) mean and spread of the logarithm of the ratio in a class, in given states."""
        mean, between, within = np.unravel_index(states, self._common.shape)
        weight = self._class_given_common[mean, between]
        weight = weight * self._likelihoods[slip_class][:, within].T
        cumulated = np.cumsum(weight, axis=1)
        chosen = (cumulated < (uniform * cumulated[:, -1])[:, None]).sum(axis=1)
        return self._axes[3][np.minimum(chosen, _CLASS_STEPS - 1)], self._axes[2][within]


def late_ratio(mean: Floats, spread: Floats, uniform: Floats, *, at_least: Floats) -> Floats:
    """Ratio of actual to planned duration, given that it is at least `at_least`.

    mean, spread : of the logarithm of the ratio; uniform : in (0, 1); all (sample,)
    Model: lognormal, cut off below at `at_least` and above at 64.
    """
    from scipy.special import ndtr, ndtri

    with np.errstate(divide="ignore"):
        least = np.log(at_least)
    above = ndtr((mean - least) / spread)
    with np.errstate(divide="ignore", invalid="ignore"):
        drawn = mean - spread * ndtri(uniform * above)
    drawn = np.where(above > 0.0, np.maximum(drawn, least), least)
    return np.exp(np.minimum(drawn, max(np.log(_MOST), float(least.max(initial=0.0)))))


@cache
def fit_slips() -> SlipFit:
    """The fit to the record of the catalogue."""
    return SlipFit(record=load_slips())


def left_out(record: SlipRecord) -> dict[str, float]:
    """Plan -> share of the distribution fitted to all others that lies below what came true.

    Open plans are left out: nothing has come true yet. Were the model right, the shares would
    lie evenly in (0, 1).
    """
    return {
        slip.name: SlipFit(record=record.without(slip.name)).p_at_most(slip.slip_class, slip.ratio)
        for slip in record.slips
        if not slip.still_open
    }


def coverage(shares: Sequence[float], level: float) -> float:
    """Share of `shares` that lie inside the central interval of probability `level`."""
    inside = [0.5 * (1.0 - level) <= share <= 0.5 * (1.0 + level) for share in shares]
    return sum(inside) / len(inside)


def _ends(parameter: Parameter) -> tuple[float, float]:
    value = parameter.value
    if not isinstance(value, Interval):
        raise _damaged(parameter.name, f"{parameter.given!r}", "an interval")
    return value.low, value.high
