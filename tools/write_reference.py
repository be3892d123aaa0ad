"""Write docs/reference/command-line.md from the commands themselves.

python tools/write_reference.py

A test fails when the page is not what this writes.
"""

import inspect
import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from typer.models import OptionInfo

from opendome.cli.lazy import Entry
from opendome.cli.main import COMMANDS

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "command-line.md"

HEAD = """\
# Command line

<!-- Written by tools/write_reference.py; a test keeps it current. Do not edit. -->

Every command of `opendome`. `opendome COMMAND --help` says the same.

| exit status | meaning |
|---|---|
| 0 | done |
| 1 | a check failed, or a run was not reproduced |
| 2 | wrong input: a message says what was found, what is allowed and what to do |
| 130 | interrupted; what was finished is kept |

With `--json` a command prints one document on standard output and nothing else; messages go to
standard error. `opendome --install-completion` teaches a shell to complete commands and names,
`opendome --version` prints the version. The folder of compiled kernels is named by
`OPENDOME_CACHE`; `OPENDOME_DEBUG=1` shows where an unforeseen error came from.

| command | what it does |
|---|---|
"""
WORDS = {"int": "N", "float": "X", "Path": "PATH", "str": "TEXT"}  # a value, by its type


def command_line() -> str:
    """The whole page."""
    rows = [f"| [`{entry.name}`](#opendome-{entry.name}) | {entry.help} |" for entry in COMMANDS]
    return HEAD + "\n".join(rows) + "\n" + "".join(_section(entry) for entry in COMMANDS)


def _section(entry: Entry) -> str:
    """Usage, purpose and parameters of one command."""
    function: Callable[..., Any] = getattr(import_module(entry.module), entry.function)
    hints = get_type_hints(function, include_extras=True)
    usage, rows = [f"opendome {entry.name}"], []
    for parameter in inspect.signature(function).parameters.values():
        kind, about = get_args(hints[parameter.name])[:2]
        if isinstance(about, OptionInfo):
            name = _option(parameter.name, about, kind)
        else:
            needed = parameter.default is inspect.Parameter.empty
            name = about.metavar or parameter.name.upper()
            usage.append(name if needed else f"[{name}]")
            usage[-1] += "..." if _is_list(kind) else ""
        rows.append(f"| `{name}` | {_about(about.help, kind, parameter.default)} |")
    table = ["| argument or option | what |", "|---|---|", *rows, ""] if rows else []
    if len(rows) >= len(usage):
        usage.append("[OPTIONS]")
    lines = [f"    {' '.join(usage)}", "", inspect.cleandoc(function.__doc__ or "")]
    return "\n".join(["", f"## opendome {entry.name}", "", *lines, "", *table])


def _option(name: str, about: OptionInfo, kind: Any) -> str:
    """Spelling of an option, with a word for its value."""
    # under Annotated, typer keeps the first spelling where a default would be
    given = [word for word in (about.default, *(about.param_decls or ())) if isinstance(word, str)]
    spelled = ", ".join(given) or "--" + name.replace("_", "-")
    inner = kind
    while get_args(inner):
        inner = get_args(inner)[0]
    if inner is bool:
        return spelled
    return f"{spelled} {about.metavar or WORDS[inner.__name__]}"


def _is_list(kind: Any) -> bool:
    return any(get_origin(part) is list for part in (kind, *get_args(kind)))


def _about(words: str | None, kind: Any, default: Any) -> str:
    text = re.sub(r" {2,}", " ", (words or "").replace("\n", " "))
    text = re.sub(r"\[default: (.+)\]$", r"Default: \1.", text).replace("|", "\\|")
    if _is_list(kind):
        text += " May be given several times."
    empty = (None, False, inspect.Parameter.empty)
    return text if any(default is value for value in empty) else f"{text} Default: `{default}`."


if __name__ == "__main__":
    PAGE.write_text(command_line(), "utf-8")
