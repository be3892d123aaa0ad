"""The colours of every figure: few, apart in lightness too, safe for colour-blind readers.

Hues after M. Okabe, K. Ito, Color Universal Design (2008), darkened for thin lines on white.
"""

INK = "#1c2126"
MUTED = "#5d6873"
FAINT = "#9aa4ae"
RULE = "#d5dbe0"
WASH = "#eef1f3"
PAPER = "#ffffff"
LAND = "#e4e8e6"
LEAK = "#c2410c"
LEAK_LIGHT = "#f0b59b"
STOP = "#1b5e93"
HUMAN = "#d99a2b"
BOOST = "#e08a00"

LAYERS = ("#1b5e93", "#1f8f7a", "#6a5aa8", "#7d8c2c", "#a05195", "#4a7fb5", "#2f6f4f", "#8a6d3b")
CHAIN = {
    "detect": "#c3ced8",
    "track": "#95acc0",
    "share": "#6887a3",
    "decide": HUMAN,
    "launch": "#3f6d97",
    "fly": "#173f63",
}
CATEGORIES = {
    "development": "#6a5aa8",
    "construction": "#8a6d3b",
    "procurement": "#1b5e93",
    "launch": "#e08a00",
    "replacement": "#86b0d2",
    "operations": "#9aa4ae",
}
SHADES = ("#bcd3e6", "#86b0d2", "#4f8aba", "#1b5e93", "#0c3558")


def layer_colour(index: int) -> str:
    """Colour of a layer by its place in the order of fire."""
    return LAYERS[index % len(LAYERS)]
