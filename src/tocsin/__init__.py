"""Tocsin: an open alarm-receiving and emergency-dispatch centre."""

__version__ = "0.3.0"
