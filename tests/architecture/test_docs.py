"""The documentation: whole, linked, current, and every line a reader may type runs."""

import json
import re
import runpy
import tomllib
from itertools import pairwise

import pyarrow.parquet as parquet
import pytest

import opendome
from opendome.cli.main import COMMANDS
from opendome.engagement.records import FATE_WORDS
from opendome.results.folder import TABLES
from opendome.results.metrics import LINKS
from opendome.verification.registry import SUBJECTS

from . import snippets
from .tree import DOCS, ROOT, modules, short

INDEX = DOCS / "index.md"
PAGES = sorted(DOCS.rglob("*.md"))
FRONT = [
    ROOT / name
    for name in ("README.md", "benchmarks/README.md", "CONTRIBUTING.md", "SCOPE.md", "SECURITY.md")
]
MODELS = sorted((DOCS / "models").glob("*.md"))
TYPED = [ROOT / "README.md", *sorted(DOCS.glob("tutorial/*.md")), *sorted(DOCS.glob("how-to/*.md"))]

# what every model page says, and the words that say it
SECTIONS = {
    "what it is": r"what it is",
    "equations": r"equations?|rules?\b|where the values come from",
    "assumptions": r"assum\w+",
    "limits": r"limits?|limitations|domain|valid for",
    "evidence": r"evidence|verification|accuracy",
    "sources": r"sources?|references",
}
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")
IMAGE = re.compile(r"!\[[^\]\n]*\]\(([^)\s]+)\)")
PATH_IN_TEXT = re.compile(r"`((?:src|tests|docs|tools|benchmarks|\.ci)/[\w./*<>-]+?)/?`")
VERIFY_IN_TEXT = re.compile(r"`opendome verify ([a-z0-9-]+)(?:/[a-z0-9-]+)?`")
COMMAND_IN_TEXT = re.compile(r"(?:`|^\$ |^    )opendome ([a-z]+)\b", re.M)
UNITS = {"_t_s": "[s]", "_sigma_m": "error", "_db": "[dB]", "_deg": "[deg]", "_km": "[km]"}
HEAD = re.compile(r"^(?:#{2,4} +(.+?)|\*\*(.+?)\*\*.*)$", re.M)


def without_code(text):
    """A page without its fenced blocks, where brackets are no links."""
    return snippets.FENCE.sub("", text)


def slug(heading):
    """Anchor of a heading, as the usual renderers make it."""
    words = re.sub(r"[^\w\- ]", "", re.sub(r"[`*]", "", heading.lower()))
    return words.strip().replace(" ", "-")


def targets(page):
    text = without_code(page.read_text("utf-8"))
    return LINK.findall(text) + IMAGE.findall(text)


def broken(page):
    """Links of a page that lead nowhere in this repository."""
    found = []
    for target in targets(page):
        if re.match(r"(https?|mailto):", target):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        if not file.exists() or not file.is_relative_to(ROOT):
            found.append(target)
        elif anchor and file.suffix == ".md":
            heads = re.findall(r"^#+ +(.+)$", file.read_text("utf-8"), re.M)
            found += [target] if anchor not in {slug(head) for head in heads} else []
    return found


def by_name(path):
    return short(path)


@pytest.mark.parametrize("page", [*PAGES, *FRONT], ids=by_name)
def test_links_lead_somewhere(page):
    assert broken(page) == []


def test_every_page_is_on_the_map():
    linked = {(DOCS / target.partition("#")[0]).resolve() for target in targets(INDEX)}
    assert [short(page) for page in PAGES if page not in {INDEX, *linked}] == []
    assert "docs/index.md" in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("page", [*PAGES, *FRONT], ids=by_name)
def test_files_and_commands_named_in_a_page_exist(page):
    text = page.read_text("utf-8")
    paths = [path for path in PATH_IN_TEXT.findall(text) if "<" not in path]
    assert [path for path in paths if not any(ROOT.glob(path))] == []
    assert set(VERIFY_IN_TEXT.findall(text)) <= set(SUBJECTS)
    assert set(COMMAND_IN_TEXT.findall(text)) <= {command.name for command in COMMANDS}


def test_pages_named_in_the_code_exist():
    named = {
        name
        for path in modules()
        for name in re.findall(r"docs/[\w/-]+\.md", path.read_text("utf-8"))
    }
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize("page", [*PAGES, *FRONT], ids=by_name)
def test_a_page_has_one_title_and_is_plain(page):
    text = without_code(page.read_text("utf-8"))
    assert len(re.findall(r"^# ", text, re.M)) == 1
    levels = [len(marks) for marks in re.findall(r"^(#+) ", text, re.M)]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert not re.search(r"\b(TODO|FIXME|TBD|XXX|lorem ipsum)\b", text)


@pytest.mark.parametrize("page", MODELS, ids=by_name)
def test_a_model_page_has_its_sections(page):
    heads = " / ".join(" ".join(parts) for parts in HEAD.findall(page.read_text("utf-8"))).lower()
    assert [name for name, words in SECTIONS.items() if not re.search(words, heads)] == []


