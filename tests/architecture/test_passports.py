"""No number without a passport: in the catalogue, and in the code."""

import ast
from pathlib import Path

import pytest

import opendome
from opendome.quantities.dimensions import DIMENSIONS
from opendome.sources.catalogue import load_all, load_sources
from opendome.sources.records import WEAK_KINDS, SourceKind, read_quantity

CODE = Path(opendome.__file__).parent
PARAMETERS = [
    pytest.param(parameter, id=f"{system.id}:{name}")
    for system in load_all().values()
    for name, parameter in system.parameters.items()
]
KINDS = {
    "radar",
    "over-the-horizon-radar",
    "infrared-satellite",
    "orbital-interceptor",
    "surface-interceptor",
    "directed-energy",
    "threat",
    "command",
    "communication",
    "cost",
    "constant",
    "fact",
}

# --- the catalogue ---------------------------------------------------------------


def problems_of(parameter):
    """What is wrong with the passport of a parameter."""
    passport, known = parameter.passport, load_sources()
    basis, certainty = passport.basis, passport.certainty
    strong = [name for name in passport.sources if name in known and not known[name].weak]
    rules = {
        "no source": not passport.sources,
        "a source that is not in sources.yaml": not set(passport.sources) <= set(known),
        "no such basis": basis not in ("read", "computed", "assumed", "unverified"),
        "no such certainty": certainty not in (None, "high", "medium", "low"),
        "read, but every source is weak": basis == "read" and not strong,
        "read, but none was read": basis == "read" and not any(known[n].read for n in strong),
        "no reason or formula": basis in ("assumed", "computed") and not passport.note,
        "unverified, yet certain": basis == "unverified" and certainty == "high",
        "no date": not passport.as_of,
    }
    if not parameter.words:
        for text in [parameter.given] if isinstance(parameter.given, str) else parameter.given:
            read_quantity(text)  # a unit that is not known, or a wrong interval, raises
    return [problem for problem, broken in rules.items() if broken]


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_every_value_has_a_passport(parameter):
    assert problems_of(parameter) == []


def test_every_system_has_a_kind_a_name_and_values():
    for system in load_all().values():
        assert system.kind in KINDS
        assert system.name
        assert system.nation
        assert system.parameters


def test_sources_are_described():
    for source in load_sources().values():
        assert source.kind in SourceKind.__args__
        assert len(source.title) > 8
        assert source.url is None or source.url.startswith("http")
        assert source.url is None or "${" not in source.url
        assert source.kind in WEAK_KINDS or source.url or source.kind == "code"


def test_names_carry_no_unit():
    """The unit is in the value; a name such as range_km would say it twice."""
    units = {unit for dimension in DIMENSIONS for unit in dimension.units if len(unit) > 1}
    for system in load_all().values():
        for name in system.parameters:
            assert name.rpartition("_")[2] not in units - {"min", "day", "month", "year"}, name


# --- the code ----------------------------------------------------------------------

# Numbers of mathematics, decibels, clocks and angles: no parameters of the world.
MATHEMATICS = {
    *range(-10, 11), 12, 16, 20, 24, 30, 32, 60, 64, 90, 100, 128, 180, 256, 360, 512, 1000,
    1024, 3600, 86400,
    120, 720, 5040, 40320, 362880,  # factorials
    0.05, 0.1,  # decibels to powers of ten
}  # fmt: skip
GUARDS = {10.0**-k for k in range(6, 31)}  # against rounding
BEYOND = {1e15, 1e18, 1e30, 1e-300, 1e300, 1e308}  # sentinels
DYADIC = 256.0  # series coefficients are multiples of 1/256; so is a half
LIMITS_OF_FORMS = {"ge", "gt", "le", "lt", "min_length", "max_length", "multiple_of"}
LIMITS_OF_SOFTWARE = ("_MAX", "_MIN", "_BYTES", "_CHARACTERS", "_LENGTH", "_ROWS", "_STEPS")
DIMENSIONAL = (
    "_m", "_km", "_s", "_ms", "_rad", "_deg", "_hz", "_w", "_sr", "_kg", "_k", "_pa", "_m2",
    "_m_s", "_m_s2", "_db", "_usd",
)  # fmt: skip

