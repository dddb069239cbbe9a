/*
title: Load balancer listeners use TLS, or send the client to it
controls: [DAT-02]
tables: [aws_lb_listener]
kind: item
severity: high
shows: Whether each listener of an application or network load balancer speaks TLS, or answers plain HTTP with a redirect to HTTPS.
does_not_show: "Traffic from the balancer to its targets, TCP passed through, rules of a listener beside its default action, and Classic load balancers."
remedy:
  console: EC2 > Load balancers > the balancer > Listeners > the HTTP listener > Edit > default action Redirect to URL with HTTPS and port 443.
  cli: "aws elbv2 modify-listener --listener-arn ARN --default-actions 'Type=redirect,RedirectConfig={Protocol=HTTPS,Port=443,StatusCode=HTTP_301}'"
  terraform: aws_lb_listener, block default_action with type = "redirect" and redirect { protocol = "HTTPS", port = "443", status_code = "HTTP_301" }.
cases:
  - name: HTTPS and TLS
    aws_lb_listener:
      - {arn: https, load_balancer: api, protocol: HTTPS, port: 443, redirects_to_https: false, parent: api}
      - {arn: tls, load_balancer: feed, protocol: TLS, port: 8883, redirects_to_https: false, parent: feed}
    expect: [{item: https, conclusion: CONFORMS, reason: uses TLS, saw_port: 443}, {item: tls, conclusion: CONFORMS}]
  - name: HTTP that redirects
    aws_lb_listener: [{arn: http, load_balancer: api, protocol: HTTP, port: 80, redirects_to_https: true, parent: api}]
    expect: [{item: http, conclusion: CONFORMS, reason: sends the client to HTTPS}]
  - name: HTTP that forwards
    like: HTTP that redirects
    change: {aws_lb_listener: [{redirects_to_https: false}]}
    expect: [{item: http, conclusion: DEVIATES, reason: answers plain HTTP}]
  - name: HTTP on the port of HTTPS is still plain
    like: HTTP that forwards
    change: {aws_lb_listener: [{port: 443}]}
    expect: [{item: http, conclusion: DEVIATES}]
  - name: what passes through
    aws_lb_listener:
      - {arn: tcp, load_balancer: feed, protocol: TCP, port: 443, redirects_to_https: false}
      - {arn: quic, load_balancer: feed, protocol: TCP_QUIC, port: 443, redirects_to_https: false}
      - {arn: gateway, load_balancer: inspect, redirects_to_https: false}
    expect:
      - {item: tcp, conclusion: NOT_APPLICABLE, reason: passes connections through to the targets}
      - {item: quic, conclusion: NOT_APPLICABLE}
      - {item: gateway, conclusion: NOT_APPLICABLE, reason: carries packets of a gateway load balancer}
  - name: the listeners of one balancer could not be listed
    like: HTTP that redirects
    gaps: [{table: aws_lb_listener, parent: feed, reason: denied}]
    expect: [{item: http, conclusion: CONFORMS}, {item: feed, conclusion: UNKNOWN, reason: denied}]
  - name: balancers could not be listed and so their listeners
    aws_lb_listener: []
    gaps: [{table: aws_lb_listener, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/edge/balancers
    expect: {CONFORMS: 3, DEVIATES: 1, NOT_APPLICABLE: 1}
*/
select
  listener.key as item,
  case
    when listener.protocol in ('HTTPS', 'TLS') then 'CONFORMS'
    when listener.protocol = 'HTTP' and listener.redirects_to_https then 'CONFORMS'
    when listener.protocol = 'HTTP' then 'DEVIATES'
    else 'NOT_APPLICABLE'
  end as conclusion,
  case
    when listener.protocol in ('HTTPS', 'TLS') then 'uses TLS'
    when listener.protocol = 'HTTP' and listener.redirects_to_https then 'sends the client to HTTPS'
    when listener.protocol = 'HTTP' then 'answers plain HTTP'
    when coalesce(listener.protocol, 'GENEVE') = 'GENEVE' then 'carries packets of a gateway load balancer'
    else 'passes connections through to the targets'
  end as reason,
  listener.load_balancer as saw_load_balancer,
  listener.protocol as saw_protocol,
  listener.port as saw_port
from aws_lb_listener as listener
