"""What stands: a schedule in the book of its instance, ready to be asked what would be otherwise."""
