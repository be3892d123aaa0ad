"""What a spec asks for its values."""

from collections.abc import Callable

from opendome.quantities.values import Value

Pick = Callable[[str, Value], float]
