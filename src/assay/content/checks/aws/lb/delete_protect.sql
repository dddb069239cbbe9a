/*
title: Deletion protection is on for load balancers tagged production
controls: [AVL-07]
tables: [aws_lb]
parameters: [production_tag]
kind: item
severity: low
shows: Whether deleting each load balancer that carries the production tag is refused until somebody switches the protection off.
does_not_show: "Who may switch it off, load balancers that nobody tagged, and Classic load balancers."
remedy:
  console: EC2 > Load balancers > the balancer > Attributes > Edit > Deletion protection.
  cli: aws elbv2 modify-load-balancer-attributes --load-balancer-arn ARN --attributes Key=deletion_protection.enabled,Value=true
  terraform: aws_lb, argument enable_deletion_protection = true.
cases:
  - name: protected
    parameters: {production_tag: "environment:production"}
    aws_lb: [{arn: api, name: api, lb_type: application, deletion_protection: true, tags: ["environment:production"]}]
    expect: [{item: api, conclusion: CONFORMS, reason: deletion is refused}]
  - name: not protected
    like: protected
    change: {aws_lb: [{deletion_protection: false}]}
    expect: [{item: api, conclusion: DEVIATES, reason: can be deleted at once}]
  - name: not production
    like: not protected
    change: {aws_lb: [{tags: []}]}
    expect: [{item: api, conclusion: NOT_APPLICABLE, reason: not tagged production}]
  - name: tags could not be read
    like: not production
    gaps: [{table: aws_lb, key: api, columns: [tags], reason: denied}]
    expect: [{item: api, conclusion: UNKNOWN, reason: denied}]
  - name: balancers could not be listed
    like: protected
    gaps: [{table: aws_lb, reason: denied}]
    expect: [{item: api, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/edge/balancers
    expect: {CONFORMS: 1, NOT_APPLICABLE: 2}
*/
select
  lb.key as item,
  case
    when not tagged(lb.tags, $production_tag) then 'NOT_APPLICABLE'
    when lb.deletion_protection then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when not tagged(lb.tags, $production_tag) then 'not tagged production'
    when lb.deletion_protection then 'deletion is refused'
    else 'can be deleted at once'
  end as reason,
  lb.name as saw_name,
  lb.lb_type as saw_type
from aws_lb as lb
