"""What flies in: generic ballistic missiles from launch to impact, without any defence.

In: missiles by class with their launch times, launch points and aim points (`models.RaidGroup`).
Out: `records.Raid`, the truth of one future: states, infrared and radar signature over time.

`kernels/` holds the flight and its aiming, `models` the classes with known values and
`fly_raid`, `spec` how a scenario or the catalogue writes a class. Point masses with published
round figures only; what a sensor sees of them is the business of `sensing`.
"""
