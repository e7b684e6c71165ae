#pragma once

#include <array>
#include <string>
#include <vector>

#include "client/call.h"
#include "client/requests.h"

namespace dbosc::client {

enum class CheckStatus { kOk, kWarn, kFail };

struct DoctorRequest : CallOptions, OutsideTransactions {};

struct DoctorCheck {
  std::string name;
  CheckStatus status = CheckStatus::kOk;
  std::string message;
  schema::RawJson details{"{}"};
};
struct DoctorReply {
  bool healthy = true;
  std::vector<DoctorCheck> checks;
};

DoctorReply doctor(Call& call, const DoctorRequest& request);

}  // namespace dbosc::client

namespace dbosc::schema {

template <>
struct EnumTexts<client::CheckStatus> {
  static constexpr std::array<std::string_view, 3> texts = {"ok", "warn", "fail"};
};

template <>
struct Schema<client::DoctorRequest> {
  static constexpr auto fields = call_fields<client::DoctorRequest>();
};
template <>
struct Schema<client::DoctorCheck> {
  using R = client::DoctorCheck;
  static constexpr auto fields = std::tuple(
      field("name", &R::name, "What was looked at, a stable word."),
      field("status", &R::status,
            "ok; warn: it works, but not as well as it could; fail: calls will fail."),
      field("message", &R::message, "What was found, one sentence for people."),
      field("details", &R::details, "What was found, as an object; its keys belong to the check."));
};
template <>
struct Schema<client::DoctorReply> {
  using R = client::DoctorReply;
  static constexpr auto fields =
      std::tuple(field("healthy", &R::healthy, "Whether no check failed."),
                 field("checks", &R::checks, "One each, in the order in which they were made."));
};

}  // namespace dbosc::schema
