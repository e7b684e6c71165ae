"""The calls of test_sql_functions.py, in SQL."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """A statement, what it is refused as (its SQLSTATE), and the statements run before it."""

    call: str
    refused_as: str | None = None
    after: tuple[str, ...] = ()


RAISED = "P0001"
UNIQUE_VIOLATION = "23505"
FOREIGN_KEY_VIOLATION = "23503"
NOT_NULL_VIOLATION = "23502"
TOO_LONG = "22001"

FIRST = "SELECT dbos.enqueue_workflow('wf', 'q', workflow_id => 'w1')"
HOLDER = "SELECT dbos.enqueue_workflow('wf', 'q', workflow_id => 'w0', deduplication_id => 'd')"
LONG_AGO = "UPDATE dbos.workflow_status SET created_at = 5, updated_at = 5"

ALL_ARGUMENTS = """
SELECT dbos.enqueue_workflow(
  'wf', 'q', ARRAY['1', '"x"', '{"a": [1,2] }']::json[], '{"k":  1, "b":null}', 'cls', 'cfg', 'w1',
  'v1', 5000, 99, 'd', 7, 'pk', 'user', '["role"]', 123, 'app')
"""

ALL_ARGUMENTS_BY_NAME = """
SELECT dbos.enqueue_workflow(
  workflow_name => 'wf', queue_name => 'q', positional_args => ARRAY['1']::json[],
  named_args => '{"k": 1}', class_name => 'cls', config_name => 'cfg', workflow_id => 'w1',
  app_version => 'v1', timeout_ms => 5000, deadline_epoch_ms => 99, deduplication_id => 'd',
  priority => 7, queue_partition_key => 'pk', authenticated_user => 'user',
  authenticated_roles => '["role"]', delay_until_epoch_ms => 123, application_name => 'app')
"""

ALL_TEXTS_EMPTY = """
SELECT dbos.enqueue_workflow(
  'wf', 'q', class_name => '', config_name => '', workflow_id => 'w1', app_version => '',
  deduplication_id => '', queue_partition_key => '', authenticated_user => '',
  authenticated_roles => '', application_name => '')
