"""A visit of `tocsin doctor`, and what it found."""

import json

from tocsin.cli import main


def examine(folder, capsys, *words):
    """Exit status, and the findings by what they are about."""
    status = main(["doctor", "--dir", str(folder), "--json", *words])
    out, err = capsys.readouterr()
    assert err == ""
    findings = {}
    for line in out.splitlines():
        finding = json.loads(line)
        assert set(finding) == {"what", "state", "found", "remedy"}
        findings.setdefault(finding["what"], []).append((finding["state"], finding["found"], finding["remedy"]))
    return status, findings


def wrong(findings):
    """What is wrong, and its remedy."""
    found = {what: [f[1:] for f in all_ if f[0] == "wrong"] for what, all_ in findings.items()}
    return {what: those for what, those in found.items() if those}
