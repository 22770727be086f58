"""Signed heads: format, file, power cuts, and a second implementation that checks them."""

import base64
import io
import os
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from tocsin.journal.heads import HeadSigner, Origin, append_head, key_changed_body, origin_of, read_heads
from tocsin.journal.notes import (
    NOTE_BYTES_MAX,
    Item,
    Note,
    NoteError,
    NoteSignature,
    Unread,
    VerifierKey,
    key_change_text,
    parse_heads,
    parse_signature,
)
from tocsin.model.journal import Head
from tocsin.model.values import HexHash, Micros, Seq

ORIGIN = Origin("watch.example/tocsin/harbour/chain")
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
SIGNER = HeadSigner(PRIVATE, ORIGIN)
# The DER prefix of an Ed25519 public key (RFC 8410), so that openssl can read the 32 bytes after it.
DER_PREFIX = bytes.fromhex("302a300506032b6570032100")


def head(seq: int) -> Head:
    return Head(Seq(seq), HexHash(sha256(b"%d" % seq).hexdigest()), Micros(0))


def note(seq: int) -> Note:
    return SIGNER.sign(head(seq))


def parsed(data: bytes) -> list[Item]:
    return list(parse_heads(io.BytesIO(data)))


def test_note_is_written_as_the_standard_says():
    raw = base64.b64encode(sha256(b"1042").digest()).decode()
    key_id = sha256(ORIGIN.encode() + b"\n\x01" + PRIVATE.public_key().public_bytes_raw()).digest()[:4]
    text = f"{ORIGIN}\n1042\n{raw}\n"
    signed = base64.b64encode(key_id + PRIVATE.sign(text.encode())).decode()
    assert note(1042).format() == f"{text}\n\u2014 {ORIGIN} {signed}\n".encode()


def test_verifier_key_of_the_standards_example_is_read():
    # The example key of c2sp.org/signed-note and of the Go package that it comes from.
    text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    key = VerifierKey.parse(text)
    assert (str(key), key.name, key.key_id.hex()) == (text, "PeterNeumann", "c74f20a3")
    signed = b"If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    signature = base64.b64decode(
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    )
    assert signature[:4] == key.key_id
    assert key.verifies(signature[4:], signed)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+00000000",
        "name+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+AhpcA2QcUPDhMQegwxbzhKqiBfsVkmqqLDE4izWy10TW",
        "two words+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ],
)
def test_verifier_key_that_does_not_fit_itself_is_refused(text: str):
    with pytest.raises(NoteError):
        VerifierKey.parse(text)


def test_note_reads_back_and_is_signed_by_its_key_alone():
    read = Note.parse(note(5).format())
    assert read == note(5)
    assert read.is_signed_by(SIGNER.verifier_key)
    other = HeadSigner(Ed25519PrivateKey.generate(), ORIGIN)
    assert not read.is_signed_by(other.verifier_key)
    forged = Note(read.origin, 6, read.entry_hash, read.signatures)
    assert not forged.is_signed_by(SIGNER.verifier_key)


def test_note_may_carry_a_neighbours_signature_too():
    neighbour = HeadSigner(Ed25519PrivateKey.generate(), Origin("neighbour.example"))
    signed = NoteSignature("neighbour.example", neighbour.verifier_key.key_id, neighbour.sign_text(note(5).text))
    both = Note.parse(Note(ORIGIN, 5, note(5).entry_hash, (signed, *note(5).signatures)).format())
    assert both.is_signed_by(SIGNER.verifier_key)
    assert both.is_signed_by(neighbour.verifier_key)


