/*
title: Security Hub is on with at least one standard in every enabled region
controls: [MON-01]
tables: [aws_ec2_region_settings, aws_securityhub]
kind: item
severity: low
shows: Whether Security Hub, since 2025 called Security Hub CSPM by AWS, runs in each enabled region and checks at least one standard there.
does_not_show: That anyone deals with its findings.
remedy:
  console: Security Hub CSPM, in each region > Go to Security Hub CSPM > choose standards > Enable; or central configuration by the delegated administrator.
  cli: aws securityhub enable-security-hub --enable-default-standards --region REGION
  terraform: aws_securityhub_account and aws_securityhub_standards_subscription, for each region.
cases:
  - name: on with a standard
    aws_ec2_region_settings: [{key: eu-west-1, region: eu-west-1}]
    aws_securityhub: [{arn: hub, standards: ["arn:aws:securityhub:eu-west-1::standards/aws-foundational-security-best-practices/v/1.0.0"]}]
    expect: [{item: eu-west-1, conclusion: CONFORMS, reason: on with at least one standard}]
  - name: on without a standard
    like: on with a standard
    change: {aws_securityhub: [{standards: []}]}
    expect: [{item: eu-west-1, conclusion: DEVIATES, reason: no standard is on}]
  - name: "off"
    like: on with a standard
    aws_securityhub: []
    expect: [{item: eu-west-1, conclusion: DEVIATES, reason: Security Hub is off}]
  - name: standards could not be listed
    like: on with a standard
    gaps: [{table: aws_securityhub, key: hub, columns: [standards], reason: denied}]
    expect: [{item: eu-west-1, conclusion: UNKNOWN, reason: denied}]
  - name: the hub of another region could not be asked
    like: on with a standard
    gaps: [{table: aws_securityhub, region: us-east-1, reason: denied}]
    expect: [{item: eu-west-1, conclusion: CONFORMS}]
  - name: a region that could not be asked
    aws_ec2_region_settings: []
    gaps: [{table: aws_ec2_region_settings, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/watching/three-regions
    expect: {CONFORMS: 1, DEVIATES: 2}
*/
with hubs as (
  select
    hub.account as account,
    hub.region as region,
    max(len(coalesce(hub.standards, []))) as standards
  from aws_securityhub as hub
  group by hub.account, hub.region
)
select
  settings.key as item,
  case when coalesce(hubs.standards, 0) > 0 then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case
    when hubs.standards is null then 'Security Hub is off'
    when hubs.standards = 0 then 'no standard is on'
    else 'on with at least one standard'
  end as reason,
  settings.account as saw_account,
  settings.region as saw_region,
  coalesce(hubs.standards, 0) as saw_standards
from aws_ec2_region_settings as settings
left join hubs on hubs.account = settings.account and hubs.region = settings.region
