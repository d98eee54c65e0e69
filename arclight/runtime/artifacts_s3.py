"""Artifacts in an S3 bucket, below a prefix; any endpoint that boto3 is configured for."""

import tempfile
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import ClientError

from arclight.runtime.artifacts import ArtifactMissing

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class S3Artifacts:
    """See Artifacts. A put is one request, so it is visible whole or not at all."""

    def __init__(self, bucket: str, prefix: str, client: "S3Client | None" = None) -> None:
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""
        self._s3: S3Client = client or boto3.client("s3")

    @cached_property
    def _cache(self) -> Path:
        return Path(tempfile.mkdtemp(prefix="arclight-artifacts-"))

    def uri(self, key: str) -> str:
        return f"s3://{self._bucket}/{self._prefix}{_checked(key)}"

    def put(self, key: str, data: bytes) -> None:
        self._s3.put_object(Bucket=self._bucket, Key=self._prefix + _checked(key), Body=data)

    def put_file(self, key: str, path: Path) -> None:
        self._s3.upload_file(str(path), self._bucket, self._prefix + _checked(key))
        path.unlink()

    def get(self, key: str) -> bytes:
        try:
            answer = self._s3.get_object(Bucket=self._bucket, Key=self._prefix + _checked(key))
        except ClientError as error:
            raise _missing(error, key) from error
        return answer["Body"].read()

    def local(self, key: str) -> Path:
        target = self._cache / _checked(key)
        if not target.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            partial = target.with_name(f".{target.name}.part")
            try:
                self._s3.download_file(self._bucket, self._prefix + key, str(partial))
            except ClientError as error:
                raise _missing(error, key) from error
            partial.rename(target)
        return target

    def keys(self, prefix: str) -> Iterator[str]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=f"{self._prefix}{_checked(prefix)}/"
        )
        for page in pages:
            for item in page.get("Contents", []):
                yield item["Key"].removeprefix(self._prefix)


def _checked(key: str) -> str:
    if key.startswith("/") or ".." in key.split("/"):
        raise ValueError(f"not a key below the artifact store: {key!r}")
    return key


def _missing(error: ClientError, key: str) -> Exception:
    if error.response.get("Error", {}).get("Code") in ("404", "NoSuchKey"):
        return ArtifactMissing(key)
    return error
