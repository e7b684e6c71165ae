/* Checks and the main program of the C tests. A failed check says where, and ends the program. */
#ifndef DBOSC_TESTS_CHECK_H
#define DBOSC_TESTS_CHECK_H

#include <dbosc/dbosc.h>
#include <stddef.h>

#define CHECK(condition)                                            \
  do {                                                              \
    if (!(condition)) check_failed(__FILE__, __LINE__, #condition); \
  } while (0)

/* Compares and shows both sides. */
#define CHECK_INT(actual, expected) check_int(__FILE__, __LINE__, #actual, (actual), (expected))
#define CHECK_TEXT(actual, expected) check_text(__FILE__, __LINE__, #actual, (actual), (expected))
#define CHECK_CONTAINS(text, part) check_contains(__FILE__, __LINE__, #text, (text), (part))

/* The call failed with this status and kind; frees the error. */
#define CHECK_ERROR(status, error, expected, kind)                              \
  do {                                                                          \
    const int check_status = (status); /* the call, before `error` is read */   \
    check_error(__FILE__, __LINE__, check_status, (error), (expected), (kind)); \
  } while (0)
/* The call succeeded and left its error alone (NULL before). */
#define CHECK_OK(status, error)                          \
  do {                                                   \
    const int check_status = (status);                   \
    check_ok(__FILE__, __LINE__, check_status, (error)); \
  } while (0)

void check_failed(const char* file, int line, const char* what);
void check_int(const char* file, int line, const char* what, long actual, long expected);
void check_text(const char* file, int line, const char* what, const char* actual,
                const char* expected);
void check_contains(const char* file, int line, const char* what, const char* text,
                    const char* part);
void check_error(const char* file, int line, int status, dbosc_error* error, int expected,
                 const char* kind);
void check_ok(const char* file, int line, int status, dbosc_error* error);

/* 1 if `text` is one whole JSON value (syntax only). */
int is_json(const char* text);

/* A sanitizer slows everything down, so tests of many rounds do fewer. */
int rounds(int normal);

struct database;
struct test {
  const char* name;
  void (*run)(struct database* database);
};
#define TEST(function) \
  { #function, function }

/* Runs `tests` on a fresh database: PROGRAM postgres|sqlite [TEST]. */
int run_tests(int argc, char** argv, const struct test* tests, size_t count);
#define RUN_TESTS(argc, argv, tests) run_tests(argc, argv, tests, sizeof(tests) / sizeof(tests)[0])

#endif
