"""The examples of the two reference pages are true."""

import io
import json
import re
from pathlib import Path

import pytest

from tocsin.cli import main
from tocsin.cli.frame import answer_lines

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def test_examples_of_the_library_page_run_in_order() -> None:
    page = (REFERENCE / "dc09-library.md").read_text(encoding="utf-8")
    examples = re.findall(r"^```python\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    assert len(examples) == 5
    names: dict[str, object] = {}
    for number, example in enumerate(examples, 1):
        exec(compile(example, f"dc09-library.md, example {number}", "exec"), names)


def test_example_of_the_doctor_page_is_what_the_doctor_says(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    page = (REFERENCE / "frame-doctor.md").read_text(encoding="utf-8")
    example = re.search(r"^    \$ tocsin frame '(.*)'\n((?:    .*\n)+)", page, re.MULTILINE)
    assert example is not None
    assert main(["frame", example[1]]) == 0
    assert capfdbinary.readouterr().out.decode() == re.sub(r"^    ", "", example[2], flags=re.MULTILINE)


def test_doctor_page_names_every_option(capfd: pytest.CaptureFixture[str]) -> None:
    page = (REFERENCE / "frame-doctor.md").read_text(encoding="utf-8")
    main(["frame", "--help"])
    for option in re.findall(r"--[a-z]+", capfd.readouterr().out):
        assert option in ("--help",) or option in page


def test_question_of_the_doctor_page_is_answered() -> None:
    page = (REFERENCE / "frame-doctor.md").read_text(encoding="utf-8")
    question = re.search(r"^    in   (.*)$", page, re.MULTILINE)
    assert question is not None
    sink = io.BytesIO()
    answer_lines(io.BytesIO(question[1].encode()), sink)
    told = json.loads(sink.getvalue())
    assert (told["id"], told["outcome"], told["reply"]["kind"]) == ("7", "accepted", "ACK")
    assert all(f"`{name}`" in page for name in told)