"""


def enqueue(arguments: str, workflow_id: str = "'w1'") -> str:
    return f"SELECT dbos.enqueue_workflow({arguments}, workflow_id => {workflow_id})"


def send(arguments: str) -> str:
    return f"SELECT dbos.send_message({arguments})"


ENQUEUE_CASES = {
    "all arguments": Case(ALL_ARGUMENTS),
    "all arguments by name": Case(ALL_ARGUMENTS_BY_NAME),
    "defaults": Case("SELECT dbos.enqueue_workflow('wf', 'q')"),
    "a NULL id": Case(enqueue("'wf', 'q'", "NULL")),
    "an empty id": Case(enqueue("'wf', 'q'", "''"), RAISED),
    "a blank name": Case(enqueue("' ', ' '", "' '")),
    "an empty workflow name": Case(enqueue("'', 'q'"), RAISED),
    "a NULL workflow name": Case(enqueue("NULL, 'q'"), RAISED),
    "an empty queue name": Case(enqueue("'wf', ''"), RAISED),
    "a NULL queue name": Case(enqueue("'wf', NULL"), RAISED),
    "empty optional texts": Case(ALL_TEXTS_EMPTY),
    "a class name too long": Case(enqueue("'wf', 'q', class_name => repeat('x', 256)"), TOO_LONG),
    "NULL arguments": Case(enqueue("'wf', 'q', NULL, NULL")),
    "NULLs in positional_args": Case(enqueue("'wf', 'q', ARRAY[NULL, 'null']::json[]")),
    "nested positional_args": Case(enqueue("'wf', 'q', ARRAY[['1', '2'], ['3', '4']]::json[]")),
    "digits and spacing of JSON": Case(
        enqueue("""'wf', 'q', ARRAY['1.50', ' 1e400 ', '"\\u00e9"']::json[], '{ "b":1,"b" : 2}'""")
    ),
    "named_args an array": Case(enqueue("'wf', 'q', named_args => '[]'"), RAISED),
    "named_args a text": Case(enqueue("""'wf', 'q', named_args => '"x"'"""), RAISED),
    "named_args a JSON null": Case(enqueue("'wf', 'q', named_args => 'null'"), RAISED),
    "a negative delay": Case(enqueue("'wf', 'q', delay_until_epoch_ms => -1"), RAISED),
    "delay 0": Case(enqueue("'wf', 'q', delay_until_epoch_ms => 0")),
    "a negative timeout, deadline, priority": Case(
        enqueue("'wf', 'q', timeout_ms => -1, deadline_epoch_ms => -2, priority => -3")
    ),
    "a dedup collision": Case(
        enqueue("'wf', 'q', deduplication_id => 'd'"), UNIQUE_VIOLATION, (HOLDER,)
    ),
    "a dedup id held in another queue": Case(
        enqueue("'wf', 'q2', deduplication_id => 'd'"), after=(HOLDER,)
    ),
    "a dedup id held by the same workflow": Case(HOLDER, after=(HOLDER, LONG_AGO)),
    "a dedup id free again": Case(
        enqueue("'wf', 'q', deduplication_id => 'd'"),
        after=(HOLDER, "UPDATE dbos.workflow_status SET deduplication_id = NULL"),
    ),
    "a dedup collision of an existing workflow": Case(
        enqueue("'wf', 'q', deduplication_id => 'd'"), after=(HOLDER, FIRST, LONG_AGO)
    ),
    "an existing id": Case(FIRST, after=(FIRST, LONG_AGO)),
    "an existing id with other arguments": Case(ALL_ARGUMENTS, after=(FIRST, LONG_AGO)),
    "an existing id, finished": Case(
        FIRST, after=(FIRST, LONG_AGO, "UPDATE dbos.workflow_status SET status = 'SUCCESS'")
    ),
    "an existing id without an input row": Case(
        FIRST,
        after=(
            "INSERT INTO dbos.workflow_status (workflow_uuid, inputs) VALUES ('w1', '[1]')",
            LONG_AGO,
        ),
    ),
    "an input row without its workflow": Case(
        FIRST, after=("INSERT INTO dbos.workflow_input VALUES ('w1', '[1]', 5)",)
    ),
    "an existing id and a refused argument": Case(
        enqueue("'wf', 'q', named_args => '[]'"), RAISED, (FIRST, LONG_AGO)
    ),
}

SEND_CASES = {
    "all arguments": Case(send("""'w1', '{"a":  1}', 'topic', 'm1'"""), after=(FIRST,)),
    "all arguments by name": Case(
        send("destination_id => 'w1', message => '1', topic => 't', message_id => 'm1'"),
        after=(FIRST,),
    ),
    "defaults": Case(send("'w1', '1'"), after=(FIRST,)),
    "a NULL topic": Case(send("'w1', '1', NULL, 'm1'"), after=(FIRST,)),
    "an empty topic": Case(send("'w1', '1', '', 'm1'"), after=(FIRST,)),
    "an empty message id": Case(send("'w1', '1', 't', ''"), after=(FIRST,)),
    "a JSON null": Case(send("'w1', 'null', 't', 'm1'"), after=(FIRST,)),
    "a NULL message": Case(send("'w1', NULL, 't', 'm1'"), NOT_NULL_VIOLATION, (FIRST,)),
    "a NULL destination": Case(send("NULL, '1', 't', 'm1'"), NOT_NULL_VIOLATION, (FIRST,)),
    "an empty destination": Case(send("'', '1', 't', 'm1'"), FOREIGN_KEY_VIOLATION, (FIRST,)),
    "a missing destination": Case(send("'no', '1', 't', 'm1'"), FOREIGN_KEY_VIOLATION, (FIRST,)),
    "a duplicate message id": Case(
        send("'w1', '2', 'other', 'm1'"), after=(FIRST, send("'w1', '1', 't', 'm1'"))
    ),
    "a duplicate message id to a missing destination": Case(
        send("'no', '2', 't', 'm1'"), after=(FIRST, send("'w1', '1', 't', 'm1'"))
    ),
}
