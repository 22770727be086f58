"""Pages lead somewhere, name no place of ours, and claim nothing that nobody granted."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
REGISTRIES = (
    r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|crates\.io|anaconda\.org|proxy\.golang\.org|docker\.io|ghcr\.io"
)
MACHINE = r"(?<![\w.])/(?:home|root|Users|work|tmp|mnt|media)/|\b[A-Z]:\\\\?[A-Za-z]"
CLAIMS = r"\b(?:compliant|certified|conforms)\b"


def anchors(page: Path) -> set[str]:
    """The places of a page that a link may name: its headings, as they are turned into anchors."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(page: Path) -> list[str]:
    """Targets of the links, without what stands in code."""
    text = re.sub(r"^```.*?^```$|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return [target for target in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in target]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_lead_to_a_page_and_a_heading_that_exist(page):
    for target in links(page):
        name, _, anchor = target.partition("#")
        led = (page.parent / name).resolve() if name else page
        assert led.exists(), target
        assert led.is_relative_to(ROOT), f"{target} leaves the repository"
        assert not anchor or anchor in anchors(led), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_page_names_no_registry_and_no_place_of_a_machine_of_ours(page):
    text = page.read_text(encoding="utf-8")
    assert re.findall(REGISTRIES, text) == []
    assert re.findall(MACHINE, text) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_page_claims_nothing_that_nobody_granted(page):
    assert re.findall(CLAIMS, page.read_text(encoding="utf-8"), re.IGNORECASE) == []


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("see https://www.npmjs.com/package/x", REGISTRIES),
        ("see /home/anna/tocsin", MACHINE),
        ("C:\\Users\\anna", MACHINE),
        ("Tocsin is fully Compliant.", CLAIMS),
    ],
)
def test_what_must_not_stand_in_a_page_is_recognised(text, pattern):
    assert re.search(pattern, text, re.IGNORECASE)


SCREENS = sorted(
    path
    for folder, endings in (
        ("console/src", {".ts", ".svelte"}),
        ("src/tocsin/web/templates", {".html"}),
        ("src/tocsin/data/profiles", {".toml"}),
        ("src/tocsin/reports", {".py"}),
        ("src/tocsin/cli", {".py"}),
    )
    for path in (ROOT / folder).rglob("*")
    if path.suffix in endings
)


def test_no_screen_no_profile_and_no_command_claims_what_nobody_granted():
    assert len(SCREENS) > 200
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in SCREENS
        for word in re.findall(CLAIMS, path.read_text(encoding="utf-8"), re.IGNORECASE)
    ]
    assert found == []
