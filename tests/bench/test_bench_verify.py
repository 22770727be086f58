"""The bench of the verifier runs, with a journal so small that only its machinery is tested."""

from pathlib import Path

import msgspec
import pytest

from tocsin.bench.figures import Report
from tocsin.bench.verify import PARTS, Plan, measure
from tocsin.cli import main

pytestmark = pytest.mark.requires("linux")
NAMES = ["verify.export", "verify.folder"]


def test_whole_journal_is_verified_and_set_beside_hashing_alone(tmp_path):
    told: list[str] = []
    report = measure(Plan(runs=1, entries=1500), tmp_path, (), told.append)
    assert (report.bench, [figure.name for figure in report.figures]) == ("verify", NAMES)
    for figure in report.figures:
        # The centre's beginning and its account are in it, too.
        assert figure.runs[0].extra["entries"] == 1502
        assert figure.ratio == pytest.approx(figure.value / figure.ceiling)
        assert 0 < figure.ratio < 1, "nothing verifies faster than it hashes"
    assert told.count("storing 1,500 signals") == 1, "both parts verify the same journal"


def test_only_what_is_named_is_measured(capsys, tmp_path):
    assert main(["bench", "verify", "--only", "folder", "--quick", "--json", "--dir", str(tmp_path)]) == 0
    report = msgspec.json.decode(capsys.readouterr().out, type=Report)
    assert ([figure.name for figure in report.figures], report.is_quick) == (["verify.folder"], True)
    assert list(tmp_path.iterdir()) == []


def test_wrong_use_is_a_sentence_and_measures_nothing(capsys):
    assert main(["bench", "verify", "--only", "nonsense"]) == 2
    assert capsys.readouterr().err.strip().endswith("[usage.only]")


def test_reference_describes_every_figure_and_every_part():
    documented = (Path(__file__).parents[2] / "docs/reference/bench.md").read_text()
    assert [name for name in (*NAMES, *PARTS) if f"`{name}`" not in documented] == []
