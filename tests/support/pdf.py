"""What a PDF of ours shows, page by page."""

import re
import zlib


def pages(pdf):
    """Each page's pieces of text, in the order in which they were drawn."""
    assert pdf.startswith(b"%PDF-1.7")
    assert pdf.rstrip().endswith(b"%%EOF")
    found = []
    for stream in re.findall(rb"stream\n(.*?)\nendstream", pdf, re.DOTALL):
        try:
            drawn = zlib.decompress(stream)
        except zlib.error:
            continue
        if b" Tf" in drawn:
            texts = re.findall(rb"<([0-9a-f]*)>", drawn)
            found.append([bytes.fromhex(text.decode()).decode("cp1252") for text in texts])
    return found
