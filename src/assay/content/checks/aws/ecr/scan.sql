/*
title: Images are scanned on push, by a setting of the repository or of the registry
controls: [VUL-01, CHG-10]
tables: [aws_ecr_repository]
kind: item
severity: medium
shows: "Whether ECR scans the images of each repository when they are pushed or all the time, by the registry's filters or, with basic scanning, by the repository's own setting."
does_not_show: That findings are mended before deployment.
remedy:
  console: ECR > Private registry > Features and settings > Scanning > Edit > scan on push all repositories.
  cli: aws ecr put-registry-scanning-configuration --scan-type BASIC --rules '[{"scanFrequency":"SCAN_ON_PUSH","repositoryFilters":[{"filter":"*","filterType":"WILDCARD"}]}]'
  terraform: aws_ecr_registry_scanning_configuration with a block rule, scan_frequency = "SCAN_ON_PUSH".
cases:
  - name: by the repository's own setting
    aws_ecr_repository: [{arn: api, name: team/api, scan_on_push: true, registry_scan: BASIC, registry_scan_patterns: []}]
    expect: [{item: api, conclusion: CONFORMS, reason: scanned by the repository's setting}]
  - name: with enhanced scanning that setting has no effect
    like: by the repository's own setting
    change: {aws_ecr_repository: [{registry_scan: ENHANCED}]}
    expect: [{item: api, conclusion: DEVIATES, reason: not scanned on push}]
  - name: by a filter of the registry
    like: with enhanced scanning that setting has no effect
    change: {aws_ecr_repository: [{scan_on_push: false, registry_scan_patterns: ["*web*", "team/*"]}]}
    expect: [{item: api, conclusion: CONFORMS, reason: scanned by the registry's filters}]
  - name: by a filter for other names
    like: by a filter of the registry
    change: {aws_ecr_repository: [{registry_scan_patterns: ["*web*"]}]}
    expect: [{item: api, conclusion: DEVIATES, saw_registry_filters: ["*web*"]}]
  - name: by nothing
    like: by the repository's own setting
    change: {aws_ecr_repository: [{scan_on_push: false}]}
    expect: [{item: api, conclusion: DEVIATES}]
  - name: the registry's setting could not be read
    like: by the repository's own setting
    gaps: [{table: aws_ecr_repository, columns: [registry_scan, registry_scan_patterns], reason: denied}]
    expect: [{item: api, conclusion: UNKNOWN, reason: denied}]
  - name: repositories could not be listed
    aws_ecr_repository: []
    gaps: [{table: aws_ecr_repository, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/ecr/repositories
    expect: {CONFORMS: 2, DEVIATES: 1}
*/
select
  repository.key as item,
  case
    when matches_any(repository.name, coalesce(repository.registry_scan_patterns, [])) then 'CONFORMS'
    when coalesce(repository.scan_on_push, false) and coalesce(repository.registry_scan = 'BASIC', false) then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when matches_any(repository.name, coalesce(repository.registry_scan_patterns, [])) then 'scanned by the registry''s filters'
    when coalesce(repository.scan_on_push, false) and coalesce(repository.registry_scan = 'BASIC', false) then 'scanned by the repository''s setting'
    else 'not scanned on push'
  end as reason,
  repository.name as saw_name,
  repository.registry_scan as saw_registry_scan,
  repository.registry_scan_patterns as saw_registry_filters,
  repository.scan_on_push as saw_scan_on_push
from aws_ecr_repository as repository
