// What the files of this contender share.
#pragma once

#include <libpq-fe.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern char** g_av;
extern int g_ac;
extern char* g_in;  // the input that is enqueued, serialized

typedef struct {
  char* s;
  size_t n, cap;
} buf;

const char* arg(const char* k, const char* d);
int num(const char* k, int d);
int64_t mono(void);
double cpu(void);
long rss(void);
void die(const char* m, PGconn* c);
void result(int n, double secs, double c, int64_t* l, int nl, const char* extra);
uint64_t rnd(void);
void uuid(char* o);
PGconn* dial(void);
void ok(PGconn* c, PGresult* r);
void sql(PGconn* c, const char* q);
void add(buf* b, const char* s);
void addq(buf* b, const char* s);

void params(const char** p, char* id, char* xid);
void prep(PGconn* c);
void send2(PGconn* c, const char** p);
void recv2(PGconn* c);
void enqueue_one(PGconn* c, char m);
void piped(PGconn* c, int n, int window, int64_t* lat);

void enqueue_op(const char* m, int n, int c, int warm);
void bulk(const char* m, int n);
void sendbulk_op(int n);
void call_op(const char* op, int n, int warm, int size);
void waitop(const char* op, int n, int cc);
void listop(int n);

#define NCOL 28
#define LCOLS                                                                                      \
  "w.workflow_uuid,w.status,w.name,w.class_name,w.config_name,w.authenticated_user,w.assumed_"     \
  "role,w.authenticated_roles,w.created_at,w.updated_at,w.queue_name,w.executor_id,w.application_" \
  "version,w.application_id,w.recovery_attempts,w.workflow_timeout_ms,w.workflow_deadline_epoch_"  \
  "ms,w.started_at_epoch_ms,w.deduplication_id,w.priority,w.queue_partition_key,w.forked_from,w."  \
  "parent_workflow_id,w.serialization,w.delay_until_epoch_ms,w.was_forked_from,w.completed_at,w."  \
  "attributes,w.schedule_name,w.application_name"
#define LIO ",COALESCE(i.inputs,w.inputs),COALESCE(o.output,w.output),COALESCE(o.error,w.error)"
#define LJOIN                                                                                      \
  " LEFT JOIN dbos.workflow_input i USING (workflow_uuid) LEFT JOIN dbos.workflow_output o USING " \
  "(workflow_uuid)"
