"""Pure decisions: a signal, the state and the configuration in, facts out. No I/O, no clock, no randomness."""
