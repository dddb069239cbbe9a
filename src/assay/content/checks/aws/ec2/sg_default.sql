/*
title: The default security group of each VPC has no rules
controls: [NET-01]
tables: [aws_ec2_security_group, aws_ec2_security_group_rule]
links: {aws_ec2_security_group_rule: {parent: key}}
kind: item
severity: low
shows: Whether each VPC's default security group, which whatever is started without a group gets, lets nothing in and nothing out.
does_not_show: What other groups allow.
remedy:
  console: EC2 > Security groups > the group named default > delete its inbound and outbound rules, after moving what uses it to groups of its own.
  cli: aws ec2 revoke-security-group-ingress --group-id GROUP --security-group-rule-ids RULE; aws ec2 revoke-security-group-egress --group-id GROUP --security-group-rule-ids RULE
  terraform: aws_default_security_group for the VPC, without ingress and egress blocks.
cases:
  - name: no rules
    aws_ec2_security_group: [{key: sg-1, group_id: sg-1, name: default, is_default: true, vpc_id: vpc-1, owner: "111122223333"}]
    aws_ec2_security_group_rule: []
    expect: [{item: sg-1, conclusion: CONFORMS, reason: no rules, saw_vpc: vpc-1, saw_rules: null}]
  - name: as AWS makes it
    like: no rules
    aws_ec2_security_group_rule: [{rule_id: sgr-1, group_id: sg-1, inbound: true, other_group: sg-1}, {rule_id: sgr-2, group_id: sg-1, inbound: false, range: 0.0.0.0/0}]
    expect: [{item: sg-1, conclusion: DEVIATES, reason: it has rules, saw_rules: [sgr-1, sgr-2]}]
  - name: only a rule out
    like: no rules
    aws_ec2_security_group_rule: [{rule_id: sgr-2, group_id: sg-1, inbound: false, range: 0.0.0.0/0}]
    expect: [{item: sg-1, conclusion: DEVIATES}]
  - name: another group
    like: only a rule out
    change: {aws_ec2_security_group: [{name: web, is_default: false}]}
    expect: [{item: sg-1, conclusion: NOT_APPLICABLE, reason: not a default group}]
  - name: the default group of a VPC that another account shares
    like: only a rule out
    change: {aws_ec2_security_group: [{owner: "444455556666"}]}
    expect: [{item: sg-1, conclusion: NOT_APPLICABLE, reason: another account owns it}]
  - name: rules of another group
    like: only a rule out
    change: {aws_ec2_security_group_rule: [{group_id: sg-2}]}
    expect: [{item: sg-1, conclusion: CONFORMS}]
  - name: the rules of the region could not be listed
    like: no rules
    gaps: [{table: aws_ec2_security_group_rule, reason: denied}]
    expect: [{item: sg-1, conclusion: UNKNOWN, reason: denied}]
  - name: the groups of a region could not be listed
    gaps: [{table: aws_ec2_security_group, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, region: eu-west-1}]
  - name: one rule could not be read, and it belongs to another group
    like: no rules
    gaps: [{table: aws_ec2_security_group_rule, key: sgr-9, parent: sg-2, reason: malformed}]
    expect: [{item: sg-1, conclusion: CONFORMS}]
  - name: one rule of the group could not be read
    like: no rules
    gaps: [{table: aws_ec2_security_group_rule, key: sgr-9, parent: sg-1, reason: malformed}]
    expect: [{item: sg-1, conclusion: UNKNOWN, reason: malformed}]
  - name: one rule could not be read, and nothing says whose it is
    like: no rules
    gaps: [{table: aws_ec2_security_group_rule, key: sgr-9, reason: malformed}]
    expect: [{item: sg-1, conclusion: UNKNOWN, reason: malformed}]
  - name: through the collector
    recording: aws/ec2/security-groups
    expect: {CONFORMS: 1, DEVIATES: 1, NOT_APPLICABLE: 4}
*/
with ruled as (
  select rule.account, rule.region, rule.group_id, array_agg(rule.rule_id order by rule.rule_id) as rules
  from aws_ec2_security_group_rule as rule
  group by rule.account, rule.region, rule.group_id
)
select
  guard.key as item,
  case
    when not guard.is_default or coalesce(guard.owner, guard.account) <> guard.account then 'NOT_APPLICABLE'
    when ruled.rules is null then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when not guard.is_default then 'not a default group'
    when coalesce(guard.owner, guard.account) <> guard.account then 'another account owns it'
    when ruled.rules is null then 'no rules'
    else 'it has rules'
  end as reason,
  guard.vpc_id as saw_vpc,
  ruled.rules as saw_rules
from aws_ec2_security_group as guard
left join ruled on ruled.group_id = guard.group_id and ruled.account = guard.account and ruled.region = guard.region
