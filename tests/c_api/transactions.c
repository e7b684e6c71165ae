/* Transactions as C programs use them: NULL for every pointer, and one call at a time. */
#include <pthread.h>

#include "check.h"
#include "database.h"

static const char* const kEnqueue =
    "{\"workflow_name\": \"w\", \"queue_name\": \"q\", \"workflow_id\": \"id\"}";

static dbosc_transaction* begin(dbosc_client* client) {
  dbosc_transaction* transaction = NULL;
  dbosc_error* error = NULL;
  CHECK_OK(dbosc_transaction_begin(client, NULL, NULL, &transaction, &error), error);
  CHECK(transaction != NULL);
  return transaction;
}

static void null_is_refused(struct database* database) {
  dbosc_client* client = database_client(database, "");
  dbosc_transaction* transaction = NULL;
  dbosc_error* error = NULL;
  char* reply = NULL;
  CHECK_ERROR(dbosc_transaction_begin(NULL, NULL, NULL, &transaction, &error), error,
              DBOSC_INVALID_STATE, "null_argument");
  CHECK_INT(dbosc_transaction_begin(client, NULL, NULL, NULL, NULL), DBOSC_INVALID_STATE);
  CHECK_INT(dbosc_transaction_adopt_postgres(NULL, NULL, &transaction, NULL), DBOSC_INVALID_STATE);
  error = NULL;
  CHECK_ERROR(dbosc_transaction_adopt_postgres(client, NULL, &transaction, &error), error,
              DBOSC_INVALID_STATE, "null_argument");
  error = NULL;
  CHECK_ERROR(dbosc_transaction_adopt_sqlite(client, NULL, &transaction, &error), error,
              DBOSC_INVALID_STATE, "null_argument");
  error = NULL;
  CHECK_ERROR(dbosc_transaction_call(NULL, "enqueue", kEnqueue, NULL, &reply, &error), error,
              DBOSC_INVALID_STATE, "null_argument");
  error = NULL;
  CHECK_ERROR(dbosc_transaction_execute(NULL, "SELECT 1", NULL, NULL, &reply, &error), error,
              DBOSC_INVALID_STATE, "null_argument");
  CHECK_INT(dbosc_transaction_commit(NULL, NULL, NULL), DBOSC_INVALID_STATE);
  CHECK_INT(dbosc_transaction_rollback(NULL, NULL, NULL), DBOSC_INVALID_STATE);
  dbosc_transaction_free(NULL);
  transaction = begin(client);
  CHECK_INT(dbosc_transaction_call(transaction, NULL, kEnqueue, NULL, NULL, NULL),
            DBOSC_INVALID_STATE);
  CHECK_INT(dbosc_transaction_execute(transaction, NULL, NULL, NULL, NULL, NULL),
            DBOSC_INVALID_STATE);
  CHECK_INT(dbosc_transaction_call(transaction, "enqueue", kEnqueue, NULL, NULL, NULL), DBOSC_OK);
  CHECK_INT(dbosc_transaction_execute(transaction, "SELECT 1", NULL, NULL, NULL, NULL), DBOSC_OK);
  CHECK_INT(dbosc_transaction_commit(transaction, NULL, NULL), DBOSC_OK);
  dbosc_transaction_free(transaction);
  dbosc_client_free(client);
  CHECK_INT(database_number(database, "SELECT count(*) FROM dbos.workflow_status"), 1);
}

struct user {
  dbosc_transaction* transaction;
  int refused;
  int done;
};

static void* use(void* argument) {
  struct user* user = argument;
  int i;
  for (i = 0; i < rounds(200); ++i) {
    dbosc_error* error = NULL;
    const int status =
        dbosc_transaction_call(user->transaction, "count_workflows", NULL, NULL, NULL, &error);
    if (status == DBOSC_OK) {
      ++user->done;
    } else {
      CHECK_ERROR(status, error, DBOSC_INVALID_STATE, "transaction_in_use");
      ++user->refused;
    }
  }
  return NULL;
}

static void a_second_call_at_once_is_refused(struct database* database) {
  dbosc_client* client = database_client(database, "");
  struct user users[2] = {{NULL, 0, 0}, {NULL, 0, 0}};
  pthread_t threads[2];
  int i;
  users[0].transaction = users[1].transaction = begin(client);
  for (i = 0; i < 2; ++i) CHECK(pthread_create(&threads[i], NULL, use, &users[i]) == 0);
  for (i = 0; i < 2; ++i) CHECK(pthread_join(threads[i], NULL) == 0);
  for (i = 0; i < 2; ++i) CHECK_INT(users[i].done + users[i].refused, rounds(200));
  CHECK(users[0].done + users[1].done > 0);
  CHECK_INT(dbosc_transaction_rollback(users[0].transaction, NULL, NULL), DBOSC_OK);
  dbosc_transaction_free(users[0].transaction);
  dbosc_client_free(client);
}

static const struct test tests[] = {TEST(null_is_refused), TEST(a_second_call_at_once_is_refused)};

int main(int argc, char** argv) { return RUN_TESTS(argc, argv, tests); }
