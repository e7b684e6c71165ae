/* NULL for every pointer parameter of every exported function. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "database.h"

typedef int operation(dbosc_client* client, const char* request, dbosc_cancel* cancel, char** reply,
                      dbosc_error** error);

struct operation_case {
  const char* name;
  operation* run;
  const char* request; /* One that succeeds on a database with the finished workflow `done`. */
  int empty_status;    /* What {} gives. */
  const char* empty_kind;
};

static const struct operation_case operations[] = {
    {"enqueue", dbosc_client_enqueue, "{\"workflow_name\": \"w\", \"queue_name\": \"q\"}",
     DBOSC_INVALID_ARGUMENT, "missing_key"},
    {"enqueue_many", dbosc_client_enqueue_many, "{\"workflows\": []}", DBOSC_INVALID_ARGUMENT,
     "missing_key"},
    {"enqueue_and_send", dbosc_client_enqueue_and_send,
     "{\"workflow_name\": \"w\", \"queue_name\": \"q\", \"messages\": [{\"message\": 1}]}",
     DBOSC_INVALID_ARGUMENT, "missing_key"},
    {"prepare_enqueue", dbosc_client_prepare_enqueue,
     "{\"workflow_name\": \"w\", \"queue_name\": \"q\"}", DBOSC_INVALID_ARGUMENT, "missing_key"},
    {"prepare_send", dbosc_client_prepare_send, "{\"destination_id\": \"done\", \"message\": 1}",
     DBOSC_INVALID_ARGUMENT, "missing_key"},
    {"get_result", dbosc_client_get_result, "{\"workflow_id\": \"done\"}", DBOSC_INVALID_ARGUMENT,
     "missing_key"},
    {"get_workflow", dbosc_client_get_workflow, "{\"workflow_id\": \"done\"}",
     DBOSC_INVALID_ARGUMENT, "missing_key"},
    {"list_workflows", dbosc_client_list_workflows, "{}", DBOSC_OK, NULL},
    {"list_queued_workflows", dbosc_client_list_queued_workflows, "{}", DBOSC_OK, NULL},
    {"count_workflows", dbosc_client_count_workflows, "{}", DBOSC_OK, NULL},
    {"list_workflow_steps", dbosc_client_list_workflow_steps, "{\"workflow_id\": \"done\"}",
     DBOSC_INVALID_ARGUMENT, "missing_key"},
    {"send", dbosc_client_send, "{\"destination_id\": \"done\", \"message\": 1}",
     DBOSC_INVALID_ARGUMENT, "missing_key"},
    {"send_many", dbosc_client_send_many,
     "{\"messages\": [{\"destination_id\": \"done\", \"message\": 1}]}", DBOSC_INVALID_ARGUMENT,
     "missing_key"},
    {"get_event", dbosc_client_get_event,
     "{\"workflow_id\": \"done\", \"key\": \"k\", \"timeout_ms\": 0}", DBOSC_INVALID_ARGUMENT,
     "missing_key"},
    {"cancel_workflows", dbosc_client_cancel_workflows, "{\"workflow_ids\": [\"done\"]}",
     DBOSC_INVALID_ARGUMENT, "missing_key"},
    {"resume_workflows", dbosc_client_resume_workflows, "{\"workflow_ids\": [\"done\"]}",
     DBOSC_INVALID_ARGUMENT, "missing_key"},
    {"register_queue", dbosc_client_register_queue, "{\"name\": \"q\"}", DBOSC_INVALID_ARGUMENT,
     "missing_key"},
    {"get_queue", dbosc_client_get_queue, "{\"name\": \"q\"}", DBOSC_INVALID_ARGUMENT,
     "missing_key"},
    {"list_queues", dbosc_client_list_queues, "{}", DBOSC_OK, NULL},
    {"update_queue", dbosc_client_update_queue, "{\"name\": \"q\"}", DBOSC_INVALID_ARGUMENT,
     "missing_key"},
    {"pause_queue", dbosc_client_pause_queue, "{\"name\": \"q\"}", DBOSC_INVALID_ARGUMENT,
     "missing_key"},
    {"resume_queue", dbosc_client_resume_queue, "{\"name\": \"q\"}", DBOSC_INVALID_ARGUMENT,
     "missing_key"},
    {"queue_stats", dbosc_client_queue_stats, "{}", DBOSC_OK, NULL},
    {"delete_queue", dbosc_client_delete_queue, "{\"name\": \"q\"}", DBOSC_INVALID_ARGUMENT,
     "missing_key"},
    {"debounce", dbosc_client_debounce,
     "{\"workflow_name\": \"w\", \"debounce_key\": \"k\", \"debounce_period_ms\": 1}",
     DBOSC_INVALID_ARGUMENT, "missing_key"},
    {"list_application_versions", dbosc_client_list_application_versions, "{}", DBOSC_OK, NULL},
    {"get_latest_application_version", dbosc_client_get_latest_application_version, NULL,
     DBOSC_NOT_FOUND, "no_application_versions"},
    {"set_latest_application_version", dbosc_client_set_latest_application_version, NULL,
     DBOSC_INVALID_ARGUMENT, "missing_key"},
    {"rename_application", dbosc_client_rename_application,
     "{\"old_name\": \"old\", \"new_name\": \"new\"}", DBOSC_INVALID_ARGUMENT, "missing_key"},
    {"check_connection", dbosc_client_check_connection, "{}", DBOSC_OK, NULL},
    {"get_schema_version", dbosc_client_get_schema_version, "{}", DBOSC_OK, NULL},
    {"doctor", dbosc_client_doctor, "{}", DBOSC_OK, NULL},
    {"client_stats", dbosc_client_client_stats, "{}", DBOSC_OK, NULL},
    {"create_system_database", dbosc_client_create_system_database, NULL, DBOSC_CONFLICT,
     "system_database_exists"},
};
enum { kOperations = sizeof operations / sizeof operations[0] };

