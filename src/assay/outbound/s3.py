"""One bucket of S3: objects written once or anew, under Object Lock where asked, checked by their digest on the way, and read back.

A name is never written twice unless `replace` is called: `If-None-Match: *` lets S3 itself decide between two writers. What S3 has acknowledged is durable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from assay.errors import AssayError
from assay.outbound.aws_errors import readable_code
from assay.outbound.secret import Secret

TRIES = 5
_CONFLICT_TRIES = 3
_NOT_THERE = frozenset({"404", "NoSuchKey", "NotFound", "NoSuchVersion"})
_NO_LOCK = frozenset({"ObjectLockConfigurationNotFoundError", "NotImplemented", "MethodNotAllowed"})
_REMEDIES = {
    "AccessDenied": "Allow these credentials to read, write, list and delete versions below the prefix, and to read the bucket's Object Lock.",
    "NoSuchBucket": "Make the bucket, or correct its name.",
    "NoCredentialsError": "Give AWS credentials to this process, as boto3 finds them.",
    "EndpointConnectionError": "Check the network and the endpoint, then run the command again.",
}


class S3Error(AssayError):
    """S3 did not do what was asked. `code` is its own word for why; no part of an answer."""

    def __init__(self, call: str, bucket: str, code: str, status: int | None = None) -> None:
        remedy = _REMEDIES.get(code, "Nothing already stored is lost; run the command again.")
        super().__init__(f"The bucket {bucket} refused {call} ({code}). {remedy}")
        self.code, self.status = code, status


class LockedObjectError(AssayError):
    """An object under Object Lock was to be removed."""


class LockMode(StrEnum):
    """Who may shorten a retention: in governance mode whoever has a right for just that, in compliance mode nobody."""

    GOVERNANCE = "GOVERNANCE"
    COMPLIANCE = "COMPLIANCE"


@dataclass(frozen=True, slots=True)
class Retention:
    """Until when an object can neither be changed nor removed."""

    mode: LockMode
    until: datetime


@dataclass(frozen=True, slots=True)
class LockState:
    """Whether a bucket has Object Lock, and whether it locks whatever is put there without being asked."""

    enabled: bool
    by_default: bool


@dataclass(frozen=True, slots=True)
class S3Address:
    """Where a bucket is and how it is reached; `keys` are an access key's id and secret, in place of what boto3 finds by itself."""

    bucket: str
    prefix: str = ""
    region: str | None = None
    endpoint: str | None = None
    keys: tuple[str, Secret] | None = field(default=None, repr=False)


