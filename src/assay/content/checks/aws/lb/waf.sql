/*
title: Internet-facing application load balancers have a web ACL
controls: [NET-05]
tables: [aws_lb, aws_wafv2_acl]
kind: item
severity: medium
shows: Whether a web ACL of AWS WAF stands in front of each application load balancer that the internet can reach.
does_not_show: "Whether its rules block or only count, and filtering in front by another product or by CloudFront."
remedy:
  console: AWS WAF > Web ACLs > the web ACL > Associated AWS resources > Add AWS resources.
  cli: aws wafv2 associate-web-acl --web-acl-arn ACL --resource-arn BALANCER
  terraform: aws_wafv2_web_acl_association with resource_arn and web_acl_arn.
cases:
  - name: behind a web ACL
    aws_lb: [{arn: api, name: api, lb_type: application, scheme: internet-facing}]
    aws_wafv2_acl: [{arn: acl, name: public, load_balancers: [site, api]}]
    expect: [{item: api, conclusion: CONFORMS, reason: behind a web ACL, saw_web_acl: public}]
  - name: a web ACL in front of others only
    like: behind a web ACL
    change: {aws_wafv2_acl: [{load_balancers: [site]}]}
    expect: [{item: api, conclusion: DEVIATES, reason: no web ACL, saw_web_acl: null}]
  - name: no web ACL at all
    like: behind a web ACL
    aws_wafv2_acl: []
    expect: [{item: api, conclusion: DEVIATES}]
  - name: an internal balancer
    like: no web ACL at all
    change: {aws_lb: [{scheme: internal}]}
    expect: [{item: api, conclusion: NOT_APPLICABLE, reason: not reached from the internet}]
  - name: a network load balancer takes no web ACL
    like: no web ACL at all
    change: {aws_lb: [{lb_type: network}]}
    expect: [{item: api, conclusion: NOT_APPLICABLE, reason: only application load balancers take a web ACL}]
  - name: what one web ACL stands in front of could not be read
    like: no web ACL at all
    gaps: [{table: aws_wafv2_acl, key: acl, columns: [load_balancers], reason: denied}]
    expect: [{item: api, conclusion: UNKNOWN, reason: denied}]
  - name: web ACLs of another region have nothing to do with it
    like: no web ACL at all
    gaps: [{table: aws_wafv2_acl, region: us-east-1, reason: denied}]
    expect: [{item: api, conclusion: DEVIATES}]
  - name: balancers could not be listed
    aws_lb: []
    gaps: [{table: aws_lb, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/edge/balancers
    expect: {CONFORMS: 1, NOT_APPLICABLE: 2}
*/
with balancers as (
  select
    lb.key as lb_key,
    lb.name as lb_name,
    lb.lb_type as lb_type,
    lb.scheme as scheme,
    (
      select min(acl.name) from aws_wafv2_acl as acl
      where acl.account = lb.account and acl.region = lb.region and list_contains(coalesce(acl.load_balancers, []), lb.arn)
    ) as web_acl
  from aws_lb as lb
)
select
  balancers.lb_key as item,
  case
    when balancers.lb_type <> 'application' or coalesce(balancers.scheme, '') <> 'internet-facing' then 'NOT_APPLICABLE'
    when balancers.web_acl is not null then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when balancers.lb_type <> 'application' then 'only application load balancers take a web ACL'
    when coalesce(balancers.scheme, '') <> 'internet-facing' then 'not reached from the internet'
    when balancers.web_acl is not null then 'behind a web ACL'
    else 'no web ACL'
  end as reason,
  balancers.lb_name as saw_name,
  balancers.lb_type as saw_type,
  balancers.scheme as saw_scheme,
  balancers.web_acl as saw_web_acl
from balancers