static const struct {
  const char* name;
  operation* run;
} every_operation[] = {
#define DBOSC_OPERATION(name, doc) {#name, dbosc_client_##name},
#include "../../src/client/operations.def"
#undef DBOSC_OPERATION
};
enum { kEveryOperation = sizeof every_operation / sizeof every_operation[0] };

static dbosc_client* client_with_done(struct database* database) {
  dbosc_client* client = database_client(database, "");
  dbosc_error* error = NULL;
  CHECK_OK(
      dbosc_client_enqueue(
          client, "{\"workflow_name\": \"w\", \"queue_name\": \"q\", \"workflow_id\": \"done\"}",
          NULL, NULL, &error),
      error);
  database_finish(database, "done");
  return client;
}

/* A place that a call must overwrite with NULL. */
static char* stale(void) {
  static char text[] = "stale";
  return text;
}

static void every_operation_refuses_a_null_client(struct database* database) {
  int i;
  (void)database;
  for (i = 0; i < kEveryOperation; ++i) {
    dbosc_error* error = NULL;
    char* reply = stale();
    int status = every_operation[i].run(NULL, "{}", NULL, &reply, &error);
    CHECK_ERROR(status, error, DBOSC_INVALID_STATE, "null_argument");
    CHECK(reply == NULL);
    CHECK_INT(every_operation[i].run(NULL, NULL, NULL, NULL, NULL), DBOSC_INVALID_STATE);
    error = NULL;
    reply = stale();
    status = dbosc_client_call(NULL, every_operation[i].name, "{}", NULL, &reply, &error);
    CHECK_ERROR(status, error, DBOSC_INVALID_STATE, "null_argument");
    CHECK(reply == NULL);
  }
}

static void every_operation_refuses_what_is_no_object(struct database* database) {
  dbosc_client* client = database_client(database, "");
  int i;
  for (i = 0; i < kEveryOperation; ++i) {
    dbosc_error* error = NULL;
    char* reply = stale();
    const int status = every_operation[i].run(client, "[]", NULL, &reply, &error);
    CHECK_ERROR(status, error, DBOSC_INVALID_ARGUMENT, "wrong_type");
    CHECK(reply == NULL);
    CHECK_INT(every_operation[i].run(client, "[]", NULL, NULL, NULL), DBOSC_INVALID_ARGUMENT);
  }
  dbosc_client_free(client);
}

