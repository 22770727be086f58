"""The dialler and panel simulator: real DC-09 over real sockets, for tests, acceptance, training and the demo.

Fleet (who, what, how, faults) --Session (pure: one panel's conversation)--> bytes --Run (sockets)--> Report
"""

from tocsin.panel.faults import FAULT_MODES, Fault, FaultShare, parse_fault
from tocsin.panel.fleet import Due, Fleet, Manner, Panel, RawFrameDue, Target, rising_accounts
from tocsin.panel.messages import Message, Recipe, build, check_recipe
from tocsin.panel.report import FileLedger, Latency, Ledger, LedgerLine, ListLedger, Report
from tocsin.panel.run import Run, run_fleet

__all__ = [
    "FAULT_MODES",
    "Due",
    "Fault",
    "FaultShare",
    "FileLedger",
    "Fleet",
    "Latency",
    "Ledger",
    "LedgerLine",
    "ListLedger",
    "Manner",
    "Message",
    "Panel",
    "RawFrameDue",
    "Recipe",
    "Report",
    "Run",
    "Target",
    "build",
    "check_recipe",
    "parse_fault",
    "rising_accounts",
    "run_fleet",
]
