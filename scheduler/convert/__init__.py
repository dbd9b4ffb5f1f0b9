"""Other people's formats, read into our own instances."""
