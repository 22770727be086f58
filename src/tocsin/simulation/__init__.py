"""A whole centre simulated in one process: virtual time, seeded chance, and faults of everything around it.

Nothing of the served centre imports this room (docs/explanation/simulation.md).
"""
