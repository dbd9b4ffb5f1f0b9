"""Why not, and what would help: what stands in the way of a rotation, and changes that are proven to place it."""
