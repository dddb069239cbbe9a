/*
title: GuardDuty is on in every enabled region
controls: [LOG-06]
tables: [aws_ec2_region_settings, aws_guardduty_detector]
kind: item
severity: high
shows: Whether each enabled region has a detector of GuardDuty that is on.
does_not_show: "That findings reach someone, and detection by another product."
remedy:
  console: GuardDuty, in each region > Get started > Enable; or for the whole organization by its delegated administrator.
  cli: aws guardduty create-detector --enable --region REGION
  terraform: aws_guardduty_detector with enable = true, one for each region.
cases:
  - name: "on"
    aws_ec2_region_settings: [{key: eu-west-1, region: eu-west-1}]
    aws_guardduty_detector: [{detector_id: d1, enabled: true, region: eu-west-1}]
    expect: [{item: eu-west-1, conclusion: CONFORMS, reason: a detector is on}]
  - name: suspended
    like: "on"
    change: {aws_guardduty_detector: [{enabled: false}]}
    expect: [{item: eu-west-1, conclusion: DEVIATES, reason: its detector is suspended}]
  - name: "on in another region only"
    like: "on"
    change: {aws_guardduty_detector: [{region: us-east-1}]}
    expect: [{item: eu-west-1, conclusion: DEVIATES, reason: no detector}]
  - name: "on in another account only"
    like: "on"
    change: {aws_guardduty_detector: [{account: "444455556666"}]}
    expect: [{item: eu-west-1, conclusion: DEVIATES}]
  - name: detectors of one of two regions could not be listed
    aws_ec2_region_settings: [{key: eu-west-1, region: eu-west-1}, {key: us-east-1, region: us-east-1}]
    aws_guardduty_detector: [{detector_id: d1, enabled: true, region: eu-west-1}]
    gaps: [{table: aws_guardduty_detector, region: us-east-1, reason: denied}]
    expect: [{item: eu-west-1, conclusion: CONFORMS}, {item: us-east-1, conclusion: UNKNOWN, reason: denied}]
  - name: one detector could not be asked
    like: "on"
    gaps: [{table: aws_guardduty_detector, key: d1, columns: [enabled, features], reason: denied}]
    expect: [{item: eu-west-1, conclusion: UNKNOWN, reason: denied}]
  - name: what else the region's settings say has nothing to do with it
    like: "on"
    gaps: [{table: aws_ec2_region_settings, columns: [metadata_tokens], reason: denied}]
    expect: [{item: eu-west-1, conclusion: CONFORMS}]
  - name: a region that could not be asked
    aws_ec2_region_settings: []
    gaps: [{table: aws_ec2_region_settings, region: eu-west-1, reason: timeout}]
    expect: [{item: null, conclusion: UNKNOWN, region: eu-west-1, reason: timeout}]
  - name: through the collector
    recording: aws/watching/three-regions
    expect: {CONFORMS: 1, DEVIATES: 2}
*/
with detectors as (
  select
    detector.account as account,
    detector.region as region,
    count(*) as how_many,
    count_if(detector.enabled) as working
  from aws_guardduty_detector as detector
  group by detector.account, detector.region
)
select
  settings.key as item,
  case when coalesce(detectors.working, 0) > 0 then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case
    when coalesce(detectors.working, 0) > 0 then 'a detector is on'
    when coalesce(detectors.how_many, 0) > 0 then 'its detector is suspended'
    else 'no detector'
  end as reason,
  settings.account as saw_account,
  settings.region as saw_region
from aws_ec2_region_settings as settings
left join detectors on detectors.account = settings.account and detectors.region = settings.region