# file or folder -> why its numbers need no passport of their own
WHOLE_FILES = {
    "quantities/constants.py": "physical constants; PASSPORTS names the source of each",
    "quantities/dimensions.py": "definitions of units, and limits against absurd values",
    "quantities/money.py": "scales and the span of price years",
    "draws/normal.py": "coefficients of AS 241, cited in the file",
    "draws/philox.py": "multipliers of Philox, cited in the file",
    "world/atmosphere.py": "layers of the US Standard Atmosphere 1976, cited in the file",
    "world/us76_table.py": "table of the US Standard Atmosphere 1976, cited in the file",
    "world/trigonometry.py": "Taylor coefficients",
    "world/geodesy.py": "series of Vincenty, cited in the file",
    "world/radiation.py": "Bernoulli numbers",
    "world/sun.py": "formula of the Astronomical Almanac and of the IERS, cited in the file",
    "world/dop853.py": "coefficients of DOP853, cited in the file",
    "world/satellites.py": "columns of the two-line format and the formula of GMST, cited there",
    "threats/kernels/stepper.py": "coefficients of Dormand and Prince, cited in the file",
    "sensing/detection.py": "coefficients of Albersheim and Shnidman, cited in the file",
    "report": "sizes and places of drawings; no result depends on them",
    "verification": "figures of the published checks and their tolerances, cited in each file",
}

STEP_CONTROL = "step-size control: safety factor and limits of growth, after Hairer and Wanner"
SOLVER = "tolerance or damping of a solver; the accuracy is tested"
# (file, name or repr of the number) -> reason
ALLOWED: dict[tuple[str, str], str] = {
    ("cli/main.py", "INTERRUPTED"): "exit status of a shell after an interrupt",
    ("command/spec.py", "UNLIMITED"): "the largest number of salvos the record can hold",
    ("intercept/kernels/ascent.py", "72.0"): "error estimate of Bogacki and Shampine",
    ("intercept/kernels/ascent.py", "SHRINK_MAX"): STEP_CONTROL,
    ("intercept/kernels/ascent.py", "0.9"): STEP_CONTROL,
    ("intercept/kernels/orbital.py", "SETTLED_S"): SOLVER,
    ("intercept/kick.py", "SPEED_ERROR"): SOLVER,
    ("intercept/kick.py", "HALVINGS"): SOLVER,
    ("intercept/kick.py", "LEVEL_POWER"): "spacing of trial angles; the answer is solved for",
    ("intercept/table.py", "721"): "points of a scan that finds the edge of a table",
    ("intercept/table.py", "40"): "bisections of the edge of a table",
    ("quantities/units.py", "0.4"): "how like a word must be to be suggested",
    ("quantities/values.py", "_DIGITS"): "decimal digits tried, up to those of a double",
    ("quantities/values.py", "1000000000.0"): "whole numbers below are written without exponent",
    ("results/intervals.py", "CONFIDENCE"): "customary level of an interval, named in the report",
    ("results/metrics.py", "50"): "the median",
    (
        "threats/ballistic_spec.py",
        "LONGEST_S",
    ): "bounds the memory a run may ask for, nothing else",
    ("threats/glide.py", "LONGEST_S"): "gives up a flight that leads nowhere",
    ("threats/separation.py", "LONGEST_S"): "gives up a fall that does not end",
    ("threats/kernels/rocket.py", "LOWEST_RAD"): "bounds of a search; 2 degrees above level",
    ("threats/orbital_spec.py", "LONGEST_S"): "bounds the memory a run may ask for, nothing else",
    ("survey/records.py", "0.9"): "percentile that is told",
    ("sensing/kernels/flight.py", "HEADROOM_M"): "slack of a bound; no look depends on it",
    ("scenario/explain.py", "40"): "names listed in a message",
    ("scenario/problems.py", "0.6"): "how like a word must be to be suggested",
    ("scenario/spec.py", "63"): "bits of a seed",
    ("scenario/spec.py", "50"): "default number of futures, stated in the design",
    ("scenario/spec.py", "100000"): "limits of a form: people in a city",
    ("scenario/spec.py", "100000000"): "limits of a form: people in a city",
    ("threats/kernels/aiming.py", "1.96"): "0.99 of escape speed squared, where the formula ends",
    ("threats/kernels/flight.py", "SHRINK_MAX"): STEP_CONTROL,
    ("threats/kernels/flight.py", "SAFETY"): STEP_CONTROL,
    ("threats/kernels/flight.py", "0.999"): STEP_CONTROL,
    ("threats/kernels/flight.py", "0.2"): "one over the order of the method",
    ("threats/kernels/work.py", "ROWS"): "rows of a work sheet",
    ("threats/kernels/newton.py", "NUDGE"): SOLVER,
    ("threats/kernels/newton.py", "GOAL_M_S"): SOLVER,
    ("threats/kernels/newton.py", "SLOW"): SOLVER,
    ("threats/kernels/solve.py", "MISS_M"): SOLVER,
    ("threats/ballistic.py", "STEP_ERROR_M"): SOLVER,
    ("threats/kernels/cruise.py", "SPACING_M"): SOLVER,
    ("threats/kernels/cruise.py", "ROUNDING_M"): SOLVER,
    ("world/kepler.py", "0.01"): "where the starting value changes; does not touch the answer",
    ("world/flight.py", "_BISECTIONS"): "halvings of a step, down to rounding",
    ("world/flight.py", "0.01"): "weight of DOP853's two error estimates",
    ("world/propagation.py", "TOLERANCE_MAX"): "largest tolerance a caller may ask for",
    ("world/propagation.py", "0.333"): STEP_CONTROL,
    ("world/propagation.py", "0.9"): STEP_CONTROL,
    ("world/time.py", "JULIAN_DATE_J2000"): "definition of the epoch J2000",
    ("world/time.py", "_J2000"): "definition of the epoch J2000",
    ("world/time.py", "EPOCH_FIRST"): "span of time in which the Earth angle was checked",
    ("world/time.py", "EPOCH_LAST"): "span of time in which the Earth angle was checked",
    ("world/time.py", "0.779057273264"): "Earth rotation angle, IERS Conventions 2010",
    ("world/time.py", "0.00273781191135448"): "Earth rotation angle, IERS Conventions 2010",
}


