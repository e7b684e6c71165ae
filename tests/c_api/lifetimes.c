/* Who owns what, what outlives what, and the constants that never change. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "database.h"

static const char* const enqueue_request = "{\"workflow_name\": \"w\", \"queue_name\": \"q\"}";

static void status_codes_never_change(struct database* database) {
  (void)database;
  CHECK_INT(DBOSC_OK, 0);
  CHECK_INT(DBOSC_INVALID_ARGUMENT, 1);
  CHECK_INT(DBOSC_NOT_FOUND, 2);
  CHECK_INT(DBOSC_CONFLICT, 3);
  CHECK_INT(DBOSC_TIMEOUT, 4);
  CHECK_INT(DBOSC_CANCELLED, 5);
  CHECK_INT(DBOSC_UNAVAILABLE, 6);
  CHECK_INT(DBOSC_DATABASE, 7);
  CHECK_INT(DBOSC_SERIALIZATION, 8);
  CHECK_INT(DBOSC_UNSUPPORTED, 9);
  CHECK_INT(DBOSC_INVALID_STATE, 10);
  CHECK_INT(DBOSC_WORKFLOW_FAILED, 11);
  CHECK_INT(DBOSC_WORKFLOW_CANCELLED, 12);
  CHECK_INT(DBOSC_OUTCOME_UNKNOWN, 13);
  CHECK_INT(DBOSC_OUT_OF_MEMORY, 14);
  CHECK_INT(DBOSC_INTERNAL, 15);
}

static void the_library_says_the_version_of_its_header(struct database* database) {
  (void)database;
  CHECK_TEXT(dbosc_version(), DBOSC_VERSION);
  CHECK_INT(dbosc_abi_version(), 0);
}

static void describe_is_json_with_operations_and_config(struct database* database) {
  char* first = dbosc_describe();
  char* second = dbosc_describe();
  (void)database;
  CHECK(first != second);
  CHECK_TEXT(first, second);
  CHECK(is_json(first));
  CHECK_CONTAINS(first, "\"operations\":[");
  CHECK_CONTAINS(first, "\"config\":{");
  CHECK_CONTAINS(first, "\"system_database_url\"");
  CHECK_CONTAINS(first, "\"name\":\"enqueue\"");
  dbosc_string_free(first);
  dbosc_string_free(second);
}

static void clients_can_be_freed_in_any_order(struct database* database) {
  dbosc_client* clients[4];
  static const int order[] = {2, 0, 3, 1};
  int i, j;
  for (i = 0; i < 4; ++i) clients[i] = database_client(database, "");
  for (i = 0; i < 4; ++i) {
    for (j = i; j < 4; ++j)
      CHECK_INT(dbosc_client_enqueue(clients[order[j]], enqueue_request, NULL, NULL, NULL),
                DBOSC_OK);
    dbosc_client_free(clients[order[i]]);
  }
}

static void a_client_that_was_never_used_can_be_freed(struct database* database) {
  dbosc_client_free(database_client(database, ""));
  dbosc_client_free(database_client(database, "\"lazy\": true"));
}

static void replies_and_errors_outlive_their_client(struct database* database) {
  dbosc_client* client = database_client(database, "");
  dbosc_error *first = NULL, *second = NULL;
  char* reply = NULL;
  CHECK_INT(dbosc_client_enqueue(client, enqueue_request, NULL, &reply, NULL), DBOSC_OK);
  CHECK_INT(dbosc_client_enqueue(client, "{", NULL, NULL, &first), DBOSC_INVALID_ARGUMENT);
  CHECK_INT(dbosc_client_send(client, "{\"destination_id\": \"nobody\", \"message\": 1}", NULL,
                              NULL, &second),
            DBOSC_NOT_FOUND);
  dbosc_client_free(client);
  CHECK_CONTAINS(reply, "\"workflow_id\"");
  CHECK(is_json(dbosc_error_json(first)));
  CHECK_CONTAINS(dbosc_error_json(second), "nobody");
  CHECK_TEXT(dbosc_error_kind(second), "non_existent_workflow");
  CHECK(strlen(dbosc_error_message(second)) > 10);
  /* Each on its own, in the other order. */
  dbosc_error_free(second);
  CHECK_INT(dbosc_error_code(first), DBOSC_INVALID_ARGUMENT);
  dbosc_error_free(first);
  dbosc_string_free(reply);
}

