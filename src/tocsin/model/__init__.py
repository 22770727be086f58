"""The words of the centre: frozen types, typed values, ids, ports and errors. Imports nothing of ours."""
