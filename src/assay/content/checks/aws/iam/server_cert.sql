/*
title: No server certificate in IAM has expired
controls: [DAT-02]
tables: [aws_iam_server_certificate]
kind: item
severity: medium
shows: Whether each certificate that was uploaded to IAM is within its time at the as-of instant.
does_not_show: Where the certificate is served, and certificates in ACM, which aws.acm.expiry is about.
remedy:
  console: IAM does not show server certificates in the console; move the listener to a certificate of ACM, which renews by itself, then delete the old one by CLI.
  cli: aws iam delete-server-certificate --server-certificate-name NAME
  terraform: Replace aws_iam_server_certificate by aws_acm_certificate.
cases:
  - name: a certificate within its time
    as_of: 2026-03-01T00:00:00Z
    aws_iam_server_certificate: [{arn: cert-arn, name: shop, expires: 2026-03-01T00:00:01Z}]
    expect: [{item: cert-arn, conclusion: CONFORMS, reason: within its time, changes_at: 2026-03-01T00:00:01Z, saw_name: shop}]
  - name: the instant of its end
    like: a certificate within its time
    as_of: 2026-03-01T00:00:01Z
    expect: [{item: cert-arn, conclusion: DEVIATES, reason: expired, changes_at: null, saw_expires: "2026-03-01T00:00:01Z"}]
  - name: certificates could not be listed
    gaps: [{table: aws_iam_server_certificate, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied, account: "111122223333"}]
  - name: one answer cannot be read
    like: a certificate within its time
    gaps: [{table: aws_iam_server_certificate, key: cert-arn, columns: [expires], reason: malformed}]
    expect: [{item: cert-arn, conclusion: UNKNOWN, reason: malformed}]
  - name: through the collector
    recording: aws/iam/identity
    as_of: 2026-03-01T00:00:00Z
    expect: {CONFORMS: 1, DEVIATES: 1}
*/
select
  certificate.key as item,
  case when certificate.expires > $as_of then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case when certificate.expires > $as_of then 'within its time' else 'expired' end as reason,
  case when certificate.expires > $as_of then certificate.expires end as changes_at,
  certificate.name as saw_name,
  certificate.path as saw_path,
  certificate.expires as saw_expires
from aws_iam_server_certificate as certificate
