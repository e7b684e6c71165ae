// What our part of a call costs, without a server: Google Benchmark, by bench/in_process/run.
#include <benchmark/benchmark.h>
#include <dbosc/dbosc.h>
#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>

#include "base/json.h"
#include "base/json_writer.h"
#include "base/uuid.h"
#include "client/look/rows.h"
#include "client/start/enqueue.h"
#include "model/workflow.h"
#include "schema/decode.h"
#include "sql/record_row.h"
#include "wire/payload.h"

namespace {

constexpr const char* kRequest =
    R"({"workflow_name": "charge", "queue_name": "payments", "workflow_id": "order-4711",)"
    R"( "args": [4711, "EUR", {"amount": 129.95}], "priority": 3, "timeout_ms": 5000})";

void parse_request(benchmark::State& state) {
  for (auto _ : state) {
    const auto document = dbosc::JsonDocument::parse(kRequest);
    benchmark::DoNotOptimize(document.root());
  }
}
BENCHMARK(parse_request);

void decode_request(benchmark::State& state) {
  const auto document = dbosc::JsonDocument::parse(kRequest);
  for (auto _ : state) {
    auto request = dbosc::schema::decode<dbosc::client::EnqueueRequest>(document.root());
    benchmark::DoNotOptimize(request);
  }
}
BENCHMARK(decode_request);

void encode_arguments(benchmark::State& state) {
  const auto document = dbosc::JsonDocument::parse(kRequest);
  const dbosc::wire::Codecs codecs;
  const dbosc::wire::WriteFormat format{{codecs}, "portable_json"};
  for (auto _ : state) {
    auto stored = dbosc::wire::encode_arguments(format, document.root().find("args"), {});
    benchmark::DoNotOptimize(stored);
  }
}
BENCHMARK(encode_arguments);

void make_uuid(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(dbosc::new_uuid());
}
BENCHMARK(make_uuid);

/// A row of a listing as Postgres sends it.
class RecordColumn final : public dbosc::sql::Row {
 public:
  std::optional<std::string_view> text(int) const override { return record_; }

 private:
  const std::string record_ =
      "(order-4711,SUCCESS,charge,,,payments,3,,,v7,shop,,executor-1,,,,"
      "1763800000000,1763800000450,1763800000120,1763800000450,,,,1,,f,,,"
      "\"{\"\"a\"\": 1}\",portable_json,f,,f," +
      dbosc::new_uuid() + ",)";
};

void render_row(benchmark::State& state) {
  const RecordColumn column;
  dbosc::sql::RecordRow row(dbosc::model::kWorkflowColumnCount);
  dbosc::JsonWriter out;
  for (auto _ : state) {
    out.truncate(0);
    out.begin_object();
    row.read(column);
    dbosc::client::write_columns(out, dbosc::model::kWorkflowColumns, row);
    out.end_object();
    benchmark::DoNotOptimize(out.view());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(render_row);

[[noreturn]] void give_up(const std::string& why) {
  std::cerr << why << '\n';
  std::exit(1);
}

/// A client on a SQLite file of its own, with one workflow.
class Client {
 public:
  Client() {
    std::string pattern = std::filesystem::temp_directory_path() / "dbosc-bench-XXXXXX";
    if (!::mkdtemp(pattern.data())) give_up("no folder for a database");
    directory_ = pattern;
    const auto config =
        R"({"system_database_url": "sqlite:///)" + directory_ + R"(/dbos.sqlite", "lazy": true})";
    dbosc_error* error = nullptr;
    check(dbosc_client_open(config.c_str(), nullptr, &client_, &error), error);
    call(dbosc_client_create_system_database, nullptr);
    call(dbosc_client_enqueue, kRequest);
  }
  ~Client() {
    dbosc_client_free(client_);
    std::filesystem::remove_all(directory_);
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  using Function = int(dbosc_client*, const char*, dbosc_cancel*, char**, dbosc_error**);
  void call(Function* function, const char* request) const {
    char* reply = nullptr;
    dbosc_error* error = nullptr;
    check(function(client_, request, nullptr, &reply, &error), error);
    dbosc_string_free(reply);
  }
  /// A call that is refused before it needs a connection.
  void refused(Function* function, const char* request) const {
    dbosc_error* error = nullptr;
    if (function(client_, request, nullptr, nullptr, &error) == DBOSC_OK) give_up("not refused");
    dbosc_error_free(error);
  }

 private:
  static void check(int status, dbosc_error* error) {
    if (status != DBOSC_OK) give_up(dbosc_error_message(error));
  }

  std::string directory_;
  dbosc_client* client_ = nullptr;
};

void refuse_call(benchmark::State& state) {
  const Client client;
  for (auto _ : state) client.refused(dbosc_client_enqueue, R"({"workflow_name": "charge"})");
}
BENCHMARK(refuse_call);

void read_workflow_of_sqlite(benchmark::State& state) {
  const Client client;
  for (auto _ : state) client.call(dbosc_client_get_workflow, R"({"workflow_id": "order-4711"})");
}
BENCHMARK(read_workflow_of_sqlite);

}  // namespace

BENCHMARK_MAIN();
