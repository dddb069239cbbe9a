/*
title: No certificate in use ends within the notice that the company wants
controls: [DAT-02]
tables: [aws_acm_certificate]
parameters: [certificate_notice_days]
kind: item
severity: medium
shows: How long each certificate in ACM that a resource uses is still valid, whatever the kind of its key.
does_not_show: Certificates kept outside ACM.
remedy:
  console: Certificate Manager > the certificate > mend the DNS records of its validation so that ACM renews it, or Reimport certificate.
  cli: aws acm import-certificate --certificate-arn ARN --certificate fileb://cert.pem --private-key fileb://key.pem --certificate-chain fileb://chain.pem
  terraform: aws_acm_certificate with validation_method = "DNS" and aws_acm_certificate_validation, so that ACM renews it.
cases:
  - name: enough time left
    as_of: 2026-03-01T00:00:00Z
    parameters: {certificate_notice_days: 30}
    aws_acm_certificate: [{arn: api, domain: api.example.com, status: ISSUED, certificate_type: AMAZON_ISSUED, in_use: true, not_after: 2026-06-30T23:59:59Z}]
    expect: [{item: api, conclusion: CONFORMS, changes_at: 2026-05-31T23:59:59Z, reason: ends later than the notice}]
  - name: the last instant before the notice
    like: enough time left
    as_of: 2026-05-31T23:59:58Z
    expect: [{item: api, conclusion: CONFORMS}]
  - name: the instant at which the notice begins
    like: enough time left
    as_of: 2026-05-31T23:59:59Z
    expect: [{item: api, conclusion: DEVIATES, reason: ends within the notice, changes_at: null}]
  - name: ended
    like: enough time left
    as_of: 2026-07-01T00:00:00Z
    change: {aws_acm_certificate: [{status: EXPIRED}]}
    expect: [{item: api, conclusion: DEVIATES, reason: has ended}]
  - name: revoked and still in use
    like: enough time left
    change: {aws_acm_certificate: [{status: REVOKED}]}
    expect: [{item: api, conclusion: DEVIATES, reason: revoked and still in use}]
  - name: used by nothing
    like: ended
    change: {aws_acm_certificate: [{in_use: false}]}
    expect: [{item: api, conclusion: NOT_APPLICABLE, reason: used by nothing}]
  - name: not issued yet
    like: enough time left
    change: {aws_acm_certificate: [{status: PENDING_VALIDATION, not_after: null}]}
    expect: [{item: api, conclusion: NOT_APPLICABLE, reason: not issued}]
  - name: certificates could not be listed
    like: enough time left
    gaps: [{table: aws_acm_certificate, reason: denied}]
    expect: [{item: api, conclusion: UNKNOWN, reason: denied}]
  - name: its end cannot be read
    like: enough time left
    gaps: [{table: aws_acm_certificate, key: api, columns: [not_after], reason: malformed}]
    expect: [{item: api, conclusion: UNKNOWN, reason: malformed}]
  - name: through the collector
    recording: aws/edge/certificates
    as_of: 2026-03-01T00:00:00Z
    expect: {CONFORMS: 1, DEVIATES: 1, NOT_APPLICABLE: 2}
*/
with certificates as (
  select
    certificate.key as certificate_key,
    certificate.domain as domain,
    certificate.status as status,
    certificate.certificate_type as certificate_type,
    certificate.in_use as in_use,
    certificate.not_after as not_after,
    certificate.renewal as renewal,
    certificate.not_after - to_days($certificate_notice_days) as notice_begins
  from aws_acm_certificate as certificate
)
select
  certificates.certificate_key as item,
  case
    when not coalesce(certificates.in_use, false) or certificates.not_after is null then 'NOT_APPLICABLE'
    when certificates.status <> 'REVOKED' and certificates.notice_begins > $as_of then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when not coalesce(certificates.in_use, false) then 'used by nothing'
    when certificates.not_after is null then 'not issued'
    when certificates.status = 'REVOKED' then 'revoked and still in use'
    when certificates.notice_begins > $as_of then 'ends later than the notice'
    when certificates.not_after > $as_of then 'ends within the notice'
    else 'has ended'
  end as reason,
  case
    when certificates.in_use and certificates.status <> 'REVOKED' and certificates.notice_begins > $as_of
      then certificates.notice_begins
  end as changes_at,
  certificates.domain as saw_domain,
  certificates.certificate_type as saw_type,
  certificates.not_after as saw_ends,
  certificates.renewal as saw_renewal
from certificates