static void a_null_request_is_the_empty_object(struct database* database) {
  dbosc_client* client = client_with_done(database);
  static const char* const requests[] = {NULL, "{}"};
  int i, j;
  for (i = 0; i < kOperations; ++i) {
    for (j = 0; j < 2; ++j) {
      const struct operation_case* now = &operations[i];
      dbosc_error* error = NULL;
      char* reply = stale();
      const int status = now->run(client, requests[j], NULL, &reply, &error);
      if (now->empty_status == DBOSC_OK) {
        CHECK_OK(status, error);
        CHECK(is_json(reply) && *reply == '{');
        dbosc_string_free(reply);
      } else {
        CHECK_ERROR(status, error, now->empty_status, now->empty_kind);
        CHECK(reply == NULL);
      }
    }
  }
  dbosc_client_free(client);
}

static void reply_and_error_may_be_null(struct database* database) {
  dbosc_client* client = client_with_done(database);
  int i;
  for (i = 0; i < kOperations; ++i) {
    const struct operation_case* now = &operations[i];
    const int expected = now->request ? DBOSC_OK : now->empty_status;
    CHECK_INT(now->run(client, now->request, NULL, NULL, NULL), expected);
    CHECK_INT(dbosc_client_call(client, now->name, now->request, NULL, NULL, NULL), expected);
    CHECK_INT(now->run(client, "{\"no_such_key\": 1}", NULL, NULL, NULL), DBOSC_INVALID_ARGUMENT);
  }
  dbosc_client_free(client);
}

static void success_leaves_the_error_alone(struct database* database) {
  dbosc_client* client = client_with_done(database);
  dbosc_error* const untouched = (dbosc_error*)stale();
  int i;
  for (i = 0; i < kOperations; ++i) {
    dbosc_error* error = untouched;
    char* reply = stale();
    if (!operations[i].request) continue;
    CHECK_INT(operations[i].run(client, operations[i].request, NULL, &reply, &error), DBOSC_OK);
    CHECK(error == untouched);
    CHECK(reply != NULL && reply != stale() && is_json(reply));
    dbosc_string_free(reply);
  }
  {
    dbosc_error* error = untouched;
    CHECK_INT(dbosc_client_shutdown(client, -1, &error), DBOSC_OK);
    CHECK(error == untouched);
  }
  dbosc_client_free(client);
}

static void call_refuses_a_null_or_unknown_operation(struct database* database) {
  dbosc_client* client = database_client(database, "");
  dbosc_error* error = NULL;
  char* reply = stale();
  int status = dbosc_client_call(client, NULL, "{}", NULL, &reply, &error);
  CHECK_ERROR(status, error, DBOSC_INVALID_STATE, "null_argument");
  CHECK(reply == NULL);
  error = NULL;
  reply = stale();
  status = dbosc_client_call(client, "no_such_operation", NULL, NULL, &reply, &error);
  CHECK_CONTAINS(dbosc_error_message(error), "no_such_operation");
  CHECK_ERROR(status, error, DBOSC_INVALID_ARGUMENT, "unknown_operation");
  CHECK(reply == NULL);
  error = NULL;
  status = dbosc_client_call(client, "", NULL, NULL, NULL, &error);
  CHECK_ERROR(status, error, DBOSC_INVALID_ARGUMENT, "unknown_operation");
  dbosc_client_free(client);
}

