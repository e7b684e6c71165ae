#include "raw.h"

void listop(int n) {
  PGconn* c = dial();
  const char *v = arg("variant", ""), *t0s = arg("t0", "0"), *t1s = arg("t1", "0");
  char q[4000];
  int full = !strcmp(v, "full");
  snprintf(q, sizeof q, "SELECT %s FROM dbos.workflow_status w%s ", full ? LCOLS LIO : LCOLS,
           full ? LJOIN : "");
  char w[400] = "";
  if (full || !strcmp(v, "bare"))
    strcpy(w, "ORDER BY w.created_at LIMIT 10000");
  else if (!strcmp(v, "queue"))
    strcpy(w,
           "WHERE w.status = 'ENQUEUED' AND w.queue_name = 'q5' ORDER BY w.created_at LIMIT 100");
  else if (!strcmp(v, "name"))
    snprintf(w, sizeof w,
             "WHERE w.name = 'wf_3' AND w.created_at >= %s AND w.created_at <= %s ORDER BY "
             "w.created_at DESC LIMIT 100",
             t0s, t1s);
  else if (!strcmp(v, "desc"))
    strcpy(w, "ORDER BY w.created_at DESC LIMIT 100");
  else if (!strcmp(v, "prefix"))
    strcpy(w, "WHERE w.workflow_uuid LIKE 'w-00012%' ORDER BY w.created_at LIMIT 100");
  else if (!strcmp(v, "user"))
    strcpy(w, "WHERE w.authenticated_user = 'u42' ORDER BY w.created_at LIMIT 100");
  else if (!strcmp(v, "error"))
    strcpy(w, "WHERE w.status = 'ERROR' ORDER BY w.created_at DESC LIMIT 100");
  strcat(q, w);
  ok(c, PQprepare(c, "l", q, 0, NULL));
  int64_t* lat = malloc(8 * (size_t)n);
  int rows = 0, loaded = 0;
  volatile size_t touched = 0;
  double c0 = cpu();
  int64_t t0 = mono();
  for (int k = 0; k < n; k++) {
    int64_t t = mono();
    if (num("single", 0)) {  // row by row: the server's work and ours overlap
      PQsendQueryPrepared(c, "l", 0, NULL, NULL, NULL, 0);
      PQsetSingleRowMode(c);
      rows = loaded = 0;
      for (PGresult* r; (r = PQgetResult(c));) {
        if (PQresultStatus(r) == PGRES_SINGLE_TUPLE) {
          int nf = PQnfields(r);
          for (int j = 0; j < nf; j++) touched += PQgetlength(r, 0, j);
          rows++;
          if (full && !PQgetisnull(r, 0, nf - 3)) loaded++;
          PQclear(r);
        } else
          ok(c, r);
      }
      lat[k] = mono() - t;
      continue;
    }
    PGresult* r = PQexecPrepared(c, "l", 0, NULL, NULL, NULL, 0);
    rows = PQntuples(r);
    loaded = 0;
    int nf = PQnfields(r);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < nf; j++) touched += PQgetlength(r, i, j);
      if (full && !PQgetisnull(r, i, nf - 3)) loaded++;
    }
    ok(c, r);
    lat[k] = mono() - t;
  }
  char x[96];
  snprintf(x, sizeof x, ",\"rows\":%d,\"loaded\":%d", rows, loaded);
  result(n, (mono() - t0) / 1e9, cpu() - c0, lat, n, x);
}
