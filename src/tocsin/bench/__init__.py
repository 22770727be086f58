"""The product's own benchmarks: each figure with its ceiling and their ratio, measured in the same run.

Sits on top of everything but the command line, since it starts whole centres in processes of their own.
"""
