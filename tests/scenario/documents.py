"""A small sound scenario, and ways to change it."""

BASE = """\
scenario: small
title: A small scenario
epoch: 2029-01-20T12:00:00Z
defended:
  - {area: conus}
assets:
  - {use: lrdr, nation: US}
  - {use: gbi, nation: US}
  - {use: spy1d, nation: JP}
  - {use: sbi-cbo-2026, nation: US, name: sbi}
sharing:
  - {from: JP, to: US, what: tracks, delay: 2 s}
raid:
  - {class: icbm-solid, count: 2, from: {area: north-east-asia}, to: {area: conus}, within: 60 s}
command: {cycle: 5 s, doctrine: {gbi: shoot-look-shoot, sbi: {salvo: 2}}}
tracking: {confirm_hits: 2}
trials: 20
futures: 4
seed: 7
"""


def change(old: str, new: str) -> str:
    """The small scenario with one piece of text replaced."""
    assert BASE.count(old) == 1, old
    return BASE.replace(old, new)


def complete(error) -> None:
    """Each problem of an error has all its parts and can be shown."""
    assert error.problems
    for problem in error.problems:
        assert problem.got
        assert problem.allowed
        assert problem.do
        assert problem.line > 0
        assert str(problem).isprintable()
