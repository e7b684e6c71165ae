/* Workflows from a source: read, written and forgotten part by part. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "database.h"

/* Gives workflows `w0` to `w<count - 1>`, but `special` at one place. */
struct source {
  int count;
  int given;
  int special_at;
  const char* special;
  int parts;
  int told;
  int stop_after_parts; /* 0: never */
  char text[128];
};

static const char* next_workflow(void* user) {
  struct source* source = user;
  if (source->given == source->count) return NULL;
  if (source->special && source->given == source->special_at) {
    ++source->given;
    return source->special;
  }
  snprintf(source->text, sizeof source->text,
           "{\"workflow_name\": \"w\", \"queue_name\": \"q\", \"workflow_id\": \"w%d\"}",
           source->given++);
  return source->text;
}

static int count_of(const char* text, const char* part) {
  int count = 0;
  for (text = strstr(text, part); text; text = strstr(text + 1, part)) ++count;
  return count;
}

static int part_enqueued(void* user, const char* outcomes) {
  struct source* source = user;
  CHECK(is_json(outcomes));
  source->told += count_of(outcomes, "\"outcome\":");
  ++source->parts;
  return source->parts == source->stop_after_parts;
}

static dbosc_client* client_of_empty(struct database* database) {
  database_execute(database, "DELETE FROM dbos.workflow_status");
  return database_client(database, "");
}

static char* enqueue_from(dbosc_client* client, struct source* source) {
  char* reply = NULL;
  dbosc_error* error = NULL;
  CHECK_OK(dbosc_client_enqueue_from(client, NULL, next_workflow, part_enqueued, source, NULL,
                                     &reply, &error),
           error);
  return reply;
}

static void workflows_of_a_source_are_enqueued_part_by_part(struct database* database) {
  dbosc_client* client = client_of_empty(database);
  struct source source = {2500, 0, 0, NULL, 0, 0, 0, ""};
  char* reply = enqueue_from(client, &source);
  CHECK_TEXT(reply, "{\"created\":2500,\"existing\":0,\"deduplicated\":0,\"rejected\":0}");
  dbosc_string_free(reply);
  CHECK_INT(source.parts, 3);
  CHECK_INT(source.told, 2500);
  CHECK_INT(database_number(database, "SELECT count(*) FROM dbos.workflow_status"), 2500);
  /* Once more: they are there. */
  memset(&source, 0, sizeof source);
  source.count = 10;
  reply = enqueue_from(client, &source);
  CHECK_TEXT(reply, "{\"created\":0,\"existing\":10,\"deduplicated\":0,\"rejected\":0}");
  dbosc_string_free(reply);
  /* A source may be empty. */
  memset(&source, 0, sizeof source);
  reply = enqueue_from(client, &source);
  CHECK_TEXT(reply, "{\"created\":0,\"existing\":0,\"deduplicated\":0,\"rejected\":0}");
  dbosc_string_free(reply);
  CHECK_INT(source.parts, 0);
  dbosc_client_free(client);
}

static void a_wrong_workflow_ends_it_and_says_what_came_before(struct database* database) {
  dbosc_client* client = client_of_empty(database);
  struct source source = {2500, 0, 1500, "{\"workflow_name\": \"w\", \"queue\": \"q\"}",
                          0,    0, 0,    ""};
  char* reply = NULL;
  dbosc_error* error = NULL;
  CHECK_INT(dbosc_client_enqueue_from(client, NULL, next_workflow, part_enqueued, &source, NULL,
                                      &reply, &error),
            DBOSC_INVALID_ARGUMENT);
  CHECK(reply == NULL);
  CHECK_TEXT(dbosc_error_kind(error), "unknown_key");
  CHECK_CONTAINS(dbosc_error_json(error), "workflows[1500].queue");
  CHECK_CONTAINS(dbosc_error_json(error), "\"enqueued\":1000");
  dbosc_error_free(error);
  CHECK_INT(source.told, 1000);
  CHECK_INT(database_number(database, "SELECT count(*) FROM dbos.workflow_status"), 1000);
  dbosc_client_free(client);
}

static void its_caller_ends_it_between_two_parts(struct database* database) {
  dbosc_client* client = client_of_empty(database);
  struct source source = {2500, 0, 0, NULL, 0, 0, 1, ""};
  dbosc_cancel* cancel = dbosc_cancel_new();
  dbosc_error* error = NULL;
  char* reply = enqueue_from(client, &source);
  CHECK_CONTAINS(reply, "\"created\":1000,");
  dbosc_string_free(reply);
  CHECK_INT(source.given, 1000);
  dbosc_cancel_trigger(cancel);
  CHECK_ERROR(
      dbosc_client_enqueue_from(client, NULL, next_workflow, NULL, &source, cancel, NULL, &error),
      error, DBOSC_CANCELLED, "cancelled");
  dbosc_cancel_free(cancel);
  CHECK_INT(database_number(database, "SELECT count(*) FROM dbos.workflow_status"), 1000);
  dbosc_client_free(client);
}

static void null_is_refused_where_it_must_be(struct database* database) {
  dbosc_client* client = client_of_empty(database);
  struct source source = {3, 0, 0, NULL, 0, 0, 0, ""};
  dbosc_error* error = NULL;
  CHECK_ERROR(
      dbosc_client_enqueue_from(NULL, NULL, next_workflow, NULL, &source, NULL, NULL, &error),
      error, DBOSC_INVALID_STATE, "null_argument");
  error = NULL;
  CHECK_ERROR(dbosc_client_enqueue_from(client, NULL, NULL, NULL, NULL, NULL, NULL, &error), error,
              DBOSC_INVALID_STATE, "null_argument");
  CHECK_INT(dbosc_client_enqueue_from(client, NULL, next_workflow, NULL, &source, NULL, NULL, NULL),
            DBOSC_OK);
  CHECK_INT(database_number(database, "SELECT count(*) FROM dbos.workflow_status"), 3);
  dbosc_client_free(client);
}

static const struct test tests[] = {TEST(workflows_of_a_source_are_enqueued_part_by_part),
                                    TEST(a_wrong_workflow_ends_it_and_says_what_came_before),
                                    TEST(its_caller_ends_it_between_two_parts),
                                    TEST(null_is_refused_where_it_must_be)};

int main(int argc, char** argv) { return RUN_TESTS(argc, argv, tests); }
