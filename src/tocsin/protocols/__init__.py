"""Pure codecs: bytes or text to our types and back. No sockets, no clock, no files but the shipped code tables."""
