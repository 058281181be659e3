"""CloudFormation: stacks that take time, fail, roll back and say why.

Stock moto makes a stack's resources while it answers CreateStack, lets the first failing resource's own error out
of that call and leaves the stack CREATE_IN_PROGRESS for ever; it takes unknown types, missing capabilities and
unchanged templates without a word. Here moto still resolves templates and makes resources; how an operation goes
is ours:

| module | owns |
|---|---|
| `templates` | reading a template, the order of its resources |
| `checks` | what CloudFormation refuses before it starts anything |
| `requests` | the API's operations: checks, tokens, then the start of an operation |
| `turns` | when an operation's work is done |
| `creation`, `updates`, `deletion` | the operations, each with what happens when it fails |
| `change_sets` | their operations: changes that are asked for, and executed or not |
| `change_set` | one of them, and when CloudFormation looks at it |
| `changes` | what a change set would do |
| `validation` | what CloudFormation has against a change set |
| `imports` | resources that are there already, and become a stack's |
| `outputs` | what a stack tells |
| `resources` | one resource: make, change, delete, with events |
| `events` | the record of it all, and the reasons |
| `types` | resource types that stock moto does not make |
| `schemas` | what AWS publishes about resource types |
"""

from . import change_sets, creation, deletion, requests, types, updates  # noqa: F401  each changes moto when it is read
