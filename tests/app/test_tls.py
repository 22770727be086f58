"""DC-09 inside TLS, with real certificates, and certificates that say whom a panel may send for."""

import ssl

import pytest

from support.centres import KEYED_CSV, held, make_folder
from support.certificates import Authority
from support.in_process import InProcess, frame, serving
from tocsin.model.errors import BadInput

pytestmark = pytest.mark.slow  # whole processes, or long lists: not for `make quick`

TLS = """
[web]
listen = "127.0.0.1:0"
[receivers.dc09]
listen = []
[receivers.dc09.tls]
listen = ["127.0.0.1:0"]
certificate = "server.pem"
key = "server.key"
"""


def make_centre(folder, toml=TLS):
    settings = make_folder(folder, toml=toml)
    with held(settings) as centre:
        centre.add(KEYED_CSV)
    return settings


def panel_context(authority, certificate=None):
    """What a panel speaks TLS with."""
    context = ssl.create_default_context(cafile=str(authority.file))
    context.check_hostname = False
    if certificate is not None:
        context.load_cert_chain(*map(str, certificate))
    return context


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("tls")


@pytest.fixture(scope="module")
def authority(place):
    made = Authority(place, "authority")
    made.give("server", "receiver", addresses=["127.0.0.1"])
    return made


def with_files(folder, place):
    for name in ("server.pem", "server.key", "authority.pem"):
        (folder / name).write_bytes((place / name).read_bytes())


@pytest.fixture(scope="module")
def running(authority, place):
    settings = make_centre(place / "open")
    with_files(settings.folder, place)
    with serving(settings) as centre:
        yield centre


def test_panel_over_tls_is_acknowledged_and_recorded_as_that(running, authority):
    assert running.send(frame("1", 1), frame("1", 2), way="tls", context=panel_context(authority)) == ["ACK", "ACK"]
    entries = running.remote.entries(0, 1000)
    signals = [entry for entry in entries if entry.row.kind == "signal"][-2:]
    assert len(signals) == 2
    assert all(b'"transport":"tls"' in entry.row.entry for entry in signals)


def test_panel_that_checks_the_receiver_finds_it_genuine(running, authority):
    context = panel_context(authority)
    context.check_hostname = False
    assert context.verify_mode == ssl.CERT_REQUIRED
    other = Authority(authority.file.parent, "other")
    with pytest.raises(ssl.SSLCertVerificationError):
        running.send(frame("1", 3), way="tls", context=panel_context(other))


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
def test_tls_older_than_1_2_is_not_spoken(running, authority):
    context = panel_context(authority)
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.raises((ssl.SSLError, ConnectionError)):
        running.send(frame("1", 4), way="tls", context=context)


def test_clear_frame_on_the_tls_port_is_not_taken(running):
    before = running.metrics()['tocsin_frames_total{result="stored"}']
    address = running.service.tls_addresses[0]
    assert running.send(frame("1", 5), answers=0, address=address) in (["closed"], [])
    assert running.metrics()['tocsin_frames_total{result="stored"}'] == before


@pytest.fixture(scope="module")
def bound(authority, place):
    settings = make_centre(place / "bound", TLS + 'client_ca = "authority.pem"\n')
    with_files(settings.folder, place)
    with serving(settings) as centre:
        yield centre


@pytest.mark.parametrize(
    ("common_name", "dns", "account", "expected"),
    [
        ("1", [], "1", ["ACK"]),
        ("panel", ["1", "3"], "3", ["ACK"]),
        ("ab", [], "AB", ["ACK"]),  # numbers are compared without case, and unknown ones are stored
        ("3", [], "1", []),
        ("1.example", [], "1", []),
    ],
    ids=["common name", "DNS name", "case", "another", "longer"],
)
def test_panel_may_send_for_the_accounts_that_its_certificate_names(
    bound, authority, common_name, dns, account, expected
):
    before = bound.metrics()
    context = panel_context(authority, authority.give("panel", common_name, dns=dns))
    sequence = 100 + int(before["tocsin_connections_total"])
    assert bound.send(frame(account, sequence), way="tls", context=context, answers=len(expected)) == expected
    name = 'tocsin_frames_refused_total{outcome="discarded",reason="account"}'
    assert bound.metrics().get(name, 0) - before.get(name, 0) == (not expected)


def test_panel_without_a_certificate_or_with_a_strangers_is_not_let_in(bound, authority, tmp_path):
    stranger = Authority(tmp_path, "stranger").give("panel", "1")
    for context in (panel_context(authority), panel_context(authority, stranger)):
        try:
            answers = bound.send(frame("1", 9), way="tls", context=context)
        except (ssl.SSLError, ConnectionError):
            answers = ["closed"]
        assert answers == ["closed"]


def test_panel_may_send_for_all_where_the_settings_say_any(authority, place):
    settings = make_centre(place / "any", TLS + 'client_ca = "authority.pem"\nclient_binding = "any"\n')
    with_files(settings.folder, place)
    context = panel_context(authority, authority.give("any", "3"))
    with serving(settings) as centre:
        assert centre.send(frame("1", 1), way="tls", context=context) == ["ACK"]


@pytest.mark.parametrize("spoil", ["missing", "garbage", "another key"])
def test_certificate_that_cannot_be_used_is_one_sentence(authority, place, tmp_path, spoil):
    settings = make_centre(tmp_path / "centre")
    with_files(settings.folder, place)
    if spoil == "missing":
        (settings.folder / "server.pem").unlink()
    elif spoil == "garbage":
        (settings.folder / "server.pem").write_text("no certificate")
    else:
        _, key = authority.give("another", "receiver")
        (settings.folder / "server.key").write_bytes(key.read_bytes())
    with pytest.raises(BadInput) as refused:
        InProcess(settings).start()
    assert str(refused.value).startswith("The certificate or key of receivers.dc09.tls cannot be used (")
    assert str(refused.value).endswith("Nothing was started. Check both files [settings.tls]")