@given(st.integers(0, 8 * len(note(77).format()) - 1))
def test_no_flipped_bit_leaves_a_right_signature(bit: int):
    data = bytearray(note(77).format())
    data[bit // 8] ^= 1 << bit % 8
    for item in parsed(bytes(data)):
        assert not isinstance(item, Note) or not item.is_signed_by(SIGNER.verifier_key)


@given(st.binary(max_size=400) | st.text("\n\u2014 +=aZ9/", max_size=80).map(str.encode))
def test_any_file_is_read_without_an_exception(data: bytes):
    for item in parsed(data):
        assert isinstance(item, Note | VerifierKey | Unread)


def test_overlong_lines_and_blocks_are_unread_and_memory_stays_bounded():
    good = note(3).format()
    for long in (b"x" * 10 * NOTE_BYTES_MAX, b"x\n" * 10 * NOTE_BYTES_MAX, b"\xe2\x80\x94 x\n" * 10_000):
        *unread, last = parsed(long + b"\n\n" + good)
        assert last == note(3)
        assert unread
        assert all(isinstance(item, Unread) for item in unread)


def test_heads_file_holds_what_was_appended(tmp_path: Path):
    path = tmp_path / "heads"
    for seq in (1, 1000, 2000):
        append_head(path, note(seq))
    assert list(read_heads(path)) == [note(1), note(1000), note(2000)]
    assert path.read_bytes() == b"\n\n".join(note(seq).format() for seq in (1, 1000, 2000))


def test_heads_file_needs_no_right_to_read(tmp_path: Path):
    path = tmp_path / "heads"
    append_head(path, note(1))
    path.chmod(0o200)
    append_head(path, note(2))
    path.chmod(0o600)
    assert list(read_heads(path)) == [note(1), note(2)]


@pytest.mark.parametrize("kept", range(len(note(2).format()) + 2))
def test_note_torn_by_a_power_cut_spoils_no_other(tmp_path: Path, kept: int):
    path = tmp_path / "heads"
    append_head(path, note(1))
    whole = b"\n\n" + note(2).format()
    with path.open("ab") as file:
        file.write(whole[:kept])
    torn = list(read_heads(path))
    append_head(path, note(3))
    items = list(read_heads(path))
    notes = [item for item in items if isinstance(item, Note)]
    unread = [item for item in items if isinstance(item, Unread)]
    assert torn[0] == note(1)
    # Only its last newline is missing: then it is whole, and so it counts.
    assert notes == ([note(1), note(2), note(3)] if kept == len(whole) - 1 else [note(1), note(3)])
    assert bool(unread) == (2 < kept < len(whole) - 1)
    assert len(unread) <= 2
    assert all(item.line > 5 and item.reason for item in unread)


def test_zeros_that_a_file_system_left_are_reported(tmp_path: Path):
    path = tmp_path / "heads"
    append_head(path, note(1))
    with path.open("ab") as file:
        file.write(bytes(300))
    append_head(path, note(2))
    items = list(read_heads(path))
    assert [item for item in items if isinstance(item, Note)][-1] == note(2)
    assert any(isinstance(item, Unread) for item in items)


def test_verifier_keys_may_stand_among_heads():
    data = f"{SIGNER.verifier_key}\n\n".encode() + note(4).format()
    assert parsed(data) == [SIGNER.verifier_key, note(4)]


def test_key_change_is_bound_to_its_place():
    new = HeadSigner(Ed25519PrivateKey.generate(), ORIGIN).verifier_key
    body = key_changed_body(SIGNER, new, seq=Seq(9), prev=HexHash("ab" * 32))
    signature = parse_signature(body.signature)
    assert (body.old_key, body.new_key) == (str(SIGNER.verifier_key), str(new))
    assert SIGNER.verifier_key.verifies(signature, f"{ORIGIN}\nkey-change\n9\n{'ab' * 32}\n{new}\n".encode())
    assert not SIGNER.verifier_key.verifies(signature, key_change_text(ORIGIN, 8, "ab" * 32, new))
    assert not SIGNER.verifier_key.verifies(signature, key_change_text(ORIGIN, 9, "ac" * 32, new))


@pytest.mark.parametrize(
    ("host", "centre", "expected"),
    [
        ("Watch.Example", "Harbour control room", "watch.example/tocsin/harbour-control-room/chain"),
        ("", "\u7a7a \U0001f525", "unnamed/tocsin/unnamed/chain"),
        ("a+b c", "x" * 300, f"a-b-c/tocsin/{'x' * 63}/chain"),
    ],
)
def test_origin_is_a_name_whatever_the_centre_is_called(host: str, centre: str, expected: str):
    assert origin_of(host, centre) == expected
    assert HeadSigner(PRIVATE, origin_of(host, centre)).verifier_key.name == expected


def test_signer_never_shows_its_key():
    assert PRIVATE.private_bytes_raw().hex() not in repr(SIGNER)
    assert repr(SIGNER) == f"HeadSigner({SIGNER.verifier_key})"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl, the second implementation, is not installed")
def test_openssl_agrees_with_every_head(tmp_path: Path):
    """Read the file by the words of the C2SP page alone, and let openssl check what was found."""
    path = tmp_path / "heads"
    for seq in (1, 61, 1061):
        append_head(path, note(seq))
    name, key_hash, encoded = str(SIGNER.verifier_key).split("+", 2)
    raw = base64.b64decode(encoded)
    assert raw[0] == 1
    assert sha256(name.encode() + b"\x0a" + raw).hexdigest()[:8] == key_hash
    (tmp_path / "key.der").write_bytes(DER_PREFIX + raw[1:])
    checked = 0
    for block in path.read_text().split("\n\n\n"):
        text, signatures = block.rstrip("\n").split("\n\n")
        dash, signer, encoded = signatures.split(" ")
        signature = base64.b64decode(encoded)
        assert (dash, signer, signature[:4].hex()) == ("\u2014", name, key_hash)
        assert openssl_accepts(tmp_path, (text + "\n").encode(), signature[4:])
        assert not openssl_accepts(tmp_path, (text + " \n").encode(), signature[4:])
        checked += 1
    assert checked == 3


def openssl_accepts(folder: Path, text: bytes, signature: bytes) -> bool:
    (folder / "text").write_bytes(text)
    (folder / "signature").write_bytes(signature)
    command = "openssl pkeyutl -verify -pubin -keyform DER -inkey key.der -rawin -in text -sigfile signature"
    return subprocess.run(command.split(), cwd=folder, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(os.name != "posix", reason="rights of files are those of POSIX")
def test_heads_may_be_read_by_all(tmp_path: Path):
    path = tmp_path / "heads"
    append_head(path, note(1))
    assert path.stat().st_mode & 0o077 & ~0o044 == 0
