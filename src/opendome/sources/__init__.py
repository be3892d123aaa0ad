"""Published figures and their passports.

In:  the catalogue, `opendome/catalogue/systems/<id>.yaml` and `sources.yaml`.
Out: `System` with its parameters, each with unit, sources, basis, certainty and reason
     (`records.py`); loading and citing (`catalogue.py`). Values stay edge text here; they
     become numbers where a room's spec reads them, or through `Parameter.value`.
"""
