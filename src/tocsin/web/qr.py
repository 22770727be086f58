"""A QR code as rows of dark and light, for the page to draw: no picture is made here, and none is stored."""

from typing import Final

from tocsin.model.values import Secret

QUIET: Final = 4
"""Light modules around it, as the standard asks; readers need them."""


def qr_rows(text: Secret) -> list[Secret]:
    """The code of a text, a row a string: `1` is dark."""
    # Imported when first used, 1 MB with its writers of files. Setting an authenticator up is rare, and can wait for a
    # day on which the disk is well: nobody needs it to handle an alarm.
    import segno

    code = segno.make_qr(text, error="m")
    return [Secret("".join("1" if dark else "0" for dark in row)) for row in code.matrix_iter(border=QUIET)]
