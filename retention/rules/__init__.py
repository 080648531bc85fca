"""Rules of retention: frozen data and pure functions."""