static void open_takes_null_where_it_may(struct database* database) {
  dbosc_client* client = (dbosc_client*)stale();
  dbosc_error* error = NULL;
  char* config = database_config(database, "");
  int status = dbosc_client_open(config, NULL, NULL, &error);
  CHECK_ERROR(status, error, DBOSC_INVALID_STATE, "null_argument");
  CHECK_INT(dbosc_client_open(config, NULL, NULL, NULL), DBOSC_INVALID_STATE);
  CHECK_INT(dbosc_client_open("{\"no_such_key\": 1}", NULL, &client, NULL), DBOSC_INVALID_ARGUMENT);
  CHECK(client == NULL);
  CHECK_INT(dbosc_client_open(config, NULL, &client, NULL), DBOSC_OK);
  dbosc_client_free(client);
  free(config);

  /* A config of NULL is {}: the URL comes from the environment. */
  unsetenv("DBOS_SYSTEM_DATABASE_URL");
  client = (dbosc_client*)stale();
  error = NULL;
  status = dbosc_client_open(NULL, NULL, &client, &error);
  CHECK_ERROR(status, error, DBOSC_INVALID_ARGUMENT, "missing_key");
  CHECK(client == NULL);
  setenv("DBOS_SYSTEM_DATABASE_URL", database_url(database), 1);
  error = NULL;
  CHECK_OK(dbosc_client_open(NULL, NULL, &client, &error), error);
  CHECK_INT(dbosc_client_check_connection(client, NULL, NULL, NULL, NULL), DBOSC_OK);
  dbosc_client_free(client);
  unsetenv("DBOS_SYSTEM_DATABASE_URL");
}

static struct pg_conn* no_connection(void* user, int64_t timeout_ms) {
  (void)user;
  (void)timeout_ms;
  return NULL;
}

static void take_back(void* user, struct pg_conn* connection, int reusable) {
  (void)user;
  (void)connection;
  (void)reusable;
}

static void open_pooled_refuses_null_where_it_must(struct database* database) {
  const char* config = "{\"lazy\": true}";
  dbosc_client* client = (dbosc_client*)stale();
  dbosc_error* error = NULL;
  int status = dbosc_client_open_pooled(config, NULL, take_back, NULL, NULL, &client, &error);
  (void)database;
  CHECK_ERROR(status, error, DBOSC_INVALID_STATE, "null_argument");
  CHECK(client == NULL);
  CHECK_INT(dbosc_client_open_pooled(config, no_connection, NULL, NULL, NULL, &client, NULL),
            DBOSC_INVALID_STATE);
  CHECK_INT(dbosc_client_open_pooled(config, no_connection, take_back, NULL, NULL, NULL, NULL),
            DBOSC_INVALID_STATE);
  CHECK_INT(dbosc_client_open_pooled(config, no_connection, take_back, NULL, NULL, &client, NULL),
            DBOSC_OK);
  dbosc_client_free(client);
}

static int fail_to_transcode(void* user, int what, const char* text, dbosc_buffer* out) {
  (void)user;
  (void)what;
  (void)text;
  dbosc_buffer_write(out, NULL, 1);
  dbosc_buffer_write(out, "no", 0);
  dbosc_buffer_write(out, "no", -1);
  return 1;
}

static void register_serializer_refuses_null_where_it_must(struct database* database) {
  dbosc_client* client = database_client(database, "");
  dbosc_serializer code = fail_to_transcode;
  dbosc_error* error = NULL;
  const int status = dbosc_client_register_serializer(NULL, "s", code, code, NULL, &error);
  CHECK_ERROR(status, error, DBOSC_INVALID_STATE, "null_argument");
  CHECK_INT(dbosc_client_register_serializer(client, NULL, code, code, NULL, NULL),
            DBOSC_INVALID_STATE);
  CHECK_INT(dbosc_client_register_serializer(client, "s", NULL, code, NULL, NULL),
            DBOSC_INVALID_STATE);
  CHECK_INT(dbosc_client_register_serializer(client, "s", code, NULL, NULL, NULL),
            DBOSC_INVALID_STATE);
  CHECK_INT(dbosc_client_register_serializer(client, "s", code, code, NULL, NULL), DBOSC_OK);
  CHECK_INT(dbosc_client_enqueue(client,
                                 "{\"workflow_name\": \"w\", \"queue_name\": \"q\", "
                                 "\"serialization\": \"s\"}",
                                 NULL, NULL, NULL),
            DBOSC_SERIALIZATION);
  dbosc_buffer_write(NULL, "x", 1);
  dbosc_client_free(client);
}

static void ignore_line(void* user, const char* level, const char* line) {
  (void)user;
  (void)level;
  (void)line;
}

