#include <poll.h>

#include "raw.h"

void bulk(const char* m, int n) {
  PGconn* c = dial();
  prep(c);
  char id[40], xid[40];
  double c0 = cpu();
  int64_t t0 = mono();
  if (!strcmp(m, "unnest")) {
    int B = num("batch", 1000), each = num("commit", 0);
    ok(c, PQprepare(
              c, "us",
              "INSERT INTO "
              "dbos.workflow_status(workflow_uuid,status,name,class_name,config_name,queue_name,"
              "recovery_attempts,deduplication_id,priority,serialization,creator_xid)"
              " SELECT u.id,'ENQUEUED',u.name,u.cls,u.conf,u.q,0,u.dd,u.pr,u.ser,u.xid FROM "
              "unnest($1::text[],$2::text[],$3::text[],$4::text[],$5::text[],$6::text[],$7::int[],$"
              "8::text[],$9::text[]) AS u(id,name,cls,conf,q,dd,pr,ser,xid)"
              " ON CONFLICT (workflow_uuid) DO UPDATE SET creator_xid=workflow_status.creator_xid "
              "RETURNING workflow_uuid,status,name,class_name,config_name,queue_name,creator_xid",
              0, NULL));
    ok(c, PQprepare(c, "ui",
                    "INSERT INTO dbos.workflow_input(workflow_uuid,inputs) SELECT * FROM "
                    "unnest($1::text[],$2::text[]) ON CONFLICT (workflow_uuid) DO NOTHING",
                    0, NULL));
    if (!each)
      sql(c, "BEGIN");
    else
      PQenterPipelineMode(c);
    buf a[10] = {0};
    for (int i = 0; i < n; i += B) {
      int k = n - i < B ? n - i : B;
      for (int j = 0; j < 10; j++) {
        a[j].n = 0;
        add(&a[j], "{");
      }
      for (int r = 0; r < k; r++) {
        if (r)
          for (int j = 0; j < 10; j++) add(&a[j], ",");
        uuid(id);
        uuid(xid);
        addq(&a[0], id);
        addq(&a[1], "perf_wf");
        add(&a[2], "NULL");
        add(&a[3], "NULL");
        addq(&a[4], "perf_q");
        add(&a[5], "NULL");
        add(&a[6], "0");
        addq(&a[7], "portable_json");
        addq(&a[8], xid);
        addq(&a[9], g_in);
      }
      const char* p[10];
      for (int j = 0; j < 10; j++) {
        add(&a[j], "}");
        p[j] = a[j].s;
      }
      const char* q[2] = {p[0], p[9]};
      if (each) {
        if (!PQsendQueryPrepared(c, "us", 9, p, NULL, NULL, 0) ||
            !PQsendQueryPrepared(c, "ui", 2, q, NULL, NULL, 0) || !PQpipelineSync(c))
          die("send", c);
        recv2(c);
        continue;
      }
      PGresult* r = PQexecPrepared(c, "us", 9, p, NULL, NULL, 0);
      if (PQntuples(r) != k) die("rows", c);
      ok(c, r);
      ok(c, PQexecPrepared(c, "ui", 2, q, NULL, NULL, 0));
    }
    if (!each) sql(c, "COMMIT");
  } else if (!strcmp(m, "copy")) {
    char(*ids)[40] = malloc(40 * (size_t)n);
    sql(c, "BEGIN");
    buf b = {0};
    for (int t = 0; t < 2; t++) {
      PQclear(PQexec(c, t ? "COPY dbos.workflow_input(workflow_uuid,inputs) FROM STDIN"
                          : "COPY "
                            "dbos.workflow_status(workflow_uuid,status,name,queue_name,recovery_"
                            "attempts,priority,serialization,creator_xid) FROM STDIN"));
      for (int i = 0; i < n; i++) {
        if (!t) {
          uuid(ids[i]);
          uuid(xid);
          add(&b, ids[i]);
          add(&b, "\tENQUEUED\tperf_wf\tperf_q\t0\t0\tportable_json\t");
          add(&b, xid);
        } else {
          add(&b, ids[i]);
          add(&b, "\t");
          add(&b, g_in);
        }
        add(&b, "\n");
        if (b.n > 65536 || i == n - 1) {
          if (PQputCopyData(c, b.s, b.n) != 1) die("copy", c);
          b.n = 0;
        }
      }
      PQputCopyEnd(c, NULL);
      ok(c, PQgetResult(c));
      PQgetResult(c);
    }
    sql(c, "COMMIT");
  } else if (!strcmp(m, "pipebatch")) {
    PQenterPipelineMode(c);
    PQsetnonblocking(c, 1);
    int got = 0;
    struct pollfd pf = {.fd = PQsocket(c)};
    for (int i = 0; i < n || got < 2 * n + 1;) {
      for (int k = 0; k < 64 && i < n; k++, i++) {
        const char* p[29];
        params(p, id, xid);
        const char* q[2] = {p[0], p[28]};
        PQsendQueryPrepared(c, "s", NCOL, p, NULL, NULL, 0);
        PQsendQueryPrepared(c, "i", 2, q, NULL, NULL, 0);
        if (i % 512 == 511) PQsendFlushRequest(c);
        if (i == n - 1) PQpipelineSync(c);
      }
      int fl = PQflush(c);
      pf.events = POLLIN | (fl ? POLLOUT : 0);
      poll(&pf, 1, i < n ? 0 : 1000);
      if (pf.revents & POLLIN) {
        PQconsumeInput(c);
        while (!PQisBusy(c)) {
          PGresult* r = PQgetResult(c);
          if (!r) {
            if (got == 2 * n + 1 || PQisBusy(c)) break;
            r = PQgetResult(c);
            if (!r) break;
          }
          got++;
          ok(c, r);
        }
      }
    }
  } else if (!strcmp(m, "flightpipe")) {
    PQenterPipelineMode(c);
    piped(c, n, num("c", 64), NULL);
  }
  char x[64];
  snprintf(x, sizeof x, ",\"mode\":\"%s\"", m);
  result(n, (mono() - t0) / 1e9, cpu() - c0, NULL, 0, x);
  PQfinish(c);
}
