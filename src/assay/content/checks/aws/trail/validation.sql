/*
title: Trails write digest files for validation
controls: [LOG-02]
tables: [aws_cloudtrail]
kind: item
severity: medium
shows: Whether each trail writes signed digests, by which a changed or deleted log file can be found.
does_not_show: That anyone validates the digests.
remedy:
  console: CloudTrail > Trails > the trail > General details > Edit > Log file validation Enabled.
  cli: aws cloudtrail update-trail --name NAME --enable-log-file-validation
  terraform: aws_cloudtrail, argument enable_log_file_validation = true.
cases:
  - name: digests are written
    aws_cloudtrail: [{arn: trail-1, name: audit, validation: true}]
    expect: [{item: trail-1, conclusion: CONFORMS}]
  - name: digests are not written
    like: digests are written
    change: {aws_cloudtrail: [{validation: false}]}
    expect: [{item: trail-1, conclusion: DEVIATES, reason: no digest files are written}]
  - name: the trails could not be listed again
    like: digests are written
    gaps: [{table: aws_cloudtrail, reason: denied}]
    expect: [{item: trail-1, conclusion: UNKNOWN, reason: denied}]
  - name: the trails of another region could not be listed
    like: digests are written
    gaps: [{table: aws_cloudtrail, region: us-east-1, reason: denied}]
    expect: [{item: trail-1, conclusion: CONFORMS}, {item: null, conclusion: UNKNOWN, region: us-east-1}]
  - name: whether it is logging could not be read, which does not matter
    like: digests are written
    gaps: [{table: aws_cloudtrail, key: trail-1, columns: [logging], reason: denied}]
    expect: [{item: trail-1, conclusion: CONFORMS}]
  - name: through the collector
    recording: aws/s3/buckets-and-a-trail
    expect: {CONFORMS: 1}
*/
select
  trail.key as item,
  case when coalesce(trail.validation, false) then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case when coalesce(trail.validation, false) then 'digest files are written' else 'no digest files are written' end as reason,
  trail.name as saw_name,
  trail.validation as saw_validation
from aws_cloudtrail as trail
