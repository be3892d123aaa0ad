"""One file per figure; each has `draw(story) -> Plate`."""
