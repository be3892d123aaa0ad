"""Rules of the filter bank, from the catalogue."""

from collections.abc import Collection

import numpy as np
import numpy.typing as npt

from opendome.quantities.errors import OpendomeError
from opendome.sources.catalogue import load_system
from opendome.tracking.kernels.forces import COAST, MODEL_NAMES, BankRules

Floats = npt.NDArray[np.float64]

RULES = "filter-bank"


def bank_rules(
    models: Collection[str] = MODEL_NAMES, *, accel_psd_m2_s3: float = 0.0, unscented: bool = False
) -> BankRules:
    """Rules of a bank of some or all models, at the middle of every interval.

    models : those that take part, of coast, boost, glide, reentry, air
    accel_psd_m2_s3 : white acceleration on top of that of each model, per axis [m2/s3]
    unscented : predict and update by sigma points
    """
    _check_models(models)
    takes_part = np.array([name in models for name in MODEL_NAMES])
    share = np.array([[_share(one, other) for other in MODEL_NAMES] for one in MODEL_NAMES])
    share = np.where(takes_part[:, None] & takes_part, share, 0.0)
    total = share.sum(axis=1)
    weight = np.where(takes_part, _of_models("weight"), 0.0)
    return BankRules(
        force_sigma_m_s2=_of_forces("force_sigma"),
        force_time_s=_of_forces("force_time"),
        accel_psd_m2_s3=_of_models("accel_psd") + accel_psd_m2_s3,
        max_step_s=_of_models("step"),
        sojourn_s=np.where(total > 0.0, _of_models("stay"), np.inf),
        share=share / np.where(total > 0.0, total, 1.0)[:, None],
        weight=weight / weight.sum(),
        ceiling_m=np.array([_ceiling(name) for name in MODEL_NAMES]),
        glide_ratio=_middle("glide.lift_to_drag"),
        ballistic_kg_m2=_middle("reentry.ballistic_coefficient"),
        drag_spread=_middle("reentry.drag_spread"),
        sigma_spread=_middle("sigma_points.alpha"),
        sigma_prior=_middle("sigma_points.beta"),
        sigma_shift=_middle("sigma_points.kappa"),
        unscented=unscented,
    )


def _check_models(models: Collection[str]) -> None:
    wrong = [name for name in models if name not in MODEL_NAMES]
    if wrong or not models:
        raise OpendomeError(
            got=f"the models {', '.join(models) or 'none'} of a filter bank",
            allowed=f"one or more of {', '.join(MODEL_NAMES)}",
            do="name models of the bank",
        )


def _middle(name: str) -> float:
    """Middle of one value of the catalogue."""
    return float(load_system(RULES).parameters[name].value.middle)  # pyright: ignore[reportAttributeAccessIssue]  (no money here)


def _of_models(name: str) -> Floats:
    """A value of each model: (model,)."""
    return np.array([_middle(f"{model}.{name}") for model in MODEL_NAMES])


def _of_forces(name: str) -> Floats:
    """A value of each model with a force; 1, which nobody reads, for COAST: (model,)."""
    return np.array(
        [
            1.0 if index == COAST else _middle(f"{model}.{name}")
            for index, model in enumerate(MODEL_NAMES)
        ]
    )


def _ceiling(model: str) -> float:
    """Height above which a model cannot hold [m], inf where the catalogue names none."""
    name = f"{model}.ceiling"
    return _middle(name) if name in load_system(RULES).parameters else np.inf


def _share(one: str, other: str) -> float:
    """Probability that an object that leaves a model goes to another."""
    return 0.0 if one == other else _middle(f"{one}.to_{other}")
