/*
title: No GuardDuty finding of high severity stays open longer than the company allows
controls: [LOG-04, INC-02]
tables: [aws_guardduty_finding]
parameters: [alert_high_hours]
kind: item
severity: high
shows: How long each finding of severity 7 and above has been there without being archived.
does_not_show: "That an archived finding was examined or archived in time; AWS deletes findings after 90 days."
remedy:
  console: GuardDuty > Findings > the finding > examine it, act, note it as an incident where it is one, then Actions > Archive.
  cli: aws guardduty archive-findings --detector-id DETECTOR --finding-ids ID
  terraform: aws_guardduty_filter with action = "ARCHIVE" for what is known to be harmless; aws_cloudwatch_event_rule to alert on the rest.
cases:
  - name: young
    as_of: 2026-03-01T12:00:00Z
    parameters: {alert_high_hours: 24}
    aws_guardduty_finding: [{arn: f1, finding_type: "Backdoor:EC2/C&CActivity.B", severity: 8, created: 2026-03-01T00:00:00Z, archived: false}]
    expect: [{item: f1, conclusion: CONFORMS, changes_at: 2026-03-02T00:00:00Z, reason: open within the limit}]
  - name: the last instant of the limit
    like: young
    as_of: 2026-03-01T23:59:59Z
    expect: [{item: f1, conclusion: CONFORMS}]
  - name: the first instant past the limit
    like: young
    as_of: 2026-03-02T00:00:00Z
    expect: [{item: f1, conclusion: DEVIATES, changes_at: null, reason: open for longer than the limit}]
  - name: archived
    like: young
    as_of: 2026-03-20T00:00:00Z
    change: {aws_guardduty_finding: [{archived: true}]}
    expect: [{item: f1, conclusion: NOT_APPLICABLE, reason: archived}]
  - name: findings of one detector could not be listed
    like: young
    gaps: [{table: aws_guardduty_finding, parent: detector, region: us-east-1, reason: denied}]
    expect: [{item: f1, conclusion: CONFORMS}, {item: detector, conclusion: UNKNOWN, reason: denied}]
  - name: when it was found cannot be read
    like: young
    gaps: [{table: aws_guardduty_finding, key: f1, columns: [created], reason: malformed}]
    expect: [{item: f1, conclusion: UNKNOWN, reason: malformed}]
  - name: through the collector
    recording: aws/watching/three-regions
    as_of: 2026-03-01T12:00:00Z
    expect: {CONFORMS: 1, DEVIATES: 1, NOT_APPLICABLE: 1}
*/
select
  finding.key as item,
  case
    when coalesce(finding.archived, false) then 'NOT_APPLICABLE'
    when finding.created + to_hours($alert_high_hours) > $as_of then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when coalesce(finding.archived, false) then 'archived'
    when finding.created + to_hours($alert_high_hours) > $as_of then 'open within the limit'
    else 'open for longer than the limit'
  end as reason,
  case
    when not coalesce(finding.archived, false) and finding.created + to_hours($alert_high_hours) > $as_of
      then finding.created + to_hours($alert_high_hours)
  end as changes_at,
  finding.finding_type as saw_type,
  finding.severity as saw_severity,
  finding.created as saw_found,
  finding.resource_type as saw_resource_type
from aws_guardduty_finding as finding
