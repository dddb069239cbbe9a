/*
title: No security group admits a public range wider than agreed, but for approved ports
controls: [NET-01]
tables: [aws_ec2_security_group, aws_ec2_security_group_rule]
parameters: [public_prefix_min_v4, public_prefix_min_v6, public_ports]
links: {aws_ec2_security_group_rule: {parent: key}}
kind: item
severity: medium
shows: Whether an inbound rule of each security group admits more public addresses at once than agreed, on anything but one of the approved ports.
does_not_show: Who owns a narrower range, what many narrow ranges add up to, what a prefix list holds, and rules for ICMP alone.
remedy:
  console: EC2 > Security groups > the group > Edit inbound rules > replace the wide range by the addresses that need it.
  cli: aws ec2 modify-security-group-rules --group-id GROUP --security-group-rules "SecurityGroupRuleId=RULE,SecurityGroupRule={IpProtocol=tcp,FromPort=22,ToPort=22,CidrIpv4=RANGE}"
  terraform: In aws_vpc_security_group_ingress_rule, narrow cidr_ipv4 or cidr_ipv6.
cases:
  - name: a range as narrow as agreed
    parameters: {public_prefix_min_v4: 24, public_prefix_min_v6: 56, public_ports: ["80", "443"]}
    aws_ec2_security_group: [{key: sg-1, group_id: sg-1, name: admin}]
    aws_ec2_security_group_rule: [{rule_id: sgr-1, group_id: sg-1, inbound: true, protocol: tcp, from_port: 22, to_port: 22, range: 54.93.1.0/24, public_range: true, prefix_length: 24, is_ipv6: false}]
    expect: [{item: sg-1, conclusion: CONFORMS, reason: no public range wider than agreed, saw_ranges: null}]
  - name: one bit wider
    like: a range as narrow as agreed
    change: {aws_ec2_security_group_rule: [{range: 54.93.0.0/23, prefix_length: 23}]}
    expect: [{item: sg-1, conclusion: DEVIATES, reason: a public range is wider than agreed, saw_rules: [sgr-1], saw_ranges: [54.93.0.0/23]}]
  - name: the whole internet in two halves
    like: a range as narrow as agreed
    change: {aws_ec2_security_group_rule: [{range: 0.0.0.0/1, prefix_length: 1}, {rule_id: sgr-2, group_id: sg-1, inbound: true, protocol: tcp, from_port: 22, to_port: 22, range: 128.0.0.0/1, public_range: true, prefix_length: 1, is_ipv6: false}]}
    expect: [{item: sg-1, conclusion: DEVIATES, saw_rules: [sgr-1, sgr-2]}]
  - name: IPv6 as narrow as agreed
    like: a range as narrow as agreed
    change: {aws_ec2_security_group_rule: [{range: "2a05:d018::/56", prefix_length: 56, is_ipv6: true}]}
    expect: [{item: sg-1, conclusion: CONFORMS}]
  - name: IPv6 one bit wider
    like: a range as narrow as agreed
    change: {aws_ec2_security_group_rule: [{range: "2a05:d018::/55", prefix_length: 55, is_ipv6: true}]}
    expect: [{item: sg-1, conclusion: DEVIATES}]
  - name: an approved port
    like: one bit wider
    change: {aws_ec2_security_group_rule: [{from_port: 443, to_port: 443, range: 0.0.0.0/0, prefix_length: 0}]}
    expect: [{item: sg-1, conclusion: CONFORMS}]
  - name: an approved port over UDP, as HTTP/3 uses it
    like: an approved port
    change: {aws_ec2_security_group_rule: [{protocol: udp}]}
    expect: [{item: sg-1, conclusion: CONFORMS}]
  - name: a range of ports from one approved port to another
    like: an approved port
    change: {aws_ec2_security_group_rule: [{from_port: 80, to_port: 443}]}
    expect: [{item: sg-1, conclusion: DEVIATES}]
  - name: every protocol
    like: one bit wider
    change: {aws_ec2_security_group_rule: [{protocol: "-1", from_port: null, to_port: null}]}
    expect: [{item: sg-1, conclusion: DEVIATES}]
  - name: ICMP alone
    like: one bit wider
    change: {aws_ec2_security_group_rule: [{protocol: icmp, from_port: 3, to_port: 4}]}
    expect: [{item: sg-1, conclusion: CONFORMS}]
  - name: a private range
    like: one bit wider
    change: {aws_ec2_security_group_rule: [{range: 10.0.0.0/8, public_range: false, prefix_length: 8}]}
    expect: [{item: sg-1, conclusion: CONFORMS}]
  - name: outbound
    like: one bit wider
    change: {aws_ec2_security_group_rule: [{inbound: false}]}
    expect: [{item: sg-1, conclusion: CONFORMS}]
  - name: another limit
    like: one bit wider
    parameters: {public_prefix_min_v4: 23}
    expect: [{item: sg-1, conclusion: CONFORMS}]
  - name: the rules of the region could not be listed
    like: a range as narrow as agreed
    gaps: [{table: aws_ec2_security_group_rule, reason: denied}]
    expect: [{item: sg-1, conclusion: UNKNOWN, reason: denied}]
  - name: one range cannot be read
    like: a range as narrow as agreed
    gaps: [{table: aws_ec2_security_group_rule, key: sgr-1, columns: [prefix_length], reason: malformed}]
    expect: [{item: sg-1, conclusion: UNKNOWN, reason: malformed}]
  - name: the groups of a region could not be listed
    gaps: [{table: aws_ec2_security_group, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, region: eu-west-1}]
  - name: one rule could not be read, and it belongs to another group
    like: a range as narrow as agreed
    gaps: [{table: aws_ec2_security_group_rule, key: sgr-9, parent: sg-2, reason: malformed}]
    expect: [{item: sg-1, conclusion: CONFORMS}]
  - name: one rule of the group could not be read
    like: a range as narrow as agreed
    gaps: [{table: aws_ec2_security_group_rule, key: sgr-9, parent: sg-1, reason: malformed}]
    expect: [{item: sg-1, conclusion: UNKNOWN, reason: malformed}]
  - name: one rule could not be read, and nothing says whose it is
    like: a range as narrow as agreed
    gaps: [{table: aws_ec2_security_group_rule, key: sgr-9, reason: malformed}]
    expect: [{item: sg-1, conclusion: UNKNOWN, reason: malformed}]
  - name: through the collector
    recording: aws/ec2/security-groups
    expect: {CONFORMS: 3, DEVIATES: 3}
*/
with wide as (
  select
    rule.account,
    rule.region,
    rule.group_id,
    array_agg(rule.rule_id order by rule.rule_id) as rules,
    array_agg(rule.range order by rule.rule_id) as ranges
  from aws_ec2_security_group_rule as rule
  where rule.inbound and rule.public_range
    and rule.prefix_length < case when rule.is_ipv6 then $public_prefix_min_v6 else $public_prefix_min_v4 end
    and rule.protocol not in ('icmp', 'icmpv6', '1', '58')
    and not (
      rule.protocol in ('tcp', 'udp', '6', '17')
      and coalesce(rule.from_port = rule.to_port and list_contains($public_ports, cast(rule.from_port as text)), false)
    )
  group by rule.account, rule.region, rule.group_id
)
select
  guard.key as item,
  case when wide.rules is null then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case when wide.rules is null then 'no public range wider than agreed' else 'a public range is wider than agreed' end as reason,
  guard.name as saw_name,
  wide.rules as saw_rules,
  wide.ranges as saw_ranges
from aws_ec2_security_group as guard
left join wide on wide.group_id = guard.group_id and wide.account = guard.account and wide.region = guard.region
