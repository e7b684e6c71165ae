#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "raw.h"

char** g_av;
int g_ac;
const char* arg(const char* k, const char* d) {
  size_t l = strlen(k);
  for (int i = 1; i < g_ac; i++)
    if (!strncmp(g_av[i], k, l) && g_av[i][l] == '=') return g_av[i] + l + 1;
  return d;
}
int num(const char* k, int d) {
  const char* v = arg(k, NULL);
  return v ? atoi(v) : d;
}
int64_t mono(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}
double cpu(void) {
  struct rusage r;
  getrusage(RUSAGE_SELF, &r);
  return r.ru_utime.tv_sec + r.ru_utime.tv_usec / 1e6 + r.ru_stime.tv_sec +
         r.ru_stime.tv_usec / 1e6;
}
long rss(void) {
  char b[256];
  long kb = 0;
  FILE* f = fopen("/proc/self/status", "r");
  while (fgets(b, sizeof b, f))
    if (sscanf(b, "VmHWM: %ld", &kb) == 1) break;
  fclose(f);
  return kb;
}
void die(const char* m, PGconn* c) {
  fprintf(stderr, "%s: %s\n", m, c ? PQerrorMessage(c) : "");
  exit(1);
}
static int cmp(const void* a, const void* b) {
  int64_t x = *(int64_t*)a, y = *(int64_t*)b;
  return x < y ? -1 : x > y;
}
void result(int n, double secs, double c, int64_t* l, int nl, const char* extra) {
  printf("RESULT {\"n\":%d,\"secs\":%.6f,\"cpu_s\":%.4f", n, secs, c);
  if (nl) {
    qsort(l, nl, 8, cmp);
    int q = (int)((int64_t)nl * 99 / 100);
    printf(",\"p50_us\":%.1f,\"p99_us\":%.1f", l[nl / 2] / 1e3, l[q >= nl ? nl - 1 : q] / 1e3);
  }
  printf("%s,\"rss_kb\":%ld}\n", extra, rss());
  fflush(stdout);
}
static __thread uint64_t rs;
uint64_t rnd(void) {
  if (!rs) rs = mono() ^ (uint64_t)(uintptr_t)&rs;
  rs ^= rs << 13;
  rs ^= rs >> 7;
  rs ^= rs << 17;
  return rs;
}
void uuid(char* o) {
  uint64_t a = rnd(), b = rnd();
  sprintf(o, "%08x-%04x-4%03x-%04x-%012llx", (unsigned)(a >> 32), (unsigned)(a >> 16) & 0xffff,
          (unsigned)a & 0xfff, 0x8000 | ((unsigned)(b >> 48) & 0x3fff),
          (unsigned long long)b & 0xffffffffffffULL);
}
PGconn* dial(void) {
  PGconn* c = PQconnectdb(arg("url", ""));
  if (PQstatus(c) != CONNECTION_OK) die("connect", c);
  return c;
}
void ok(PGconn* c, PGresult* r) {
  ExecStatusType s = PQresultStatus(r);
  if (s != PGRES_COMMAND_OK && s != PGRES_TUPLES_OK && s != PGRES_PIPELINE_SYNC) die("query", c);
  PQclear(r);
}
void sql(PGconn* c, const char* q) { ok(c, PQexec(c, q)); }
void add(buf* b, const char* s) {
  size_t l = strlen(s);
  if (b->n + l + 1 > b->cap) {
    b->cap = (b->n + l + 1) * 2;
    b->s = realloc(b->s, b->cap);
  }
  memcpy(b->s + b->n, s, l + 1);
  b->n += l;
}
void addq(buf* b, const char* s) {  // quoted array element
  add(b, "\"");
  char t[3] = "\\x";
  for (const char* p = s; *p;) {
    size_t l = strcspn(p, "\"\\");
    char c = p[l];
    if (l) {
      char* z = strndup(p, l);
      add(b, z);
      free(z);
    }
    p += l;
    if (c) {
      t[1] = c;
      add(b, t);
      p++;
    }
  }
  add(b, "\"");
}
