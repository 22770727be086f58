"""The DC-09 receiver: TCP, UDP and TLS, bounded everywhere, acknowledging nothing that is not durable."""

from tocsin.intake.dc09.receiver import Receiver, Sender

__all__ = ["Receiver", "Sender"]
