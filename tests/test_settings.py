"""Settings: what a file and the environment may say, and what is said about a slip."""

import re
from pathlib import Path

import pytest

from tocsin.model.errors import BadInput
from tocsin.settings import (
    FILE_BYTES_MAX,
    FILE_NAME,
    Dc09,
    Dc09Tls,
    Receivers,
    Settings,
    Storage,
    Supervision,
    default_toml,
    describe,
    load,
    split_address,
)

REFERENCE = Path(__file__).parents[1] / "docs" / "reference" / "settings.md"


@pytest.fixture
def write(tmp_path: Path):
    def write(text: str | bytes) -> Path:
        data = text.encode() if isinstance(text, str) else text
        (tmp_path / FILE_NAME).write_bytes(data)
        return tmp_path

    return write


def refusal(folder: Path, environ: dict[str, str] | None = None) -> BadInput:
    with pytest.raises(BadInput) as caught:
        load(folder, environ or {})
    return caught.value


def test_empty_file_gives_the_defaults(write):
    folder = write("")
    assert load(folder, {}) == Settings(folder=folder)


def test_file_of_a_new_centre_loads_back_to_the_defaults(write):
    folder = write(default_toml("Control room"))
    assert load(folder, {}) == Settings(folder=folder)


def test_file_of_a_demo_says_that_it_is_one(write):
    assert [load(write(default_toml("x", is_demo=is_demo)), {}).centre.demo for is_demo in (False, True)] == [
        False,
        True,
    ]


@pytest.mark.parametrize("name", ['Harbour "north"', "Leitstelle Süd", "a\\b", "'", "# no comment", "消防"])
def test_name_of_a_new_centre_survives_its_file(write, name):
    assert load(write(default_toml(name)), {}).centre.name == name


@pytest.mark.parametrize("name", ["", " ", "x" * 81, "two\nlines", "tab\there", "del\x7f"])
def test_name_that_no_file_should_hold_is_refused(name):
    with pytest.raises(BadInput, match="1 to 80 printable"):
        default_toml(name)


def test_example_of_the_interfaces_is_understood(write):
    folder = write(
        """
        [centre]
        name = "Harbour control room"
        [storage]
        url = "sqlite:///data/tocsin.db"
        [web]
        listen = "127.0.0.1:8400"
        [receivers.dc09]
        listen = ["127.0.0.1:10000", "[::1]:10000"]
        unknown_accounts = "duh"
        connections_max = 6000
        idle_s = 0
        [receivers.dc09.tls]
        listen = ["0.0.0.0:10001"]
        certificate = "tls/cert.pem"
        key = "tls/key.pem"
        [supervision]
        default_interval_s = 90
        """
    )
    settings = load(folder, {})
    assert settings.receivers == Receivers(
        dc09=Dc09(
            listen=("127.0.0.1:10000", "[::1]:10000"),
            unknown_accounts="duh",
            idle_s=0,
            tls=Dc09Tls(listen=("0.0.0.0:10001",), certificate="tls/cert.pem", key="tls/key.pem"),
        )
    )
    assert settings.storage == Storage(url="sqlite:///data/tocsin.db")
    assert settings.supervision == Supervision(default_interval_s=90)
    assert settings.database_path == folder / "data" / "tocsin.db"


def test_paths_start_at_the_folder_unless_they_are_absolute(write):
    folder = write('[vault]\nmaster_key = "/run/keys/master"\n')
    settings = load(folder, {})
    assert settings.master_key_path == Path("/run/keys/master")
    assert settings.heads_path == folder / "heads.txt"
    assert settings.database_path == folder / "tocsin.db"


def test_byte_order_mark_of_an_editor_is_no_mistake(write):
    assert load(write(b"\xef\xbb\xbf[centre]\nname = 'x'\n"), {}).centre.name == "x"


@pytest.mark.parametrize(
    ("text", "line", "near"),
    [
        ("[receivers.dc09]\nlisten = []\nconections_max = 3\n", 3, "receivers.dc09.connections_max"),
        ("[centre]\nname = 'x'\n\n[storrage]\nurl = 'x'\n", 4, "storage"),
        ("[receivers.dc9]\n", 1, "receivers.dc09"),
        ("receivers.dc09.idle = 3\n", 1, "receivers.dc09.idle_s"),
        ("[web]\nfirst_frame_s = 3\n", 2, "receivers.dc09.first_frame_s"),
        ("[journal]\nhead = 'x'\n", 2, "journal.heads"),
    ],
)
def test_misspelt_key_is_refused_with_its_line_and_the_nearest(write, text, line, near):
    folder = write(text)
    error = refusal(folder)
    assert error.code == "settings.unknown"
    assert f"{FILE_NAME} line {line}: there is no setting" in str(error)
    assert f"the nearest known one is {near}. Nothing was started." in str(error)


