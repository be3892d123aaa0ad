"""What a shield costs and when it stands.

In:  a scenario with its cost and schedule figures; or one system as a `LifeCycle`.
Out: a `Bill` in dollars of one year (`bill.py`, from `lifecycle.py`, `learning.py`,
     `launches.py` and `dollars.py`), and a `Timeline` (`timeline.py`, from `deployment.py`
     and `slips.py`).
"""
