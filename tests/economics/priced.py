"""A small scenario whose every cost is given, so that the catalogue decides nothing."""

from opendome.scenario.loading import load_text

TEXT = """\
scenario: priced
title: A small priced scenario
epoch: 2029-01-20T12:00:00Z
defended:
  - {area: conus}
assets:
  - use: sbi-cbo-2026
    name: sbi
    nation: US
    cost:
      development: 7 GUSD_2026
      unit: 20..24 MUSD_2026
      learning: 0.9..1
      mass: 1000..1500 kg
      launch: 500 USD_2026/kg
      life: 5 years
      operations: 1 GUSD_2026/year
      operations_unit: 10 kUSD_2026/year
      in_service: 0
  - use: gbi
    name: gbi
    nation: US
    sites: {fort-greely: 40, vandenberg: 4}
    cost:
      development: 1 GUSD_2026
      unit: 75 MUSD_2021
      learning: 1
      construction: 300 MUSD_2026
      life: 30 years
      operations: 270 MUSD_2026/year
      operations_unit: 0 USD_2026/year
      in_service: 34
economics: {horizon: 20 years, price_year: 2026, baseline: excluded, launch_price: 3 kUSD_2026/kg}
raid:
  - {class: icbm-solid, count: 2, from: {area: north-east-asia}, to: {area: conus}, within: 60 s}
trials: 20
futures: 4
seed: 7
"""


def priced(**changes):
    """The small scenario with pieces of its text replaced: old text -> new."""
    text = TEXT
    for old, new in changes.get("swap", {}).items():
        assert text.count(old) >= 1, old
        text = text.replace(old, new)
    return load_text(text, "priced")