def test_key_like_no_other_is_refused_too(write):
    assert "docs/reference/settings.md lists them all" in str(refusal(write("[qqqqqq]\nzzz = 1\n")))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[receivers.dc09]\nconnections_max = 0", "line 2: receivers.dc09.connections_max must be 1 to 100,000"),
        ("[receivers.dc09]\nconnections_max = 100001", "must be 1 to 100,000"),
        ("[receivers.dc09]\nconnections_max = '6000'", "must be 1 to 100,000"),
        ("[receivers.dc09]\nconnections_max = true", "must be 1 to 100,000"),
        ("[receivers.dc09]\nconnections_max = 3.5", "must be 1 to 100,000"),
        ("[receivers.dc09]\nunknown_accounts = 'nack'", "must be `ack`, `duh` or `silent`"),
        ("[receivers.dc09]\nidle_s = 29", "must be 0, or 30 to 7,776,000"),
        ("[receivers.dc09]\nlisten = '127.0.0.1:1'", "must be a list of up to 16"),
        ("[receivers.dc09]\nlisten = ['127.0.0.1']", "must be a list of up to 16"),
        ("[receivers.dc09]\nlisten = [" + "'127.0.0.1:1'," * 17 + "]", "must be a list of up to 16"),
        ("[receivers.dc09.tls]\nlisten = ['0.0.0.0:1']", "needs receivers.dc09.tls.certificate"),
        ("[web]\nlisten = '127.0.0.1:65536'", "line 2: web.listen must be HOST:PORT"),
        ("[web]\nlisten = '::1:80'", "IPv6 in brackets"),
        ("[supervision]\ndefault_interval_s = 9", "must be `learn` or 10 to 3,888,000"),
        ("[supervision]\ndefault_interval_s = 'often'", "must be `learn` or 10 to 3,888,000"),
        ("[storage]\nurl = 'postgresql://u:pass@host/db'", "must be `sqlite:///FILE`"),
        ("[storage]\nurl = 'sqlite:///:memory:'", "must be `sqlite:///FILE`"),
        ("[centre]\nname = ''", "must be 1 to 80 printable characters"),
        ("[centre]\ndemo = 1", "line 2: centre.demo must be `true` or `false`"),
        ("web = 3", "line 1: web is a section"),
    ],
)
def test_wrong_value_is_refused_with_the_limit(write, text, says):
    error = refusal(write(text))
    assert error.code == "settings.value"
    assert says in str(error)


def test_refusal_repeats_no_value(write):
    assert "hunter2" not in str(refusal(write("[storage]\nurl = 'postgresql://u:hunter2@host/db'")))


@pytest.mark.parametrize(
    "data", [b"[centre\n", b"a = \n", b"\xff\xfe\n", b"x = 1\nx = 2\n", b"#" * (FILE_BYTES_MAX + 1)]
)
def test_what_is_no_settings_file_is_refused(write, data):
    assert refusal(write(data)).code == "settings.file"


def test_folder_without_a_file_names_the_remedy(tmp_path):
    error = refusal(tmp_path)
    assert error.code == "settings.missing"
    assert "`tocsin init`" in str(error)


def test_environment_goes_before_the_file(write):
    folder = write("[receivers.dc09]\nconnections_max = 7\nqueue_max = 8\n")
    settings = load(
        folder,
        {
            "TOCSIN_RECEIVERS__DC09__CONNECTIONS_MAX": "9",
            "TOCSIN_RECEIVERS__DC09__LISTEN": '["0.0.0.0:10000"]',
            "TOCSIN_WEB__LISTEN": "0.0.0.0:8401",
            "TOCSIN_CENTRE__NAME": "6000",
            "TOCSIN_STORAGE__URL": '"sqlite:///other.db"',
        },
    )
    assert settings.receivers.dc09 == Dc09(connections_max=9, queue_max=8, listen=("0.0.0.0:10000",))
    assert settings.web.listen == "0.0.0.0:8401"
    assert settings.centre.name == "6000"
    assert settings.storage.url == "sqlite:///other.db"