class S3Bucket:
    """The objects of one bucket below one prefix. Safe to share between threads. `on_call` hears the name of each call."""

    def __init__(self, address: S3Address, on_call: Callable[[str], None] = lambda call: None) -> None:
        import botocore.exceptions  # late: a home that keeps its evidence in a folder never needs it, and it takes a third of a second

        self.address = address
        self._client = _client(address)
        self._broken: tuple[type[Exception], ...] = (botocore.exceptions.BotoCoreError, OSError)
        self._refused: type[Any] = botocore.exceptions.ClientError
        self._client.meta.events.register("before-call.s3", lambda model, **_: on_call(model.name))

    def put_once(self, name: str, content: bytes, retention: Retention | None = None) -> bool:
        """Put an object durably unless the name is taken; tells whether it was put. What is there stays as it is."""
        for _ in range(_CONFLICT_TRIES):
            try:
                self._put(name, content, retention, {"IfNoneMatch": "*"})
            except S3Error as error:
                if error.status == 412:
                    return False
                if error.status != 409:
                    raise
            else:
                return True
        raise S3Error("PutObject", self.address.bucket, "ConditionalRequestConflict", 409)

    def replace(self, name: str, content: bytes, retention: Retention | None = None) -> None:
        """Put an object durably whether or not the name is taken; older versions stay where the bucket keeps versions."""
        self._put(name, content, retention, {})

    def get(self, name: str) -> bytes | None:
        """Give the newest version of an object, its checksum checked, or None."""
        try:
            answer = self._call("get_object", Key=self._key(name), ChecksumMode="ENABLED")
            body: bytes = answer["Body"].read()
        except S3Error as error:
            if error.code in _NOT_THERE:
                return None
            raise
        except self._broken as error:
            raise S3Error("GetObject", self.address.bucket, type(error).__name__) from None
        return body

    def names(self, prefix: str) -> Iterator[str]:
        """Give the names that begin with `prefix`, sorted."""
        token: dict[str, str] = {}
        start = self._key("")
        while True:
            page = self._call("list_objects_v2", Prefix=start + prefix, **token)
            for one in page.get("Contents", []):
                yield one["Key"].removeprefix(start)
            if not page.get("IsTruncated"):
                return
            token = {"ContinuationToken": page["NextContinuationToken"]}

    def remove(self, name: str) -> int:
        """Remove every version of an object, and give how many there were; raises LockedObjectError when one is under retention."""
        versions = [version for found, version in self._versions(name) if found == name]
        for version in versions:
            self._remove(name, version)
        return len(versions)

    def covers(self, prefix: str) -> list[tuple[str, str]]:
        """Give name and version of whatever was laid over the first version of an object below `prefix`: later versions, and markers that it is deleted."""
        found: list[tuple[str, str]] = []
        newest: list[tuple[str, str]] = []  # of one name; S3 gives them from the newest to the first
        for one in self._versions(prefix):
            if newest and newest[0][0] != one[0]:
                found += newest[:-1]
                newest = []
            newest.append(one)
        return found + newest[:-1]

    def uncover(self, covers: list[tuple[str, str]]) -> None:
        """Take away what `covers` gave."""
        for name, version in covers:
            self._remove(name, version)

    def written(self, name: str) -> datetime | None:
        """Give when the newest version of an object was put, or None."""
        found = self._head(name)
        return None if found is None else found["LastModified"]

    def retention(self, name: str, version: str | None = None) -> Retention | None:
        """Give the retention of an object; None where it has none or is not there."""
        found = self._head(name, version) or {}
        if "ObjectLockMode" not in found:
            return None
        return Retention(LockMode(found["ObjectLockMode"]), found["ObjectLockRetainUntilDate"])

    def lock_state(self) -> LockState:
        """Ask whether the bucket has Object Lock."""
        try:
            found = self._call("get_object_lock_configuration")["ObjectLockConfiguration"]
        except S3Error as error:
            if error.code in _NO_LOCK:
                return LockState(False, False)
            raise
        return LockState(
            found.get("ObjectLockEnabled") == "Enabled", "DefaultRetention" in found.get("Rule", {})
        )

    def _put(self, name: str, content: bytes, retention: Retention | None, more: Mapping[str, str]) -> None:
        held = (
            {}
            if retention is None
            else {"ObjectLockMode": str(retention.mode), "ObjectLockRetainUntilDate": retention.until}
        )
        # The digest travels with the bytes: S3 refuses what does not have it, and refuses a retention without one.
        self._call(
            "put_object", Key=self._key(name), Body=content, ChecksumAlgorithm="SHA256", **held, **more
        )

    def _head(self, name: str, version: str | None = None) -> Mapping[str, Any] | None:
        try:
            return self._call(
                "head_object", Key=self._key(name), **({} if version is None else {"VersionId": version})
            )
        except S3Error as error:
            if error.code in _NOT_THERE:
                return None
            raise

    def _remove(self, name: str, version: str) -> None:
        try:
            self._call("delete_object", Key=self._key(name), VersionId=version)
        except S3Error as error:
            if error.code != "AccessDenied" or (held := self.retention(name, version)) is None:
                raise
            raise LockedObjectError(
                f"The object {name} in the bucket {self.address.bucket} is under Object Lock until {held.until:%Y-%m-%d}. It goes after that day."
            ) from error

    def _versions(self, prefix: str) -> Iterator[tuple[str, str]]:
        """Give name and version of every version and marker whose name begins with `prefix`: by name, those of one name from the newest to the first."""
        marks: dict[str, str] = {}
        start = self._key("")
        while True:
            page = self._call("list_object_versions", Prefix=start + prefix, **marks)
            both = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
            # S3 gives the two kinds in lists of their own; to the second, a marker lies over what was put.
            both.sort(key=lambda one: (one["LastModified"], "Size" not in one), reverse=True)
            for one in sorted(both, key=lambda one: str(one["Key"])):
                yield one["Key"].removeprefix(start), one["VersionId"]
            if not page.get("IsTruncated"):
                return
            marks = {"KeyMarker": page["NextKeyMarker"], "VersionIdMarker": page["NextVersionIdMarker"]}

    def _key(self, name: str) -> str:
        return f"{self.address.prefix}/{name}" if self.address.prefix else name

    def _call(self, method: str, **asked: Any) -> Mapping[str, Any]:
        name = "".join(part.capitalize() for part in method.split("_"))
        try:
            answer: Mapping[str, Any] = getattr(self._client, method)(Bucket=self.address.bucket, **asked)
        except self._refused as error:
            code = readable_code(error.response.get("Error", {}).get("Code"))
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
            raise S3Error(name, self.address.bucket, code, status) from None
        except self._broken as error:
            raise S3Error(name, self.address.bucket, type(error).__name__) from None
        return answer


def how_to_lock(bucket: str) -> str:
    """Give the commands that turn Object Lock on, without a default retention, for whoever owns a bucket (S3 user guide, “Configuring S3 Object Lock”)."""
    return (
        f"`aws s3api put-bucket-versioning --bucket {bucket} --versioning-configuration Status=Enabled`, then "
        f"`aws s3api put-object-lock-configuration --bucket {bucket} --object-lock-configuration ObjectLockEnabled=Enabled`"
    )


def _client(address: S3Address) -> Any:
    import boto3  # late, as above
    import botocore.config
    import botocore.exceptions

    from assay.outbound.aws import AwsSetupError  # which also keeps boto3's logs quiet

    keys = (
        {}
        if address.keys is None
        else {"aws_access_key_id": address.keys[0], "aws_secret_access_key": address.keys[1].reveal()}
    )
    config = botocore.config.Config(
        connect_timeout=10.0,
        read_timeout=60.0,
        retries={"total_max_attempts": TRIES, "mode": "standard"},
        user_agent_extra="assay",
        s3={"addressing_style": "path"} if address.endpoint else {},
        proxies={} if address.endpoint else None,
    )
    try:
        return boto3.Session(region_name=address.region, **keys).client(
            "s3", endpoint_url=address.endpoint, config=config, region_name=address.region
        )
    except (botocore.exceptions.BotoCoreError, ValueError) as error:
        raise AwsSetupError(
            f"The bucket {address.bucket} cannot be reached as it is set up ({type(error).__name__}). Check region and endpoint."
        ) from None
