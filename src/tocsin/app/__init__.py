"""Wiring: one running centre of the parts that the other rooms make, and what is looked at while it runs."""

from tocsin.app.service import STOP_S, Service

__all__ = ["STOP_S", "Service"]
