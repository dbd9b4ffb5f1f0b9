"""Statements put together: the Book, what a choice costs by it, and its CP-SAT model."""

from scheduler.model.book import Book, FamilyBook, compile_book
from scheduler.model.evaluate import Evaluation, evaluate

__all__ = ["Book", "Evaluation", "FamilyBook", "compile_book", "evaluate"]
