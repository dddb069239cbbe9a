/*
title: No RDS instance runs an engine version past standard support
controls: [VUL-03]
tables: [aws_rds_instance, aws_rds_engine_version]
links: {aws_rds_engine_version: {parent: engine, within: place}}
kind: item
severity: medium
shows: Whether the standard support of each instance's major engine version has ended, by the dates that AWS gives.
does_not_show: Vulnerabilities in supported versions, and engines that AWS names no date for.
remedy:
  console: RDS > Databases > the instance > Modify > DB engine version > a version in standard support. Try it on a copy first.
  cli: aws rds modify-db-instance --db-instance-identifier NAME --engine-version VERSION --allow-major-version-upgrade
  terraform: aws_db_instance, arguments engine_version and allow_major_version_upgrade; aws_rds_cluster for members of a cluster.
cases:
  - name: in standard support until its last instant
    as_of: 2026-02-28T23:59:58Z
    aws_rds_instance: [{key: main, name: main, engine: postgres, engine_version: "13.14"}]
    aws_rds_engine_version: [{key: "postgres:13", engine: postgres, major: "13", standard_support_ends: 2026-02-28T23:59:59Z, extended_support_ends: 2029-02-28T23:59:59Z}]
    expect: [{item: main, conclusion: CONFORMS, changes_at: 2026-02-28T23:59:59Z, reason: in standard support}]
  - name: the instant at which standard support has ended
    like: in standard support until its last instant
    as_of: 2026-02-28T23:59:59Z
    expect: [{item: main, conclusion: DEVIATES, reason: past standard support and in paid extended support, changes_at: null}]
  - name: past all support
    like: in standard support until its last instant
    as_of: 2029-03-01T00:00:00Z
    expect: [{item: main, conclusion: DEVIATES, reason: past all support}]
  - name: a major version of two steps
    like: in standard support until its last instant
    aws_rds_instance: [{key: main, name: main, engine: mysql, engine_version: 5.7.44}]
    aws_rds_engine_version:
      - {key: "mysql:5.7", engine: mysql, major: "5.7", standard_support_ends: 2024-02-29T23:59:59Z}
      - {key: "mysql:8.0", engine: mysql, major: "8.0", standard_support_ends: 2026-07-31T23:59:59Z}
    expect: [{item: main, conclusion: DEVIATES, reason: past all support, saw_standard_support_ends: "2024-02-29T23:59:59Z"}]
  - name: Aurora puts its own version behind that of MySQL
    like: in standard support until its last instant
    aws_rds_instance: [{key: main, name: main, engine: aurora-mysql, engine_version: 8.0.mysql_aurora.3.08.0, cluster: orders}]
    aws_rds_engine_version: [{key: "aurora-mysql:8.0", engine: aurora-mysql, major: "8.0", standard_support_ends: 2028-04-30T23:59:59Z}]
    expect: [{item: main, conclusion: CONFORMS, changes_at: 2028-04-30T23:59:59Z}]
  - name: version 1 is not version 13
    like: in standard support until its last instant
    change: {aws_rds_engine_version: [{key: "postgres:1", major: "1"}]}
    expect: [{item: main, conclusion: NOT_APPLICABLE, reason: AWS names no end of standard support}]
  - name: an engine without dates
    like: in standard support until its last instant
    aws_rds_instance: [{key: main, name: main, engine: oracle-se2, engine_version: 19.0.0.0.ru-2025-01.rur-2025-01.r1}]
    aws_rds_engine_version: [{key: "oracle-se2:19", engine: oracle-se2, major: "19"}]
    expect: [{item: main, conclusion: NOT_APPLICABLE}]
  - name: the dates could not be read
    like: in standard support until its last instant
    gaps: [{table: aws_rds_engine_version, reason: denied}]
    expect: [{item: main, conclusion: UNKNOWN, reason: denied}]
  - name: instances could not be listed
    like: in standard support until its last instant
    gaps: [{table: aws_rds_instance, reason: throttled}]
    expect: [{item: main, conclusion: UNKNOWN, reason: throttled}]
  - name: one version could not be read, and it is another's
    like: in standard support until its last instant
    gaps: [{table: aws_rds_engine_version, key: 'postgres:19', parent: mysql, reason: malformed}]
    expect: [{item: main, conclusion: CONFORMS}]
  - name: one version of its own could not be read
    like: in standard support until its last instant
    gaps: [{table: aws_rds_engine_version, key: 'postgres:19', parent: postgres, reason: malformed}]
    expect: [{item: main, conclusion: UNKNOWN, reason: malformed}]
  - name: through the collector
    recording: aws/rds/databases
    as_of: 2026-03-01T00:00:00Z
    expect: {CONFORMS: 4, DEVIATES: 1, NOT_APPLICABLE: 1}
*/
with supported as (
  select
    db.key as db_key,
    db.name as db_name,
    db.engine as db_engine,
    db.engine_version as db_version,
    (
      select max(version.standard_support_ends)
      from aws_rds_engine_version as version
      where version.account = db.account
        and version.engine = db.engine
        and (db.engine_version = version.major or starts_with(db.engine_version, version.major || '.'))
    ) as standard_ends,
    (
      select max(version.extended_support_ends)
      from aws_rds_engine_version as version
      where version.account = db.account
        and version.engine = db.engine
        and (db.engine_version = version.major or starts_with(db.engine_version, version.major || '.'))
    ) as extended_ends
  from aws_rds_instance as db
)
select
  supported.db_key as item,
  case
    when supported.standard_ends is null then 'NOT_APPLICABLE'
    when supported.standard_ends > $as_of then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when supported.standard_ends is null then 'AWS names no end of standard support'
    when supported.standard_ends > $as_of then 'in standard support'
    when supported.extended_ends > $as_of then 'past standard support and in paid extended support'
    else 'past all support'
  end as reason,
  case when supported.standard_ends > $as_of then supported.standard_ends end as changes_at,
  supported.db_name as saw_name,
  supported.db_engine as saw_engine,
  supported.db_version as saw_engine_version,
  supported.standard_ends as saw_standard_support_ends
from supported
