/*
title: People are trained
controls: [HRS-01]
tables: [aws_person]
parameters: []
kind: item
severity: high
shows: Whether each thing is locked.
does_not_show: Who holds its key.
remedy: {console: Lock it., cli: aws ec2 lock-thing, terraform: locked = true}
cases:
  - name: a locked thing conforms
    aws_person: [{email: a, trained: true}]
    expect: [{item: a, conclusion: CONFORMS}]
  - name: an open one deviates
    aws_person: [{email: a, trained: false}]
    expect: [{item: a, conclusion: DEVIATES}]
  - name: its lock could not be read
    aws_person: [{email: a}]
    gaps: [{table: aws_person, key: a, columns: [trained], reason: denied}]
    expect: [{item: a, conclusion: UNKNOWN, reason: denied}]
*/
select thing.key as item,
  case when thing.trained then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case when thing.trained then 'locked' else 'not locked' end as reason,
  thing.trained as saw_trained
from aws_person as thing
