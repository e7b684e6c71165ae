#include <poll.h>
#include <pthread.h>

#include "raw.h"

#define COLS                                                                                       \
  "workflow_uuid,status,name,class_name,config_name,queue_name,authenticated_user,assumed_role,"   \
  "authenticated_roles,executor_id,application_version,application_id,recovery_attempts,workflow_" \
  "timeout_ms,workflow_deadline_epoch_ms,deduplication_id,priority,queue_partition_key,parent_"    \
  "workflow_id,serialization,creator_xid,delay_until_epoch_ms,attributes,schedule_name,debounce_"  \
  "deadline_epoch_ms,is_debounced,application_name,owner_xid"
#define VALS                                                                                     \
  "$1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$" \
  "26,$27,$28"
#define CONF                                                                                      \
  " ON CONFLICT (workflow_uuid) DO UPDATE SET creator_xid=workflow_status.creator_xid RETURNING " \
  "status,name,class_name,config_name,queue_name,creator_xid,serialization"
static const char* S_STATUS = "INSERT INTO dbos.workflow_status(" COLS ") VALUES(" VALS ")" CONF;
static const char* S_INPUT =
    "INSERT INTO dbos.workflow_input(workflow_uuid,inputs) VALUES($1,$2) ON CONFLICT "
    "(workflow_uuid) DO NOTHING";
static const char* S_CTE =
    "WITH s AS (INSERT INTO dbos.workflow_status(" COLS ") VALUES(" VALS ")" CONF
    "), i AS (INSERT INTO dbos.workflow_input(workflow_uuid,inputs) VALUES($1,$29) ON CONFLICT "
    "(workflow_uuid) DO NOTHING) SELECT * FROM s";

static const char* S_ONE =
    "INSERT INTO dbos.workflow_status(" COLS ",inputs) VALUES(" VALS ",$29)" CONF;

char* g_in;
void params(const char** p, char* id, char* xid) {
  memset(p, 0, 29 * sizeof *p);
  uuid(id);
  uuid(xid);
  p[0] = id;
  p[1] = "ENQUEUED";
  p[2] = "perf_wf";
  p[5] = "perf_q";
  p[12] = "0";
  p[16] = "0";
  p[19] = "portable_json";
  p[20] = xid;
  p[25] = "f";
  p[28] = g_in;
}
void prep(PGconn* c) {
  ok(c, PQprepare(c, "s", S_STATUS, 0, NULL));
  ok(c, PQprepare(c, "i", S_INPUT, 0, NULL));
  ok(c, PQprepare(c, "c", S_CTE, 0, NULL));
  ok(c, PQprepare(c, "o", S_ONE, 0, NULL));
}
void send2(PGconn* c, const char** p) {
  const char* q[2] = {p[0], p[28]};
  if (!PQsendQueryPrepared(c, "s", NCOL, p, NULL, NULL, 0) ||
      !PQsendQueryPrepared(c, "i", 2, q, NULL, NULL, 0) || !PQpipelineSync(c))
    die("send", c);
}
void recv2(PGconn* c) {  // two results (each followed by NULL) then the sync
  for (int k = 0; k < 2; k++) {
    ok(c, PQgetResult(c));
    PGresult* z = PQgetResult(c);
    if (z) die("extra", c);
  }
  ok(c, PQgetResult(c));
}
void enqueue_one(PGconn* c, char m) {
  const char* p[29];
  char id[40], xid[40];
  params(p, id, xid);
  const char* q[2] = {p[0], p[28]};
  switch (m) {
    case 'f':
      send2(c, p);
      recv2(c);
      break;
    case 'c':
      ok(c, PQexecPrepared(c, "c", 29, p, NULL, NULL, 0));
      break;
    case 'o':
      ok(c, PQexecPrepared(c, "o", 29, p, NULL, NULL, 0));
      break;
    case 'r':
      sql(c, "BEGIN");
      ok(c, PQexecPrepared(c, "s", NCOL, p, NULL, NULL, 0));
      ok(c, PQexecPrepared(c, "i", 2, q, NULL, NULL, 0));
      sql(c, "COMMIT");
      break;
  }
}
static int g_n, g_c, g_warm;
static char g_m;
static int64_t* g_lat;
static pthread_barrier_t g_bar;
static void* worker(void* v) {
  int k = (int)(intptr_t)v;
  PGconn* c = dial();
  prep(c);
  if (g_m == 'f') PQenterPipelineMode(c);
  for (int i = 0; i < g_warm / g_c + 1; i++) enqueue_one(c, g_m);
  pthread_barrier_wait(&g_bar);
  for (int i = k; i < g_n; i += g_c) {
    int64_t t = mono();
    enqueue_one(c, g_m);
    g_lat[i] = mono() - t;
  }
  pthread_barrier_wait(&g_bar);
  PQfinish(c);
  return NULL;
}
// window in-flight transactions on one connection
void piped(PGconn* c, int n, int window, int64_t* lat) {
  PQsetnonblocking(c, 1);
  int sent = 0, done = 0, part = 0;
  int64_t* st = malloc(8 * (size_t)n);
  struct pollfd pf = {.fd = PQsocket(c), .events = POLLIN};
  while (done < n) {
    while (sent < n && sent - done < window) {
      const char* p[29];
      char id[40], xid[40];
      params(p, id, xid);
      st[sent++] = mono();
      send2(c, p);
    }
    int fl = PQflush(c);
    if (fl < 0) die("flush", c);
    while (!PQisBusy(c)) {
      PGresult* r = PQgetResult(c);
      if (!r) {
        if (++part > 100000000) die("spin", c);
        if (done >= n || PQisBusy(c)) break;
        continue;
      }
      ExecStatusType s = PQresultStatus(r);
      if (s == PGRES_PIPELINE_SYNC) {
        if (lat) lat[done] = mono() - st[done];
        done++;
        PQclear(r);
        if (done >= n || done == sent) break;
      } else
        ok(c, r);
    }
    if (done >= n) break;
    if (sent < n && sent - done < window) continue;
    pf.events = POLLIN | (fl == 1 ? POLLOUT : 0);
    poll(&pf, 1, 1000);
    if (pf.revents & POLLIN)
      if (!PQconsumeInput(c)) die("consume", c);
  }
  free(st);
  PQsetnonblocking(c, 0);
}

void enqueue_op(const char* m, int n, int c, int warm) {
  g_lat = calloc(n, 8);
  if (*m == 'p') {
    PGconn* k = dial();
    prep(k);
    PQenterPipelineMode(k);
    piped(k, warm + 1, c, NULL);
    double c0 = cpu();
    int64_t t0 = mono();
    piped(k, n, c, g_lat);
    result(n, (mono() - t0) / 1e9, cpu() - c0, g_lat, n, "");
  } else {
    g_n = n;
    g_c = c;
    g_warm = warm;
    g_m = *m;
    pthread_barrier_init(&g_bar, NULL, c + 1);
    pthread_t th[256];
    for (int i = 0; i < c; i++) pthread_create(&th[i], NULL, worker, (void*)(intptr_t)i);
    pthread_barrier_wait(&g_bar);
    double c0 = cpu();
    int64_t t0 = mono();
    pthread_barrier_wait(&g_bar);
    double s = (mono() - t0) / 1e9, cp = cpu() - c0;
    for (int i = 0; i < c; i++) pthread_join(th[i], NULL);
    result(n, s, cp, g_lat, n, "");
  }
}
