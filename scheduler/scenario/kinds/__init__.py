"""The kinds of change, a module for each thing that changes."""
