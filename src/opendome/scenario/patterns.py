"""The forms that names and lines of text may have."""

from typing import get_args

from opendome.network.spec import Nation, Party

SLUG_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
# Neither control codes nor marks that reorder a line: both would deceive a terminal or a page.
_HIDDEN = r"\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff"
LINE_PATTERN = rf"^[^\u0000-\u001f{_HIDDEN}]+$"
PROSE_PATTERN = rf"^[^\u0000-\u0008\u000b-\u001f{_HIDDEN}]*$"
NATION_PATTERN = str(get_args(Nation)[1].pattern)
PARTY_PATTERN = str(get_args(Party)[1].pattern)
