#include "c_api/boundary.h"
#include "client/operation_types.h"
#include "client/system.h"

namespace dbosc::c_api {
namespace {

template <class Connection>
int adopt(dbosc_client* client, Connection* connection, dbosc_transaction** transaction,
          dbosc_error** error) noexcept {
  if (transaction) *transaction = nullptr;
  return guarded(error, [&] {
    if (!client) throw null_argument("client");
    if (!connection) throw null_argument("connection");
    if (!transaction) throw null_argument("transaction");
    const auto& services = client->services;
    const Entered entered(*services);
    const auto borrow = [connection, database = &services->database()](const Limits& limits) {
      return database->adopt(connection, limits);
    };
    // Once now, so that what is wrong with the connection shows here.
    borrow({});
    *transaction = new dbosc_transaction{services, {*services, borrow}};
  });
}

Limits default_limits(const client::Services& services, dbosc_cancel* cancel) {
  return {Deadline::in(milliseconds(services.config().default_timeout_ms)), token(cancel),
          &services.closing()};
}

/// Runs `work` on a transaction, inside the checks that every call makes.
template <class Work>
int on_transaction(dbosc_transaction* transaction, dbosc_error** error, Work&& work) noexcept {
  return guarded(error, [&] {
    if (!transaction) throw null_argument("transaction");
    const Entered entered(*transaction->services);
    work(*transaction);
  });
}

}  // namespace
}  // namespace dbosc::c_api

using namespace dbosc;

int dbosc_transaction_adopt_postgres(dbosc_client* client, struct pg_conn* connection,
                                     dbosc_transaction** transaction,
                                     dbosc_error** error) noexcept {
  return c_api::adopt(client, connection, transaction, error);
}

int dbosc_transaction_adopt_sqlite(dbosc_client* client, struct sqlite3* connection,
                                   dbosc_transaction** transaction, dbosc_error** error) noexcept {
  return c_api::adopt(client, connection, transaction, error);
}

int dbosc_transaction_begin(dbosc_client* client, const char* request, dbosc_cancel* cancel,
                            dbosc_transaction** transaction, dbosc_error** error) noexcept {
  if (transaction) *transaction = nullptr;
  return c_api::guarded(error, [&] {
    if (!client) throw c_api::null_argument("client");
    if (!transaction) throw c_api::null_argument("transaction");
    const auto& services = client->services;
    const c_api::Entered entered(*services);
    const auto document = JsonDocument::parse(request ? request : "{}");
    const auto options = schema::decode<client::PlainRequest>(document.root());
    const auto call = client::make_call({*services, c_api::token(cancel), nullptr}, options);
    *transaction = new dbosc_transaction{services, {*services, call.limits}};
  });
}

int dbosc_transaction_call(dbosc_transaction* transaction, const char* operation,
                           const char* request, dbosc_cancel* cancel, char** reply,
                           dbosc_error** error) noexcept {
  if (reply) *reply = nullptr;
  return c_api::on_transaction(transaction, error, [&](dbosc_transaction& handle) {
    const auto& found = c_api::operation_named(operation);
    const auto document = JsonDocument::parse(request ? request : "{}");
    JsonWriter out;
    handle.transaction.call(found, c_api::token(cancel), document.root(), out);
    if (reply) *reply = out.release();
  });
}

int dbosc_transaction_execute(dbosc_transaction* transaction, const char* sql, const char* params,
                              dbosc_cancel* cancel, char** reply, dbosc_error** error) noexcept {
  if (reply) *reply = nullptr;
  return c_api::on_transaction(transaction, error, [&](dbosc_transaction& handle) {
    if (!sql) throw c_api::null_argument("sql");
    const auto document = JsonDocument::parse(params ? params : "[]");
    if (!document.root().is(Json::Type::kArray)) {
      throw invalid_argument("wrong_type", "params", "'params' must be an array");
    }
    JsonWriter out;
    handle.transaction.execute(sql, document.root(),
                               c_api::default_limits(*handle.services, cancel), out);
    if (reply) *reply = out.release();
  });
}

int dbosc_transaction_commit(dbosc_transaction* transaction, dbosc_cancel* cancel,
                             dbosc_error** error) noexcept {
  return c_api::on_transaction(transaction, error, [&](dbosc_transaction& handle) {
    handle.transaction.commit(c_api::default_limits(*handle.services, cancel));
  });
}

int dbosc_transaction_rollback(dbosc_transaction* transaction, dbosc_cancel* cancel,
                               dbosc_error** error) noexcept {
  return c_api::on_transaction(transaction, error, [&](dbosc_transaction& handle) {
    handle.transaction.rollback(c_api::default_limits(*handle.services, cancel));
  });
}

void dbosc_transaction_free(dbosc_transaction* transaction) noexcept {
  if (!transaction) return;
  // In a child of fork() the connection is the parent's.
  if (!transaction->services->is_own_process()) return;
  delete transaction;
}
