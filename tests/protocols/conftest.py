"""Lets the tests of this room import `dc09_tools`, which is no test module."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
