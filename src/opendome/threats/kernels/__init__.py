"""Kernels of the flights, one file per step of the story; first those of a ballistic missile.

motion:   forces on the point mass.
stepper:  one adaptive step of those forces, and the curve between two steps.
flight:   boost, then coast until the ground.
aiming:   free flight in closed form: the velocity that reaches an aim point.
shot:     a missile to be aimed, and what is wrong at its burnout.
loft:     arcs of a given apogee, lofted or depressed.
newton:   the iteration that puts it right.
solve:    the same with full flights: J2, drag and the turning Earth.
raid:     loops over the objects of a raid.
separation: what a missile lets go at burnout, from there to the ground.
status:   how aiming ended.

Of the other kinds of flight:

insertion: a boost that ends at a wanted altitude, speed, path and heading.
glide:    lift, drag and dive of a gliding body; gliders: loops over those of a group.
orbit:    part of an orbit, the braking impulse, the fall; with its loops.
cruise:   routes and heights of what flies through the air on wings; in Earth-fixed axes.

All but the last run in *launch axes*: Earth-centred inertial axes that coincide with the
rotating Earth-fixed axes at the moment of launch, time counted from launch.
"""
