"""A scenario file: read, checked, explained, and made into the models of one future.

In: a YAML file or the name of a built-in. Out: a `Scenario`, in which every value has a
source; from it a `Realisation` per future, in which every value is known.
"""
