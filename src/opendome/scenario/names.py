"""Names of the built-in scenarios; light, for shell completion."""

from functools import cache
from importlib.resources import files

SCENARIOS = files("opendome") / "catalogue" / "scenarios"


@cache
def scenario_names() -> tuple[str, ...]:
    """Names of the built-in scenarios, sorted."""
    names = (entry.name for entry in SCENARIOS.iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


def builtin_text(name: str) -> str:
    """A built-in scenario as it is written, comments and all."""
    return (SCENARIOS / f"{name}.yaml").read_text("utf-8")
