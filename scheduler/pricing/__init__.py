"""The cheapest schedule of one party at given prices: label-setting over what is stated about it."""

from scheduler.pricing.pricing import Found, Prices, Pricing
from scheduler.pricing.resources import Unsupported

__all__ = ["Found", "Prices", "Pricing", "Unsupported"]
