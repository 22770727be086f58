"""Pictures for the documentation, light enough to be cloned: 256 colours at most, worked out by the browser itself."""

import base64
import struct
import zlib
from pathlib import Path

from playwright.sync_api import Page

# Colours in steps of 8 first; then the commonest are kept, and every other becomes the nearest of them.
PALETTE = """
async (data) => {
  const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const pixels = context.getImageData(0, 0, image.width, image.height).data;
  const counts = new Map();
  const step = (value) => Math.min(255, Math.round(value / 8) * 8);
  const exact = new Map();
  for (let at = 0; at < pixels.length; at += 4) {
    const colour = (pixels[at] << 16) | (pixels[at + 1] << 8) | pixels[at + 2];
    exact.set(colour, (exact.get(colour) ?? 0) + 1);
  }
  // What covers much is kept as it is: grounds and text.
  const common = [...exact].sort((a, b) => b[1] - a[1]).slice(0, 64).map(([colour]) => colour);
  for (const [colour, count] of exact) {
    const coarse = (step(colour >> 16) << 16) | (step((colour >> 8) & 255) << 8) | step(colour & 255);
    counts.set(coarse, (counts.get(coarse) ?? 0) + count);
  }
  const coarse = [...counts].sort((a, b) => b[1] - a[1]).map(([colour]) => colour);
  const palette = [...new Set([...common, ...coarse])].slice(0, 256);
  const nearest = new Map();
  const find = (colour) => {
    let best = Infinity, found = 0;
    palette.forEach((one, index) => {
      const [r, g, b] = [16, 8, 0].map((shift) => ((one >> shift) & 255) - ((colour >> shift) & 255));
      const far = r * r + g * g + b * b;
      if (far < best) [best, found] = [far, index];
    });
    return found;
  };
  const indices = new Uint8Array(pixels.length / 4);
  for (let at = 0; at < pixels.length; at += 4) {
    const colour = (pixels[at] << 16) | (pixels[at + 1] << 8) | pixels[at + 2];
    let index = nearest.get(colour);
    if (index === undefined) nearest.set(colour, (index = find(colour)));
    indices[at / 4] = index;
  }
  let text = "";
  for (let at = 0; at < indices.length; at += 8192) text += String.fromCharCode(...indices.subarray(at, at + 8192));
  return { width: image.width, height: image.height, palette, indices: btoa(text) };
}
"""


def save_picture(page: Page, path: Path) -> None:
    """Write the page as it is seen into a file."""
    scratch = page.context.browser.new_page()  # its own: the page's rules let nothing of ours in
    try:
        drawn = scratch.evaluate(PALETTE, base64.b64encode(page.screenshot()).decode())
    finally:
        scratch.close()
    width, height = drawn["width"], drawn["height"]
    indices = base64.b64decode(drawn["indices"])
    lines = b"".join(b"\0" + indices[at : at + width] for at in range(0, width * height, width))
    colours = b"".join(colour.to_bytes(3, "big") for colour in drawn["palette"])
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0))
        + _chunk(b"PLTE", colours)
        + _chunk(b"IDAT", zlib.compress(lines, 9))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
