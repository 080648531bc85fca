"""What engagement knows: the catalogue, who enjoys what, whom a policy is missing."""
