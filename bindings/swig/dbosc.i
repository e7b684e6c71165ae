/* Shared by the packages: the opaque handles and the functions of raw.h. Each language's own file says how text
 * crosses and how a call that may block is made, then includes this one. */
%{
#include "raw.h"
%}

%nodefaultctor;
%nodefaultdtor;
struct raw_outcome;
struct dbosc_client;
struct dbosc_cancel;
struct dbosc_completions;
struct dbosc_transaction;
typedef struct raw_outcome raw_outcome;
typedef struct dbosc_client dbosc_client;
typedef struct dbosc_cancel dbosc_cancel;
typedef struct dbosc_completions dbosc_completions;
typedef struct dbosc_transaction dbosc_transaction;

const char* dbosc_version(void);

void raw_outcome_free(raw_outcome* outcome);
int raw_status(const raw_outcome* outcome);
const char* raw_reply(const raw_outcome* outcome);
const char* raw_error_json(const raw_outcome* outcome);
dbosc_client* raw_client(const raw_outcome* outcome);
dbosc_completions* raw_completions(const raw_outcome* outcome);
dbosc_transaction* raw_transaction(const raw_outcome* outcome);

dbosc_cancel* dbosc_cancel_new(void);
void dbosc_cancel_trigger(dbosc_cancel* cancel);
void dbosc_cancel_free(dbosc_cancel* cancel);

raw_outcome* raw_open(const char* config, dbosc_cancel* cancel);
raw_outcome* raw_shutdown(dbosc_client* client, long long timeout_ms);
void dbosc_client_free(dbosc_client* client);
raw_outcome* raw_call(dbosc_client* client, const char* operation, const char* request, dbosc_cancel* cancel);

raw_outcome* raw_completions_new(void);
int dbosc_completions_fd(const dbosc_completions* completions);
raw_outcome* raw_submit(dbosc_client* client, const char* operation, const char* request, dbosc_cancel* cancel,
                        dbosc_completions* completions, long long tag);
raw_outcome* raw_completions_read(dbosc_completions* completions, long long timeout_ms, long long most);
void dbosc_completions_free(dbosc_completions* completions);

raw_outcome* raw_begin(dbosc_client* client, const char* request, dbosc_cancel* cancel);
raw_outcome* raw_transaction_call(dbosc_transaction* transaction, const char* operation, const char* request,
                                  dbosc_cancel* cancel);
raw_outcome* raw_transaction_execute(dbosc_transaction* transaction, const char* sql, const char* params,
                                     dbosc_cancel* cancel);
raw_outcome* raw_commit(dbosc_transaction* transaction, dbosc_cancel* cancel);
raw_outcome* raw_rollback(dbosc_transaction* transaction, dbosc_cancel* cancel);
void dbosc_transaction_free(dbosc_transaction* transaction);

raw_outcome* raw_queue_log(const char* level);
raw_outcome* raw_log_next(long long timeout_ms);
