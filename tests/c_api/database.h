/* A fresh system database for one test program, made by the library itself, and a second way into
 * it that does not go through the library. */
#ifndef DBOSC_TESTS_DATABASE_H
#define DBOSC_TESTS_DATABASE_H

#include <dbosc/dbosc.h>

struct database;

/* `engine` is "postgres" (needs DBOSC_TEST_POSTGRES_URL) or "sqlite". Ends the program on failure,
 * as everything here. */
struct database* database_new(const char* engine);
void database_free(struct database* database);
/* The same database in a child process, with a connection of the child's own. */
struct database* database_of_child(const struct database* parent);

int database_is_postgres(const struct database* database);
const char* database_url(const struct database* database);
/* A config with the database's URL and `more`, e.g. "\"pool_size\": 1" or "". The caller frees it.
 */
char* database_config(const struct database* database, const char* more);
dbosc_client* database_client(const struct database* database, const char* more);

/* Runs statements beside the library. Tables are written as dbos.name on both databases. */
void database_execute(struct database* database, const char* sql);
/* The first value of the first row, as a number. */
long database_number(struct database* database, const char* sql);

/* Marks a workflow as finished with the result 42. */
void database_finish(struct database* database, const char* workflow_id);

/* Keeps writers of the library waiting until `database_unlock`. */
void database_lock(struct database* database);
void database_unlock(struct database* database);

#endif
