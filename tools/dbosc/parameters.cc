#include "parameters.h"

#include <algorithm>
#include <set>

#include "places.h"
#include "values.h"

namespace cli {
namespace {

// The program's own, which work behind every command.
const std::set<std::string> kOwnFlags = {
    "-h",     "--help",  "-o", "--output",     "--utc",       "--color",   "--columns",
    "--json", "--quiet", "-s", "--sys-db-url", "--from-file", "--batch-id"};

void append_with_members(std::vector<Parameter>& to, const Field& field,
                         std::vector<std::string> path) {
  path.push_back(field.key);
  to.push_back({field, path, {}, false, nullptr, nullptr});
  if (!field.is_record()) return;
  for (const auto& member : field.fields) append_with_members(to, member, path);
}

std::string flag_of(const std::vector<std::string>& path) {
  std::string flag = "-";
  for (const auto& key : path) flag += "-" + dashed(key);
  return flag;
}

std::string without_unit(const std::string& flag) {
  return flag.ends_with("-ms") ? flag.substr(0, flag.size() - 3) : flag;
}

/// Gives flags to parameters, each to the first that asks for it.
class Naming {
 public:
  explicit Naming(std::vector<Parameter>& parameters) : parameters_(parameters) {}

  void name_all(const std::string& operation) {
    for (auto& each : parameters_) take(each, flag_of(each.path));
    for (auto& each : parameters_) take_others(each, operation);
    // What filters stands for itself, where no key of the operation is called so.
    for (auto& each : parameters_) {
      if (each.path.size() == 2 && each.path.front() == "filter") take_inner(each, operation);
    }
  }

 private:
  void take(Parameter& parameter, const std::string& flag) {
    if (taken_.insert(flag).second) parameter.flags.push_back(flag);
  }

  void take_others(Parameter& parameter, const std::string& operation) {
    const auto& field = parameter.field;
    if (field.is_duration()) take(parameter, without_unit(flag_of(parameter.path)));
    auto other = parameter.path;
    other.back() = field.alias;
    if (!field.alias.empty()) take(parameter, flag_of(other));
    if (parameter.path.size() > 1) return;
    for (const auto& flag : official_flags(operation, field.key)) take(parameter, flag);
  }

  void take_inner(Parameter& parameter, const std::string& operation) {
    take(parameter, flag_of({parameter.field.key}));
    for (const auto& flag : official_flags(operation, parameter.field.key)) {
      take(parameter, flag);
    }
  }

  std::vector<Parameter>& parameters_;
  std::set<std::string> taken_ = kOwnFlags;
};

std::string joined(const std::vector<std::string>& flags) {
  std::string names;
  for (const auto& flag : flags) names += (names.empty() ? "" : ",") + flag;
  return names;
}

void add_option(CLI::App& app, Parameter& parameter) {
  const auto& field = parameter.field;
  if (field.type == "boolean") {
    const auto negative = "!--no-" + parameter.name().substr(2);
    parameter.option = app.add_flag(joined(parameter.flags) + "," + negative);
  } else {
    const auto names = (parameter.positional ? field.key + "," : "") + joined(parameter.flags);
    parameter.option = app.add_option(names);
    const bool many = parameter.positional && field.is_list();
    parameter.option->type_size(1);
    parameter.option->expected(1, many ? CLI::detail::expected_max_vector_size : 1);
    parameter.option->multi_option_policy(field.is_list() ? CLI::MultiOptionPolicy::TakeAll
                                                          : CLI::MultiOptionPolicy::TakeLast);
    // Otherwise CLI11 takes JSON arrays apart.
    parameter.option->allow_extra_args(many);
  }
  if (field.clearable) parameter.clear = app.add_flag("--clear-" + parameter.name().substr(2));
}

Json& place_in(Json& request, const std::vector<std::string>& path) {
  Json* place = &request;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) place = &place->object_at(path[i]);
  return *place;
}

}  // namespace

std::string Parameter::metavar() const {
  if (field.type == "enum" || !field.values.empty()) {
    std::string choice;
    for (const auto& value : field.values) choice += (choice.empty() ? "" : "|") + value;
    if (choice.size() <= 40) return choice;
  }
  if (field.is_json()) return "JSON";
  if (field.is_instant() && field.type == "instant") return "TIME";
  if (field.is_duration()) return "DURATION";
  if (field.type == "integer") return "NUMBER";
  return "TEXT";
}

std::vector<Parameter> add_parameters(CLI::App& app, const std::string& operation,
                                      const std::vector<Field>& fields,
                                      const std::vector<std::string>& positionals) {
  std::vector<Parameter> parameters;
  for (const auto& field : fields) append_with_members(parameters, field, {});
  Naming(parameters).name_all(operation);
  const auto place_of = [&](const Parameter& parameter) {
    const auto found = std::find(positionals.begin(), positionals.end(), parameter.field.key);
    return parameter.path.size() == 1 ? found - positionals.begin()
                                      : static_cast<std::ptrdiff_t>(positionals.size());
  };
  std::stable_sort(parameters.begin(), parameters.end(),
                   [&](const auto& a, const auto& b) { return place_of(a) < place_of(b); });
  for (auto& parameter : parameters) {
    parameter.positional = place_of(parameter) < static_cast<std::ptrdiff_t>(positionals.size());
    add_option(app, parameter);
  }
  return parameters;
}

void fill(const std::vector<Parameter>& parameters, Json& request) {
  for (const auto& parameter : parameters) {
    if (parameter.clear && parameter.clear->count() > 0) {
      place_in(request, parameter.path).set(parameter.field.key, Json());
    }
    if (parameter.option->count() == 0) continue;
    const auto texts =
        parameter.field.type == "boolean"
            ? std::vector{std::string(parameter.option->as<bool>() ? "true" : "false")}
            : parameter.option->results();
    place_in(request, parameter.path)
        .set(parameter.field.key, value_of(parameter.field, parameter.name(), texts));
  }
}

}  // namespace cli
