"""Import of customers from files (PLT-4, CUS-10): read, map, check, load."""
