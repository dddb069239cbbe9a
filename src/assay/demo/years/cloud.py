"""What happens in the AWS account: each verb of the storyline that changes what AWS answers."""

from __future__ import annotations

import json
from typing import Any

from assay.demo.years.company import Company
from assay.demo.years.recording import ACCOUNT, REGION
from assay.demo.years.storyline import Event

PUBLIC = {"Action": "s3:GetObject", "Effect": "Allow", "Principal": "*"}


def iam_user(company: Company, event: Event) -> None:
    """A user who signs in to the console, without MFA yet: about = name, more = whose."""
    arn, made = _arn(event.about), company.text(event.day)
    principal = {
        "Arn": arn,
        "CreateDate": made,
        "GroupList": ["support"],
        "Kind": "user",
        "Name": event.about,
        "Path": "/",
        "Tags": {},
    }
    company.answers.put(
        "aws", "aws_iam_principal", arn, None, {"get_account_authorization_details": principal}
    )
    like = company.aws("aws_iam_credential_report")[_arn("rafael-duarte")].record["get_credential_report"]
    report = {
        **like,
        "arn": arn,
        "mfa_active": "false",
        "password_last_changed": made,
        "password_last_used": made,
        "user": event.about,
        "user_creation_time": made,
    }
    company.answers.put("aws", "aws_iam_credential_report", arn, None, {"get_credential_report": report})


def mfa_on(company: Company, event: Event) -> None:
    _report(company, event.about)["mfa_active"] = "true"
    arn = f"arn:aws:iam::{ACCOUNT}:mfa/{event.about}"
    device = {
        "EnableDate": company.text(event.day),
        "SerialNumber": arn,
        "User": {"Arn": _arn(event.about), "UserName": event.about},
    }
    company.answers.put("aws", "aws_iam_mfa_device", arn, None, {"list_virtual_mfa_devices": device})


def mfa_off(company: Company, event: Event) -> None:
    _report(company, event.about)["mfa_active"] = "false"
    company.aws("aws_iam_mfa_device").pop(f"arn:aws:iam::{ACCOUNT}:mfa/{event.about}", None)


def key_rotated(company: Company, event: Event) -> None:
    """The user's access key is replaced by a new one."""
    keys, arn, made = company.aws("aws_iam_access_key"), _arn(event.about), company.text(event.day)
    old = next(key for key, one in keys.items() if one.parent == arn)
    record = keys.pop(old).record
    new = f"AKIADEMO{event.day:03}{sum(event.about.encode()) % 100_000:05}XYZK"
    record["list_access_keys"] |= {"AccessKeyId": new, "CreateDate": made}
    record["get_access_key_last_used"]["AccessKeyLastUsed"]["LastUsedDate"] = made
    company.answers.put("aws", "aws_iam_access_key", new, arn, record)
    _report(company, event.about).update(access_key_1_last_rotated=made, access_key_1_last_used_date=made)


def bucket_public(company: Company, event: Event) -> None:
    """A statement that lets everybody read is added to the bucket's policy, and the block is taken off."""
    bucket = _bucket(company, event.about)
    company.set_aside[event.about] = {name: bucket[name] for name in _OF_ACCESS}
    policy = json.loads(
        (bucket["get_bucket_policy"] or {"Policy": '{"Statement":[],"Version":"2012-10-17"}'})["Policy"]
    )
    policy["Statement"].append({**PUBLIC, "Resource": f"arn:aws:s3:::{event.about}/*"})
    bucket["get_bucket_policy"] = {"Policy": json.dumps(policy, separators=(",", ":"))}
    bucket["get_bucket_policy_status"] = {"PolicyStatus": {"IsPublic": True}}
    bucket["get_public_access_block"] = None


_OF_ACCESS = ("get_bucket_policy", "get_bucket_policy_status", "get_public_access_block")


def bucket_mended(company: Company, event: Event) -> None:
    _bucket(company, event.about).update(company.set_aside.pop(event.about))


def trail_off(company: Company, event: Event) -> None:
    _trail(company, event.about)["IsLogging"] = False


def trail_on(company: Company, event: Event) -> None:
    _trail(company, event.about).update(IsLogging=True, StartLoggingTime=company.text(event.day))


def certificate_renewed(company: Company, event: Event) -> None:
    """Every certificate that would end within the year is renewed."""
    for one in company.aws("aws_acm_certificate").values():
        one.record["list_certificates"].update(
            NotBefore=company.text(event.day), NotAfter=company.text(event.day + 395)
        )


def denied(company: Company, event: Event) -> None:
    company.refused.add(event.about)


def allowed(company: Company, event: Event) -> None:
    company.refused.discard(event.about)


def account_connected(company: Company, event: Event) -> None:
    company.staging = True


def _arn(user: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:user/{user}"


def _report(company: Company, user: str) -> dict[str, Any]:
    report: dict[str, Any] = company.aws("aws_iam_credential_report")[_arn(user)].record[
        "get_credential_report"
    ]
    return report


def _bucket(company: Company, name: str) -> dict[str, Any]:
    return company.aws("aws_s3_bucket")[f"arn:aws:s3:::{name}"].record


def _trail(company: Company, name: str) -> dict[str, Any]:
    arn = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/{name}"
    status: dict[str, Any] = company.aws("aws_cloudtrail")[arn].record["get_trail_status"]
    return status


VERBS = {
    "account-connected": account_connected,
    "allowed": allowed,
    "bucket-mended": bucket_mended,
    "bucket-public": bucket_public,
    "certificate-renewed": certificate_renewed,
    "denied": denied,
    "iam-mfa-off": mfa_off,
    "iam-mfa-on": mfa_on,
    "iam-user": iam_user,
    "key-rotated": key_rotated,
    "trail-off": trail_off,
    "trail-on": trail_on,
}
