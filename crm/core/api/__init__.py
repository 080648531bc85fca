"""What every REST view stands on: strict input, one error format, keyset pages, rights that must be declared."""
