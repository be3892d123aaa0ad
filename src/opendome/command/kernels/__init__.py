"""Rules of decision as compiled functions, one file per subject."""

from opendome.command.kernels.choices import (
    believed_harmless,
    better_option,
    marginal_return,
    rounds_wanted,
)

__all__ = ["believed_harmless", "better_option", "marginal_return", "rounds_wanted"]
