/*
title: Every instance with a public address is tagged as approved
controls: [NET-01]
tables: [aws_ec2_instance]
parameters: [public_approved_tag]
kind: item
severity: medium
shows: Whether each instance that has a public IPv4 or globally routed IPv6 address carries the tag of approval.
does_not_show: "Which ports answer, whether a route leads to the address, and exposure by a load balancer."
remedy:
  console: EC2 > Instances > the instance > Networking > disassociate the public address, or place the instance in a private subnet; tag it if the address is a decision.
  cli: aws ec2 disassociate-address --association-id ASSOCIATION, or aws ec2 create-tags --resources INSTANCE --tags Key=KEY,Value=VALUE
  terraform: In aws_instance, associate_public_ip_address = false; or the tag of approval in tags.
cases:
  - name: a public address, approved
    parameters: {public_approved_tag: "public:approved"}
    aws_ec2_instance: [{key: web, instance_id: i-1, state: running, public_addresses: [54.93.1.7], tags: ["public:approved"]}]
    expect: [{item: web, conclusion: CONFORMS, reason: tagged as approved, saw_addresses: [54.93.1.7]}]
  - name: a public address, not approved
    like: a public address, approved
    change: {aws_ec2_instance: [{tags: []}]}
    expect: [{item: web, conclusion: DEVIATES, reason: not tagged as approved}]
  - name: another value of the tag
    like: a public address, approved
    change: {aws_ec2_instance: [{tags: ["public:asked"]}]}
    expect: [{item: web, conclusion: DEVIATES}]
  - name: another tag is agreed
    like: a public address, approved
    parameters: {public_approved_tag: "exposure:agreed"}
    expect: [{item: web, conclusion: DEVIATES}]
  - name: only an IPv6 address
    like: a public address, not approved
    change: {aws_ec2_instance: [{public_addresses: ["2a05:d018::7"]}]}
    expect: [{item: web, conclusion: DEVIATES, saw_addresses: ["2a05:d018::7"]}]
  - name: stopped, and its address kept
    like: a public address, not approved
    change: {aws_ec2_instance: [{state: stopped}]}
    expect: [{item: web, conclusion: DEVIATES}]
  - name: no public address
    like: a public address, not approved
    change: {aws_ec2_instance: [{public_addresses: []}]}
    expect: [{item: web, conclusion: NOT_APPLICABLE, reason: no public address}]
  - name: the addresses cannot be read
    like: no public address
    gaps: [{table: aws_ec2_instance, key: web, columns: [public_addresses], reason: malformed}]
    expect: [{item: web, conclusion: UNKNOWN, reason: malformed}]
  - name: the instances of a region could not be listed
    gaps: [{table: aws_ec2_instance, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, region: eu-west-1, reason: denied}]
  - name: through the collector
    recording: aws/ec2/hosts
    expect: {CONFORMS: 1, DEVIATES: 1, NOT_APPLICABLE: 1}
*/
select
  instance.key as item,
  case
    when length(instance.public_addresses) = 0 then 'NOT_APPLICABLE'
    when tagged(instance.tags, $public_approved_tag) then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when length(instance.public_addresses) = 0 then 'no public address'
    when tagged(instance.tags, $public_approved_tag) then 'tagged as approved'
    else 'not tagged as approved'
  end as reason,
  instance.state as saw_state,
  instance.public_addresses as saw_addresses
from aws_ec2_instance as instance
