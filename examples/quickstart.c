/* The first program to read: enqueues workflows for a DBOS worker and talks with them while they
 * run.
 *
 *   quickstart create URL   makes a system database, as in sqlite:////path/to/system.sqlite
 *   quickstart run URL      uses it; needs a worker: quickstart_worker.py
 *
 * Every call takes and returns JSON and gives a status, 0 (DBOSC_OK) for success. Where it fails,
 * *error says why. What comes back through a pointer belongs to the caller, who frees it. */

#include <dbosc/dbosc.h>
#include <stdio.h>
#include <string.h>

/* Says why a call failed, and frees the error. */
static int failed(const char* what, dbosc_error* error) {
  fprintf(stderr, "%s failed: %s (%s, status %d)\n", what, dbosc_error_message(error),
          dbosc_error_kind(error), dbosc_error_code(error));
  dbosc_error_free(error);
  return 1;
}

/* The five parameters that all operations have; `cancel`, a way to stop the call, may be NULL. */
typedef int operation(dbosc_client* client, const char* request, dbosc_cancel* cancel, char** reply,
                      dbosc_error** error);

/* Runs one operation and prints its reply. */
static int call(dbosc_client* client, const char* name, operation* run, const char* request) {
  char* reply = NULL;
  dbosc_error* error = NULL;
  if (run(client, request, NULL, &reply, &error) != DBOSC_OK) return failed(name, error);
  printf("%-24s %s\n", name, reply);
  dbosc_string_free(reply);
  return 0;
}

/* Waits for a workflow through its handle. */
static int print_result(dbosc_workflow* workflow) {
  char* reply = NULL;
  dbosc_error* error = NULL;
  if (dbosc_workflow_get_result(workflow, "{\"timeout_ms\": 30000}", NULL, &reply, &error) !=
      DBOSC_OK)
    return failed("get_result", error);
  printf("%-24s %s\n", "get_result", reply);
  dbosc_string_free(reply);
  return 0;
}

/* A workflow with an argument and a result. */
static int greet(dbosc_client* client) {
  const char* request =
      "{\"workflow_name\": \"greet\", \"queue_name\": \"greetings\", \"args\": [\"Ada\"]}";
  dbosc_workflow* workflow = NULL;
  dbosc_error* error = NULL;
  if (dbosc_workflow_enqueue(client, request, NULL, &workflow, &error) != DBOSC_OK)
    return failed("enqueue", error);
  printf("%-24s %s\n", "enqueued greet", dbosc_workflow_id(workflow));

  int status = print_result(workflow);
  if (status == 0) {
    /* The same workflow, asked for by its id. */
    char by_id[128];
    snprintf(by_id, sizeof by_id, "{\"workflow_id\": \"%s\"}", dbosc_workflow_id(workflow));
    status = call(client, "get_workflow", dbosc_client_get_workflow, by_id);
  }
  dbosc_workflow_free(workflow);
  return status;
}

/* Reads an event of the approval, sends it the decision it waits for, and reads the event again. */
static int decide(dbosc_client* client, dbosc_workflow* approval) {
  char event[160], message[256];
  snprintf(event, sizeof event,
           "{\"workflow_id\": \"%s\", \"key\": \"status\", \"timeout_ms\": 30000}",
           dbosc_workflow_id(approval));
  snprintf(message, sizeof message,
           "{\"destination_id\": \"%s\", \"topic\": \"decision\", \"message\": \"approved\"}",
           dbosc_workflow_id(approval));

  int status = call(client, "get_event", dbosc_client_get_event, event);
  if (status == 0) status = call(client, "send", dbosc_client_send, message);
  if (status == 0) status = print_result(approval);
  if (status == 0) status = call(client, "get_event", dbosc_client_get_event, event);
  return status;
}

/* A workflow that waits for a message. */
static int approve(dbosc_client* client) {
  const char* request = "{\"workflow_name\": \"approval\", \"queue_name\": \"greetings\"}";
  dbosc_workflow* workflow = NULL;
  dbosc_error* error = NULL;
  if (dbosc_workflow_enqueue(client, request, NULL, &workflow, &error) != DBOSC_OK)
    return failed("enqueue", error);
  printf("%-24s %s\n", "enqueued approval", dbosc_workflow_id(workflow));

  int status = decide(client, workflow);
  dbosc_workflow_free(workflow);
  return status;
}

int main(int argc, char** argv) {
  if (argc != 3 || (strcmp(argv[1], "create") != 0 && strcmp(argv[1], "run") != 0)) {
    fprintf(stderr, "usage: %s create|run DATABASE_URL\n", argv[0]);
    return 2;
  }
  int create = strcmp(argv[1], "create") == 0;

  /* "lazy" opens without looking at the database, which does not exist yet when we create it. The
   * URL goes into the JSON as it is: it must not hold quotes or backslashes. */
  char config[1024];
  snprintf(config, sizeof config, "{\"system_database_url\": \"%s\", \"lazy\": %s}", argv[2],
           create ? "true" : "false");

  dbosc_client* client = NULL;
  dbosc_error* error = NULL;
  if (dbosc_client_open(config, NULL, &client, &error) != DBOSC_OK) return failed("open", error);

  int status;
  if (create) {
    status = call(client, "create_system_database", dbosc_client_create_system_database, NULL);
  } else {
    status = greet(client);
    if (status == 0) status = approve(client);
  }
  dbosc_client_free(client);
  return status;
}
