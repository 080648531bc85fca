"""Tools that set the project up, run it and prove it; the product itself never needs them in production."""
