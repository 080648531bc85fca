"""The rules of the desk: frozen data and pure functions."""
