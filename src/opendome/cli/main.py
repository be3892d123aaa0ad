"""The entry point `opendome`: the table of commands, and what becomes of errors."""

import os
import sys
from typing import Annotated, Any

import typer

from opendome.cli.lazy import Entry, LazyGroup
from opendome.version import __version__

WRONG_INPUT = 2
INTERRUPTED = 130
FAILED = 1

COMMANDS = (
    Entry("run", "opendome.cli.run", "run", "Play a scenario and report what got through and why."),
    Entry("check", "opendome.cli.check", "check", "Name every problem of a scenario at once."),
    Entry("list", "opendome.cli.catalogue", "list_", "List scenarios, systems or areas."),
    Entry("show", "opendome.cli.catalogue", "show", "Show one, each value with its source."),
    Entry("study", "opendome.cli.study", "study", "Replay a published study beside its figures."),
    Entry("size", "opendome.cli.size", "size", "Size a constellation for a task."),
    Entry("coverage", "opendome.cli.coverage", "coverage", "Map who sees and tracks what, where."),
    Entry("assign", "opendome.cli.assign", "assign", "Assign weapons to targets, with a bound."),
    Entry("cost", "opendome.cli.cost", "cost", "Price a scenario: what it costs over the years."),
    Entry("timeline", "opendome.cli.timeline", "timeline", "Say what stands when, and how sure."),
    Entry("report", "opendome.cli.report", "report", "Write the report of a stored run again."),
    Entry("explain", "opendome.cli.explain", "explain", "Tell why an object was engaged or not."),
    Entry("query", "opendome.cli.query", "query", "Ask a stored run a question in SQL."),
    Entry("reproduce", "opendome.cli.reproduce", "reproduce", "Play a stored run again; compare."),
    Entry("verify", "opendome.cli.verify", "verify", "Run the checks a sceptic can run."),
    Entry("warmup", "opendome.cli.warmup", "warmup", "Compile every kernel once."),
    Entry("schema", "opendome.cli.schema", "schema", "Write the JSON Schema of scenario files."),
)


class Opendome(LazyGroup):
    """All commands; errors of the user become messages and an exit status."""

    entries = COMMANDS

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        from opendome.quantities.errors import OpendomeError

        try:
            return super().invoke(ctx)
        except OpendomeError as problem:
            typer.echo(str(problem), err=True)
            raise typer.Exit(WRONG_INPUT) from None
        except KeyboardInterrupt:
            typer.echo("interrupted", err=True)
            raise typer.Exit(INTERRUPTED) from None


app = typer.Typer(
    cls=Opendome,
    help="An open simulator of layered homeland missile defence, on published figures.",
    epilog="Illustrative; not validated against flight data.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"opendome {__version__}")
        raise typer.Exit


@app.callback()
def opendome(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """An open simulator of layered homeland missile defence, on published figures."""
    del version


def main() -> None:
    """Run the command line. No error ever reaches the user as a traceback."""
    keep_output_apart()
    try:
        app(prog_name="opendome")
    except BrokenPipeError:
        _leave_quietly()
    except KeyboardInterrupt:
        typer.echo("interrupted", err=True)
        sys.exit(INTERRUPTED)
    except (OSError, MemoryError) as problem:
        _debug()
        name = getattr(problem, "filename", None)
        reason = getattr(problem, "strerror", None) or "not enough memory"
        place = f"{name}: " if name else ""
        typer.echo(f"{place}{reason}; nothing that was finished is lost", err=True)
        sys.exit(WRONG_INPUT)
    except Exception as problem:  # the last guard: a bug, too, ends in words
        _debug()
        typer.echo(f"a fault of opendome: {type(problem).__name__}: {problem}", err=True)
        typer.echo("set OPENDOME_DEBUG=1 to see where, and please report it", err=True)
        sys.exit(FAILED)


def keep_output_apart() -> None:
    """Let nobody but this program write on standard output.

    What a compiled library prints goes to standard error from here on: HiGHS 1.12 prints a line
    now and then that no option turns off, and it would end up before a JSON document.
    """
    out = sys.stdout
    try:
        own = os.dup(out.fileno())
        os.dup2(sys.stderr.fileno(), out.fileno())
    except (AttributeError, OSError):  # closed, or not a file
        return
    sys.stdout = open(  # noqa: PTH123, SIM115 (no path; open to the end)
        own, "w", encoding=out.encoding, errors=out.errors, buffering=1 if out.isatty() else -1
    )


def _debug() -> None:
    """Show the whole story when a developer asks for it."""
    if os.environ.get("OPENDOME_DEBUG"):
        import traceback

        traceback.print_exc()


def _leave_quietly() -> None:
    """End when the reader of our output has gone, without a complaint at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(0)


if __name__ == "__main__":
    main()
