"""Files in and out: instances, policies and solutions. Every problem of an input is found, placed and said in one sentence."""

from scheduler.io.loading import instance_hash, instance_problems, load_instance, read_instance, write_instance
from scheduler.io.policies import load_policy

__all__ = [
    "instance_hash",
    "instance_problems",
    "load_instance",
    "load_policy",
    "read_instance",
    "write_instance",
]