static void an_error_of_open_needs_no_client(struct database* database) {
  dbosc_client* client = NULL;
  dbosc_error* error = NULL;
  const int status = dbosc_client_open(
      "{\"system_database_url\": \"sqlite:////no/such/folder/x.db\"}", NULL, &client, &error);
  (void)database;
  CHECK(client == NULL);
  CHECK_ERROR(status, error, DBOSC_NOT_FOUND, "database_missing");
}

static void a_workflow_handle_keeps_its_id_and_may_be_freed_late(struct database* database) {
  dbosc_client* client = database_client(database, "");
  dbosc_workflow *made = NULL, *found = NULL;
  dbosc_error* error = NULL;
  char* id;
  CHECK_OK(dbosc_workflow_enqueue(client, enqueue_request, NULL, &made, &error), error);
  id = strdup(dbosc_workflow_id(made));
  CHECK_OK(dbosc_workflow_retrieve(client, id, NULL, &found, &error), error);
  dbosc_workflow_free(made);
  CHECK_TEXT(dbosc_workflow_id(found), id);
  CHECK_INT(dbosc_workflow_get_status(found, NULL, NULL, NULL, NULL), DBOSC_OK);
  dbosc_client_free(client);
  /* Of no more use, but its own memory is still its owner's. */
  CHECK_TEXT(dbosc_workflow_id(found), id);
  dbosc_workflow_free(found);
  free(id);
}

static void a_cancel_token_outlives_calls_and_clients(struct database* database) {
  dbosc_cancel* cancel = dbosc_cancel_new();
  int i;
  CHECK(cancel != NULL);
  for (i = 0; i < 3; ++i) {
    dbosc_client* client = database_client(database, "");
    CHECK_INT(dbosc_client_enqueue(client, enqueue_request, cancel, NULL, NULL), DBOSC_OK);
    CHECK_INT(dbosc_client_check_connection(client, NULL, cancel, NULL, NULL), DBOSC_OK);
    dbosc_client_free(client);
  }
  dbosc_cancel_trigger(cancel);
  dbosc_cancel_trigger(cancel);
  {
    dbosc_client* client = database_client(database, "");
    dbosc_error* error = NULL;
    const int status = dbosc_client_enqueue(client, enqueue_request, cancel, NULL, &error);
    CHECK_ERROR(status, error, DBOSC_CANCELLED, "cancelled");
    CHECK_INT(dbosc_client_enqueue(client, enqueue_request, NULL, NULL, NULL), DBOSC_OK);
    dbosc_cancel_free(cancel);
    CHECK_INT(dbosc_client_enqueue(client, enqueue_request, NULL, NULL, NULL), DBOSC_OK);
    dbosc_client_free(client);
  }
}

static void arguments_are_read_during_the_call_only(struct database* database) {
  dbosc_workflow* workflow = NULL;
  dbosc_client* client = NULL;
  dbosc_error* error = NULL;
  char* config = database_config(database, "\"lazy\": true");
  char* request =
      strdup("{\"workflow_name\": \"w\", \"queue_name\": \"q\", \"workflow_id\": \"mine\"}");
  CHECK_OK(dbosc_client_open(config, NULL, &client, &error), error);
  memset(config, 'x', strlen(config));
  free(config);
  CHECK_OK(dbosc_workflow_enqueue(client, request, NULL, &workflow, &error), error);
  memset(request, 'x', strlen(request));
  free(request);
  CHECK_TEXT(dbosc_workflow_id(workflow), "mine");
  dbosc_workflow_free(workflow);
  dbosc_client_free(client);
}

