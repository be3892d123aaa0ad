"""The forms that names and lines of text may have."""

from typing import get_args

from opendome.network.spec import Nation

SLUG_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
LINE_PATTERN = r"^[^\n\r\t]+$"
NATION_PATTERN = str(get_args(Nation)[1].pattern)
