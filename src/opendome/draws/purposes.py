"""Names of what a draw is for, as 32-bit codes."""

import hashlib
from functools import cache

from opendome.quantities.errors import OpendomeError

_NAMES: dict[int, str] = {}


class PurposeError(OpendomeError):
    """Two purposes would share their draws."""


@cache
def purpose(name: str) -> int:
    """Stable 32-bit code of a purpose; two names with one code are refused.

    The code is the first four bytes of BLAKE2s of the name, little endian. It depends on
    the name alone, so adding a purpose changes the draws of no other.
    """
    digest = hashlib.blake2s(name.encode(), digest_size=4).digest()
    return register(int.from_bytes(digest, "little"), name)


def register(code: int, name: str) -> int:
    """Take a code for a name, or refuse when another name has it."""
    holder = _NAMES.setdefault(code, name)
    if holder != name:
        raise PurposeError(
            got=f"the purpose {name!r} with the code {code} of {holder!r}",
            allowed="one code for one purpose",
            do="rename one of the two purposes",
        )
    return code


def registered() -> dict[int, str]:
    """Every purpose named so far, by code."""
    return dict(_NAMES)
