"""Files in and out: instances, policies and solutions. Every problem of an input is found, placed and said in one sentence."""

from scheduler.io.against import with_baseline
from scheduler.io.exports import check_not_mixed, check_ours, exported_below, remove_export, write_export
from scheduler.io.keyfile import check_key_apart, make_key, read_key
from scheduler.io.loading import instance_hash, instance_problems, load_instance, read_instance, write_instance
from scheduler.io.outcomes import Known, load_outcomes
from scheduler.io.policies import load_policy
from scheduler.io.policy_page import policy_text, write_policy
from scheduler.io.solution import (
    Origin,
    load_solution,
    read_origin,
    read_solution,
    read_unchanged,
    record_edition,
    write_solution,
)

__all__ = [
    "Known",
    "Origin",
    "check_key_apart",
    "check_not_mixed",
    "check_ours",
    "exported_below",
    "instance_hash",
    "instance_problems",
    "load_instance",
    "load_outcomes",
    "load_policy",
    "load_solution",
    "make_key",
    "policy_text",
    "read_instance",
    "read_key",
    "read_origin",
    "read_solution",
    "read_unchanged",
    "record_edition",
    "remove_export",
    "with_baseline",
    "write_export",
    "write_instance",
    "write_policy",
    "write_solution",
]
