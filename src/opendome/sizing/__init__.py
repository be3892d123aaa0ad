"""How many orbital interceptors or sensors a task takes: a question in, an answer in words out.

In: a task in edge units (salvo, delay, burn time, an area, ...), completed from the catalogue's
`sizing-defaults`. Out: a `SizeAnswer`: numbers by every method, what binds, notes on bias, the
inputs with their sources. The physics is in `intercept.sizing`, `sensing.area_coverage` and
`world.shells`; here it is asked and told.

forms.py     a question: its keys, their units and bounds
places.py    a named area or a band of latitudes as points
answers.py   asks, and lays out the answer
words.py     the answer in sentences
"""
