#include "raw.h"

void sendbulk_op(int n) {
  PGconn* k = dial();
  buf a = {0}, u = {0};
  char mid[40];
  double c0 = cpu();
  int64_t t0 = mono();
  add(&a, "{");
  add(&u, "{");
  for (int i = 0; i < n; i++) {
    if (i) {
      add(&a, ",");
      add(&u, ",");
    }
    addq(&a, g_in);
    uuid(mid);
    addq(&u, mid);
  }
  add(&a, "}");
  add(&u, "}");
  const char* p[3] = {arg("id", ""), a.s, u.s};
  ok(k, PQexecParams(k,
                     "INSERT INTO "
                     "dbos.notifications(destination_uuid,topic,message,message_uuid,"
                     "serialization) SELECT $1,'t',m,u,'portable_json' FROM "
                     "unnest($2::text[],$3::text[]) x(m,u) ON CONFLICT (message_uuid) DO NOTHING",
                     3, NULL, p, NULL, NULL, 0));
  result(n, (mono() - t0) / 1e9, cpu() - c0, NULL, 0, "");
}

// op is send or status
void call_op(const char* op, int n, int warm, int size) {
  PGconn* k = dial();
  int64_t* lat = malloc(8 * (size_t)n);
  int snd = op[1] == 'e';
  char id[64], mid[40];
  char pl[20000];
  snprintf(pl, sizeof pl, "\"%.*s\"", size, g_in + 19);
  ok(k,
     PQprepare(
         k, "q",
         snd ? "INSERT INTO "
               "dbos.notifications(destination_uuid,topic,message,message_uuid,serialization) "
               "VALUES($1,'t',$2,$3,'portable_json') ON CONFLICT (message_uuid) DO NOTHING"
             : "SELECT " LCOLS LIO " FROM dbos.workflow_status w" LJOIN " WHERE w.workflow_uuid=$1",
         0, NULL));
  double c0 = 0;
  int64_t t0 = 0;
  int rows = num("rows", 1);
  for (int i = -warm; i < n; i++) {
    if (i == 0) {
      c0 = cpu();
      t0 = mono();
    }
    int64_t t = mono();
    if (!snd)
      snprintf(id, sizeof id, "w-%07lld", ((long long)(i < 0 ? -i : i) * 7919) % rows);
    else
      uuid(mid);
    const char* p[3] = {snd ? arg("id", "") : id, pl, mid};
    PGresult* r = PQexecPrepared(k, "q", snd ? 3 : 1, p, NULL, NULL, 0);
    if (!snd && PQntuples(r) != 1) die("status", k);
    ok(k, r);
    if (i >= 0) lat[i] = mono() - t;
  }
  result(n, (mono() - t0) / 1e9, cpu() - c0, lat, n, "");
}
