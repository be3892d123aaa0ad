"""The published record as cases that run: CBO, AEI, APS, Wilkening, tests and combat data.

In: the data file of a study (`catalogue/studies/NAME.yaml`: inputs with passports, published
outputs with tolerance and source) and the models of the rooms below.
Out: a `StudyResult`: published value, our value, difference, and the reason where they differ;
an answer may be "infeasible", with the constraint that binds, and then has no number.

records.py      what a study, a case, a published figure and a result are
loading.py      from data file and settings to checked inputs
evaluation.py   one case evaluated and laid beside the published figures; all of them at once
registry.py     which model file each study names
difference.py   the way from one study to another, one assumption at a time
all others      one model a file, named by its subject
"""
