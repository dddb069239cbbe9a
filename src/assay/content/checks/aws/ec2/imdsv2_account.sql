/*
title: New instances default to IMDSv2 only, in every enabled region
controls: [NET-06, IAM-12]
tables: [aws_ec2_region_settings]
kind: item
severity: low
shows: Whether the account's default for the metadata service is version 2 only, in each enabled region.
does_not_show: Instances that run already, or were started with another setting.
remedy:
  console: EC2, in each region > Settings > Data protection and security > IMDS defaults > Manage > Metadata version V2 only.
  cli: aws ec2 modify-instance-metadata-defaults --http-tokens required --region REGION
  terraform: aws_ec2_instance_metadata_defaults with http_tokens = "required", one for each region.
cases:
  - name: version 2 only
    aws_ec2_region_settings: [{key: eu-west-1, metadata_tokens: required}]
    expect: [{item: eu-west-1, conclusion: CONFORMS, reason: new instances answer to version 2 only}]
  - name: version 1 too
    like: version 2 only
    change: {aws_ec2_region_settings: [{metadata_tokens: optional}]}
    expect: [{item: eu-west-1, conclusion: DEVIATES, reason: new instances answer to version 1 too}]
  - name: no default, so that image and launch decide
    like: version 2 only
    change: {aws_ec2_region_settings: [{metadata_tokens: no-preference}]}
    expect: [{item: eu-west-1, conclusion: DEVIATES, reason: no default is set}]
  - name: one region of two
    aws_ec2_region_settings: [{key: eu-west-1, metadata_tokens: required}, {key: us-east-1, region: us-east-1, metadata_tokens: no-preference}]
    expect: [{item: eu-west-1, conclusion: CONFORMS}, {item: us-east-1, conclusion: DEVIATES, saw_region: us-east-1}]
  - name: the default could not be read
    like: version 2 only
    gaps: [{table: aws_ec2_region_settings, columns: [metadata_tokens], reason: denied}]
    expect: [{item: eu-west-1, conclusion: UNKNOWN, reason: denied}]
  - name: the other defaults have nothing to do with it
    like: version 2 only
    gaps: [{table: aws_ec2_region_settings, columns: [snapshots_blocked], reason: denied}]
    expect: [{item: eu-west-1, conclusion: CONFORMS}]
  - name: a region that could not be asked
    gaps: [{table: aws_ec2_region_settings, reason: timeout}]
    expect: [{item: null, conclusion: UNKNOWN, region: eu-west-1, reason: timeout}]
  - name: through the collector, which finds no default
    recording: aws/ec2/hosts
    expect: {DEVIATES: 1}
*/
select
  settings.key as item,
  case when settings.metadata_tokens = 'required' then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case
    when settings.metadata_tokens = 'required' then 'new instances answer to version 2 only'
    when settings.metadata_tokens = 'optional' then 'new instances answer to version 1 too'
    else 'no default is set'
  end as reason,
  settings.region as saw_region,
  settings.metadata_tokens as saw_tokens
from aws_ec2_region_settings as settings