static void the_log_refuses_null_where_it_must(struct database* database) {
  dbosc_error* error = NULL;
  char* line = stale();
  int status = dbosc_set_log(NULL, ignore_line, NULL, &error);
  (void)database;
  CHECK_ERROR(status, error, DBOSC_INVALID_STATE, "null_argument");
  CHECK_INT(dbosc_set_log(NULL, NULL, NULL, NULL), DBOSC_INVALID_STATE);
  error = NULL;
  status = dbosc_set_log("loud", NULL, NULL, &error);
  CHECK_ERROR(status, error, DBOSC_INVALID_ARGUMENT, "unknown_value");
  error = NULL;
  status = dbosc_log_next(-1, &line, &error);
  CHECK_ERROR(status, error, DBOSC_INVALID_STATE, "no_log_queue");
  CHECK(line == NULL);
  CHECK_INT(dbosc_set_log("info", NULL, NULL, NULL), DBOSC_OK);
  error = NULL;
  status = dbosc_log_next(0, NULL, &error);
  CHECK_ERROR(status, error, DBOSC_INVALID_STATE, "null_argument");
  CHECK_INT(dbosc_log_next(0, &line, NULL), DBOSC_TIMEOUT);
  CHECK_INT(dbosc_set_log("error", ignore_line, NULL, NULL), DBOSC_OK);
  CHECK_INT(dbosc_set_log("off", NULL, NULL, NULL), DBOSC_OK);
}

static void shutdown_refuses_a_null_client(struct database* database) {
  dbosc_error* error = NULL;
  const int status = dbosc_client_shutdown(NULL, 0, &error);
  (void)database;
  CHECK_ERROR(status, error, DBOSC_INVALID_STATE, "null_argument");
  CHECK_INT(dbosc_client_shutdown(NULL, 0, NULL), DBOSC_INVALID_STATE);
}

static void workflow_enqueue_refuses_null_and_starts_nothing(struct database* database) {
  const char* request = "{\"workflow_name\": \"never\", \"queue_name\": \"q\"}";
  dbosc_client* client = database_client(database, "");
  dbosc_workflow* workflow = (dbosc_workflow*)stale();
  dbosc_error* error = NULL;
  int status = dbosc_workflow_enqueue(NULL, request, NULL, &workflow, &error);
  CHECK_ERROR(status, error, DBOSC_INVALID_STATE, "null_argument");
  CHECK(workflow == NULL);
  error = NULL;
  status = dbosc_workflow_enqueue(client, request, NULL, NULL, &error);
  CHECK_ERROR(status, error, DBOSC_INVALID_STATE, "null_argument");
  CHECK_INT(
      database_number(database, "SELECT count(*) FROM dbos.workflow_status WHERE name = 'never'"),
      0);
  workflow = (dbosc_workflow*)stale();
  error = NULL;
  status = dbosc_workflow_enqueue(client, NULL, NULL, &workflow, &error);
  CHECK_ERROR(status, error, DBOSC_INVALID_ARGUMENT, "missing_key");
  CHECK(workflow == NULL);
  CHECK_INT(dbosc_workflow_enqueue(client, request, NULL, &workflow, NULL), DBOSC_OK);
  dbosc_workflow_free(workflow);
  dbosc_client_free(client);
}

static void workflow_retrieve_refuses_null(struct database* database) {
  dbosc_client* client = client_with_done(database);
  dbosc_workflow* workflow = (dbosc_workflow*)stale();
  dbosc_error* error = NULL;
  int status = dbosc_workflow_retrieve(NULL, "done", NULL, &workflow, &error);
  CHECK_ERROR(status, error, DBOSC_INVALID_STATE, "null_argument");
  CHECK(workflow == NULL);
  workflow = (dbosc_workflow*)stale();
  error = NULL;
  status = dbosc_workflow_retrieve(client, NULL, NULL, &workflow, &error);
  CHECK_ERROR(status, error, DBOSC_INVALID_STATE, "null_argument");
  CHECK(workflow == NULL);
  error = NULL;
  status = dbosc_workflow_retrieve(client, "done", NULL, NULL, &error);
  CHECK_ERROR(status, error, DBOSC_INVALID_STATE, "null_argument");
  workflow = (dbosc_workflow*)stale();
  error = NULL;
  status = dbosc_workflow_retrieve(client, "missing", NULL, &workflow, &error);
  CHECK_ERROR(status, error, DBOSC_NOT_FOUND, "non_existent_workflow");
  CHECK(workflow == NULL);
  CHECK_INT(dbosc_workflow_retrieve(client, "missing", NULL, &workflow, NULL), DBOSC_NOT_FOUND);
  dbosc_client_free(client);
}

