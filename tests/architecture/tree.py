"""The tree the architecture tests look at."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = ROOT / "src" / "opendome"
DOCS = ROOT / "docs"
NOT_OURS = {".git", ".venv", ".venv-ci", "__pycache__", "runs", "dist", "node_modules"}


def committed_files() -> list[Path]:
    """Files of the repository; without git, every file that no tool has made."""
    done = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode == 0 and done.stdout:
        files = [ROOT / name for name in done.stdout.split("\0") if name]
        return sorted(file for file in files if file.is_file())
    return sorted(
        file
        for file in ROOT.rglob("*")
        if file.is_file() and not NOT_OURS & set(file.relative_to(ROOT).parts)
    )


def modules(folder: Path = CODE) -> list[Path]:
    """Python files below a folder."""
    return sorted(folder.rglob("*.py"))


def short(path: Path) -> str:
    """Path as the waiver tables write it: below the package, else below the repository."""
    base = CODE if path.is_relative_to(CODE) else ROOT
    return path.relative_to(base).as_posix()
