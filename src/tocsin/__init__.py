"""Tocsin: an open alarm-receiving and emergency-dispatch centre."""

__version__ = "0.2.0"
