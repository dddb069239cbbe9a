"""The demonstration's first risks, one system with its objectives and one exercise, so that its screens are not empty. Made by the services, once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from assay_web.records.accounts import Account
from assay_web.records.continuity import RecoveryObjective, Tier
from assay_web.records.incidents import Exercise, ExerciseKind, Outcome
from assay_web.records.risks import Risk, TreatmentChoice
from assay_web.services.registers import add, change
from assay_web.services.risks import take_suggested

_RATED: dict[str, tuple[int, int, int, int, str]] = {
    "account-takeover": (4, 4, 2, 4, "Single sign-on with passkeys for everyone."),
    "public-store": (3, 5, 1, 5, "Public access is blocked for the whole account and checked daily."),
    "backup-useless": (3, 4, 2, 3, "A restore is tried every year and measured."),
    "payment-fraud": (3, 3, 2, 2, "Two people for every payment."),
}
"""Likelihood and impact before and after treatment, and how: of the starting risks that get a rating."""
_UNRATED = ("key-person", "vendor-breach")


def stage_risks(owner: Account, engineer: Account) -> None:
    """Fill the registers of a demonstration in which nobody has filled any."""
    if Risk.objects.exists() or Exercise.objects.exists():
        return
    for risk in take_suggested([*_RATED, *_UNRATED], by=owner):
        if risk.origin in _RATED:
            change(risk, _rating(risk, engineer), version=1, by=owner)
    system = add(
        RecoveryObjective,
        {
            "system": "Reporting database",
            "tier": Tier.ONE,
            "rto_hours": Decimal("4.00"),
            "rpo_hours": Decimal("0.50"),
            "dependencies": "Network, secrets",
            "owner": engineer,
        },
        by=engineer,
    )
    add(Exercise, _exercise(system), by=engineer)


def _rating(risk: Risk, owner: Account) -> dict[str, Any]:
    likelihood, impact, left_likelihood, left_impact, plan = _RATED[risk.origin]
    return {
        "owner": owner,
        "likelihood": likelihood,
        "impact": impact,
        "treatment": TreatmentChoice.MITIGATE,
        "plan": plan,
        "residual_likelihood": left_likelihood,
        "residual_impact": left_impact,
    }


def _exercise(system: RecoveryObjective) -> dict[str, Any]:
    return {
        "kind": ExerciseKind.RESTORE,
        "title": "Restore of the reporting database",
        "held": timezone.localdate() - timedelta(days=40),
        "scenario": "The database is gone and the newest backup is brought back into an empty account.",
        "people": 2,
        "roles": "two engineers",
        "expected": "Back within four hours, half an hour of data lost at most.",
        "happened": "Back after three hours; the last 45 minutes were lost, for the backup was late.",
        "outcome": Outcome.PARTLY,
        "lessons": "Back up every quarter of an hour, and raise an alert when one is late.",
        "system": system,
        "recovered_hours": Decimal("3.00"),
        "lost_hours": Decimal("0.75"),
    }
