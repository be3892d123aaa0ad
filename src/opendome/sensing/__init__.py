"""What could be measured: which sensor can look at which object when, and what it would learn.

In: `threats.records.Raid`, the truth of one future. Out: `sensing.records.Looks`.

`kernels/` holds one file for each physical effect: detection statistics, radar, infrared,
the Earth in the way, the budget of looks, the information in a measurement. `models` are
radars and satellites with known values, `spec` is how a scenario writes them. No luck is
in here: a look carries its chance of detection, and the dice fall later.
"""
