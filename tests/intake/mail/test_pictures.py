"""Pictures that a machine's mail brings: masked before the first write, few, and never at the cost of the alarm."""

import io
import random
from email.message import EmailMessage

import msgspec
import numpy
import pytest
from PIL import Image

from support.cores import rebuild_findings
from support.mails import SENDER, run, signals
from tocsin.centre.still_worker import mask_zone
from tocsin.intake.mail import pictures
from tocsin.model.sources import MailLine
from tocsin.model.stills import A_DAY, STILLS_MAX
from tocsin.web.side_process import SideProcess

SMOKE = (MailLine(pattern="Zone * in alarm", word="smoke"),)
DAY_S = 86_400


def jpeg(seed=1, size=(320, 240), **options):
    """Noise that no other seed makes."""
    image = Image.frombytes("RGB", size, random.Random(seed).randbytes(size[0] * size[1] * 3))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95, **options)
    return out.getvalue()


def mail(*parts, id_="<1@camera>", subject="Zone 3 in alarm", kind=("image", "jpeg")):
    made = EmailMessage()
    made["From"], made["Subject"] = SENDER, subject
    if id_ is not None:
        made["Message-ID"] = id_
    made.set_content("Motion in the yard")
    for number, one in enumerate(parts):
        made.add_attachment(one, maintype=kind[0], subtype=kind[1], filename=f"planted-{number}.jpg")
    return made.as_string()


def stills(work, place=0):
    """Of the incident that a signal made."""
    incident = work.centre.store.signal_rows(0, 100)[place].incident
    return work.centre.centre.stills.of(incident)


def test_a_picture_is_masked_before_it_is_stored_and_belongs_to_the_incident_that_its_mail_opened(tmp_path):
    exif = Image.Exif()
    exif[0x010E] = "Planted Erika Example"
    sent = jpeg(exif=exif)

    def story(work):
        assert work.send(mail(sent))[0] == 250
        (still,) = stills(work)
        assert (still.body.source, still.body.box, still.by) == ("mail", None, None)
        incident = work.centre.store.signal_rows(0, 10)[0].incident
        shown = work.centre.centre.stills.masked(incident, still.id, "user-1")
        masked = numpy.asarray(Image.open(io.BytesIO(shown)))
        for row, column in ((0, 0), (120, 160), (232, 312)):
            block = masked[row : row + 8, column : column + 8].reshape(-1, 3).astype(int)
            assert block.std(axis=0).max() < 4, "one colour a block, in the middle too"
        entries = [msgspec.json.decode(one.row.entry) for one in work.centre.store.entries(0, 1000)]
        (signal,) = [one["seq"] for one in entries if one["kind"] == "signal"]
        assert [(one["cause"], one["actor"]) for one in entries if one["kind"] == "still.taken"] == [(signal, None)]
        assert work.counts() == (1, 1, 0, {})
        assert work.tally.of(work.source.id).pictures == 1
        assert rebuild_findings(work.centre.store) == []
        for file in (tmp_path / "centre").iterdir():
            if file.is_file():
                content = file.read_bytes()
                assert b"lanted" not in content, file
                assert b"\xff\xd8\xff" not in content, file

    run(tmp_path, story, has_core=True)


def test_what_is_no_picture_is_dropped_and_counted_and_its_signal_stands(tmp_path):
    bomb = bytearray(jpeg(size=(64, 64)))
    place = bomb.index(b"\xff\xc0") + 5
    bomb[place : place + 4] = b"\xff\xff\xff\xff"  # it says that it has 65,535 x 65,535 pixels
    parts = [b"GIF89a planted", bytes(bomb), jpeg()[:2000], b"", jpeg(size=(16, 16)), jpeg(2)]

    def story(work):
        assert work.send(mail(*parts))[0] == 250
        assert len(signals(work)) == 1
        assert len(stills(work)) == 1
        assert work.counts() == (1, 1, 0, {"picture": 5})

    run(tmp_path, story, has_core=True)


