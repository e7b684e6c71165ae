/* A program of 0.1: knows the frozen header beside it and nothing newer. PROGRAM postgres|sqlite */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dbosc_0_1.h"

static void must(int holds, const char* what) {
  if (holds) return;
  fprintf(stderr, "old caller: failed: %s\n", what);
  _Exit(1);
}

static void succeeds(int status, dbosc_error* error, const char* what) {
  if (status == DBOSC_OK) return;
  fprintf(stderr, "old caller: %s: %s\n", what, dbosc_error_json(error));
  _Exit(1);
}

/* A schema or a file of its own. */
static void make_config(const char* engine, char* config, size_t size, char* file) {
  if (strcmp(engine, "postgres") == 0) {
    const char* url = getenv("DBOSC_TEST_POSTGRES_URL");
    must(url && *url, "DBOSC_TEST_POSTGRES_URL is set");
    /* The schema stays in the test server's database, which is thrown away. */
    snprintf(config, size,
             "{\"system_database_url\": \"%s\", \"schema\": \"old_caller_%ld\", \"lazy\": true}",
             url, (long)getpid());
  } else {
    strcpy(file, "/tmp/dbosc_old_XXXXXX");
    close(mkstemp(file));
    remove(file);
    snprintf(config, size, "{\"system_database_url\": \"sqlite:///%s\", \"lazy\": true}", file);
  }
}

static void use_a_client(dbosc_client* client) {
  dbosc_cancel* cancel = dbosc_cancel_new();
  dbosc_workflow* workflow = NULL;
  dbosc_error* error = NULL;
  char* reply = NULL;
  int status;
  succeeds(dbosc_client_call(client, "enqueue", "{\"workflow_name\": \"w\", \"queue_name\": \"q\"}",
                             cancel, &reply, &error),
           error, "call");
  must(strstr(reply, "\"outcome\":\"created\"") != NULL, "created");
  dbosc_string_free(reply);
  succeeds(dbosc_workflow_enqueue(client,
                                  "{\"workflow_name\": \"w\", \"queue_name\": \"q\","
                                  " \"workflow_id\": \"old\", \"args\": [1]}",
                                  NULL, &workflow, &error),
           error, "workflow_enqueue");
  must(strcmp(dbosc_workflow_id(workflow), "old") == 0, "the id");
  succeeds(dbosc_workflow_get_status(workflow, NULL, NULL, &reply, &error), error, "get_status");
  must(strstr(reply, "\"status\":\"ENQUEUED\"") != NULL, "the status");
  dbosc_string_free(reply);
  succeeds(dbosc_client_send(client, "{\"destination_id\": \"old\", \"message\": {}}", NULL, NULL,
                             &error),
           error, "send");
  succeeds(dbosc_workflow_cancel(workflow, NULL, NULL, NULL, &error), error, "cancel");
  status = dbosc_workflow_get_result(workflow, NULL, NULL, &reply, &error);
  must(status == DBOSC_WORKFLOW_CANCELLED && !reply, "the result of a cancelled workflow");
  must(strcmp(dbosc_error_kind(error), "awaited_workflow_cancelled") == 0, "its kind");
  dbosc_error_free(error);
  dbosc_cancel_trigger(cancel);
  must(dbosc_client_check_connection(client, NULL, cancel, NULL, NULL) == DBOSC_CANCELLED,
       "cancel");
  dbosc_workflow_free(workflow);
  dbosc_cancel_free(cancel);
}

int main(int argc, char** argv) {
  char config[1024], file[64] = "";
  dbosc_client* client = NULL;
  dbosc_error* error = NULL;
  char* description = dbosc_describe();
  must(argc > 1, "usage: old_caller postgres|sqlite");
  must(dbosc_abi_version() == 0 && *dbosc_version() && *description == '{', "the library");
  dbosc_string_free(description);
  make_config(argv[1], config, sizeof config, file);
  succeeds(dbosc_client_open(config, NULL, &client, &error), error, "open");
  succeeds(dbosc_client_create_system_database(client, NULL, NULL, NULL, &error), error, "create");
  use_a_client(client);
  succeeds(dbosc_client_shutdown(client, 1000, &error), error, "shutdown");
  dbosc_client_free(client);
  if (*file) remove(file);
  return 0;
}
