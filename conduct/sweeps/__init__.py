"""Steps of the night that belong to conduct."""
