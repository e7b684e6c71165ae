#include <poll.h>
#include <time.h>

#include "raw.h"

static void ms_sleep(double ms) {
  struct timespec t = {(time_t)(ms / 1000), (long)((ms - 1000 * (long)(ms / 1000)) * 1e6)};
  nanosleep(&t, NULL);
}
// block until a notification with this payload (NULL: any) or timeout; returns payload count
static int listen_wait(PGconn* c, int ms, const char* want) {
  int64_t end = mono() + ms * 1000000LL;
  int k = 0;
  for (;;) {
    PGnotify* nn;
    while ((nn = PQnotifies(c))) {
      if (!want || !strcmp(nn->extra, want)) k++;
      PQfreemem(nn);
    }
    int64_t left = (end - mono()) / 1000000;
    if (k || left <= 0) return k;
    struct pollfd pf = {.fd = PQsocket(c), .events = POLLIN};
    poll(&pf, 1, (int)left);
    if (!PQconsumeInput(c)) die("listen", c);
  }
}
#define RESQ                                                                               \
  "SELECT ws.status, COALESCE(wo.output, ws.output), COALESCE(wo.error, ws.error), "       \
  "ws.serialization FROM dbos.workflow_status ws LEFT JOIN dbos.workflow_output wo USING " \
  "(workflow_uuid) WHERE ws.workflow_uuid"
void waitop(const char* op, int n, int cc) {
  PGconn* c = dial();
  const char *pre = arg("prefix", ""), *id0 = arg("id", "");
  double pollms = atof(arg("poll", "0"));  // 0 = listen
  int ev = !strcmp(op, "event");
  char id[128], pay[160];
  const char* p[2] = {id, "k"};
  ok(c, PQprepare(c, "r", RESQ " = $1", 0, NULL));
  ok(c,
     PQprepare(
         c, "m",
         "SELECT ws.workflow_uuid, ws.status, COALESCE(wo.output, ws.output), ws.serialization "
         "FROM dbos.workflow_status ws LEFT JOIN dbos.workflow_output wo USING (workflow_uuid) "
         "WHERE ws.workflow_uuid = ANY($1) AND ws.status NOT IN ('PENDING','ENQUEUED','DELAYED')",
         0, NULL));
  ok(c, PQprepare(c, "wm",
                  "SELECT workflow_uuid, status FROM dbos.workflow_status WHERE completed_at >= "
                  "$1::bigint ORDER BY completed_at LIMIT 1000",
                  0, NULL));
  ok(c,
     PQprepare(
         c, "e",
         "SELECT value, serialization FROM dbos.workflow_events WHERE workflow_uuid=$1 AND key=$2",
         0, NULL));
  ok(c, PQprepare(c, "st",
                  "SELECT s.\"offset\", s.value, w.status FROM dbos.workflow_status w LEFT JOIN "
                  "dbos.streams s ON s.workflow_uuid=w.workflow_uuid AND s.key='s' AND "
                  "s.\"offset\">=$2 WHERE w.workflow_uuid=$1 ORDER BY s.\"offset\" LIMIT 1000",
                  0, NULL));
  if (!pollms) {
    sql(c, "LISTEN dbos_workflow_events_channel");
    sql(c, "LISTEN dbos_streams_channel");
    sql(c, "LISTEN perf_done");
  }
  if (!strcmp(op, "stream") || !strcmp(op, "drain")) {
    int live = op[0] == 's', off = 0, end = 0;
    double c0 = cpu();
    int64_t t0 = mono();
    if (live) {
      printf("WAIT %s\n", id0);
      fflush(stdout);
    }
    snprintf(pay, sizeof pay, "%s::s", id0);
    while (!end) {
      char o[16];
      snprintf(o, sizeof o, "%d", off);
      const char* q[2] = {id0, o};
      PGresult* r = PQexecPrepared(c, "st", 2, q, NULL, NULL, 0);
      int got = 0;
      for (int i = 0; i < PQntuples(r) && !PQgetisnull(r, i, 0); i++, off++, got++)
        if (live) {
          char* v = PQgetvalue(r, i, 1);
          printf("VAL %.*s %lld\n", (int)strlen(v) - 2, v + 1, (long long)mono());
        }
      if (live) fflush(stdout);
      const char* s = PQgetvalue(r, 0, 2);
      end = !got && strcmp(s, "PENDING") && strcmp(s, "ENQUEUED");
      ok(c, r);
      if (!got && !end) {
        if (pollms)
          ms_sleep(pollms);
        else
          listen_wait(c, 1000, pay);
      }
    }
    result(off, (mono() - t0) / 1e9, cpu() - c0, NULL, 0, "");
    return;
  }
  if (cc > 1) {  // all n at once: one ANY() query per tick
    char* left = calloc(n, 1);
    int nl = n, first = 1, wm = num("wm", 0);
    buf b = {0};
    int64_t ready = mono() + 1500000000LL;
    while (nl) {
      b.n = 0;
      add(&b, "{");
      for (int i = 0, k = 0; i < n; i++)
        if (!left[i]) {
          snprintf(id, sizeof id, "%s%s%d", k++ ? "," : "", pre, i);
          add(&b, id);
        }
      add(&b, "}");
      const char* q[1] = {b.s};
      if (wm) {
        struct timespec ts;
        clock_gettime(CLOCK_REALTIME, &ts);
        b.n = 0;
        char z[32];
        snprintf(z, sizeof z, "%lld", ts.tv_sec * 1000LL + ts.tv_nsec / 1000000 - 500);
        add(&b, z);
        q[0] = b.s;
      }
      PGresult* r = PQexecPrepared(c, wm ? "wm" : "m", 1, q, NULL, NULL, 0);
      for (int i = 0; i < PQntuples(r); i++) {
        char* w = PQgetvalue(r, i, 0);
        if (left[atoi(w + strlen(pre))]) continue;
        printf("DONE %s %lld\n", w, (long long)mono());
        left[atoi(w + strlen(pre))] = 1;
        nl--;
      }
      fflush(stdout);
      ok(c, r);
      if (first && mono() > ready) {
        first = 0;
        printf("READY\n");
        fflush(stdout);
      }
      if (nl) {
        if (pollms)
          ms_sleep(pollms);
        else
          listen_wait(c, first ? 200 : 1000, NULL);
      }
    }
  } else
    for (int i = 0; i < n; i++) {
      snprintf(id, sizeof id, "%s%d", pre, i);
      snprintf(pay, sizeof pay, "%s::k", id);
      printf("WAIT %s\n", id);
      fflush(stdout);
      for (;;) {
        PGresult* r = PQexecPrepared(c, ev ? "e" : "r", ev ? 2 : 1, p, NULL, NULL, 0);
        int done = PQntuples(r) && (ev || !strcmp(PQgetvalue(r, 0, 0), "SUCCESS"));
        ok(c, r);
        if (done) {
          printf("DONE %s %lld\n", id, (long long)mono());
          fflush(stdout);
          break;
        }
        if (pollms)
          ms_sleep(pollms);
        else
          listen_wait(c, 1000, ev ? pay : id);
      }
    }
  result(n, 0, 0, NULL, 0, "");
  PQfinish(c);
}
