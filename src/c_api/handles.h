#pragma once

#include <dbosc/dbosc.h>

#include <memory>
#include <string>

#include "base/cancel.h"
#include "base/error.h"
#include "client/services.h"
#include "client/transaction.h"

// What stands behind the opaque types of dbosc.h.

struct dbosc_client {
  std::shared_ptr<dbosc::client::Services> services;
};

struct dbosc_transaction {
  std::shared_ptr<dbosc::client::Services> services;  ///< Lives as long as its transactions.
  dbosc::client::Transaction transaction;
};

struct dbosc_workflow {
  dbosc_client* client;
  std::string id;
};

struct dbosc_cancel {
  /// Shared with the submitted calls that have it.
  std::shared_ptr<dbosc::Cancel> cancel = std::make_shared<dbosc::Cancel>();
};

struct dbosc_error {
  int code;
  std::string kind;
  std::string message;
  std::string json;
};

namespace dbosc::c_api {

/// The caller's object for a failure. Falls back to a static object when there is no memory for
/// one.
dbosc_error* make_error(const Error& failure) noexcept;
dbosc_error* out_of_memory_error() noexcept;

}  // namespace dbosc::c_api
