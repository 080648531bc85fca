"""Shapes of input of the desk."""
