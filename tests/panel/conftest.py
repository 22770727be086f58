"""Lets the tests of this room import `small_receiver` and `support.*`, which are no test modules."""

import sys
from pathlib import Path

_HERE = Path(__file__).parent
for _folder in (_HERE, _HERE.parent):
    if str(_folder) not in sys.path:
        sys.path.append(str(_folder))
