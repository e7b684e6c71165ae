/* A C99 program of somebody else's: program URL makes a system database there, enqueues a workflow
 * and finds it in the list. */
#include <dbosc/dbosc.h>
#include <stdio.h>
#include <string.h>

static dbosc_client* client;

/* Runs an operation whose reply has to hold `expected`. */
static int call(const char* operation, const char* request, const char* expected) {
  char* reply = NULL;
  dbosc_error* error = NULL;
  if (dbosc_client_call(client, operation, request, NULL, &reply, &error) != DBOSC_OK) {
    fprintf(stderr, "%s: %s\n", operation, dbosc_error_json(error));
    dbosc_error_free(error);
    return 1;
  }
  if (strstr(reply, expected) == NULL) {
    fprintf(stderr, "%s: no %s in %s\n", operation, expected, reply);
    dbosc_string_free(reply);
    return 1;
  }
  dbosc_string_free(reply);
  return 0;
}

int main(int argc, char** argv) {
  char config[4096];
  dbosc_error* error = NULL;
  if (argc != 2 || strcmp(dbosc_version(), DBOSC_VERSION) != 0) return 2;
  snprintf(config, sizeof config, "{\"system_database_url\": \"%s\", \"lazy\": true}", argv[1]);
  if (dbosc_client_open(config, NULL, &client, &error) != DBOSC_OK) {
    fprintf(stderr, "open: %s\n", dbosc_error_json(error));
    dbosc_error_free(error);
    return 1;
  }
  int failed = call("create_system_database", NULL, "\"created\":true") ||
               call("enqueue",
                    "{\"workflow_name\": \"w\", \"queue_name\": \"q\", \"workflow_id\": \"id-1\","
                    " \"args\": [1]}",
                    "\"created\"") ||
               call("list_workflows", "{}", "\"id-1\"");
  dbosc_client_free(client);
  if (!failed) puts("the C program is done");
  return failed;
}
