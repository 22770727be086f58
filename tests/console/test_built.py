"""The console as it is built: how large, and what it may not hold. The budgets are CONSOLE.md's, section 15."""

import gzip
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "src/tocsin/web/static"
QUEUE = "src/pages/Queue.svelte"
pytestmark = pytest.mark.requires("console")

TEXTS = (".js", ".css", ".html", ".svg", ".json")


def chunks() -> dict[str, dict]:
    return json.loads((STATIC / "manifest.json").read_text(encoding="utf-8"))


def first_paint() -> set[str]:
    """Every file that the browser needs before the queue is painted: the entry, the queue, and what both import."""
    known = chunks()
    wanted = ["index.html", QUEUE]
    files: set[str] = set()
    while wanted:
        chunk = known[wanted.pop()]
        if chunk["file"] in files:
            continue
        files.update([chunk["file"], *chunk.get("css", [])])
        wanted.extend(chunk.get("imports", []))
    (worker,) = (path.relative_to(STATIC).as_posix() for path in STATIC.glob("assets/worker-*.js"))
    return files | {worker}


def gzipped(names: set[str]) -> int:
    return sum(len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in names)


def all_texts() -> list[Path]:
    return [path for path in STATIC.rglob("*") if path.suffix in TEXTS]


def test_scripts_before_the_first_queue_are_at_most_90_kb():
    assert gzipped({name for name in first_paint() if name.endswith(".js")}) <= 90_000


def test_styles_before_the_first_queue_are_at_most_15_kb():
    assert gzipped({name for name in first_paint() if name.endswith(".css")}) <= 15_000


def test_all_fonts_together_are_at_most_60_kb():
    fonts = list(STATIC.rglob("*.woff2"))
    assert fonts
    assert sum(path.stat().st_size for path in fonts) <= 60_000


def test_all_files_together_are_at_most_6_mb():
    assert sum(path.stat().st_size for path in STATIC.rglob("*") if path.is_file()) <= 6_000_000


def test_nothing_of_the_frame_doctor_or_the_sites_is_loaded_for_the_queue():
    lazy = {name for name, chunk in chunks().items() if chunk.get("isDynamicEntry") and name != QUEUE}
    assert lazy
    assert not {chunks()[name]["file"] for name in lazy} & first_paint()


def test_every_text_has_compressed_twins_of_the_same_bytes():
    for path in all_texts():
        body = path.read_bytes()
        if len(body) < 512:
            continue
        assert gzip.decompress(path.with_name(path.name + ".gz").read_bytes()) == body, path.name
        assert path.with_name(path.name + ".br").stat().st_size < len(body), path.name


def test_no_file_loads_anything_from_another_host():
    """Addresses are there as names: of XML namespaces, and where Svelte's messages send a developer."""
    names = re.compile(r"https?://(?!www\.w3\.org/|svelte\.dev/e/)[^\s\"'`)]+")
    for path in all_texts():
        assert names.findall(path.read_text(encoding="utf-8")) == [], path.name


def test_the_page_holds_no_script_and_no_style_of_its_own():
    """Else the Content-Security-Policy would have to let inline scripts through, somebody else's too."""
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"<script(?![^>]*\ssrc=)", page) == []
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=", page) == []
    for source in re.findall(r"(?:src|href)=\"([^\"]+)\"", page):
        assert source.startswith("/"), source


def test_no_script_makes_code_or_inline_style_attributes_from_text():
    for path in STATIC.rglob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"\beval\(|new Function\(", text) == [], path.name
        assert re.findall(r"<[a-z]+[^>`]*\sstyle=\\?[\"']", text) == [], path.name


def test_names_of_assets_hold_a_hash():
    for path in (STATIC / "assets").iterdir():
        assert re.fullmatch(r".+-[A-Za-z0-9_-]{8}\.(?:js|css|woff2)(?:\.gz|\.br)?", path.name), path.name


def test_licences_of_fonts_and_libraries_that_are_in_it_go_with_it():
    text = (STATIC / "licences.txt").read_text(encoding="utf-8")
    held = set(re.findall(r"^(\S+) [\d.]+ \((?:MIT|OFL-1\.1)\)$", text, re.MULTILINE))
    assert {"svelte", "@fontsource/atkinson-hyperlegible-next", "@fontsource/b612-mono"} <= held
    assert text.count("-" * 80 + "\n\n") == len(held) - 1, "nothing else is in it"
    assert "SIL OPEN FONT LICENSE" in text
    assert "Permission is hereby granted, free of charge" in text
