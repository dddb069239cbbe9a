/*
title: CloudFront serves viewers over HTTPS only, and over no version of TLS older than the company allows
controls: [DAT-02]
tables: [aws_cloudfront]
parameters: [tls_min_version]
kind: item
severity: high
shows: "Whether each enabled distribution, on all its paths, refuses or redirects plain HTTP, and the oldest version of TLS that it accepts."
does_not_show: Traffic from CloudFront to the origin.
remedy:
  console: CloudFront > the distribution > Behaviors > each > Viewer protocol policy > Redirect HTTP to HTTPS; General > Settings > Custom SSL certificate and Security policy TLSv1.2_2021.
  cli: aws cloudfront update-distribution --id ID --if-match ETAG --distribution-config file://config.json
  terraform: aws_cloudfront_distribution, viewer_protocol_policy = "redirect-to-https" in every behavior, and viewer_certificate { minimum_protocol_version = "TLSv1.2_2021" }.
cases:
  - name: HTTPS on every path
    parameters: {tls_min_version: "1.2"}
    aws_cloudfront: [{arn: site, domain: d1.cloudfront.net, enabled: true, viewer_policies: [redirect-to-https, https-only], default_certificate: false, oldest_tls: "1.2"}]
    expect: [{item: site, conclusion: CONFORMS, reason: HTTPS only at an allowed version}]
  - name: one path answers plain HTTP
    like: HTTPS on every path
    change: {aws_cloudfront: [{viewer_policies: [redirect-to-https, allow-all]}]}
    expect: [{item: site, conclusion: DEVIATES, reason: answers plain HTTP}]
  - name: an older version of TLS
    like: HTTPS on every path
    change: {aws_cloudfront: [{oldest_tls: "1.1"}]}
    expect: [{item: site, conclusion: DEVIATES, reason: accepts an older version of TLS, saw_oldest: "1.1"}]
  - name: SSL 3.0 is older than every TLS
    like: HTTPS on every path
    change: {aws_cloudfront: [{oldest_tls: "0.3"}]}
    expect: [{item: site, conclusion: DEVIATES}]
  - name: the company wants 1.3
    like: HTTPS on every path
    parameters: {tls_min_version: "1.3"}
    expect: [{item: site, conclusion: DEVIATES}]
  - name: the certificate of CloudFront itself accepts TLS 1.0 whatever is set
    like: HTTPS on every path
    change: {aws_cloudfront: [{default_certificate: true}]}
    expect: [{item: site, conclusion: DEVIATES, reason: CloudFront's own certificate accepts TLS 1.0}]
  - name: AWS does not say the version
    like: HTTPS on every path
    change: {aws_cloudfront: [{oldest_tls: null}]}
    expect: [{item: site, conclusion: DEVIATES, reason: accepts an older version of TLS}]
  - name: a distribution that is off
    like: one path answers plain HTTP
    change: {aws_cloudfront: [{enabled: false}]}
    expect: [{item: site, conclusion: NOT_APPLICABLE, reason: serves nobody while it is disabled}]
  - name: distributions could not be listed
    like: HTTPS on every path
    gaps: [{table: aws_cloudfront, reason: denied}]
    expect: [{item: site, conclusion: UNKNOWN, reason: denied}]
  - name: a version of TLS that this program does not know
    like: HTTPS on every path
    gaps: [{table: aws_cloudfront, key: site, columns: [oldest_tls], reason: malformed}]
    expect: [{item: site, conclusion: UNKNOWN, reason: malformed}]
  - name: through the collector
    recording: aws/edge/distributions
    expect: {CONFORMS: 1, DEVIATES: 2, NOT_APPLICABLE: 1}
*/
select
  site.key as item,
  case
    when not coalesce(site.enabled, true) then 'NOT_APPLICABLE'
    when list_contains(coalesce(site.viewer_policies, []), 'allow-all') then 'DEVIATES'
    when coalesce(site.default_certificate, false) then 'DEVIATES'
    when coalesce(site.oldest_tls >= $tls_min_version, false) then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when not coalesce(site.enabled, true) then 'serves nobody while it is disabled'
    when list_contains(coalesce(site.viewer_policies, []), 'allow-all') then 'answers plain HTTP'
    when coalesce(site.default_certificate, false) then 'CloudFront''s own certificate accepts TLS 1.0'
    when coalesce(site.oldest_tls >= $tls_min_version, false) then 'HTTPS only at an allowed version'
    else 'accepts an older version of TLS'
  end as reason,
  site.domain as saw_domain,
  site.aliases as saw_aliases,
  site.oldest_tls as saw_oldest
from aws_cloudfront as site
