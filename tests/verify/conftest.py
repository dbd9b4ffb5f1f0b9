"""Whatever the verifier says in any of these tests is said in every language."""

from tests.spanish import every_sentence_is_said

__all__ = ["every_sentence_is_said"]
