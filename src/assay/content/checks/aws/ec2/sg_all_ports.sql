/*
title: No security group admits all ports from the whole internet
controls: [NET-01]
tables: [aws_ec2_security_group, aws_ec2_security_group_rule]
links: {aws_ec2_security_group_rule: {parent: key}}
kind: item
severity: high
shows: Whether a rule of each security group lets every IPv4 or every IPv6 address reach all ports of TCP, of UDP or of every protocol.
does_not_show: Whether a host listens, narrower ranges of outsiders, and what a prefix list holds.
remedy:
  console: EC2 > Security groups > the group > Edit inbound rules > replace the rule for all traffic from 0.0.0.0/0 or ::/0 by one for each port that must be open.
  cli: aws ec2 revoke-security-group-ingress --group-id GROUP --security-group-rule-ids RULE
  terraform: "In aws_vpc_security_group_ingress_rule with cidr_ipv4 0.0.0.0/0 or cidr_ipv6 ::/0, replace ip_protocol = \"-1\" by a protocol with from_port and to_port."
cases:
  - name: the web only
    aws_ec2_security_group: [{key: sg-1, group_id: sg-1, name: web}]
    aws_ec2_security_group_rule: [{rule_id: sgr-1, group_id: sg-1, inbound: true, protocol: tcp, from_port: 443, to_port: 443, whole_internet: true}]
    expect: [{item: sg-1, conclusion: CONFORMS, reason: no rule opens every port to the internet, saw_rules: null}]
  - name: every protocol
    like: the web only
    change: {aws_ec2_security_group_rule: [{protocol: "-1", from_port: -1, to_port: -1}]}
    expect: [{item: sg-1, conclusion: DEVIATES, reason: every port is open to every address, saw_rules: [sgr-1]}]
  - name: every protocol, no ports named
    like: the web only
    change: {aws_ec2_security_group_rule: [{protocol: "-1", from_port: null, to_port: null}]}
    expect: [{item: sg-1, conclusion: DEVIATES}]
  - name: every TCP port
    like: the web only
    change: {aws_ec2_security_group_rule: [{from_port: 0, to_port: 65535}]}
    expect: [{item: sg-1, conclusion: DEVIATES}]
  - name: every TCP port but 0, which nothing uses
    like: the web only
    change: {aws_ec2_security_group_rule: [{from_port: 1, to_port: 65535}]}
    expect: [{item: sg-1, conclusion: DEVIATES}]
  - name: every UDP port
    like: the web only
    change: {aws_ec2_security_group_rule: [{protocol: udp, from_port: 0, to_port: 65535}]}
    expect: [{item: sg-1, conclusion: DEVIATES}]
  - name: every high port
    like: the web only
    change: {aws_ec2_security_group_rule: [{from_port: 1024, to_port: 65535}]}
    expect: [{item: sg-1, conclusion: CONFORMS}]
  - name: every kind of ICMP, which has no ports
    like: the web only
    change: {aws_ec2_security_group_rule: [{protocol: icmp, from_port: -1, to_port: -1}]}
    expect: [{item: sg-1, conclusion: CONFORMS}]
  - name: every protocol within the group itself
    like: every protocol
    change: {aws_ec2_security_group_rule: [{whole_internet: false}]}
    expect: [{item: sg-1, conclusion: CONFORMS}]
  - name: everything may leave
    like: every protocol
    change: {aws_ec2_security_group_rule: [{inbound: false}]}
    expect: [{item: sg-1, conclusion: CONFORMS}]
  - name: the rules of the region could not be listed
    like: the web only
    gaps: [{table: aws_ec2_security_group_rule, reason: denied}]
    expect: [{item: sg-1, conclusion: UNKNOWN, reason: denied}]
  - name: the rules of another region could not be listed
    like: the web only
    gaps: [{table: aws_ec2_security_group_rule, region: us-east-1, reason: denied}]
    expect: [{item: sg-1, conclusion: CONFORMS}]
  - name: the groups of a region could not be listed
    gaps: [{table: aws_ec2_security_group, reason: throttled}]
    expect: [{item: null, conclusion: UNKNOWN, region: eu-west-1, reason: throttled}]
  - name: one rule could not be read, and it belongs to another group
    like: the web only
    gaps: [{table: aws_ec2_security_group_rule, key: sgr-9, parent: sg-2, reason: malformed}]
    expect: [{item: sg-1, conclusion: CONFORMS}]
  - name: one rule of the group could not be read
    like: the web only
    gaps: [{table: aws_ec2_security_group_rule, key: sgr-9, parent: sg-1, reason: malformed}]
    expect: [{item: sg-1, conclusion: UNKNOWN, reason: malformed}]
  - name: one rule could not be read, and nothing says whose it is
    like: the web only
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
    and (rule.protocol = '-1' or (rule.protocol in ('tcp', 'udp', '6', '17') and rule.from_port <= 1 and rule.to_port >= 65535))
  group by rule.account, rule.region, rule.group_id
)
select
  guard.key as item,
  case when open_rule.rules is null then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case when open_rule.rules is null then 'no rule opens every port to the internet' else 'every port is open to every address' end as reason,
  guard.name as saw_name,
  open_rule.rules as saw_rules
from aws_ec2_security_group as guard
left join open_rule
  on open_rule.group_id = guard.group_id and open_rule.account = guard.account and open_rule.region = guard.region