def test_an_incident_takes_six_and_more_are_counted(tmp_path):
    def story(work):
        assert work.send(mail(*(jpeg(seed) for seed in range(STILLS_MAX - 1))))[0] == 250
        assert work.send(mail(jpeg(50), jpeg(51), id_="<2@camera>"))[0] == 250
        assert len(stills(work)) == STILLS_MAX
        assert work.counts() == (2, 2, 0, {"picture_many": 1})

    run(tmp_path, story, has_core=True)


def test_a_source_has_twenty_a_day(tmp_path):
    def story(work):
        for _ in range(A_DAY - 1):
            work.tally.pictured(work.source.id, work.centre.clock.now_us())
        assert work.send(mail(jpeg(1), jpeg(2)))[0] == 250
        assert (len(stills(work)), work.counts()[3]) == (1, {"picture_many": 1})
        work.centre.clock.advance(DAY_S)
        assert work.send(mail(jpeg(3), id_="<2@camera>"))[0] == 250
        assert len(stills(work, -1)) >= 1
        assert work.counts()[3] == {"picture_many": 1}
        assert work.tally.of(work.source.id).pictures == A_DAY + 1

    run(tmp_path, story, has_core=True)


def test_the_same_mail_again_brings_no_second_picture_and_another_picture_of_the_same_signal_is_kept(tmp_path):
    def story(work):
        for text in (mail(jpeg(1)), mail(jpeg(1)), mail(jpeg(2))):
            assert work.send(text)[0] == 250
        assert len(signals(work)) == 1
        assert len(stills(work)) == 2
        assert work.counts() == (3, 1, 2, {})
        assert work.tally.of(work.source.id).pictures == 2

    run(tmp_path, story, has_core=True)


def test_an_incident_of_people_takes_none(tmp_path):
    lines = (MailLine(pattern="Help wanted", word="sos"),)

    def story(work):
        assert work.send(mail(jpeg(), subject="Help wanted"))[0] == 250
        assert (stills(work), work.counts()) == ([], (1, 1, 0, {"picture_incident": 1}))

    run(tmp_path, story, lines=lines, has_core=True)


def test_where_the_rules_do_not_come_to_it_in_time_the_sender_still_has_its_250(tmp_path, monkeypatch):
    monkeypatch.setattr(pictures, "TAKE_S", 0.5)  # a number, lowered: without a core it would be waited out

    def story(work):
        assert work.send(mail(jpeg()))[0] == 250
        assert work.counts() == (1, 1, 0, {"picture_late": 1})

    run(tmp_path, story)


@pytest.mark.slow
def test_the_process_beside_the_centre_masks_what_is_only_named_a_picture_and_dies_alone(tmp_path):
    def story(work):
        work.draw = SideProcess("tocsin.centre.mail_still_worker", "mail", 20.0).read
        assert work.send(mail(jpeg(), kind=("application", "octet-stream")))[0] == 250
        assert (len(stills(work)), work.counts()[3]) == (1, {})
        work.draw = SideProcess("tocsin.centre.no_such_worker", "mail", 20.0).read
        assert work.send(mail(jpeg(2), id_="<2@camera>"))[0] == 250
        assert (len(stills(work)), work.counts()[3]) == (1, {"picture": 1})

    run(tmp_path, story, has_core=True)


def test_of_a_machines_picture_only_the_mean_of_each_block_is_left():
    image = Image.open(io.BytesIO(jpeg(size=(1920, 1080))))
    pixels, masked = numpy.asarray(image), numpy.asarray(mask_zone(image))
    for row, column in ((0, 0), (536, 960), (1072, 1912)):
        part = masked[row : row + 8, column : column + 8].reshape(-1, 3)
        assert (part == part[0]).all()
        mean = pixels[row : row + 8, column : column + 8].reshape(-1, 3).mean(axis=0)
        assert abs(part[0] - mean).max() <= 1
    small = numpy.asarray(mask_zone(image.resize((64, 64))))
    assert len(numpy.unique(small.reshape(-1, 3), axis=0)) <= 64, "blocks of 8 px, however few there are"


def test_a_mail_without_a_picture_starts_no_process(tmp_path):
    def story(work):
        def never(*_):
            raise AssertionError

        work.draw = never
        assert work.send(mail())[0] == 250

    run(tmp_path, story)
