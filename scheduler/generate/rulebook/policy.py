"""The policy of a term with the whole rule book: rules that are off by default, with small weights."""

from __future__ import annotations

from scheduler.domain.policy import Policy, RulePolicy

POLICY = Policy(
    rules={
        rule: RulePolicy.model_validate(values)
        for rule, values in {
            "lead_time": {"kind": "hard", "days": 30, "new_agreement_days": 120},
            "competency": {"kind": "soft", "weight": 5},
            "simulation_share": {"kind": "hard"},
            "no_repeat": {"kind": "soft", "weight": 10, "things": ["preceptor"]},
            "preceptor_ratio": {"ratios": ["rn:2", "pa:2", "pharmd:2"]},
            "travel": {"kind": "soft", "weight": 1, "km_per_point": 20},
            "far_apart": {"kind": "soft", "weight": 10, "most_km": 60},
            "fees": {"kind": "soft", "weight": 1},
            "priority": {"kind": "soft", "weight": 1, "order": ["tier", "student", "scholarship"]},
            "school_equity": {"kind": "soft", "weight": 2},
            "keep_historical": {"kind": "soft", "weight": 1},
        }.items()
    }
)
