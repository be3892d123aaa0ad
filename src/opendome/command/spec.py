"""The command part of a scenario: how fast, how sure and by which doctrine a node decides."""

from collections.abc import Callable
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from opendome.command.models import CommandModel, Doctrine, Engage, HumanTime, Solver
from opendome.quantities.errors import QuantityError
from opendome.quantities.fields import Bounds, Duration, Length, Probability, Ratio
from opendome.quantities.values import Interval, Value

UNLIMITED = 2**15 - 1
RESERVE_MAX = 1_000_000
STEPS = ("warning", "confirmation", "release")

Pick = Callable[[str, Value], float]
Sector = Annotated[
    str, StringConstraints(strict=True, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)
]
Member = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=200)]


class DoctrineSpec(BaseModel):
    """Rounds fired together at one object, and how many times a layer may fire at it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    salvo: int = Field(
        default=1, ge=1, le=16, strict=True, description="rounds fired together at one object"
    )
    looks: Annotated[int, Field(ge=1, le=UNLIMITED, strict=True)] | Literal["unlimited"] = Field(
        default=1, description="salvos at one object, each after the result of the last was seen"
    )

    reserve: int = Field(
        default=0,
        ge=0,
        le=RESERVE_MAX,
        strict=True,
        description="last rounds of the layer, kept for objects that no other layer with stock "
        "can still meet",
    )
    engage: Engage = Field(
        default="free",
        description="free: fires at what is believed a threat; tight: only once the predicted "
        "impact lies inside what is defended with `p_inside`, so never while the object burns; "
        "hold: never",
    )

    @model_validator(mode="after")
    def _held_layers_have_no_plan(self) -> Self:
        """A layer that never fires has neither salvo nor looks nor reserve."""
        plan = {"salvo": self.salvo != 1, "looks": self.looks != 1, "reserve": self.reserve != 0}
        given = [name for name, differs in plan.items() if differs]
        if self.engage == "hold" and given:
            raise QuantityError(
                got=f"engage: hold together with {' and '.join(given)}",
                allowed="hold alone, or a layer that fires",
                do=f"remove {' and '.join(given)}, or use engage: tight",
                where="engage",
            )
        return self

    def realise(self) -> Doctrine:
        """Doctrine with the unlimited case spelled as a number."""
        return Doctrine(
            salvo=self.salvo,
            salvos_max=UNLIMITED if self.looks == "unlimited" else self.looks,
            reserve=self.reserve,
            engage=self.engage,
        )


SHOOT_LOOK_SHOOT = DoctrineSpec(salvo=1, looks="unlimited")

StepTime = Annotated[Duration, Bounds("0 s", "24 h")]
Quantile = Annotated[Duration, Bounds(above="0 s", high="24 h")]


class SpreadSpec(BaseModel):
    """A time of people as a lognormal distribution, drawn in every trial."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    median: Quantile = Field(description="half of the times are shorter")
    p90: Quantile = Field(description="nine tenths of the times are shorter")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        """The 90 percent point is not below the median, whatever is drawn of them."""
        if _ends(self.p90)[0] < _ends(self.median)[1]:
            raise QuantityError(
                got=f"p90 {self.p90.text('s')} below median {self.median.text('s')}",
                allowed="a p90 of at least the median, whatever is drawn of them",
                do="swap or correct them",
                where="p90",
            )
        return self