def numbers_of(tree):
    """Every literal number: (line, value, name it is bound to at module level or None)."""
    bound = {}
    for statement in tree.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            names = [node.id for t in targets for node in ast.walk(t) if isinstance(node, ast.Name)]
            for node in ast.walk(statement):
                bound[id(node)] = names[0] if names and names[0].isupper() else None
    skipped = set()
    for outer in ast.walk(tree):
        parts = [outer.slice] if isinstance(outer, ast.Subscript) else []  # columns, places
        if isinstance(outer, ast.Call):
            parts = [word.value for word in outer.keywords if word.arg in LIMITS_OF_FORMS]
        skipped.update(id(node) for part in parts for node in ast.walk(part))
    for node in ast.walk(tree):
        if id(node) in skipped or not isinstance(node, ast.Constant):
            continue
        if isinstance(node.value, int | float) and not isinstance(node.value, bool):
            yield node.lineno, node.value, bound.get(id(node))


def suspicious(source, file=""):
    """Numbers of a source text that look like parameters: (line, number, why)."""
    lines = source.splitlines()
    found = []
    for line, value, name in numbers_of(ast.parse(source)):
        if _is_mathematics(value) or {(file, repr(value)), (file, name)} & set(ALLOWED):
            continue
        if name is not None and isinstance(value, int) and name.endswith(LIMITS_OF_SOFTWARE):
            continue
        if name is None:
            found.append((line, value, "a bare number: give it a name and a reason"))
        elif name.lower().endswith(DIMENSIONAL):
            found.append((line, value, f"{name} has a unit: it belongs to the catalogue"))
        elif not _explained(lines, line):
            found.append((line, value, f"{name} has no comment that says why"))
    return found


def _is_mathematics(value):
    dyadic = isinstance(value, float) and abs(value) <= 10.0 and (value * DYADIC).is_integer()
    return value in MATHEMATICS or value in GUARDS or value in BEYOND or dyadic


def _explained(lines, line):
    """Whether a comment stands on the line, or as a block right above its statement."""
    if "#" in lines[line - 1]:
        return True
    above = line - 2
    while above >= 0 and lines[above] and not lines[above].startswith("#"):
        above -= 1  # other lines of the same group of constants
    return above >= 0 and lines[above].startswith("#")


FILES = [
    pytest.param(path, id=path.relative_to(CODE).as_posix()) for path in sorted(CODE.rglob("*.py"))
]


@pytest.mark.parametrize("path", FILES)
def test_no_parameter_in_the_code(path):
    file = path.relative_to(CODE).as_posix()
    if any(file == whole or file.startswith(whole + "/") for whole in WHOLE_FILES):
        return
    assert suspicious(path.read_text("utf-8"), file) == []


def test_allow_list_is_not_stale():
    for whole in WHOLE_FILES:
        assert (CODE / whole).exists(), whole
    stale = [entry for entry in ALLOWED if not _used(*entry)]
    assert stale == []
    assert all(len(reason) >= 10 for reason in [*WHOLE_FILES.values(), *ALLOWED.values()])


def _used(file, name):
    tree = ast.parse((CODE / file).read_text("utf-8"))
    return any(name in (repr(value), bound) for _, value, bound in numbers_of(tree))


def test_the_scan_catches_a_planted_parameter():
    planted = "BURNOUT_SPEED_M_S = 7200.0  # of an interceptor\ndef f(x):\n    return x * 0.57\n"
    assert [(line, value) for line, value, _ in suspicious(planted)] == [(1, 7200.0), (2 + 1, 0.57)]
    assert suspicious("ROUNDS = 37\n")
    assert suspicious("ROUNDS = 37  # Newton steps: converges in five\n") == []
    assert suspicious("x = 2.0 * 0.5 + 1e-12\n") == []