static void everything_answers_closed_after_shutdown(struct database* database) {
  static const char* const names[] = {"enqueue",
                                      "get_result",
                                      "get_workflow",
                                      "list_workflows",
                                      "count_workflows",
                                      "list_queued_workflows",
                                      "send",
                                      "list_workflow_steps",
                                      "send_many",
                                      "get_event",
                                      "cancel_workflows",
                                      "resume_workflows",
                                      "check_connection",
                                      "get_schema_version",
                                      "create_system_database"};
  dbosc_client* client = database_client(database, "");
  dbosc_workflow* workflow = NULL;
  dbosc_workflow* none = NULL;
  dbosc_error* error = NULL;
  size_t i;
  int status;
  CHECK_OK(dbosc_workflow_enqueue(client, enqueue_request, NULL, &workflow, &error), error);
  CHECK_OK(dbosc_client_shutdown(client, 1000, &error), error);
  for (i = 0; i < sizeof names / sizeof names[0]; ++i) {
    char* reply = (char*)"stale";
    error = NULL;
    status = dbosc_client_call(client, names[i], NULL, NULL, &reply, &error);
    CHECK_ERROR(status, error, DBOSC_INVALID_STATE, "closed");
    CHECK(reply == NULL);
  }
  error = NULL;
  status = dbosc_workflow_get_status(workflow, NULL, NULL, NULL, &error);
  CHECK_ERROR(status, error, DBOSC_INVALID_STATE, "closed");
  error = NULL;
  status = dbosc_workflow_enqueue(client, enqueue_request, NULL, &none, &error);
  CHECK_ERROR(status, error, DBOSC_INVALID_STATE, "closed");
  CHECK(none == NULL);
  error = NULL;
  status = dbosc_workflow_retrieve(client, dbosc_workflow_id(workflow), NULL, &none, &error);
  CHECK_ERROR(status, error, DBOSC_INVALID_STATE, "closed");
  /* Shutting down once more is fine. */
  error = NULL;
  CHECK_OK(dbosc_client_shutdown(client, 0, &error), error);
  CHECK_OK(dbosc_client_shutdown(client, -1, &error), error);
  CHECK_OK(dbosc_client_shutdown(client, INT64_MAX, &error), error);
  dbosc_workflow_free(workflow);
  dbosc_client_free(client);
}

static void failed_calls_leave_no_memory_behind(struct database* database) {
  /* For the leak checker: every way out of the boundary a few times. */
  dbosc_client* client = database_client(database, "");
  int i;
  for (i = 0; i < 20; ++i) {
    CHECK(dbosc_client_enqueue(client, "[]", NULL, NULL, NULL) == DBOSC_INVALID_ARGUMENT);
    CHECK(dbosc_client_enqueue(client, "{\"workflow_name\": 1}", NULL, NULL, NULL) ==
          DBOSC_INVALID_ARGUMENT);
    CHECK(dbosc_client_send(client, "{\"destination_id\": \"nobody\", \"message\": 1}", NULL, NULL,
                            NULL) == DBOSC_NOT_FOUND);
    CHECK(dbosc_client_get_result(client, "{\"workflow_id\": \"nobody\", \"timeout_ms\": 0}", NULL,
                                  NULL, NULL) == DBOSC_TIMEOUT);
  }
  dbosc_client_free(client);
}

static const struct test tests[] = {TEST(status_codes_never_change),
                                    TEST(the_library_says_the_version_of_its_header),
                                    TEST(describe_is_json_with_operations_and_config),
                                    TEST(clients_can_be_freed_in_any_order),
                                    TEST(a_client_that_was_never_used_can_be_freed),
                                    TEST(replies_and_errors_outlive_their_client),
                                    TEST(an_error_of_open_needs_no_client),
                                    TEST(a_workflow_handle_keeps_its_id_and_may_be_freed_late),
                                    TEST(a_cancel_token_outlives_calls_and_clients),
                                    TEST(arguments_are_read_during_the_call_only),
                                    TEST(everything_answers_closed_after_shutdown),
                                    TEST(failed_calls_leave_no_memory_behind)};

int main(int argc, char** argv) { return RUN_TESTS(argc, argv, tests); }
