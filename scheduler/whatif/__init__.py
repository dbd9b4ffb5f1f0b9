"""What if: scenarios and sweeps, what one more place is worth, what is missing for everybody, and which loss hurts most."""
