/*
title: Auto Scaling groups span at least as many zones as the company says
controls: [AVL-07]
tables: [aws_autoscaling_group]
parameters: [zones_min]
kind: item
severity: medium
shows: Over how many zones each group may spread its instances.
does_not_show: "Where its instances run at this moment, and that the service survives the loss of a zone."
remedy:
  console: EC2 > Auto Scaling groups > the group > Edit > Network > add subnets in further zones.
  cli: aws autoscaling update-auto-scaling-group --auto-scaling-group-name NAME --vpc-zone-identifier SUBNET1,SUBNET2
  terraform: aws_autoscaling_group, argument vpc_zone_identifier with subnets of several zones.
cases:
  - name: two zones
    parameters: {zones_min: 2}
    aws_autoscaling_group: [{arn: web, name: web, zones: [eu-west-1a, eu-west-1b], min_size: 2, max_size: 6}]
    expect: [{item: web, conclusion: CONFORMS, reason: spans enough zones, saw_zones: [eu-west-1a, eu-west-1b]}]
  - name: one zone
    like: two zones
    change: {aws_autoscaling_group: [{zones: [eu-west-1a]}]}
    expect: [{item: web, conclusion: DEVIATES, reason: spans too few zones}]
  - name: three are wanted
    like: two zones
    parameters: {zones_min: 3}
    expect: [{item: web, conclusion: DEVIATES}]
  - name: a group that can hold no instance
    like: one zone
    change: {aws_autoscaling_group: [{min_size: 0, max_size: 0}]}
    expect: [{item: web, conclusion: NOT_APPLICABLE, reason: its size is limited to none}]
  - name: groups could not be listed
    like: two zones
    gaps: [{table: aws_autoscaling_group, reason: denied}]
    expect: [{item: web, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/autoscaling/groups
    expect: {CONFORMS: 1, DEVIATES: 1}
*/
select
  grp.key as item,
  case
    when grp.max_size = 0 then 'NOT_APPLICABLE'
    when len(coalesce(grp.zones, [])) >= $zones_min then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when grp.max_size = 0 then 'its size is limited to none'
    when len(coalesce(grp.zones, [])) >= $zones_min then 'spans enough zones'
    else 'spans too few zones'
  end as reason,
  grp.name as saw_name,
  grp.zones as saw_zones,
  grp.max_size as saw_max_size
from aws_autoscaling_group as grp
