/*
title: Inspector scans EC2, ECR and Lambda in every enabled region
controls: [VUL-01]
tables: [aws_ec2_region_settings, aws_inspector_coverage]
kind: item
severity: medium
shows: "Which of EC2 instances, container images and Lambda functions Inspector scans in each enabled region."
does_not_show: "That every instance can be reached by the scanner, that findings are mended, and scanning by another product."
remedy:
  console: Inspector, in each region > Account management > Activate scanning for EC2, ECR and Lambda.
  cli: aws inspector2 enable --resource-types EC2 ECR LAMBDA --region REGION
  terraform: aws_inspector2_enabler with resource_types = ["EC2", "ECR", "LAMBDA"], for each region.
cases:
  - name: all three
    aws_ec2_region_settings: [{key: eu-west-1, region: eu-west-1}]
    aws_inspector_coverage: [{scanned_account: "111122223333", enabled: true, ec2: true, ecr: true, lambda: true}]
    expect: [{item: eu-west-1, conclusion: CONFORMS, reason: all three are scanned}]
  - name: two of three
    like: all three
    change: {aws_inspector_coverage: [{lambda: false}]}
    expect: [{item: eu-west-1, conclusion: DEVIATES, reason: not all three are scanned, saw_lambda: false, saw_ec2: true}]
  - name: "off"
    like: all three
    change: {aws_inspector_coverage: [{enabled: false, ec2: false, ecr: false, lambda: false}]}
    expect: [{item: eu-west-1, conclusion: DEVIATES, reason: Inspector is off}]
  - name: AWS says nothing of the account
    like: all three
    aws_inspector_coverage: []
    expect: [{item: eu-west-1, conclusion: DEVIATES, reason: Inspector is off}]
  - name: its state could not be asked
    like: all three
    gaps: [{table: aws_inspector_coverage, reason: denied}]
    expect: [{item: eu-west-1, conclusion: UNKNOWN, reason: denied}]
  - name: the state in another region could not be asked
    like: all three
    gaps: [{table: aws_inspector_coverage, region: us-east-1, reason: denied}]
    expect: [{item: eu-west-1, conclusion: CONFORMS}]
  - name: a region that could not be asked
    aws_ec2_region_settings: []
    gaps: [{table: aws_ec2_region_settings, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/watching/three-regions
    expect: {CONFORMS: 1, DEVIATES: 1, UNKNOWN: 1}
*/
with coverage as (
  select
    inspector.account as account,
    inspector.region as region,
    bool_or(inspector.enabled) as enabled,
    bool_or(inspector.ec2) as ec2,
    bool_or(inspector.ecr) as ecr,
    bool_or(inspector.lambda) as lambda_functions
  from aws_inspector_coverage as inspector
  group by inspector.account, inspector.region
)
select
  settings.key as item,
  case
    when coalesce(coverage.enabled and coverage.ec2 and coverage.ecr and coverage.lambda_functions, false) then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when not coalesce(coverage.enabled, false) then 'Inspector is off'
    when coalesce(coverage.ec2 and coverage.ecr and coverage.lambda_functions, false) then 'all three are scanned'
    else 'not all three are scanned'
  end as reason,
  settings.account as saw_account,
  settings.region as saw_region,
  coverage.ec2 as saw_ec2,
  coverage.ecr as saw_ecr,
  coverage.lambda_functions as saw_lambda
from aws_ec2_region_settings as settings
left join coverage on coverage.account = settings.account and coverage.region = settings.region
