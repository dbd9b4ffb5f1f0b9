"""Clinical rotation scheduling: files -> Instance -> offers -> statements -> solve -> verify -> export."""

__version__ = "0.1.0"
