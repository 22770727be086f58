"""Tests in a real Chromium. A package, so that one browser serves them all and ends before other tests begin."""
