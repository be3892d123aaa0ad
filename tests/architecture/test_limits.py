"""How long, wide and deep code may be. A waiver needs a reason, and goes when it is not needed."""

import ast

import pytest

from .tree import CODE, ROOT, modules, short

MODULE_LINES = 600
FUNCTION_LINES = 60  # from `def` to the end, docstring left out
PUBLIC_METHODS = 12  # a property is a field to its reader and does not count
POSITIONAL = 5  # of public functions; a kernel takes scalars, and numba no keyword-only ones
NESTING = 3
NESTING_IN_KERNELS = 4  # a compiled loop over objects and samples starts two deep

COMMAND = "the command line makes an option of each parameter; nobody calls it by position"
STAND_IN = "a mistake planted in a kernel: it takes the arguments of the kernel it stands in for"
# (file, function or class) -> why the limit does not fit
LONG: dict[tuple[str, str], str] = {
    ("cli/coverage.py", "coverage"): COMMAND,
    ("cli/run.py", "run"): COMMAND,
    ("cli/size.py", "size"): COMMAND,
    ("engagement/board.py", "lay_board"): "one call that names every column of the board",
    ("world/flight.py", "fill_stages"): "twelve stages of DOP853 in a row; loops cost its speed",
    ("world/lambert.py", "lambert_way_kernel"): "one iteration with its bracket and both branches",
    ("world/propagation.py", "fly"): "one step of the integrator with its events, compiled whole",
}
MANY_METHODS: dict[tuple[str, str], str] = {}
MANY_POSITIONAL: dict[tuple[str, str], str] = {
    ("cli/cost.py", "cost"): COMMAND,
    ("cli/coverage.py", "coverage"): COMMAND,
    ("cli/run.py", "run"): COMMAND,
    ("cli/size.py", "size"): COMMAND,
    ("cli/timeline.py", "timeline"): COMMAND,
    ("verification/tracking.py", "predict_flat"): STAND_IN,
    ("verification/tracking.py", "predict_uncoupled"): STAND_IN,
}
DEEP: dict[tuple[str, str], str] = {
    ("campaign/study.py", "_play_all"): "a generator that must clean up in the same body",
    ("intercept/kernels/surface.py", "solve_sites"): "objects, samples and sites in one pass, so "
    "that a sample is turned to Earth-fixed axes once for all sites",
}

Function = ast.FunctionDef | ast.AsyncFunctionDef
BRANCHES = (ast.For, ast.While, ast.If, ast.With, ast.Try, ast.Match)
TREES = {path: ast.parse(path.read_text("utf-8")) for path in modules()}


def functions(tree):
    return [node for node in ast.walk(tree) if isinstance(node, Function)]


def decorators(node):
    return {ast.unparse(decorator) for decorator in node.decorator_list}


def is_kernel(node):
    return bool({"kernel", "table_kernel"} & decorators(node))


def lines_of(node):
    """Lines of a function without its docstring."""
    lines = node.end_lineno - node.lineno + 1
    if ast.get_docstring(node) is not None:
        docstring = node.body[0]
        lines -= docstring.end_lineno - docstring.lineno + 1
    return lines


def positional(node):
    given = [*node.args.posonlyargs, *node.args.args]
    return [argument.arg for argument in given if argument.arg not in ("self", "cls")]


def nesting(node, level=0):
    """Deepest level of blocks inside blocks; `elif` is no deeper than its `if`."""
    deepest = level
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (*Function.__args__, ast.ClassDef, ast.Lambda)):
            continue
        is_elif = isinstance(node, ast.If) and node.orelse == [child] and isinstance(child, ast.If)
        step = isinstance(child, BRANCHES) and not is_elif
        deepest = max(deepest, nesting(child, level + step))
    return deepest


def methods(node):
    return [
        item
        for item in node.body
        if isinstance(item, Function)
        and not item.name.startswith("_")
        and not {"property", "cached_property"} & decorators(item)
    ]


def over(measure, limit, waived, kinds=Function.__args__, wanted=lambda node: True):
    """What breaks a limit: (file, name, figure), waived or not."""
    return [
        (short(path), node.name, measure(node))
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, kinds) and wanted(node) and measure(node) > limit(node)
    ], waived


CASES = {
    "lines of a function": over(lines_of, lambda node: FUNCTION_LINES, LONG),
    "public methods of a class": over(
        lambda node: len(methods(node)), lambda node: PUBLIC_METHODS, MANY_METHODS, ast.ClassDef
    ),
    "positional arguments": over(
        lambda node: len(positional(node)),
        lambda node: POSITIONAL,
        MANY_POSITIONAL,
        wanted=lambda node: not is_kernel(node) and not node.name.startswith("_"),
    ),
    "blocks inside blocks": over(
        nesting, lambda node: NESTING_IN_KERNELS if is_kernel(node) else NESTING, DEEP
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_limit(case):
    found, waived = CASES[case]
    assert [entry for entry in found if entry[:2] not in waived] == []


@pytest.mark.parametrize("case", CASES)
def test_waivers_are_needed_and_reasoned(case):
    found, waived = CASES[case]
    assert [entry for entry in waived if entry not in {hit[:2] for hit in found}] == []
    assert all(len(reason) > 20 for reason in waived.values())


def test_modules_are_short():
    files = [*modules(CODE), *modules(ROOT / "tests"), *modules(ROOT / "tools")]
    sizes = {short(path): len(path.read_text("utf-8").splitlines()) for path in files}
    assert {name: size for name, size in sizes.items() if size > MODULE_LINES} == {}


def test_the_measures_see_what_they_measure():
    source = '''
def long(a, b, c, d, e, f):
    """Two
    lines."""
    for x in a:
        if x:
            pass
        elif b:
            with c:
                pass
    return d

class Wide:
    @property
    def field(self): return 1
    def one(self): return 2
    def _own(self): return 3
'''
    tree = ast.parse(source)
    long = functions(tree)[0]
    assert lines_of(long) == 8
    assert len(positional(long)) == 6
    assert nesting(long) == 3
    assert [item.name for item in methods(tree.body[1])] == ["one"]
