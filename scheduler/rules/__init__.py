"""All rules, in the order in which they screen options: what rules out most comes first."""

from __future__ import annotations

from scheduler.rules import access, demand, load, people, places, preceptors, suitability, teams, time
from scheduler.rules.rule import Rule

RULE_CLASSES: dict[str, type[Rule]] = {
    rule.id: rule
    for rule in (
        suitability.Specialty,
        suitability.Profession,
        suitability.Supervision,
        suitability.Level,
        suitability.Setting,
        demand.Duration,
        suitability.SlotWindow,
        time.Calendar,
        time.Availability,
        preceptors.PreceptorQualified,
        preceptors.PreceptorTrained,
        preceptors.PreceptorAvailable,
        time.Commitment,
        access.Agreement,
        suitability.Conflict,
        suitability.Refusal,
        access.Clearance,
        people.Pin,
        preceptors.Faculty,
        demand.Requirement,
        demand.Elective,
        demand.Order,
        demand.KeepWhole,
        time.OnePlace,
        time.AvailabilityWish,
        places.SlotMaximum,
        places.SlotMinimum,
        places.SlotFill,
        places.UnitCapacity,
        places.UnitMinimum,
        places.Reservation,
        access.AgreementPlaces,
        load.PreceptorAtOnce,
        load.PreceptorWeeks,
        load.PreceptorRest,
        preceptors.OnePreceptor,
        load.PreceptorBalance,
        teams.IpeTeam,
        people.PinWish,
        people.MostSites,
        people.MostSpecialties,
        people.MostPerSite,
        people.Preference,
        people.Waiting,
        people.SiteChange,
        people.WorstOff,
    )
}
