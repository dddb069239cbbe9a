/*
title: Every security group but the default one is on a network interface
controls: [NET-02]
tables: [aws_ec2_security_group, aws_ec2_network_interface]
kind: item
severity: low
shows: Whether each security group is attached to at least one network interface at the moment of the collection.
does_not_show: Groups kept for launch templates, for hosts that come and go, or named by the rules of other groups.
remedy:
  console: EC2 > Security groups > the group > Actions > Delete security groups, once nothing names it.
  cli: aws ec2 delete-security-group --group-id GROUP
  terraform: Remove the aws_security_group.
cases:
  - name: on an interface
    aws_ec2_security_group: [{key: sg-1, group_id: sg-1, name: web, is_default: false, owner: "111122223333"}]
    aws_ec2_network_interface: [{interface_id: eni-1, group_ids: [sg-2, sg-1]}]
    expect: [{item: sg-1, conclusion: CONFORMS, reason: on a network interface, saw_name: web}]
  - name: on none
    like: on an interface
    change: {aws_ec2_network_interface: [{group_ids: [sg-2]}]}
    expect: [{item: sg-1, conclusion: DEVIATES, reason: on no network interface}]
  - name: no interface at all
    like: on an interface
    aws_ec2_network_interface: []
    expect: [{item: sg-1, conclusion: DEVIATES}]
  - name: an interface without groups
    like: on an interface
    change: {aws_ec2_network_interface: [{group_ids: []}]}
    expect: [{item: sg-1, conclusion: DEVIATES}]
  - name: an interface of another region
    like: on an interface
    change: {aws_ec2_network_interface: [{region: us-east-1}]}
    expect: [{item: sg-1, conclusion: DEVIATES}]
  - name: the default group cannot be deleted
    like: on none
    change: {aws_ec2_security_group: [{name: default, is_default: true}]}
    expect: [{item: sg-1, conclusion: NOT_APPLICABLE, reason: a default group cannot be deleted}]
  - name: a group that another account shares
    like: on none
    change: {aws_ec2_security_group: [{owner: "444455556666"}]}
    expect: [{item: sg-1, conclusion: NOT_APPLICABLE, reason: another account owns it}]
  - name: the interfaces of the region could not be listed
    like: on none
    gaps: [{table: aws_ec2_network_interface, reason: denied}]
    expect: [{item: sg-1, conclusion: UNKNOWN, reason: denied}]
  - name: the interfaces of another region could not be listed
    like: on none
    gaps: [{table: aws_ec2_network_interface, region: us-east-1, reason: denied}]
    expect: [{item: sg-1, conclusion: DEVIATES}]
  - name: the groups of a region could not be listed
    gaps: [{table: aws_ec2_security_group, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, region: eu-west-1}]
  - name: through the collector
    recording: aws/ec2/security-groups
    expect: {CONFORMS: 3, DEVIATES: 1, NOT_APPLICABLE: 2}
*/
with judged as (
  select
    guard.key as key,
    guard.name as name,
    guard.is_default as is_default,
    coalesce(guard.owner, guard.account) <> guard.account as foreign_group,
    exists (
      select interface.key
      from aws_ec2_network_interface as interface
      where interface.account = guard.account
        and interface.region = guard.region
        and list_contains(interface.group_ids, guard.group_id)
    ) as used
  from aws_ec2_security_group as guard
)
select
  judged.key as item,
  case
    when judged.is_default or judged.foreign_group then 'NOT_APPLICABLE'
    when judged.used then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when judged.is_default then 'a default group cannot be deleted'
    when judged.foreign_group then 'another account owns it'
    when judged.used then 'on a network interface'
    else 'on no network interface'
  end as reason,
  judged.name as saw_name
from judged
