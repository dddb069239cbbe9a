/*
title: Things are locked
controls: [NET-01]
tables: [aws_thing]
parameters: []
kind: item
severity: high
shows: Whether each thing is locked.
does_not_show: Who holds its key.
remedy: {console: Lock it., cli: aws ec2 lock-thing, terraform: locked = true}
cases:
  - name: a locked thing conforms
    aws_thing: [{id: a, locked: true}]
    expect: [{item: a, conclusion: CONFORMS}]
  - name: an open one deviates
    aws_thing: [{id: a, locked: false}]
    expect: [{item: a, conclusion: DEVIATES}]
  - name: its lock could not be read
    aws_thing: [{id: a}]
    gaps: [{table: aws_thing, key: a, columns: [locked], reason: denied}]
    expect: [{item: a, conclusion: UNKNOWN, reason: denied}]
*/
select thing.key as item,
  case when thing.locked then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case when thing.locked then 'locked' else 'not locked' end as reason,
  thing.locked as saw_locked
from aws_thing as thing
