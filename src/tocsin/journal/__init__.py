"""The record: group commit, repeats, hash chain, signed heads, verification."""
