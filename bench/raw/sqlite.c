// Contender: raw SQLite on a system database file the Python SDK made. url=sqlite:////abs/path
// mode=delete|wal sync=FULL|NORMAL
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
static int64_t mono(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}
static char** g;
static int gc;
static const char* arg(const char* k, const char* d) {
  size_t l = strlen(k);
  for (int i = 1; i < gc; i++)
    if (!strncmp(g[i], k, l) && g[i][l] == '=') return g[i] + l + 1;
  return d;
}
static sqlite3* db;
static void ck(int rc) {
  if (rc != SQLITE_OK && rc != SQLITE_DONE && rc != SQLITE_ROW) {
    fprintf(stderr, "%s\n", sqlite3_errmsg(db));
    exit(1);
  }
}
static void x(const char* q) { ck(sqlite3_exec(db, q, 0, 0, 0)); }
static uint64_t rs;
static uint64_t rnd(void) {
  if (!rs) rs = mono();
  rs ^= rs << 13;
  rs ^= rs >> 7;
  rs ^= rs << 17;
  return rs;
}
static int cmp(const void* a, const void* b) {
  int64_t p = *(int64_t*)a, q = *(int64_t*)b;
  return p < q ? -1 : p > q;
}
static double cpu(void) {
  struct rusage r;
  getrusage(RUSAGE_SELF, &r);
  return r.ru_utime.tv_sec + r.ru_utime.tv_usec / 1e6 + r.ru_stime.tv_sec +
         r.ru_stime.tv_usec / 1e6;
}
int main(int ac, char** av) {
  g = av;
  gc = ac;
  int n = atoi(arg("n", "1")), size = atoi(arg("size", "100")), warm = atoi(arg("warm", "0")),
      bulk = !strcmp(arg("op", ""), "bulk");
  char *in = malloc(size + 48), *q = in + sprintf(in, "{\"positionalArgs\":[\""), b[200];
  for (int i = 0; i < size; i++) *q++ = 'a' + rnd() % 26;
  strcpy(q, "\"],\"namedArgs\":{}}");
  ck(sqlite3_open(arg("url", "") + strlen("sqlite:///"), &db));
  sprintf(b, "PRAGMA journal_mode=%s", arg("mode", "wal"));
  x(b);
  sprintf(b, "PRAGMA synchronous=%s", arg("sync", "FULL"));
  x(b);
  x("PRAGMA foreign_keys=ON");
  sqlite3_stmt *s, *i, *be, *co;
  ck(sqlite3_prepare_v2(
      db,
      "INSERT INTO "
      "workflow_status(workflow_uuid,status,name,queue_name,recovery_attempts,priority,"
      "serialization,creator_xid) VALUES(?,'ENQUEUED','perf_wf','perf_q',0,0,'portable_json',?) ON "
      "CONFLICT(workflow_uuid) DO UPDATE SET creator_xid=workflow_status.creator_xid RETURNING "
      "status,name,class_name,config_name,queue_name,creator_xid,serialization",
      -1, &s, 0));
  ck(sqlite3_prepare_v2(db,
                        "INSERT INTO workflow_input(workflow_uuid,inputs) VALUES(?,?) ON "
                        "CONFLICT(workflow_uuid) DO NOTHING",
                        -1, &i, 0));
  ck(sqlite3_prepare_v2(db, "BEGIN IMMEDIATE", -1, &be, 0));
  ck(sqlite3_prepare_v2(db, "COMMIT", -1, &co, 0));
  int64_t *lat = malloc(8 * (size_t)(n + 1)), t0 = 0;
  double c0 = 0;
  for (int k = -warm; k < n; k++) {
    if (k == 0) {
      t0 = mono();
      c0 = cpu();
    }
    int64_t t = mono();
    char id[40], xid[40];
    sprintf(id, "%016llx-%016llx", (unsigned long long)rnd(), (unsigned long long)rnd());
    sprintf(xid, "%016llx", (unsigned long long)rnd());
    if (!bulk || k == 0 || k < 0) {
      ck(sqlite3_step(be));
      sqlite3_reset(be);
    }
    sqlite3_bind_text(s, 1, id, -1, SQLITE_STATIC);
    sqlite3_bind_text(s, 2, xid, -1, SQLITE_STATIC);
    int rc;
    while ((rc = sqlite3_step(s)) == SQLITE_ROW)
      ;
    ck(rc);
    sqlite3_reset(s);
    sqlite3_bind_text(i, 1, id, -1, SQLITE_STATIC);
    sqlite3_bind_text(i, 2, in, -1, SQLITE_STATIC);
    ck(sqlite3_step(i));
    sqlite3_reset(i);
    if (!bulk || k == n - 1 || k < 0) {
      ck(sqlite3_step(co));
      sqlite3_reset(co);
    }
    if (k >= 0) lat[k] = mono() - t;
  }
  double secs = (mono() - t0) / 1e9;
  qsort(lat, n, 8, cmp);
  printf("RESULT {\"n\":%d,\"secs\":%.6f,\"cpu_s\":%.4f,\"p50_us\":%.1f,\"p99_us\":%.1f}\n", n,
         secs, cpu() - c0, lat[n / 2] / 1e3, lat[n * 99 / 100] / 1e3);
  return 0;
}
