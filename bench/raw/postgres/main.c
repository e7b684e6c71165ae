// Contender: raw libpq, the physical limit of the same work. Interface: see ../../README.md.
//
// clang-format off
// modes of op=enqueue:
//   flight  two prepared INSERTs (status, input) in one pipeline flight: 1 round trip, 1 transaction
//   cte     one statement inserting both rows, 1 round trip
//   rt4     BEGIN, INSERT, INSERT, COMMIT, a round trip each (what the official clients do)
//   one     a single INSERT with the input in workflow_status (what Java and Rust write), autocommit
//   pipe    flight, but c in flight on ONE connection (each its own transaction)
// modes of op=bulk:
//   unnest (batch=rows per statement; commit=1: a transaction per batch), copy,
//   pipebatch (one transaction), flightpipe (own transactions, c in flight)
// op=wait:
//   poll=MS polls (wm=1: by completed_at watermark instead of by id), poll=0 waits on LISTEN
// clang-format on

#include <unistd.h>

#include "raw.h"

int main(int ac, char** av) {
  g_ac = ac;
  g_av = av;
  const char *op = arg("op", ""), *m = arg("mode", "flight");
  int n = num("n", 1), c = num("c", 1), warm = num("warm", 0), size = num("size", 100);
  g_in = malloc(size + 48);
  char* q = g_in + sprintf(g_in, "{\"positionalArgs\":[\"");
  for (int i = 0; i < size; i++)
    *q++ = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"[rnd() % 62];
  strcpy(q, "\"],\"namedArgs\":{}}");
  if (!strcmp(op, "cold")) {
    PGconn* k = dial();
    int64_t r = mono();
    prep(k);
    PQenterPipelineMode(k);
    enqueue_one(k, 'f');
    printf("FIRST %lld\nRESULT {\"ready_ns\":%lld,\"rss_kb\":%ld}\n", (long long)mono(),
           (long long)r, rss());
  } else if (!strcmp(op, "idle")) {
    PGconn* k = dial();
    prep(k);
    PQenterPipelineMode(k);
    enqueue_one(k, 'f');
    printf("READY\n");
    fflush(stdout);
    sleep(num("secs", 1));
    result(0, 0, 0, NULL, 0, "");
  } else if (!strcmp(op, "enqueue"))
    enqueue_op(m, n, c, warm);
  else if (!strcmp(op, "bulk"))
    bulk(!strcmp(m, "flight") ? "unnest" : m, n);
  else if (!strcmp(op, "wait") || !strcmp(op, "event") || !strcmp(op, "stream") ||
           !strcmp(op, "drain"))
    waitop(op, n, c);
  else if (!strcmp(op, "sendbulk"))
    sendbulk_op(n);
  else if (!strcmp(op, "send") || !strcmp(op, "status"))
    call_op(op, n, warm, size);
  else if (!strcmp(op, "list"))
    listop(n);
  else
    printf("RESULT {\"unsupported\":1}\n");
  return 0;
}
