/*
title: Load balancers write access logs
controls: [LOG-02]
tables: [aws_lb, aws_lb_listener]
links: {aws_lb_listener: {parent: arn}}
kind: item
severity: medium
shows: Whether each application load balancer, and each network load balancer that ends TLS, writes its access logs to a bucket.
does_not_show: "For how long the bucket keeps them, and Classic load balancers."
remedy:
  console: EC2 > Load balancers > the balancer > Attributes > Edit > Access logs.
  cli: aws elbv2 modify-load-balancer-attributes --load-balancer-arn ARN --attributes Key=access_logs.s3.enabled,Value=true Key=access_logs.s3.bucket,Value=BUCKET
  terraform: aws_lb, block access_logs with bucket and enabled = true.
cases:
  - name: logs are written
    aws_lb: [{arn: api, name: api, lb_type: application, scheme: internet-facing, access_logs: true, log_bucket: logs}]
    expect: [{item: api, conclusion: CONFORMS, saw_bucket: logs, reason: access logs are written}]
  - name: logs are off
    like: logs are written
    change: {aws_lb: [{access_logs: false}]}
    expect: [{item: api, conclusion: DEVIATES, reason: access logs are off}]
  - name: a network load balancer that ends TLS
    like: logs are off
    change: {aws_lb: [{lb_type: network}]}
    aws_lb_listener: [{arn: tls, load_balancer: api, parent: api, protocol: TLS}]
    expect: [{item: api, conclusion: DEVIATES}]
  - name: a network load balancer without TLS has nothing that AWS would log
    like: a network load balancer that ends TLS
    change: {aws_lb_listener: [{protocol: TCP}]}
    expect: [{item: api, conclusion: NOT_APPLICABLE, reason: a network load balancer logs TLS connections and this one has none}]
  - name: a gateway load balancer
    like: logs are off
    change: {aws_lb: [{lb_type: gateway}]}
    expect: [{item: api, conclusion: NOT_APPLICABLE, reason: a gateway load balancer writes no access logs}]
  - name: attributes of one balancer could not be read
    like: logs are written
    gaps: [{table: aws_lb, key: api, columns: [access_logs, log_bucket, deletion_protection], reason: denied}]
    expect: [{item: api, conclusion: UNKNOWN, reason: denied}]
  - name: the listeners of one balancer could not be listed
    like: logs are off
    aws_lb:
      - {arn: feed, name: feed, lb_type: network, access_logs: false}
      - {arn: api, name: api, lb_type: application, access_logs: true}
    gaps: [{table: aws_lb_listener, parent: feed, reason: denied}]
    expect: [{item: feed, conclusion: UNKNOWN, reason: denied}, {item: api, conclusion: CONFORMS}]
  - name: balancers could not be listed
    aws_lb: []
    gaps: [{table: aws_lb, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/edge/balancers
    expect: {CONFORMS: 1, DEVIATES: 1, NOT_APPLICABLE: 1}
*/
with balancers as (
  select
    lb.key as lb_key,
    lb.arn as lb_arn,
    lb.name as lb_name,
    lb.lb_type as lb_type,
    lb.access_logs as access_logs,
    lb.log_bucket as log_bucket,
    exists (
      select 1 from aws_lb_listener as listener
      where listener.load_balancer = lb.arn and listener.protocol = 'TLS'
    ) as ends_tls
  from aws_lb as lb
)
select
  balancers.lb_key as item,
  case
    when balancers.lb_type = 'gateway' or (balancers.lb_type = 'network' and not balancers.ends_tls) then 'NOT_APPLICABLE'
    when balancers.access_logs then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when balancers.lb_type = 'gateway' then 'a gateway load balancer writes no access logs'
    when balancers.lb_type = 'network' and not balancers.ends_tls then 'a network load balancer logs TLS connections and this one has none'
    when balancers.access_logs then 'access logs are written'
    else 'access logs are off'
  end as reason,
  balancers.lb_name as saw_name,
  balancers.lb_type as saw_type,
  balancers.log_bucket as saw_bucket
from balancers
