"""The sounds as the browser makes them: rendered from the console's own table, and measured."""

import importlib.util
import itertools
import re
import subprocess
from pathlib import Path

import pytest

from support.browser import ROOT, window
from support.static import serve_pages

SOUND = ROOT / "console" / "src" / "sound"
STRIP = "process.stdout.write(require('module').stripTypeScriptTypes(require('fs').readFileSync(0, 'utf8')))"
RATE_HZ = 24_000

RENDER = """
import { play } from "./play.js";
import { SOUNDS, lengthMs } from "./table.js";

const STEP = 0.005;

/** Strength of one frequency in some samples. */
function strength(samples, hz, rate) {
  let re = 0, im = 0;
  samples.forEach((sample, index) => {
    re += sample * Math.cos((2 * Math.PI * hz * index) / rate);
    im += sample * Math.sin((2 * Math.PI * hz * index) / rate);
  });
  return Math.hypot(re, im) / samples.length;
}

window.measure = async (name, moreDb, rate) => {
  const sound = SOUNDS[name];
  const context = new OfflineAudioContext(1, Math.ceil((lengthMs(sound) / 1000 + 0.3) * rate), rate);
  play(context, sound, 0, moreDb);
  const samples = (await context.startRendering()).getChannelData(0);
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  // Where it is to be heard: louder than a fiftieth of its peak for a step of 5 ms.
  const step = Math.round(STEP * rate);
  const heard = [];
  for (let at = 0; at + step <= samples.length; at += step) {
    heard.push(samples.subarray(at, at + step).some((sample) => Math.abs(sample) > peak / 50));
  }
  const tones = [];
  for (let at = 0; at < heard.length; at++) {
    if (!heard[at] || heard[at - 1]) continue;
    let end = at;
    while (heard[end]) end++;
    const from = at * step + Math.round(0.02 * rate);
    const middle = samples.slice(from, from + Math.round(0.1 * rate));
    let best = 0, hz = 0;
    const look = (first, last, by) => {
      for (let tried = first; tried <= last; tried += by) {
        const found = strength(middle, tried, rate);
        if (found > best) [best, hz] = [found, tried];
      }
    };
    look(300, 1000, 5);
    look(hz - 5, hz + 5, 1);
    const harmonics = [2, 3, 4, 5].filter((times) => strength(middle, hz * times, rate) > best / 10).length + 1;
    tones.push({ at_ms: at * STEP * 1000, length_ms: (end - at) * STEP * 1000, hz, harmonics });
  }
  return { tones, level_db: 20 * Math.log10(peak), ends_quiet: !heard.at(-1) };
};
window.table = SOUNDS;
window.ready = true;
"""


def _node() -> Path:
    spec = importlib.util.spec_from_file_location("console_build", ROOT / "console" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    return build.node_bin() / "node"


def script(name: str) -> str:
    """A module of the console without its types, as a browser takes it."""
    text = (SOUND / f"{name}.ts").read_text(encoding="utf-8")
    done = subprocess.run([_node(), "-e", STRIP], input=text, capture_output=True, text=True, check=True)
    return re.sub(r'from "(\./[a-z]+)"', r'from "\1.js"', done.stdout)


@pytest.fixture(scope="module")
def measured(browser):
    """Each sound, and the most urgent one when it has become louder, as it was rendered."""
    pages = {
        "/": '<!doctype html><title>Sounds</title><script type="module" src="/render.js"></script>',
        "/render.js": RENDER,
        "/play.js": script("play"),
        "/table.js": script("table"),
    }
    with serve_pages(pages) as origin, window(browser, origin) as opened:
        opened.page.goto("/")
        opened.page.wait_for_function("window.ready")

        def measure(name, more_db=0):
            return opened.page.evaluate("([n, m, r]) => measure(n, m, r)", [name, more_db, RATE_HZ])

        assert opened.page.evaluate("Object.keys(table)") == [name for name, *_ in PATTERNS]
        return {name: measure(name) for name, *_ in PATTERNS} | {"louder": measure("p1", 6)}


# What CONSOLE.md, section 6, says of each: pulses, their length, whether they rise or fall.
PATTERNS = [
    ("p1", 5, 150, "rising"),
    ("soft", 1, 150, "level"),
    ("p2", 3, 200, "level"),
    ("ring", 4, 130, "alternating"),
    ("p3", 2, 180, "level"),
    ("p4", 1, 180, "level"),
    ("overdue", 2, 250, "falling"),
    ("lost", 2, 500, "level"),
]


@pytest.mark.parametrize(("name", "pulses", "length_ms", "way"), PATTERNS)
def test_sound_has_its_pattern_and_pitch(measured, name, pulses, length_ms, way):
    tones = measured[name]["tones"]
    assert len(tones) == pulses
    for tone in tones:
        assert tone["length_ms"] == pytest.approx(length_ms, abs=20)
        assert 400 <= tone["hz"] <= 900
        assert tone["harmonics"] >= 4
    steps = [later["hz"] - earlier["hz"] for earlier, later in itertools.pairwise(tones)]
    expected = {
        "rising": lambda step: step > 30,
        "falling": lambda step: step < -30,
        "level": lambda step: abs(step) <= 2,
        "alternating": lambda step: abs(step) > 100,
    }
    if way == "alternating":
        assert all(before * after < 0 for before, after in itertools.pairwise(steps))
    assert all(expected[way](step) for step in steps)


def test_most_urgent_sound_is_three_and_two(measured):
    at = [tone["at_ms"] for tone in measured["p1"]["tones"]]
    gaps = [later - earlier for earlier, later in itertools.pairwise(at)]
    assert gaps[2] > 1.5 * max(gaps[0], gaps[1], gaps[3]), "three, a pause, two"


def test_more_urgent_is_louder_and_soft_ones_are_soft(measured):
    levels = {name: measured[name]["level_db"] for name, *_ in PATTERNS}
    assert levels["p1"] > levels["p2"] > levels["p3"] > levels["p4"]
    assert levels["p1"] - levels["p3"] >= 10
    assert max(levels.values()) < 0, "nothing is clipped"


def test_unanswered_it_becomes_six_decibels_louder(measured):
    louder = measured["louder"]
    assert louder["level_db"] - measured["p1"]["level_db"] == pytest.approx(6, abs=0.2)
    assert louder["level_db"] < 0, "and is not clipped then"


def test_each_sound_ends_by_itself(measured):
    assert all(sound["ends_quiet"] for sound in measured.values())