class PeopleSpec(BaseModel):
    """Steps that people take one after the other before the first shot of an attack."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    warning: StepTime | SpreadSpec | None = Field(
        default=None, description="from the first track at a node to the word that it is an attack"
    )
    confirmation: StepTime | SpreadSpec | None = Field(
        default=None, description="from the warning to the assessment that it is real"
    )
    release: StepTime | SpreadSpec | None = Field(
        default=None, description="from the assessment to the permission to fire"
    )

    def realise(self, pick: Pick) -> tuple[HumanTime, ...]:
        """Steps that are given, with every uncertain value drawn by `pick`."""
        return tuple(
            _human_time(name, given, pick)
            for name in STEPS
            if (given := getattr(self, name)) is not None
        )


def _human_time(name: str, given: Value | SpreadSpec, pick: Pick) -> HumanTime:
    """A step of people; one without a spread always takes the same time."""
    path = f"people.{name}"
    if not isinstance(given, SpreadSpec):
        return HumanTime(name=name, median_s=pick(path, given), sigma_log=0.0)
    median_s, p90_s = pick(f"{path}.median", given.median), pick(f"{path}.p90", given.p90)
    return HumanTime.of_quantiles(name, median_s, p90_s)


def _ends(value: Value) -> tuple[float, float]:
    return (value.low, value.high) if isinstance(value, Interval) else (value.middle, value.middle)


class CommandSpec(BaseModel):
    """Rules of a deciding node; values left out come from the catalogue's `engine-defaults`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cycle: Annotated[Duration, Bounds("0.1 s", "60 s")] = Field(
        description="time between decisions"
    )
    confirm: Annotated[Duration, Bounds("0 s", "3600 s")] = Field(
        description="from the track at the node to permission to fire"
    )
    assessment_delay: Annotated[Duration, Bounds("0 s", "3600 s")] = Field(
        description="from an intercept to the belief about it"
    )
    p_false_kill: Probability = Field(description="chance that a live object is believed dead")
    p_false_miss: Probability = Field(description="chance that a dead object is believed alive")
    commit_sigma: Annotated[Length, Bounds(above="0 m")] = Field(
        description="largest position error at which a shot is allowed"
    )
    harmless_sigmas: Annotated[Ratio, Bounds("0", "10")] = Field(
        description="an object is ignored when its predicted impact lies this many standard "
        "deviations outside every defended area"
    )
    p_threat: Annotated[Probability, Bounds("0.001", "0.999")] = Field(
        description="chance that an object is a threat, as a node holds it before a sensor has "
        "told; counts only for objects taken for real `by-sensors`"
    )
    p_engage: Annotated[Probability, Bounds("0.001", "0.999")] = Field(
        description="a node fires at such an object when it holds it for a threat with this chance"
    )
    p_inside: Annotated[Probability, Bounds("0.001", "0.999")] = Field(
        description="a layer that engages tight fires when the predicted impact lies inside what "
        "is defended with this chance"
    )
    people: PeopleSpec | None = Field(
        default=None,
        description="times of people before the first shot of an attack; `confirm` of each "
        "object comes on top; none when left out",
    )
    solver: Solver = Field(default="greedy", description="how a node shares out its rounds")
    sectors: dict[Sector, Annotated[tuple[Member, ...], Field(min_length=1)]] = Field(
        default_factory=dict,
        description="by name: assets, or sites as `asset.site`, that fight alone together when "
        "the national command is cut off",
    )
    cut_off: Probability | None = Field(
        default=None,
        description="chance of a future in which the command of a nation with sectors is cut "
        "off; never when left out",
    )
    doctrine: dict[str, DoctrineSpec | Literal["shoot-look-shoot"]] = Field(
        default_factory=dict, description="by layer; a layer not named here fires one round once"
    )

    def doctrine_of(self, layer: str) -> Doctrine:
        """Doctrine of a layer."""
        entry = self.doctrine.get(layer, DoctrineSpec())
        return (SHOOT_LOOK_SHOOT if isinstance(entry, str) else entry).realise()

    def realise(self, pick: Pick) -> CommandModel:
        """Rules with every uncertain value drawn by `pick`."""
        return CommandModel(
            cycle_s=pick("cycle", self.cycle),
            confirm_s=pick("confirm", self.confirm),
            assessment_delay_s=pick("assessment_delay", self.assessment_delay),
            p_false_kill=pick("p_false_kill", self.p_false_kill),
            p_false_miss=pick("p_false_miss", self.p_false_miss),
            commit_sigma_m=pick("commit_sigma", self.commit_sigma),
            harmless_sigmas=pick("harmless_sigmas", self.harmless_sigmas),
            p_threat=pick("p_threat", self.p_threat),
            p_engage=pick("p_engage", self.p_engage),
            p_inside=pick("p_inside", self.p_inside),
            people=() if self.people is None else self.people.realise(pick),
            solver=self.solver,
        )
