// pgtap LISTEN_PORT TARGET_PORT DELAY_US_EACH_WAY: loopback proxy that counts PostgreSQL frontend
// messages and round trips (turns: client speaks after the server spoke), and can add one-way
// delay. On SIGUSR1 it prints totals.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
static _Atomic long msg[256], turns, up_bytes, down_bytes, conns;
static int tport, delay_us;
typedef struct {
  int c, s;
  _Atomic int last, refs;
} pair;  // last: 1 = server spoke last
static int64_t mono(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}
static void relay(pair* p, int up) {
  char* b = malloc(1 << 16);
  int in = up ? p->c : p->s, out = up ? p->s : p->c, startup = 1;
  long need = 0;
  unsigned char hdr[5];
  int h = 0;
  for (;;) {
    ssize_t k = read(in, b, 1 << 16);
    if (k <= 0) break;
    int64_t t = mono();
    if (up) {
      up_bytes += k;
      if (atomic_exchange(&p->last, 0)) turns++;
      for (ssize_t i = 0; i < k;) {
        if (need) {
          ssize_t d = k - i < need ? k - i : need;
          need -= d;
          i += d;
          continue;
        }
        hdr[h++] = b[i++];
        if (startup ? h == 4 : h == 5) {
          uint32_t l;
          memcpy(&l, hdr + (startup ? 0 : 1), 4);
          l = ntohl(l);
          if (!startup) msg[hdr[0]]++;
          need = (long)l - 4;
          h = 0;
          if (l != 8)
            startup = 0;  // 8: SSLRequest or GSSENCRequest, a startup packet still follows
        }
      }
    } else {
      down_bytes += k;
      p->last = 1;
    }
    if (delay_us) {
      int64_t w = t + delay_us * 1000LL;
      struct timespec ts = {w / 1000000000, w % 1000000000};
      clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
    }
    for (ssize_t o = 0; o < k;) {
      ssize_t w = write(out, b + o, k - o);
      if (w <= 0) goto end;
      o += w;
    }
  }
end:
  shutdown(out, SHUT_WR);
  free(b);
  if (atomic_fetch_sub(&p->refs, 1) == 1) {
    close(p->c);
    close(p->s);
    free(p);
  }
}
static void* upT(void* v) {
  relay(v, 1);
  return NULL;
}
static void* dnT(void* v) {
  relay(v, 0);
  return NULL;
}
static void report(void) {
  printf("{\"conns\":%ld,\"turns\":%ld,\"up_bytes\":%ld,\"down_bytes\":%ld", conns, turns, up_bytes,
         down_bytes);
  for (int i = 'A'; i <= 'z'; i++)
    if (msg[i]) printf(",\"%c\":%ld", i, msg[i]);
  printf("}\n");
  fflush(stdout);
}
static void* sigT(void* v) {
  int s;
  for (;;) {
    sigwait(v, &s);
    report();
  }
  return NULL;
}
int main(int ac, char** av) {
  if (ac < 4) return 2;
  tport = atoi(av[2]);
  delay_us = atoi(av[3]);
  signal(SIGPIPE, SIG_IGN);
  static sigset_t ss;
  sigemptyset(&ss);
  sigaddset(&ss, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &ss, NULL);
  pthread_t t;
  pthread_create(&t, NULL, sigT, &ss);
  int l = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  struct sockaddr_in a = {.sin_family = AF_INET,
                          .sin_port = htons(atoi(av[1])),
                          .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (bind(l, (void*)&a, sizeof a) || listen(l, 128)) {
    perror("listen");
    return 1;
  }
  socklen_t size = sizeof a;
  getsockname(l, (void*)&a, &size);
  printf("%d\n", ntohs(a.sin_port));  // of port 0: the one that was free
  fflush(stdout);
  for (;;) {
    pair* p = calloc(1, sizeof *p);
    p->c = accept(l, NULL, NULL);
    if (p->c < 0) return 1;
    p->s = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in d = a;
    d.sin_port = htons(tport);
    if (connect(p->s, (void*)&d, sizeof d)) {
      perror("connect");
      close(p->c);
      close(p->s);
      free(p);
      continue;
    }
    setsockopt(p->c, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(p->s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    conns++;
    p->refs = 2;
    pthread_attr_t at;
    pthread_attr_init(&at);
    pthread_attr_setdetachstate(&at, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&at, 256 * 1024);
    pthread_create(&t, &at, upT, p);
    pthread_create(&t, &at, dnT, p);
  }
}
