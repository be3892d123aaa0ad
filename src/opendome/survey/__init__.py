"""Where and when sensors would see an object of some class, track it and let a shot be ordered.

In: a scenario of one future, a class of threats and a moment of its flight, a grid of cells and
moments. Out: a `Coverage`: for each cell, moment and nation what its sensors make of the object.
The sensors are those of a run (`sensing.models.look_at`), and so are the rules of tracking.

forms.py     a question: its keys, their units and bounds
target.py    an object of a class at a moment of its flight
grid.py      cells of the globe or of an area
passing.py   such an object over every cell
kernels.py   what the looks of a window are worth
map.py       goes over all cells and moments
records.py   the answer, with its table and its digest
shares.py    parts of area and time at each level, gaps, and what each asset brings
words.py     the answer in sentences
"""