@pytest.mark.parametrize("name", ["TOCSIN_MASTER_KEY", "TOCSIN_HOME", "TOCSIN_", "PATH", "OTHER__KEY"])
def test_variables_that_name_no_setting_are_left_alone(write, name):
    folder = write("")
    assert load(folder, {name: "x"}) == Settings(folder=folder)


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("TOCSIN_WEB__LISTN", "TOCSIN_WEB__LISTEN"),
        ("TOCSIN_WEEB__LISTEN", "TOCSIN_WEB__LISTEN"),
        ("TOCSIN_RECEIVERS__DC09__IDLE", "TOCSIN_RECEIVERS__DC09__IDLE_S"),
        ("TOCSIN_DC09__FIRST_FRAME_S", "TOCSIN_RECEIVERS__DC09__FIRST_FRAME_S"),
    ],
)
def test_misspelt_variable_is_refused_with_the_nearest(write, name, near):
    error = refusal(write(""), {name: "1"})
    assert error.code == "settings.unknown"
    assert f"Environment variable {name}: there is no setting" in str(error)
    assert f"({near})" in str(error)


def test_variable_of_a_whole_section_says_what_is_missing(write):
    error = refusal(write(""), {"TOCSIN_RECEIVERS__DC09": "1"})
    assert "TOCSIN_RECEIVERS__DC09 names a section; add two underscores" in str(error)


def test_wrong_value_of_a_variable_names_the_variable(write):
    error = refusal(write(""), {"TOCSIN_RECEIVERS__DC09__QUEUE_MAX": "1\nname = 2"})
    assert "environment variable TOCSIN_RECEIVERS__DC09__QUEUE_MAX" in str(error)
    assert "must be 1 to 1,000,000" in str(error)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("127.0.0.1:0", ("127.0.0.1", 0)),
        ("[::1]:10000", ("::1", 10000)),
        ("host-1.example:65535", ("host-1.example", 65535)),
    ],
)
def test_address_is_split(text, parts):
    assert split_address(text) == parts


def test_reference_lists_every_setting_as_it_is():
    text = REFERENCE.read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([^`]+)` \| (.*?) \| (.*?) \| (.*) \|$", text, re.MULTILINE)
    expected = [
        (f"{setting.section}.{setting.key}", f"`{setting.default}`" if setting.default else "none", setting.allowed,
         setting.meaning)
        for setting in describe()
    ]  # fmt: skip
    assert rows == expected


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('public_url = "alarms.example"', "web.public_url must be `http://` or `https://`"),
        ('public_url = "https://alarms.example/console"', "web.public_url must be"),
        ('public_url = "https://ana:secret@alarms.example"', "web.public_url must be"),
        ('public_url = "javascript:alert(1)"', "web.public_url must be"),
        ('trusted_proxies = ["proxy"]', "web.trusted_proxies must be a list of up to 16 of an IP address or network"),
        ('trusted_proxies = ["192.0.2.0/33"]', "web.trusted_proxies must be"),
        ("session_h = 0", "web.session_h must be 1 to 24"),
        ("session_h = 25", "web.session_h must be 1 to 24"),
        ("connections_max = 9", "web.connections_max must be 10 to 10,000"),
        ('certificate = "c.pem"', "web.certificate and web.key go together"),
        ('key = "k.pem"', "web.certificate and web.key go together"),
    ],
)
def test_web_setting_out_of_its_form_is_refused_and_not_repeated(write, line, said):
    error = refusal(write(f"[web]\n{line}\n"))
    assert error.code == "settings.value"
    assert said in str(error)
    assert "secret" not in str(error)


@pytest.mark.parametrize(
    "url", ["http://alarms.example", "https://alarms.example/", "https://192.0.2.7:8443", "https://[2001:db8::7]:8443"]
)
def test_address_that_people_use_is_taken_in_its_forms(write, url):
    assert load(write(f'[web]\npublic_url = "{url}"\n'), {}).web.public_url == url


def test_proxies_are_addresses_and_networks(write):
    text = '[web]\ntrusted_proxies = ["192.0.2.7", "198.51.100.0/24", "2001:db8::/32"]\n'
    assert load(write(text), {}).web.trusted_proxies == ("192.0.2.7", "198.51.100.0/24", "2001:db8::/32")


@pytest.mark.parametrize(
    "line",
    [
        "second_desk_s = 40",
        "supervisor_s = 20",
        "second_desk_s = 4",
        "repeats = 0",
        "again_s = 9",
        "second_desk_p2_s = 180",
    ],
)
def test_escalation_that_would_skip_a_step_or_never_come_does_not_start(write, line):
    error = refusal(write(f"[escalation]\n{line}\n"))
    assert error.code == "settings.value"
    assert f"escalation.{line.partition(' ')[0]}" in str(error)
    assert "Nothing was started" in str(error)