@pytest.mark.parametrize("page", TYPED, ids=by_name)
def test_what_a_reader_may_type_runs(page, tmp_path):
    text = page.read_text("utf-8")
    assert not snippets.languages(text) & snippets.STRAY
    if page.parent == ROOT:  # the front page speaks of the shield that the tutorial writes
        tutorial = DOCS / "tutorial" / "your-first-shield.md"
        snippets.keep_scenarios(tutorial.read_text("utf-8"), tmp_path)
    snippets.run_page(text, tmp_path)


def test_the_glossary_has_every_word_of_a_result():
    text = (DOCS / "reference" / "glossary.md").read_text("utf-8")
    missing = [word for word in FATE_WORDS.values() if f"**{word}**" not in text]
    assert missing + [link for link in LINKS if f"**{link}**" not in text] == []


# --- reference pages against the thing itself -------------------------------------------


def test_the_command_line_page_is_current():
    """Write it again with: python tools/write_reference.py."""
    tool = runpy.run_path(str(ROOT / "tools" / "write_reference.py"))
    page = (DOCS / "reference" / "command-line.md").read_text("utf-8")
    assert page == tool["command_line"]()


@pytest.fixture(scope="module")
def tiny_run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run") / "tiny"
    scenario = opendome.load("homeland-2026")
    opendome.run(scenario, trials=4, futures=2, out=folder)
    opendome.write_report(folder)
    return folder


def tables_of(section):
    """Rows of the tables below a heading of the run-folder page, by first column."""
    text = (DOCS / "reference" / "run-folder.md").read_text("utf-8")
    body = text.partition(f"## {section}\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.+?) \|(.*)\|$", body, re.M)
    return {name: rest for cells, rest in rows for name in re.findall(r"`(.+?)`", cells)}


def test_the_run_folder_page_names_every_file(tiny_run):
    assert set(tables_of("Files")) == {path.name for path in tiny_run.iterdir()}


@pytest.mark.parametrize("table", TABLES)
def test_the_run_folder_page_names_every_column(tiny_run, table):
    schema = parquet.read_schema(tiny_run / f"{table}.parquet")
    written = {name: cells.split("|")[0].strip() for name, cells in
               tables_of(f"Table `{table}`").items()}  # fmt: skip
    assert written == {field.name: str(field.type) for field in schema}
    for name, cells in tables_of(f"Table `{table}`").items():
        unit = next((unit for ending, unit in UNITS.items() if name.endswith(ending)), None)
        assert unit is None or unit in cells, f"{name} without {unit}"


@pytest.mark.parametrize("name", ["summary.json", "run.json"])
def test_the_run_folder_page_names_every_key(tiny_run, name):
    document = json.loads((tiny_run / name).read_text("utf-8"))
    assert set(tables_of(f"Keys of `{name}`")) == set(document)


def test_every_dependency_is_explained():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    listed = [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *project["dependency-groups"]["dev"],
    ]
    names = {re.split(r"[<>=!~ \[;]", entry)[0] for entry in listed}
    text = (DOCS / "explanation" / "dependencies.md").read_text("utf-8")
    rows = re.findall(r"^\| (`.+?) \|", text, re.M)
    assert {name for cells in rows for name in re.findall(r"`(.+?)`", cells)} == names


# --- the runner itself ---------------------------------------------------------------

SAMPLE = """
```console
$ opendome run mine.yaml --trials 1000 --futures 50 \\
    --out r > text
prose
$ uv run pytest
```

<!-- not run: needs a fresh machine -->
```console
$ false
```

```python
x = 1
```
"""


def test_the_runner_finds_what_must_run():
    console, python = snippets.blocks(SAMPLE)
    typed = snippets.commands(console)
    assert [snippets.is_for_here(command) for command in typed] == [True, False]
    assert snippets.shrink(
        typed[0]
    ) == "opendome run mine.yaml --out r --trials 10 --futures 5 > text".replace(
        "yaml --out", "yaml      --out"
    )
    assert python.text == "x = 1\n"
    assert snippets.shrink("pip install uv && uv run opendome run").endswith("--futures 5")
    assert snippets.shrink("opendome verify  # all").startswith("opendome verify geodesy")
    shell = snippets.Block("sh", "# why\nopendome list\nopendome show ...\n", 1)
    typed = snippets.commands(shell)
    assert [snippets.is_for_here(command) for command in typed] == [True, False]


def test_the_runner_catches_what_does_not_run(tmp_path):
    with pytest.raises(AssertionError, match="line 1"):
        snippets.run_page("```console\n$ opendome check nowhere.yaml\n```\n", tmp_path)
    with pytest.raises(AssertionError, match="nowhere"):
        snippets.run_page("```console\n$ opendome check nowhere.yaml | cat\n```\n", tmp_path)
    with pytest.raises(ZeroDivisionError):
        snippets.run_page("```python\n1 / 0\n```\n", tmp_path)
    with pytest.raises(Exception, match="raid"):
        snippets.run_page("```yaml\nscenario: x\ntitle: no raid\n```\n", tmp_path)


def test_a_broken_link_is_seen(tmp_path, monkeypatch):
    page = DOCS / "index.md"
    planted = tmp_path / "page.md"
    planted.write_text("[gone](nowhere.md) [x](https://example.org)", "utf-8")
    assert broken(planted) == ["nowhere.md"]
    assert page.exists()
