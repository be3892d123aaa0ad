"""Runs what a page tells its reader to type.

Fenced blocks of a page, from top to bottom, in one empty folder:

- `python`: executed, one namespace for the whole page;
- `yaml`: a scenario is saved as `<its name>.yaml` and must be sound; anything else must parse;
- `console`: each line that begins with `$ ` is run by a shell; a run plays few trials;
- `sh`: each line is. A command with `...` in it is a pattern, not a command.

A block that cannot run here has the line `<!-- not run: reason -->` right above it. A `text` block
that follows a `console` block shows what the commands print; after a change of the engine,

    python tests/architecture/snippets.py docs/tutorial/your-first-shield.md

plays them in full and writes the outputs again.
"""

import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import yaml

from opendome.cli.main import main as opendome_main
from opendome.scenario.loading import load

RUNNABLE = ("console", "sh", "python", "yaml")
STRAY = {"bash", "shell", "zsh", "shell-session", "py", "python3", "yml"}  # written otherwise here
TRIALS, FUTURES = 10, 5
FENCE = re.compile(r"^```(\S*)[^\n]*\n(.*?)^```\s*$", re.M | re.S)
EXCUSE = re.compile(r"<!-- not run: (.{10,}) -->\s*\Z")
SHOWN = re.compile(r"^```console\n((?:(?!```).*\n)+)```\n\n```text\n((?:(?!```).*\n)*)```$", re.M)
PLAIN = re.compile(r"opendome\b(?:\"[^\"]*\"|[^|<>&;$`\"])*$")
OF_A_CLONE = re.compile(r"^(?:pip install uv && )?uv run ")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, the line it begins at."""

    language: str
    text: str
    line: int


def blocks(page: str) -> list[Block]:
    """Fenced blocks of a page that must run."""
    found = []
    for fence in FENCE.finditer(page):
        excused = EXCUSE.search(page[: fence.start()])
        if fence[1] in RUNNABLE and not excused:
            found.append(Block(fence[1], fence[2], page.count("\n", 0, fence.start()) + 1))
    return found


def languages(page: str) -> set[str]:
    """Languages of all fenced blocks."""
    return {fence[1] for fence in FENCE.finditer(page)}


def commands(block: Block) -> list[str]:
    """Commands of a block for a shell, lines that end in a backslash joined."""
    lines = block.text.replace("\\\n", " ").splitlines()
    if block.language == "sh":
        return [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return [line[2:].strip() for line in lines if line.startswith("$ ")]


def shrink(command: str) -> str:
    """The same command, playing few trials; without the words that only a fresh clone needs."""
    command = OF_A_CLONE.sub("", command)
    if re.match(r"opendome run\b", command) and "--resume" not in command:
        command = re.sub(r" --(?:trials|futures|until-ci)[ =]\S+", "", command)
        command, *after = re.split(r"(?= +[>|#])", command, maxsplit=1)
        return f"{command} --trials {TRIALS} --futures {FUTURES}" + "".join(after)
    return re.sub(r"^opendome verify(?= *(?:#|$))", "opendome verify geodesy", command)


def is_for_here(command: str) -> bool:
    """Whether a command is ours to run: no pattern, and the tests do not run themselves."""
    return "..." not in command and not re.match(
        r"(?:pytest\b|\.ci/run\b|cd |xdg-open )", OF_A_CLONE.sub("", command)
    )


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run one command line in a folder."""
    here = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-eo", "pipefail", "-c", command],
        cwd=folder,
        env={**os.environ, "PATH": here, "NO_COLOR": "1", "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def call(command: str) -> tuple[int, str]:
    """Run one `opendome` command in this process: exit status, and all it said."""
    heard = io.StringIO()
    before = sys.argv
    sys.argv = shlex.split(command, comments=True)
    try:
        with redirect_stdout(heard), redirect_stderr(heard):
            opendome_main()
        status = 0
    except SystemExit as ended:
        status = int(ended.code or 0)
    finally:
        sys.argv = before
    return status, heard.getvalue()


def run_commands(block: Block, folder: Path) -> None:
    """Run every command of a block; each must end well. Only what needs a shell gets one."""
    for command in map(shrink, filter(is_for_here, commands(block))):
        if PLAIN.match(command):
            status, said = call(command)
        else:
            done = shell(command, folder)
            status, said = done.returncode, done.stdout + done.stderr
        assert status == 0, f"line {block.line}: {command}\n{said}"
        assert "Traceback" not in said, said


def run_yaml(block: Block, folder: Path) -> None:
    """Keep a scenario and read it, or read a fragment."""
    document = yaml.safe_load(block.text)
    if isinstance(document, dict) and "scenario" in document:
        file = folder / f"{document['scenario']}.yaml"
        file.write_text(block.text, "utf-8")
        load(str(file))


def keep_scenarios(page: str, folder: Path) -> None:
    """Save the scenarios of a page, without its other blocks."""
    for block in blocks(page):
        if block.language == "yaml":
            run_yaml(block, folder)


def run_page(page: str, folder: Path) -> None:
    """Run a whole page in a folder."""
    names: dict[str, object] = {"__name__": "__page__"}
    before = Path.cwd()
    os.chdir(folder)
    try:
        for block in blocks(page):
            if block.language == "python":
                exec(compile(block.text, f"<line {block.line}>", "exec"), names)
            elif block.language == "yaml":
                run_yaml(block, folder)
            else:
                run_commands(block, folder)
    finally:
        os.chdir(before)


def refresh(page: Path, folder: Path) -> None:
    """Play the commands of a page in full, and show what they print below them."""
    text = page.read_text("utf-8")
    keep_scenarios(text, folder)

    def again(shown: re.Match[str]) -> str:
        printed = ""
        for command in commands(Block("console", shown[1], 0)):
            done = shell(OF_A_CLONE.sub("", command), folder)
            assert done.returncode == 0, f"{command}\n{done.stderr}"
            printed += done.stdout
        lines = "\n".join(line.rstrip() for line in printed.strip("\n").splitlines())
        return f"```console\n{shown[1]}```\n\n```text\n{lines}\n```"

    page.write_text(SHOWN.sub(again, text), "utf-8")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        for name in sys.argv[1:]:
            refresh(Path(name), Path(temporary))
