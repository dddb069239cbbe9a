/*
title: No network ACL in use admits RDP from the whole internet
controls: [NET-01]
tables: [aws_ec2_network_acl]
kind: item
severity: low
shows: Whether the rules of each network ACL that a subnet uses, in their order, let every IPv4 or every IPv6 address reach TCP port 3389.
does_not_show: "Security groups, which usually carry this rule, and narrower ranges of outsiders."
remedy:
  console: VPC > Network ACLs > the ACL > Edit inbound rules > above the rule that allows it, deny port 3389 from 0.0.0.0/0 and ::/0.
  cli: aws ec2 create-network-acl-entry --network-acl-id ACL --ingress --rule-number 90 --rule-action deny --protocol tcp --port-range From=3389,To=3389 --cidr-block 0.0.0.0/0
  terraform: "aws_network_acl_rule with rule_action \"deny\", from_port and to_port 3389, and a rule_number below that of the rule that allows it."
cases:
  - name: closed
    aws_ec2_network_acl: [{key: edge, acl_id: acl-1, vpc_id: vpc-1, is_default: false, subnets: [subnet-1], admits_rdp: false}]
    expect: [{item: edge, conclusion: CONFORMS, reason: port 3389 is closed to the internet, saw_vpc: vpc-1, saw_subnets: [subnet-1]}]
  - name: open
    like: closed
    change: {aws_ec2_network_acl: [{admits_rdp: true}]}
    expect: [{item: edge, conclusion: DEVIATES, reason: port 3389 is open to every address}]
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
    gaps: [{table: aws_ec2_network_acl, key: edge, columns: [admits_rdp], reason: malformed}]
    expect: [{item: edge, conclusion: UNKNOWN, reason: malformed}]
  - name: the ACLs of a region could not be listed
    gaps: [{table: aws_ec2_network_acl, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, region: eu-west-1, reason: denied}]
  - name: through the collector
    recording: aws/ec2/networks
    expect: {DEVIATES: 2, NOT_APPLICABLE: 1}
*/
select
  acl.key as item,
  case
    when length(acl.subnets) = 0 then 'NOT_APPLICABLE'
    when acl.admits_rdp then 'DEVIATES'
    else 'CONFORMS'
  end as conclusion,
  case
    when length(acl.subnets) = 0 then 'no subnet uses it'
    when acl.admits_rdp then 'port 3389 is open to every address'
    else 'port 3389 is closed to the internet'
  end as reason,
  acl.vpc_id as saw_vpc,
  acl.is_default as saw_is_default,
  acl.subnets as saw_subnets
from aws_ec2_network_acl as acl
