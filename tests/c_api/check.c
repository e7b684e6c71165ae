#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "database.h"

static const char* current_test = "(before the first test)";

void check_failed(const char* file, int line, const char* what) {
  fprintf(stderr, "%s:%d: in %s: failed: %s\n", file, line, current_test, what);
  fflush(stderr);
  _Exit(1);
}

void check_int(const char* file, int line, const char* what, long actual, long expected) {
  if (actual == expected) return;
  fprintf(stderr, "expected %ld, got %ld\n", expected, actual);
  check_failed(file, line, what);
}

void check_text(const char* file, int line, const char* what, const char* actual,
                const char* expected) {
  if (actual && strcmp(actual, expected) == 0) return;
  fprintf(stderr, "expected \"%s\", got \"%s\"\n", expected, actual ? actual : "(null)");
  check_failed(file, line, what);
}

void check_contains(const char* file, int line, const char* what, const char* text,
                    const char* part) {
  if (text && strstr(text, part)) return;
  fprintf(stderr, "expected a text with \"%s\", got \"%s\"\n", part, text ? text : "(null)");
  check_failed(file, line, what);
}

void check_error(const char* file, int line, int status, dbosc_error* error, int expected,
                 const char* kind) {
  const int fits = status == expected && error && dbosc_error_code(error) == expected &&
                   strcmp(dbosc_error_kind(error), kind) == 0 && is_json(dbosc_error_json(error));
  if (!fits) {
    fprintf(stderr, "expected status %d (%s), got %d: %s\n", expected, kind, status,
            error ? dbosc_error_json(error) : "no error object");
    check_failed(file, line, "status and kind of the error");
  }
  dbosc_error_free(error);
}

void check_ok(const char* file, int line, int status, dbosc_error* error) {
  if (status == DBOSC_OK && !error) return;
  fprintf(stderr, "expected success, got status %d: %s\n", status,
          error ? dbosc_error_json(error) : "no error object");
  check_failed(file, line, "success");
}

/* A parser that only says whether the text is JSON. Each function returns what follows, or NULL. */
static const char* skip_value(const char* at, int depth);

static const char* skip_space(const char* at) { return at + strspn(at, " \t\r\n"); }

static const char* skip_string(const char* at) {
  for (++at; *at && *at != '"'; ++at) {
    if ((unsigned char)*at < 0x20) return NULL;
    if (*at == '\\' && !*++at) return NULL;
  }
  return *at ? at + 1 : NULL;
}

static const char* skip_list(const char* at, char end, int with_keys, int depth) {
  at = skip_space(at + 1);
  if (*at == end) return at + 1;
  for (;;) {
    if (with_keys) {
      if (*at != '"' || !(at = skip_string(at))) return NULL;
      at = skip_space(at);
      if (*at++ != ':') return NULL;
    }
    if (!(at = skip_value(at, depth + 1))) return NULL;
    if (*at == end) return at + 1;
    if (*at++ != ',') return NULL;
    at = skip_space(at);
  }
}

static const char* skip_word(const char* at, const char* word) {
  return strncmp(at, word, strlen(word)) == 0 ? at + strlen(word) : NULL;
}

static const char* skip_number(const char* at) {
  char* end;
  strtod(at, &end);
  return end > at ? end : NULL;
}

static const char* skip_value(const char* at, int depth) {
  if (depth > 100) return NULL;
  at = skip_space(at);
  switch (*at) {
    case '{':
      at = skip_list(at, '}', 1, depth);
      break;
    case '[':
      at = skip_list(at, ']', 0, depth);
      break;
    case '"':
      at = skip_string(at);
      break;
    case 't':
      at = skip_word(at, "true");
      break;
    case 'f':
      at = skip_word(at, "false");
      break;
    case 'n':
      at = skip_word(at, "null");
      break;
    default:
      at = skip_number(at);
  }
  return at ? skip_space(at) : NULL;
}

int is_json(const char* text) {
  const char* end = text ? skip_value(text, 0) : NULL;
  return end && *end == '\0';
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SLOWDOWN 4
#else
#define SLOWDOWN 1
#endif

int rounds(int normal) { return normal / SLOWDOWN; }

int run_tests(int argc, char** argv, const struct test* tests, size_t count) {
  size_t i, done = 0;
  struct database* database;
  if (argc < 2) {
    fprintf(stderr, "usage: %s postgres|sqlite [TEST]\n", argv[0]);
    return 2;
  }
  database = database_new(argv[1]);
  for (i = 0; i < count; ++i) {
    if (argc > 2 && strcmp(argv[2], tests[i].name) != 0) continue;
    current_test = tests[i].name;
    printf("%s\n", current_test);
    fflush(stdout);
    tests[i].run(database);
    ++done;
  }
  current_test = "(after the last test)";
  database_free(database);
  CHECK(done > 0);
  return 0;
}
