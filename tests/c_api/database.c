#include "database.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

struct database {
  int is_postgres;
  char url[1024];
  char place[512]; /* the SQLite file or the Postgres database's name */
  pid_t owner;
  sqlite3* sqlite;
  PGconn* postgres;
};

static void fail(const char* what, const char* why) {
  fprintf(stderr, "%s: %s\n", what, why);
  _Exit(1);
}

static const char* server_url(void) {
  const char* url = getenv("DBOSC_TEST_POSTGRES_URL");
  if (!url || !*url) fail("DBOSC_TEST_POSTGRES_URL", "is not set; scripts/test sets it");
  return url;
}

/* The server's URL with another database. */
static void url_of(const char* name, char* url, size_t size) {
  const char* server = server_url();
  const char* slash = strrchr(server, '/');
  const char* query = strchr(slash, '?');
  snprintf(url, size, "%.*s/%s%s", (int)(slash - server), server, name, query ? query : "");
}

static void create(const struct database* database) {
  dbosc_error* error = NULL;
  dbosc_client* client = database_client(database, "\"lazy\": true");
  CHECK_OK(dbosc_client_create_system_database(client, NULL, NULL, NULL, &error), error);
  dbosc_client_free(client);
}

static void connect_beside(struct database* database) {
  if (database->is_postgres) {
    database->postgres = PQconnectdb(database->url);
    if (PQstatus(database->postgres) != CONNECTION_OK)
      fail("connecting beside the library", PQerrorMessage(database->postgres));
    /* A test that finds a table locked must not hang. */
    database_execute(database, "SET application_name = 'beside'; SET lock_timeout = '20s'");
  } else {
    if (sqlite3_open(database->place, &database->sqlite) != SQLITE_OK)
      fail("opening beside the library", sqlite3_errmsg(database->sqlite));
    sqlite3_busy_timeout(database->sqlite, 20000);
  }
}

struct database* database_new(const char* engine) {
  struct database* database = calloc(1, sizeof *database);
  const char* folder = getenv("TMPDIR");
  if (!database) fail("database_new", "out of memory");
  database->owner = getpid();
  database->is_postgres = strcmp(engine, "postgres") == 0;
  if (!database->is_postgres && strcmp(engine, "sqlite") != 0) fail(engine, "is no database");
  if (database->is_postgres) {
    snprintf(database->place, sizeof database->place, "dbosc_c_%ld", (long)getpid());
    url_of(database->place, database->url, sizeof database->url);
  } else {
    snprintf(database->place, sizeof database->place, "%s/dbosc_c_XXXXXX",
             folder ? folder : "/tmp");
    if (!mkdtemp(database->place)) fail("mkdtemp", database->place);
    strcat(database->place, "/system.db");
    snprintf(database->url, sizeof database->url, "sqlite:///%s", database->place);
  }
  create(database);
  connect_beside(database);
  return database;
}

struct database* database_of_child(const struct database* parent) {
  struct database* database = malloc(sizeof *database);
  if (!database) fail("database_of_child", "out of memory");
  *database = *parent;
  connect_beside(database);
  return database;
}

static void drop_postgres(const struct database* database) {
  char sql[600];
  PGconn* server = PQconnectdb(server_url());
  snprintf(sql, sizeof sql, "DROP DATABASE \"%s\" WITH (FORCE)", database->place);
  PQclear(PQexec(server, sql));
  PQfinish(server);
}

static void remove_sqlite(struct database* database) {
  static const char* const endings[] = {"-wal", "-shm", "-journal", ""};
  char path[600];
  size_t i;
  for (i = 0; i < sizeof endings / sizeof endings[0]; ++i) {
    snprintf(path, sizeof path, "%s%s", database->place, endings[i]);
    remove(path);
  }
  *strrchr(database->place, '/') = '\0';
  rmdir(database->place);
}

void database_free(struct database* database) {
  if (database->postgres) PQfinish(database->postgres);
  if (database->sqlite) sqlite3_close(database->sqlite);
  if (database->owner == getpid()) {
    if (database->is_postgres) {
      drop_postgres(database);
    } else {
      remove_sqlite(database);
    }
  }
  free(database);
}

int database_is_postgres(const struct database* database) { return database->is_postgres; }

const char* database_url(const struct database* database) { return database->url; }

char* database_config(const struct database* database, const char* more) {
  const size_t size = strlen(database->url) + strlen(more) + 64;
  char* config = malloc(size);
  if (!config) fail("database_config", "out of memory");
  snprintf(config, size, "{\"system_database_url\": \"%s\"%s%s}", database->url, *more ? ", " : "",
           more);
  return config;
}

dbosc_client* database_client(const struct database* database, const char* more) {
  dbosc_client* client = NULL;
  dbosc_error* error = NULL;
  char* config = database_config(database, more);
  CHECK_OK(dbosc_client_open(config, NULL, &client, &error), error);
  CHECK(client != NULL);
  free(config);
  return client;
}

static PGresult* run_postgres(struct database* database, const char* sql) {
  PGresult* result = PQexec(database->postgres, sql);
  const ExecStatusType status = PQresultStatus(result);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    fail(sql, PQerrorMessage(database->postgres));
  return result;
}

/* SQLite has no schema: `dbos.` goes. */
static char* without_schema(const char* sql) {
  char* copy = malloc(strlen(sql) + 1);
  char* out = copy;
  if (!copy) fail("without_schema", "out of memory");
  while (*sql) {
    if (strncmp(sql, "dbos.", 5) == 0) {
      sql += 5;
    } else {
      *out++ = *sql++;
    }
  }
  *out = '\0';
  return copy;
}

static int take_number(void* number, int columns, char** values, char** names) {
  (void)columns;
  (void)names;
  *(long*)number = values[0] ? strtol(values[0], NULL, 10) : 0;
  return 0;
}

long database_number(struct database* database, const char* sql) {
  long number = -1;
  if (database->is_postgres) {
    PGresult* result = run_postgres(database, sql);
    if (PQntuples(result) > 0) number = strtol(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
  } else {
    char* own = without_schema(sql);
    if (sqlite3_exec(database->sqlite, own, take_number, &number, NULL) != SQLITE_OK)
      fail(sql, sqlite3_errmsg(database->sqlite));
    free(own);
  }
  return number;
}

void database_execute(struct database* database, const char* sql) {
  (void)database_number(database, sql);
}

void database_finish(struct database* database, const char* workflow_id) {
  char sql[512];
  snprintf(sql, sizeof sql,
           "UPDATE dbos.workflow_status SET status = 'SUCCESS', output = '42',"
           " serialization = 'portable_json' WHERE workflow_uuid = '%s'",
           workflow_id);
  database_execute(database, sql);
}

void database_lock(struct database* database) {
  if (database->is_postgres) {
    database_execute(database, "BEGIN");
    database_execute(database, "LOCK TABLE dbos.workflow_status IN ACCESS EXCLUSIVE MODE");
  } else {
    database_execute(database, "BEGIN IMMEDIATE");
  }
}

void database_unlock(struct database* database) { database_execute(database, "ROLLBACK"); }
