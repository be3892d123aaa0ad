"""Commands that are imported only when they run, so that `opendome --help` is quick."""

from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup


class Entry(NamedTuple):
    """Where a command lives: `module` has the function `function`."""

    name: str
    module: str
    function: str
    help: str


class LazyCommand(TyperCommand):
    """A command known by name and one line of help until somebody calls it."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(name=entry.name, help=entry.help, callback=None)
        self.entry = entry

    def real(self) -> Any:
        """The command itself, imported now."""
        function: Callable[..., Any] = getattr(
            import_module(self.entry.module), self.entry.function
        )
        app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        app.command(self.entry.name)(function)
        return typer.main.get_command(app)

    def make_context(self, info_name: Any, args: Any, parent: Any = None, **extra: Any) -> Any:
        """Context of the real command; from here on this stand-in is out of the way."""
        return self.real().make_context(info_name, args, parent=parent, **extra)


class LazyGroup(TyperGroup):
    """The group of all commands, in the order of the table `entries`."""

    entries: tuple[Entry, ...] = ()

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = {entry.name: LazyCommand(entry) for entry in self.entries}

    def list_commands(self, ctx: Any) -> list[str]:
        """Names in the order in which help shows them."""
        del ctx
        return list(self.commands)
