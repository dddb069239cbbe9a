/*
title: No running instance has kept its root volume longer than the company allows
controls: [NET-06, VUL-03]
tables: [aws_ec2_instance]
parameters: [instance_max_age_days]
kind: item
severity: low
shows: How long each running instance has had its root volume, which stopping and starting does not renew.
does_not_show: "Patches applied in place, the age of the image itself, and an old volume that was attached anew."
remedy:
  console: EC2 > Instances > Launch instances from a current image, move the work, end the old one; or Actions > Monitor and troubleshoot > Replace root volume.
  cli: aws ec2 create-replace-root-volume-task --instance-id INSTANCE --image-id IMAGE
  terraform: A current ami in aws_launch_template, with instance_refresh in aws_autoscaling_group.
cases:
  - name: rebuilt within the limit, until it grows old
    as_of: 2026-03-01T00:00:00Z
    parameters: {instance_max_age_days: 180}
    aws_ec2_instance: [{key: web, instance_id: i-1, state: running, root_since: 2026-01-10T08:00:00Z, image_id: ami-1}]
    expect: [{item: web, conclusion: CONFORMS, reason: within the limit, changes_at: 2026-07-09T08:00:00Z, saw_root_since: "2026-01-10T08:00:00Z", saw_image: ami-1}]
  - name: the last second of the limit
    like: rebuilt within the limit, until it grows old
    as_of: 2026-07-09T07:59:59Z
    expect: [{item: web, conclusion: CONFORMS, changes_at: 2026-07-09T08:00:00Z}]
  - name: the first instant past the limit
    like: rebuilt within the limit, until it grows old
    as_of: 2026-07-09T08:00:00Z
    expect: [{item: web, conclusion: DEVIATES, reason: older than the limit, changes_at: null}]
  - name: a shorter limit
    like: rebuilt within the limit, until it grows old
    parameters: {instance_max_age_days: 30}
    expect: [{item: web, conclusion: DEVIATES}]
  - name: stopped
    like: the first instant past the limit
    change: {aws_ec2_instance: [{state: stopped}]}
    expect: [{item: web, conclusion: NOT_APPLICABLE, reason: not running, changes_at: null}]
  - name: its volumes cannot be read
    like: rebuilt within the limit, until it grows old
    gaps: [{table: aws_ec2_instance, key: web, columns: [root_since], reason: malformed}]
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
    when instance.state <> 'running' then 'NOT_APPLICABLE'
    when instance.root_since + to_days($instance_max_age_days) > $as_of then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when instance.state <> 'running' then 'not running'
    when instance.root_since + to_days($instance_max_age_days) > $as_of then 'within the limit'
    else 'older than the limit'
  end as reason,
  case
    when instance.state = 'running' and instance.root_since + to_days($instance_max_age_days) > $as_of
      then instance.root_since + to_days($instance_max_age_days)
  end as changes_at,
  instance.root_since as saw_root_since,
  instance.image_id as saw_image
from aws_ec2_instance as instance
