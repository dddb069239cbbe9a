/*
title: No subnet gives public addresses by default
controls: [NET-01]
tables: [aws_subnet]
kind: item
severity: low
shows: Whether an instance started in each subnet gets a public IPv4 address without anybody asking for one.
does_not_show: "Addresses asked for at launch, and IPv6 addresses, which aws.ec2.public_ip sees on each instance."
remedy:
  console: VPC > Subnets > the subnet > Actions > Edit subnet settings > turn off Enable auto-assign public IPv4 address.
  cli: aws ec2 modify-subnet-attribute --subnet-id SUBNET --no-map-public-ip-on-launch
  terraform: In aws_subnet or aws_default_subnet, map_public_ip_on_launch = false.
cases:
  - name: only when asked
    aws_subnet: [{key: inner, subnet_id: subnet-1, vpc_id: vpc-1, owner: "111122223333", is_default: false, gives_public_ipv4: false}]
    expect: [{item: inner, conclusion: CONFORMS, reason: no public address by default, saw_vpc: vpc-1}]
  - name: by default
    like: only when asked
    change: {aws_subnet: [{gives_public_ipv4: true}]}
    expect: [{item: inner, conclusion: DEVIATES, reason: a public address by default}]
  - name: the subnets that AWS made can be changed as well
    like: by default
    change: {aws_subnet: [{is_default: true}]}
    expect: [{item: inner, conclusion: DEVIATES, saw_is_default: true}]
  - name: a subnet that another account shares
    like: by default
    change: {aws_subnet: [{owner: "444455556666"}]}
    expect: [{item: inner, conclusion: NOT_APPLICABLE, reason: another account owns it}]
  - name: one subnet could not be read
    like: only when asked
    gaps: [{table: aws_subnet, key: inner, columns: [gives_public_ipv4], reason: malformed}]
    expect: [{item: inner, conclusion: UNKNOWN, reason: malformed}]
  - name: the subnets of a region could not be listed
    gaps: [{table: aws_subnet, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, region: eu-west-1, reason: denied}]
  - name: through the collector
    recording: aws/ec2/networks
    expect: {CONFORMS: 1, DEVIATES: 1, NOT_APPLICABLE: 1}
*/
select
  subnet.key as item,
  case
    when subnet.owner <> subnet.account then 'NOT_APPLICABLE'
    when subnet.gives_public_ipv4 then 'DEVIATES'
    else 'CONFORMS'
  end as conclusion,
  case
    when subnet.owner <> subnet.account then 'another account owns it'
    when subnet.gives_public_ipv4 then 'a public address by default'
    else 'no public address by default'
  end as reason,
  subnet.vpc_id as saw_vpc,
  subnet.is_default as saw_is_default
from aws_subnet as subnet
