/*
title: CloudFront distributions have a web ACL
controls: [NET-05]
tables: [aws_cloudfront]
kind: item
severity: medium
shows: Whether a web ACL of AWS WAF stands in front of each enabled distribution.
does_not_show: Whether its rules block or only count.
remedy:
  console: CloudFront > the distribution > Security > Enable security protections.
  cli: aws cloudfront update-distribution --id ID --if-match ETAG --distribution-config file://config.json, with WebACLId set
  terraform: aws_cloudfront_distribution, argument web_acl_id.
cases:
  - name: behind a web ACL
    aws_cloudfront: [{arn: site, domain: d1.cloudfront.net, enabled: true, web_acl: "arn:aws:wafv2:us-east-1:111122223333:global/webacl/site/1"}]
    expect: [{item: site, conclusion: CONFORMS, reason: behind a web ACL}]
  - name: AWS writes an empty id where there is none
    like: behind a web ACL
    change: {aws_cloudfront: [{web_acl: ""}]}
    expect: [{item: site, conclusion: DEVIATES, reason: no web ACL, saw_web_acl: null}]
  - name: no id at all
    like: behind a web ACL
    change: {aws_cloudfront: [{web_acl: null}]}
    expect: [{item: site, conclusion: DEVIATES}]
  - name: a distribution that is off
    like: no id at all
    change: {aws_cloudfront: [{enabled: false}]}
    expect: [{item: site, conclusion: NOT_APPLICABLE, reason: serves nobody while it is disabled}]
  - name: distributions could not be listed
    aws_cloudfront: []
    gaps: [{table: aws_cloudfront, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/edge/distributions
    expect: {CONFORMS: 1, DEVIATES: 2, NOT_APPLICABLE: 1}
*/
select
  site.key as item,
  case
    when not coalesce(site.enabled, true) then 'NOT_APPLICABLE'
    when coalesce(site.web_acl, '') <> '' then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when not coalesce(site.enabled, true) then 'serves nobody while it is disabled'
    when coalesce(site.web_acl, '') <> '' then 'behind a web ACL'
    else 'no web ACL'
  end as reason,
  site.domain as saw_domain,
  site.aliases as saw_aliases,
  nullif(site.web_acl, '') as saw_web_acl
from aws_cloudfront as site
