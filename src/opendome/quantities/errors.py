"""The one family of errors a user meets: what we got, what is allowed, what to do."""


class OpendomeError(Exception):
    """A problem with what was asked for, in three parts.

    got : what was found, with its unit
    allowed : what would have been accepted
    do : the next step for the user
    where : place of the problem ("file:line:column", a path in a document), if known
    """

    def __init__(self, *, got: str, allowed: str, do: str, where: str | None = None) -> None:
        super().__init__(got, allowed, do, where)
        self.got = got
        self.allowed = allowed
        self.do = do
        self.where = where

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}got {self.got}; allowed: {self.allowed}; {self.do}"

    def at(self, where: str) -> "OpendomeError":
        """The same problem with its place named."""
        return type(self)(got=self.got, allowed=self.allowed, do=self.do, where=where)


class QuantityError(OpendomeError, ValueError):
    """A number, unit or interval that cannot be used. Also a ValueError, for pydantic."""
