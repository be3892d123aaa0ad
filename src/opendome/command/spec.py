"""The command part of a scenario: how fast, how sure and by which doctrine a node decides."""

from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from opendome.command.models import CommandModel, Doctrine
from opendome.quantities.fields import Bounds, Duration, Length, Probability, Ratio
from opendome.quantities.values import Value

UNLIMITED = 2**15 - 1


class DoctrineSpec(BaseModel):
    """Rounds fired together at one object, and how many times a layer may fire at it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    salvo: int = Field(
        default=1, ge=1, le=16, strict=True, description="rounds fired together at one object"
    )
    looks: Annotated[int, Field(ge=1, le=UNLIMITED, strict=True)] | Literal["unlimited"] = Field(
        default=1, description="salvos at one object, each after the result of the last was seen"
    )

    def realise(self) -> Doctrine:
        """Doctrine with the unlimited case spelled as a number."""
        salvos = UNLIMITED if self.looks == "unlimited" else self.looks
        return Doctrine(salvo=self.salvo, salvos_max=salvos)


SHOOT_LOOK_SHOOT = DoctrineSpec(salvo=1, looks="unlimited")


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
    doctrine: dict[str, DoctrineSpec | Literal["shoot-look-shoot"]] = Field(
        default_factory=dict, description="by layer; a layer not named here fires one round once"
    )

    def doctrine_of(self, layer: str) -> Doctrine:
        """Doctrine of a layer."""
        entry = self.doctrine.get(layer, DoctrineSpec())
        return (SHOOT_LOOK_SHOOT if isinstance(entry, str) else entry).realise()

    def realise(self, pick: Callable[[str, Value], float]) -> CommandModel:
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
        )
