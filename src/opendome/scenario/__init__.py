"""A scenario file: read, checked, explained, and made into the models of one future.

In: a YAML file or the name of a built-in. Out: a `Scenario`, in which every value has a
source; from it a `Realisation` per future, in which every value is known.

`loading` is the way in: `reader` reads the file, `draft` and `compose` join it with the
catalogue, `spec` and `checks` say what is allowed, `explain` and `problems` put it into words.
`scenario` is what comes out; `future`, `raid` and `realisation` make a future of it. `schema`
and `reference` write its form down for editors and for people.
"""
