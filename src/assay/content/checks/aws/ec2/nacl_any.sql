/*
title: No network ACL in use admits every port from the whole internet
controls: [NET-01]
tables: [aws_ec2_network_acl]
kind: item
severity: low
shows: Whether the rules of each network ACL that a subnet uses, in their order, let every IPv4 or every IPv6 address reach all TCP ports.
does_not_show: "Security groups, which usually carry this rule, and narrower ranges of outsiders."
remedy:
  console: VPC > Network ACLs > the ACL > Edit inbound rules > replace the rule that allows all traffic from 0.0.0.0/0 or ::/0 by rules for the ports that are needed, return traffic included.
  cli: aws ec2 replace-network-acl-entry --network-acl-id ACL --ingress --rule-number 100 --rule-action allow --protocol tcp --port-range From=443,To=443 --cidr-block 0.0.0.0/0
  terraform: "In aws_network_acl_rule or aws_default_network_acl, replace protocol \"-1\" from 0.0.0.0/0 or ::/0 by protocol, from_port and to_port."
cases:
  - name: closed
    aws_ec2_network_acl: [{key: edge, acl_id: acl-1, vpc_id: vpc-1, is_default: false, subnets: [subnet-1], admits_every_port: false}]
    expect: [{item: edge, conclusion: CONFORMS, reason: not every port is open to the internet, saw_vpc: vpc-1, saw_subnets: [subnet-1]}]
  - name: open
    like: closed
    change: {aws_ec2_network_acl: [{admits_every_port: true}]}
    expect: [{item: edge, conclusion: DEVIATES, reason: every port is open to every address}]
  - name: the ACL that AWS made can be changed as well
    like: open
    change: {aws_ec2_network_acl: [{is_default: true}]}
    expect: [{item: edge, conclusion: DEVIATES, saw_is_default: true}]
  - name: no subnet uses it
    like: open
    change: {aws_ec2_network_acl: [{subnets: []}]}
    expect: [{item: edge, conclusion: NOT_APPLICABLE, reason: no subnet uses it}]
  - name: its rules could not be read
    like: closed
    gaps: [{table: aws_ec2_network_acl, key: edge, columns: [admits_every_port], reason: malformed}]
    expect: [{item: edge, conclusion: UNKNOWN, reason: malformed}]
  - name: the ACLs of a region could not be listed
    gaps: [{table: aws_ec2_network_acl, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, region: eu-west-1, reason: denied}]
  - name: through the collector
    recording: aws/ec2/networks
    expect: {CONFORMS: 1, DEVIATES: 1, NOT_APPLICABLE: 1}
*/
select
  acl.key as item,
  case
    when length(acl.subnets) = 0 then 'NOT_APPLICABLE'
    when acl.admits_every_port then 'DEVIATES'
    else 'CONFORMS'
  end as conclusion,
  case
    when length(acl.subnets) = 0 then 'no subnet uses it'
    when acl.admits_every_port then 'every port is open to every address'
    else 'not every port is open to the internet'
  end as reason,
  acl.vpc_id as saw_vpc,
  acl.is_default as saw_is_default,
  acl.subnets as saw_subnets
from aws_ec2_network_acl as acl
