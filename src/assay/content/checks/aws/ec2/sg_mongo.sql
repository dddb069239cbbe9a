/*
title: No security group admits MongoDB from the whole internet
controls: [NET-01]
tables: [aws_ec2_security_group, aws_ec2_security_group_rule]
links: {aws_ec2_security_group_rule: {parent: key}}
kind: item
severity: high
shows: Whether a rule of each security group lets every IPv4 or every IPv6 address reach port 27017, 27018 or 27019.
does_not_show: A database that listens on another port, narrower ranges of outsiders, and what a prefix list holds.
remedy:
  console: EC2 > Security groups > the group > Edit inbound rules > delete the rule for port 27017, 27018 or 27019 from 0.0.0.0/0 or ::/0. Admit the security group of the application instead.
  cli: aws ec2 revoke-security-group-ingress --group-id GROUP --security-group-rule-ids RULE
  terraform: Remove the aws_vpc_security_group_ingress_rule whose cidr_ipv4 is 0.0.0.0/0 or cidr_ipv6 is ::/0.
cases:
  - name: a group that admits MongoDB from the office only
    aws_ec2_security_group: [{key: sg-1, group_id: sg-1, name: data}]
    aws_ec2_security_group_rule: [{rule_id: sgr-1, group_id: sg-1, inbound: true, protocol: tcp, all_ports: false, from_port: 27017, to_port: 27017, range: 203.0.113.0/24, whole_internet: false}]
    expect: [{item: sg-1, conclusion: CONFORMS, reason: closed to the internet, saw_rules: null}]
  - name: a group without rules
    aws_ec2_security_group: [{key: sg-1, group_id: sg-1, name: data}]
    expect: [{item: sg-1, conclusion: CONFORMS}]
  - name: open to every IPv4 address
    like: a group that admits MongoDB from the office only
    change: {aws_ec2_security_group_rule: [{range: 0.0.0.0/0, whole_internet: true}]}
    expect: [{item: sg-1, conclusion: DEVIATES, reason: "port 27017, 27018 or 27019 is open to every address", saw_rules: [sgr-1]}]
  - name: open to every IPv6 address
    like: open to every IPv4 address
    change: {aws_ec2_security_group_rule: [{range: "::/0"}]}
    expect: [{item: sg-1, conclusion: DEVIATES, saw_rules: [sgr-1]}]
  - name: port 27018 alone
    like: open to every IPv4 address
    change: {aws_ec2_security_group_rule: [{from_port: 27018, to_port: 27018}]}
    expect: [{item: sg-1, conclusion: DEVIATES}]
  - name: port 27019 alone
    like: open to every IPv4 address
    change: {aws_ec2_security_group_rule: [{from_port: 27019, to_port: 27019}]}
    expect: [{item: sg-1, conclusion: DEVIATES}]
  - name: within a range of ports, at its end
    like: open to every IPv4 address
    change: {aws_ec2_security_group_rule: [{from_port: 27007, to_port: 27017}]}
    expect: [{item: sg-1, conclusion: DEVIATES}]
  - name: a range that ends just before
    like: open to every IPv4 address
    change: {aws_ec2_security_group_rule: [{from_port: 27007, to_port: 27016}]}
    expect: [{item: sg-1, conclusion: CONFORMS}]
  - name: a range that begins just after
    like: open to every IPv4 address
    change: {aws_ec2_security_group_rule: [{from_port: 27020, to_port: 27029}]}
    expect: [{item: sg-1, conclusion: CONFORMS}]
  - name: all ports of all protocols
    like: open to every IPv4 address
    change: {aws_ec2_security_group_rule: [{protocol: "-1", all_ports: true, from_port: -1, to_port: -1}]}
    expect: [{item: sg-1, conclusion: DEVIATES}]
  - name: a protocol that MongoDB does not use
    like: open to every IPv4 address
    change: {aws_ec2_security_group_rule: [{protocol: udp}]}
    expect: [{item: sg-1, conclusion: CONFORMS}]
  - name: outbound
    like: open to every IPv4 address
    change: {aws_ec2_security_group_rule: [{inbound: false}]}
    expect: [{item: sg-1, conclusion: CONFORMS}]
  - name: for another security group, not for a range
    like: open to every IPv4 address
    change: {aws_ec2_security_group_rule: [{range: null, whole_internet: false, other_group: sg-2}]}
    expect: [{item: sg-1, conclusion: CONFORMS}]
  - name: a rule of another account's group
    like: open to every IPv4 address
    change: {aws_ec2_security_group_rule: [{account: "444455556666"}]}
    expect: [{item: sg-1, conclusion: CONFORMS}]
  - name: the rules of the region could not be listed
    like: a group that admits MongoDB from the office only
    gaps: [{table: aws_ec2_security_group_rule, reason: denied}]
    expect: [{item: sg-1, conclusion: UNKNOWN, reason: denied}]
  - name: the rules of another region could not be listed
    like: a group that admits MongoDB from the office only
    gaps: [{table: aws_ec2_security_group_rule, region: us-east-1, reason: denied}]
    expect: [{item: sg-1, conclusion: CONFORMS}]
  - name: one rule cannot be read
    like: a group that admits MongoDB from the office only
    gaps: [{table: aws_ec2_security_group_rule, key: sgr-1, columns: [whole_internet], reason: malformed}]
    expect: [{item: sg-1, conclusion: UNKNOWN, reason: malformed}]
  - name: neither groups nor rules of a region could be listed
    gaps: [{table: aws_ec2_security_group, reason: denied}, {table: aws_ec2_security_group_rule, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, region: eu-west-1}]
  - name: one rule could not be read, and it belongs to another group
    like: a group that admits MongoDB from the office only
    gaps: [{table: aws_ec2_security_group_rule, key: sgr-9, parent: sg-2, reason: malformed}]
    expect: [{item: sg-1, conclusion: CONFORMS}]
  - name: one rule of the group could not be read
    like: a group that admits MongoDB from the office only
    gaps: [{table: aws_ec2_security_group_rule, key: sgr-9, parent: sg-1, reason: malformed}]
    expect: [{item: sg-1, conclusion: UNKNOWN, reason: malformed}]
  - name: one rule could not be read, and nothing says whose it is
    like: a group that admits MongoDB from the office only
    gaps: [{table: aws_ec2_security_group_rule, key: sgr-9, reason: malformed}]
    expect: [{item: sg-1, conclusion: UNKNOWN, reason: malformed}]
  - name: through the collector
    recording: aws/ec2/security-groups
    expect: {CONFORMS: 5, DEVIATES: 1}
*/
with open_rule as (
  select rule.account, rule.region, rule.group_id, array_agg(rule.rule_id order by rule.rule_id) as rules
  from aws_ec2_security_group_rule as rule
  where rule.inbound and rule.whole_internet
    and (
      rule.all_ports
      or (rule.from_port <= 27017 and rule.to_port >= 27017)
      or (rule.from_port <= 27018 and rule.to_port >= 27018)
      or (rule.from_port <= 27019 and rule.to_port >= 27019)
    )
    and rule.protocol in ('tcp', '6', '-1')
  group by rule.account, rule.region, rule.group_id
)
select
  guard.key as item,
  case when open_rule.rules is null then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case when open_rule.rules is null then 'closed to the internet' else 'port 27017, 27018 or 27019 is open to every address' end as reason,
  guard.name as saw_name,
  open_rule.rules as saw_rules
from aws_ec2_security_group as guard
left join open_rule
  on open_rule.group_id = guard.group_id and open_rule.account = guard.account and open_rule.region = guard.region
