"""Programs by profession: what they ask for, and when."""
