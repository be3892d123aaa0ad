"""Kernels of the flight of a ballistic missile, one file per step of the story.

motion:   forces on the point mass.
stepper:  one adaptive step of those forces, and the curve between two steps.
flight:   boost, then coast until the ground.
aiming:   free flight in closed form: the velocity that reaches an aim point.
shot:     a missile to be aimed, and what is wrong at its burnout.
newton:   the iteration that puts it right.
solve:    the same with full flights: J2, drag and the turning Earth.
raid:     loops over the objects of a raid.
status:   how aiming ended.

All of it runs in *launch axes*: Earth-centred inertial axes that coincide with the
rotating Earth-fixed axes at the moment of launch, time counted from launch.
"""
