// What the harness says to a contender and reads from it. Interface: see ../README.md.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace contender {

// ---- Clocks and counters

/// Nanoseconds of the monotonic clock.
std::int64_t now();
double cpu_seconds();

// ---- Arguments: key=value

void take_arguments(int count, char** arguments);
std::string text(std::string_view key, std::string_view otherwise = "");
int number(std::string_view key, int otherwise);
/// `size` random letters.
std::string random_letters(int size);
/// The id of the workflow of that number.
std::string id_of(int index);

// ---- Lines

/// One line, whole whatever the other threads say.
void say(const std::string& line);
void say_done(const std::string& id);

/// The members of a RESULT.
class Result {
 public:
  Result& add(std::string_view key, double value);
  Result& add_latencies(std::vector<std::int64_t> nanoseconds);
  void say();

 private:
  std::string members_;
};

/// Time and processor time since its making.
class Span {
 public:
  double seconds() const { return static_cast<double>(now() - start_) / 1e9; }
  double cpu() const { return cpu_seconds() - cpu_; }

 private:
  double cpu_ = cpu_seconds();
  std::int64_t start_ = now();
};

// ---- Callers

/// Runs work(0) … work(count - 1) at once, each in a thread whose stack is small.
void in_threads(int count, const std::function<void(int)>& work);

/// work(i) for `warm` and then, measured, for `n` indices over `c` callers.
void timed(const std::function<void(int)>& work);

/// One thing of `n`, measured at once.
void measured(const std::function<void()>& work);

}  // namespace contender
