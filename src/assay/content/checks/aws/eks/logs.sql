/*
title: Every EKS cluster sends the kinds of log that the company wants
controls: [LOG-02]
tables: [aws_eks_cluster]
parameters: [eks_log_types]
kind: item
severity: medium
shows: Whether the control plane of each cluster sends every wanted kind of log to CloudWatch.
does_not_show: "How long the logs are kept, and whether anybody reads them."
remedy:
  console: EKS > Clusters > the cluster > Observability > Control plane logs > Manage logging.
  cli: "aws eks update-cluster-config --name NAME --logging '{\"clusterLogging\":[{\"types\":[\"api\",\"audit\",\"authenticator\"],\"enabled\":true}]}'"
  terraform: aws_eks_cluster, argument enabled_cluster_log_types.
cases:
  - name: more than is wanted
    parameters: {eks_log_types: [api, audit, authenticator]}
    aws_eks_cluster: [{name: data, log_types: [api, audit, authenticator, scheduler]}]
    expect: [{item: data, conclusion: CONFORMS, reason: sends every wanted log}]
  - name: one is missing
    like: more than is wanted
    change: {aws_eks_cluster: [{log_types: [api, authenticator]}]}
    expect: [{item: data, conclusion: DEVIATES, reason: does not send every wanted log, saw_missing: [audit]}]
  - name: none at all
    like: more than is wanted
    change: {aws_eks_cluster: [{log_types: null}]}
    expect: [{item: data, conclusion: DEVIATES, saw_missing: [api, audit, authenticator]}]
  - name: one cluster could not be described
    like: more than is wanted
    gaps: [{table: aws_eks_cluster, key: data, columns: [log_types], reason: throttled}]
    expect: [{item: data, conclusion: UNKNOWN, reason: throttled}]
  - name: clusters could not be listed
    like: more than is wanted
    gaps: [{table: aws_eks_cluster, reason: denied}]
    expect: [{item: data, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/eks/clusters
    expect: {CONFORMS: 1, DEVIATES: 1}
*/
select
  cluster.key as item,
  case when len(without($eks_log_types, coalesce(cluster.log_types, []))) = 0 then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case
    when len(without($eks_log_types, coalesce(cluster.log_types, []))) = 0 then 'sends every wanted log'
    else 'does not send every wanted log'
  end as reason,
  cluster.name as saw_name,
  without($eks_log_types, coalesce(cluster.log_types, [])) as saw_missing
from aws_eks_cluster as cluster
