"""The repository as a whole: lock files, documents, and that what is written down is so."""

import ast
import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tocsin.centre.still_worker import REFUSALS
from tocsin.cli import COMMANDS
from tocsin.web.problems import DETAILS, INVALID

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.txt", "requirements-build.txt", "requirements-console.txt", "requirements-dev.txt")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PAGES = sorted(path for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))


def committed() -> list[Path]:
    """Every file of the repository; in a copy without git, every file that is no product of a build."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode == 0:
        return [path for name in listed.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]
    left_out = {".venv", "build", "dist", "__pycache__", ".git"}
    return [path for path in ROOT.rglob("*") if path.is_file() and not left_out & set(path.relative_to(ROOT).parts)]


def locked(name: str) -> dict[str, tuple[Requirement, int]]:
    """Each package of a lock file, with the number of its hashes."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    found: dict[str, tuple[Requirement, int]] = {}
    for line in text.splitlines():
        requirement, *hashes = re.split(r"\s+--hash=sha256:[0-9a-f]{64}", line.strip()), line.count("--hash=sha256:")
        parsed = Requirement(requirement[0].strip())
        found[canonicalize_name(parsed.name)] = (parsed, hashes[0])
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_lock_pins_every_package_by_hash_and_names_no_registry(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "index" not in text
    packages = locked(name)
    assert packages
    for requirement, hashes in packages.values():
        assert [specifier.operator for specifier in requirement.specifier] == ["=="], requirement
        assert hashes > 0, requirement


def test_lock_satisfies_what_the_project_asks_for():
    groups = PROJECT["dependency-groups"]
    wanted = {
        "requirements.txt": PROJECT["project"]["dependencies"],
        "requirements-build.txt": groups["build"],
        "requirements-console.txt": groups["console"],
        "requirements-dev.txt": [*PROJECT["project"]["dependencies"], *groups["build"], *groups["dev"]],
    }
    for name, requirements in wanted.items():
        packages = locked(name)
        for wish in map(Requirement, requirements):
            pinned, _ = packages[canonicalize_name(wish.name)]
            assert wish.specifier.contains(next(iter(pinned.specifier)).version), f"{name}: {wish} and {pinned}"


def test_run_time_and_build_have_the_versions_of_development():
    development = locked("requirements-dev.txt")
    for name in LOCKS[:-1]:
        for package, (requirement, _) in locked(name).items():
            assert development[package][0].specifier == requirement.specifier


def test_no_committed_file_names_an_address_of_a_package_registry():
    pattern = re.compile(rb"(?:index-url|extra-index|find-links|pypi\.org|files\.pythonhosted|/simple/)")
    ours = {"Makefile", Path(__file__).name}  # they say what is not wanted
    found = [path.name for path in committed() if path.name not in ours and pattern.search(path.read_bytes())]
    assert found == []


def test_readme_names_the_two_commands_and_what_is_never_done():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make demo" in text
    assert "make test" in text
    assert "docs/explanation/scope.md" in text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_of_a_page_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_page_of_the_documentation_is_in_its_index():
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    missing = [
        str(page.relative_to(ROOT / "docs"))
        for page in sorted((ROOT / "docs").rglob("*.md"))
        if f"({page.relative_to(ROOT / 'docs').as_posix()})" not in index and page.name != "README.md"
    ]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_page_claims_no_approval_that_nobody_gave(page):
    claims = re.findall(
        r"\b(?:certified|compliant|compliance|conforms|conformant)\b", page.read_text(encoding="utf-8"), re.I
    )
    assert claims == []


def test_decisions_are_numbered_without_gaps_and_have_their_parts():
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    for path in DECISIONS:
        text = path.read_text(encoding="utf-8")
        assert re.match(rf"# {path.name[:4]} \S", text), path.name
        parts = re.findall(r"^\*\*(.+?)\*\*", text, re.MULTILINE)
        assert [part.rstrip(".") for part in parts[:4]] == ["Question", "Measured or read", "Choice", "Cost"], path.name
        assert parts[-1].startswith("Look again"), path.name


def test_changelog_puts_safety_first_in_each_release():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    for release in text.split("\n## ")[1:]:
        assert re.findall(r"^### (.+)$", release, re.MULTILINE) == ["Safety", "Breaking", "Added", "Changed", "Fixed"]


MAPPING_CODES = {"source.pointer", "source.scope", "source.unit", "source.word"}
"""Made with a mapping's fault, which names its line (model.mappings)."""


def raised_codes() -> set[str]:
    """The code of every error that the program makes, as it stands in the source."""
    families = {
        "BadInput",
        "CentreFault",
        "Conflict",
        "DiskFault",
        "Forbidden",
        "JournalFull",
        "KeyMissing",
        "NotSignedIn",
        "Refused",
        "SecondFactorNeeded",
        "TocsinError",
        "TooMany",
        "_refused",
        "_hinted",
    }
    codes: set[str] = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or len(node.args) < 2:
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            code = node.args[1]
            if name in families | {"__init__"} and isinstance(code, ast.Constant) and isinstance(code.value, str):
                codes.add(code.value)
    return codes


def test_reference_of_errors_lists_the_codes_that_exist():
    text = (ROOT / "docs" / "reference" / "errors.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    listed = [code for row in rows for code in re.findall(r"`([a-z0-9_]+(?:\.[a-z0-9_]+)+)`", row)]
    made = {f"http.{status}" for status in DETAILS} | {f"still.{code}" for code in REFUSALS} | MAPPING_CODES
    assert sorted(listed) == sorted(raised_codes() | made | {INVALID})


@pytest.fixture(scope="module")
def reference():
    spec = importlib.util.spec_from_file_location("make_reference", ROOT / "docs" / "make_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_reference_of_settings_is_what_the_program_reads(reference):
    assert (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8") == reference.settings_page()


def test_reference_of_commands_is_what_they_say_themselves(reference):
    assert (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8") == reference.commands_page()


def test_reference_of_the_api_is_what_it_answers(reference):
    assert (ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8") == reference.api_page()


def test_reference_of_accounts_lists_the_columns_of_the_import():
    from tocsin.centre.account_import import COLUMNS

    text = (ROOT / "docs" / "reference" / "accounts.md").read_text(encoding="utf-8")
    table = text.partition("## Columns")[2].partition("## Forms")[0]
    assert re.findall(r"^\| `([a-z0-9_]+)` \|", table, re.MULTILINE) == list(COLUMNS)


def test_map_of_the_how_to_is_understood():
    from tocsin.centre.account_import import COLUMNS, plan_accounts
    from tocsin.centre.table_files import read_map
    from tocsin.centre.table_plan import Known

    text = (ROOT / "docs" / "how-to" / "import-accounts.md").read_text(encoding="utf-8")
    example = re.search(r"```toml\n(.*?)```", text, re.DOTALL)
    assert example is not None
    mapping = read_map(example[1].encode(), COLUMNS)
    data = (
        "Acct No;Premises;Equipment;Customer;Grade;Encryption key\n"
        "5512;Süd;Fire panel;x;Grade 2;00112233445566778899AABBCCDDEEFF\n"
    )
    planned = plan_accounts(data.encode("windows-1252"), "csv", Known(), mapping).new[0]
    assert (planned.row.account, planned.site, planned.row.name) == ("5512", "Süd", "Fire panel")
    assert (planned.row.category, planned.row.panel_time_zone) == ("SP2", "Europe/Vienna")


def test_makefile_has_the_targets_that_are_promised():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", text, re.MULTILINE))
    assert {"demo", "test", "quick", "check", "soak", "bench", "lock", "clean", "help"} <= targets


def test_ci_script_stops_at_the_first_failure_and_can_be_run():
    script = ROOT / ".ci" / "run"
    assert script.read_text(encoding="utf-8").splitlines()[0] == "#!/usr/bin/env bash"
    assert "set -euo pipefail" in script.read_text(encoding="utf-8")
    assert script.stat().st_mode & 0o111


def test_licence_is_the_whole_apache_licence():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_commands_are_the_ones_of_this_release():
    words = (
        "backup bench chains demo doctor export frame import init journal keys link panel places report restore rules"
    )
    words += " scope serve simulate-centre token user"
    assert sorted(COMMANDS) == words.split()


@pytest.mark.parametrize(("ci", "outcome"), [("", {"skipped": 1, "passed": 1}), ("true", {"error": 1, "passed": 1})])
def test_missing_part_of_the_machine_is_named_here_and_fails_under_ci(tmp_path, ci, outcome):
    (tmp_path / "conftest.py").write_text((ROOT / "tests" / "conftest.py").read_text(encoding="utf-8"))
    (tmp_path / "pytest.ini").write_text(
        f"[pytest]\npythonpath = {ROOT / 'tests'}\nmarkers =\n    requires(*parts): x\n"
    )
    (tmp_path / "test_some.py").write_text(
        "import pytest\n@pytest.mark.requires('cc')\ndef test_shim(): pass\ndef test_plain(): pass\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"PATH": "", "CI": ci},
    )
    for word, number in outcome.items():
        assert f"{number} {word}" in done.stdout, done.stdout
    if not ci:
        assert "test_some.py::test_shim: needs a C compiler as `cc` (Debian: apt install gcc libc6-dev)" in done.stdout
    else:
        assert "CI must have it" in done.stdout
