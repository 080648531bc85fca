"""Care beyond the visit: service policies and who enjoys them."""
