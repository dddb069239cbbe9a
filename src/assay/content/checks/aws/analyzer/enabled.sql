/*
title: An analyzer for access from outside is active in every enabled region
controls: [MON-01]
tables: [aws_ec2_region_settings, aws_access_analyzer, aws_account]
kind: item
severity: medium
shows: Whether IAM Access Analyzer looks for access from outside in each enabled region, by an analyzer of the account or by one of its organization in a connected account.
does_not_show: That its findings are looked at, and an organization's analyzer that lies in an account which is not connected.
remedy:
  console: "IAM > Access analyzer > Analyzer settings > Create analyzer > External access analysis, in each region; once for all accounts as organization from the delegated administrator."
  cli: aws accessanalyzer create-analyzer --analyzer-name NAME --type ACCOUNT --region REGION, or --type ORGANIZATION
  terraform: aws_accessanalyzer_analyzer with type = "ACCOUNT" or "ORGANIZATION", one in each region.
cases:
  - name: an analyzer of the account
    aws_ec2_region_settings: [{key: eu-west-1, region: eu-west-1}, {key: us-east-1, region: us-east-1}]
    aws_access_analyzer: [{arn: one, analyzer_type: ACCOUNT, status: ACTIVE}]
    aws_account: [{key: account, id: "111122223333", organization_id: o-exampleorgid}]
    expect:
      - {item: eu-west-1, conclusion: CONFORMS, reason: an analyzer of the account is active, saw_region: eu-west-1}
      - {item: us-east-1, conclusion: DEVIATES, reason: no analyzer, saw_region: us-east-1}
  - name: one that is not active
    aws_ec2_region_settings: [{key: eu-west-1}]
    aws_access_analyzer: [{arn: one, analyzer_type: ACCOUNT, status: DISABLED}]
    aws_account: [{key: account, id: "111122223333"}]
    expect: [{item: eu-west-1, conclusion: DEVIATES, reason: none that looks for access from outside is active, saw_analyzers: 1}]
  - name: one that looks for unused access only
    like: one that is not active
    change: {aws_access_analyzer: [{analyzer_type: ACCOUNT_UNUSED_ACCESS, status: ACTIVE}]}
    expect: [{item: eu-west-1, conclusion: DEVIATES, reason: none that looks for access from outside is active}]
  - name: the organization's analyzer in another connected account
    aws_ec2_region_settings: [{key: eu-west-1}]
    aws_access_analyzer: [{arn: one, account: "444455556666", analyzer_type: ORGANIZATION, status: ACTIVE}]
    aws_account:
      - {key: account, id: "111122223333", organization_id: o-exampleorgid}
      - {key: other, account: "444455556666", id: "444455556666", organization_id: o-exampleorgid}
    expect: [{item: eu-west-1, conclusion: CONFORMS, reason: an analyzer of the organization is active, saw_analyzers: 0}]
  - name: another organization's analyzer
    like: the organization's analyzer in another connected account
    change: {aws_account: [{organization_id: o-someoneelse}]}
    expect: [{item: eu-west-1, conclusion: DEVIATES, reason: no analyzer}]
  - name: the organization's analyzer in another region
    like: the organization's analyzer in another connected account
    change: {aws_access_analyzer: [{region: us-east-1}]}
    expect: [{item: eu-west-1, conclusion: DEVIATES}]
  - name: two accounts on their own share nothing
    like: the organization's analyzer in another connected account
    change: {aws_account: [{organization_id: null}, {organization_id: null}]}
    expect: [{item: eu-west-1, conclusion: DEVIATES}]
  - name: an account's analyzer is for that account alone
    like: the organization's analyzer in another connected account
    change: {aws_access_analyzer: [{analyzer_type: ACCOUNT}]}
    expect: [{item: eu-west-1, conclusion: DEVIATES}]
  - name: analyzers of one region could not be listed
    like: an analyzer of the account
    gaps: [{table: aws_access_analyzer, region: us-east-1, reason: denied}]
    expect: [{item: eu-west-1, conclusion: CONFORMS}, {item: us-east-1, conclusion: UNKNOWN, reason: denied}]
  - name: one answer cannot be read
    like: an analyzer of the account
    gaps: [{table: aws_access_analyzer, region: eu-west-1, key: one, columns: [status], reason: malformed}]
    expect: [{item: eu-west-1, conclusion: UNKNOWN, reason: malformed}, {item: us-east-1, conclusion: DEVIATES}]
  - name: whether new volumes are encrypted is not needed
    like: one that is not active
    gaps: [{table: aws_ec2_region_settings, columns: [ebs_encryption], reason: denied}]
    expect: [{item: eu-west-1, conclusion: DEVIATES}]
  - name: a region could not be looked at
    gaps: [{table: aws_ec2_region_settings, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied, account: "111122223333", region: eu-west-1}]
  - name: through the collector
    recording: aws/iam/analyzers
    expect: {CONFORMS: 1, DEVIATES: 1}
*/
with own as (
  select
    analyzer.account as account,
    analyzer.region as region,
    count(*) as analyzers,
    bool_or(analyzer.status = 'ACTIVE' and analyzer.analyzer_type in ('ACCOUNT', 'ORGANIZATION')) as active
  from aws_access_analyzer as analyzer
  group by analyzer.account, analyzer.region
),
shared as (
  select account.organization_id as organization_id, analyzer.region as region
  from aws_access_analyzer as analyzer
  join aws_account as account on account.account = analyzer.account
  where analyzer.status = 'ACTIVE' and analyzer.analyzer_type = 'ORGANIZATION' and account.organization_id is not null
  group by account.organization_id, analyzer.region
)
select
  settings.key as item,
  case when coalesce(own.active, false) or shared.region is not null then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case
    when coalesce(own.active, false) then 'an analyzer of the account is active'
    when shared.region is not null then 'an analyzer of the organization is active'
    when own.analyzers is null then 'no analyzer'
    else 'none that looks for access from outside is active'
  end as reason,
  settings.region as saw_region,
  coalesce(own.analyzers, 0) as saw_analyzers
from aws_ec2_region_settings as settings
left join own on own.account = settings.account and own.region = settings.region
left join aws_account as account on account.account = settings.account
left join shared on shared.organization_id = account.organization_id and shared.region = settings.region
