/*
title: TLS listeners accept no version of TLS older than the company allows
controls: [DAT-02]
tables: [aws_lb_listener, aws_lb_tls_policy]
parameters: [tls_min_version]
links: {aws_lb_tls_policy: {key: tls_policy, within: place}}
kind: item
severity: medium
shows: The oldest version of TLS that the security policy of each HTTPS or TLS listener accepts.
does_not_show: "Traffic from the balancer to its targets, and Classic load balancers."
remedy:
  console: EC2 > Load balancers > the balancer > Listeners > the listener > Edit > Security policy > ELBSecurityPolicy-TLS13-1-2-2021-06 or newer.
  cli: aws elbv2 modify-listener --listener-arn ARN --ssl-policy ELBSecurityPolicy-TLS13-1-2-2021-06
  terraform: aws_lb_listener, argument ssl_policy = "ELBSecurityPolicy-TLS13-1-2-2021-06".
cases:
  - name: the oldest version is the least allowed
    parameters: {tls_min_version: "1.2"}
    aws_lb_listener: [{arn: https, load_balancer: api, protocol: HTTPS, port: 443, tls_policy: modern}]
    aws_lb_tls_policy: [{name: modern, oldest_tls: "1.2"}]
    expect: [{item: https, conclusion: CONFORMS, saw_oldest: "1.2", reason: accepts allowed versions only}]
  - name: an older version is accepted
    like: the oldest version is the least allowed
    change: {aws_lb_tls_policy: [{oldest_tls: "1.1"}]}
    expect: [{item: https, conclusion: DEVIATES, reason: accepts an older version}]
  - name: the company wants 1.3
    like: the oldest version is the least allowed
    parameters: {tls_min_version: "1.3"}
    expect: [{item: https, conclusion: DEVIATES}]
  - name: a policy that AWS no longer lists is not known to be good
    like: the oldest version is the least allowed
    aws_lb_tls_policy: []
    expect: [{item: https, conclusion: DEVIATES, reason: AWS does not list its security policy}]
  - name: a listener without TLS
    like: an older version is accepted
    change: {aws_lb_listener: [{protocol: HTTP, tls_policy: null}]}
    expect: [{item: https, conclusion: NOT_APPLICABLE, reason: does not end TLS}]
  - name: a gateway listener
    like: an older version is accepted
    change: {aws_lb_listener: [{protocol: null, tls_policy: null}]}
    expect: [{item: https, conclusion: NOT_APPLICABLE}]
  - name: policies could not be listed
    like: the oldest version is the least allowed
    gaps: [{table: aws_lb_tls_policy, reason: denied}]
    expect: [{item: https, conclusion: UNKNOWN, reason: denied}]
  - name: one policy that cannot be read
    like: the oldest version is the least allowed
    gaps: [{table: aws_lb_tls_policy, key: modern, columns: [oldest_tls], reason: malformed}]
    expect: [{item: https, conclusion: UNKNOWN, reason: malformed}]
  - name: another policy that cannot be read
    like: the oldest version is the least allowed
    gaps: [{table: aws_lb_tls_policy, key: future, columns: [oldest_tls], reason: malformed}]
    expect: [{item: https, conclusion: CONFORMS}]
  - name: the policies of another account, which have the same names, could not be listed
    like: the oldest version is the least allowed
    aws_lb_tls_policy: [{name: modern, oldest_tls: "1.2"}, {name: modern, account: "444455556666", oldest_tls: "1.2"}]
    gaps: [{table: aws_lb_tls_policy, account: "444455556666", reason: denied}]
    expect: [{item: https, conclusion: CONFORMS}]
  - name: listeners could not be listed
    aws_lb_listener: []
    gaps: [{table: aws_lb_listener, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/edge/balancers
    expect: {CONFORMS: 1, DEVIATES: 1, NOT_APPLICABLE: 3}
*/
select
  listener.key as item,
  case
    when not coalesce(listener.protocol in ('HTTPS', 'TLS'), false) then 'NOT_APPLICABLE'
    when coalesce(policy.oldest_tls >= $tls_min_version, false) then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when not coalesce(listener.protocol in ('HTTPS', 'TLS'), false) then 'does not end TLS'
    when policy.oldest_tls >= $tls_min_version then 'accepts allowed versions only'
    when policy.oldest_tls is null then 'AWS does not list its security policy'
    else 'accepts an older version'
  end as reason,
  listener.load_balancer as saw_load_balancer,
  listener.port as saw_port,
  listener.tls_policy as saw_policy,
  policy.oldest_tls as saw_oldest
from aws_lb_listener as listener
left join aws_lb_tls_policy as policy on policy.account = listener.account and policy.name = listener.tls_policy
