"""What flies in: generic missiles, gliders and drones from launch to impact, without any defence.

In: objects by class with their launch times, launch points and aim points (`groups.RaidGroup`).
Out: `records.Raid`, the truth of one future: states, infrared and radar signature over time.

`kernels/` holds the flights and their aiming. Each kind of flight (`ballistic`, `glide`,
`orbital`, `cruise`) has a class with known values in its file and a `_spec` beside it, how a
scenario or the catalogue writes it; `spec` lists the kinds, `models.fly_raid` flies a raid of any.
Point masses with published
round figures only; what a sensor sees of them is the business of `sensing`.
"""
