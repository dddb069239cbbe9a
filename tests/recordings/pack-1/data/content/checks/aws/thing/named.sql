/*
title: Things have short names
controls: [NET-01]
tables: [aws_thing]
parameters: [longest_name]
kind: item
severity: low
shows: Whether each thing has a short name.
does_not_show: Who named it.
remedy: {console: Rename it., cli: aws ec2 rename-thing, terraform: name = "a"}
cases:
  - name: a short name conforms
    parameters: {longest_name: 1}
    aws_thing: [{id: a}]
    expect: [{item: a, conclusion: CONFORMS}]
  - name: a long one deviates
    parameters: {longest_name: 1}
    aws_thing: [{id: ab}]
    expect: [{item: ab, conclusion: DEVIATES}]
  - name: its name could not be read
    parameters: {longest_name: 1}
    aws_thing: [{id: a}]
    gaps: [{table: aws_thing, key: a, columns: [id], reason: denied}]
    expect: [{item: a, conclusion: UNKNOWN, reason: denied}]
*/
select thing.key as item,
  case when length(thing.id) <= $longest_name then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case when length(thing.id) <= $longest_name then 'short' else 'long' end as reason
from aws_thing as thing