typedef int workflow_operation(dbosc_workflow* workflow, const char* request, dbosc_cancel* cancel,
                               char** reply, dbosc_error** error);
static workflow_operation* const workflow_operations[] = {
    dbosc_workflow_get_result, dbosc_workflow_get_status, dbosc_workflow_cancel,
    dbosc_workflow_resume};

static void workflow_operations_take_null_where_they_may(struct database* database) {
  dbosc_client* client = client_with_done(database);
  dbosc_workflow* workflow = NULL;
  size_t i;
  CHECK_INT(dbosc_workflow_retrieve(client, "done", NULL, &workflow, NULL), DBOSC_OK);
  for (i = 0; i < sizeof workflow_operations / sizeof workflow_operations[0]; ++i) {
    workflow_operation* run = workflow_operations[i];
    dbosc_error* error = NULL;
    char* reply = stale();
    const int status = run(NULL, "{}", NULL, &reply, &error);
    CHECK_ERROR(status, error, DBOSC_INVALID_STATE, "null_argument");
    CHECK(reply == NULL);
    CHECK_INT(run(NULL, NULL, NULL, NULL, NULL), DBOSC_INVALID_STATE);
    CHECK_INT(run(workflow, NULL, NULL, NULL, NULL), DBOSC_OK);
    reply = stale();
    error = NULL;
    CHECK_OK(run(workflow, NULL, NULL, &reply, &error), error);
    CHECK(is_json(reply));
    dbosc_string_free(reply);
    CHECK_INT(run(workflow, "{\"no_such_key\": 1}", NULL, NULL, NULL), DBOSC_INVALID_ARGUMENT);
  }
  dbosc_workflow_free(workflow);
  dbosc_client_free(client);
}

static void everything_else_takes_null(struct database* database) {
  (void)database;
  dbosc_string_free(NULL);
  dbosc_error_free(NULL);
  dbosc_cancel_free(NULL);
  dbosc_client_free(NULL);
  dbosc_workflow_free(NULL);
  dbosc_cancel_trigger(NULL);
  CHECK_INT(dbosc_error_code(NULL), DBOSC_OK);
  CHECK_TEXT(dbosc_error_kind(NULL), "");
  CHECK_TEXT(dbosc_error_message(NULL), "");
  CHECK_TEXT(dbosc_error_json(NULL), "");
  CHECK(dbosc_workflow_id(NULL) == NULL);
  CHECK(dbosc_client_application_name(NULL) == NULL);
}

static const struct test tests[] = {TEST(every_operation_refuses_a_null_client),
                                    TEST(every_operation_refuses_what_is_no_object),
                                    TEST(a_null_request_is_the_empty_object),
                                    TEST(reply_and_error_may_be_null),
                                    TEST(success_leaves_the_error_alone),
                                    TEST(call_refuses_a_null_or_unknown_operation),
                                    TEST(open_takes_null_where_it_may),
                                    TEST(open_pooled_refuses_null_where_it_must),
                                    TEST(register_serializer_refuses_null_where_it_must),
                                    TEST(the_log_refuses_null_where_it_must),
                                    TEST(shutdown_refuses_a_null_client),
                                    TEST(workflow_enqueue_refuses_null_and_starts_nothing),
                                    TEST(workflow_retrieve_refuses_null),
                                    TEST(workflow_operations_take_null_where_they_may),
                                    TEST(everything_else_takes_null)};

int main(int argc, char** argv) { return RUN_TESTS(argc, argv, tests); }
