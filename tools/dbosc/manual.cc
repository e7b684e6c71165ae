#include "manual.h"

#include <dbosc/dbosc.h>

#include "help.h"

namespace cli {
namespace {

/// A text in which nothing is a request or an escape of roff.
std::string roff(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if (c == '\'') {
      out += "\\(aq";
    } else {
      out += c;
    }
  }
  return out.starts_with('.') ? "\\&" + out : out;
}

std::string entry(const std::string& name, const std::string& doc) {
  return ".TP\n.B " + roff(name) + "\n" + roff(doc) + "\n";
}

std::string command_entry(const Command& command) {
  std::string text = ".SS dbosc " + roff(usage_of(command)) + "\n" + roff(command.doc) + "\n";
  text += ".PP\nExample: \\fBdbosc " + roff(command.path + " " + command.example) + "\\fR\n";
  for (const auto& parameter : command.parameters) {
    text += entry(flags_text(parameter), doc_text(parameter));
  }
  for (const auto* option : command.app->get_options()) {
    if (!option->get_description().empty() && option->get_name() != "--help") {
      text += entry(option->get_name(), option->get_description());
    }
  }
  return text;
}

constexpr char kNotes[] = R"(.SH ENVIRONMENT
.TP
.B DBOS_SYSTEM_DATABASE_URL
The system database, where no option names it.
.TP
.B PGPASSWORD, PGPASSFILE
The password, which so need not be typed; all other variables of libpq count, too.
.TP
.B NO_COLOR, COLUMNS, TZ
No colours; how wide a table may be; the zone of the instants in it.
.SH EXIT STATUS
0: done. 1: unhealthy, or the output cannot be written. 2: wrong usage. 12: not found. 13: conflict.
14: timeout. 16: the database is unavailable. 17: it refused a statement. 18: a payload cannot be
written or read. 19: unsupported. 20: invalid state. 21: the workflow failed. 22: it was cancelled.
23: outcome unknown. 24: out of memory. 25: internal. 128 and the number of a signal: ended by it,
as 130 by Ctrl\-C.
)";

}  // namespace

std::string manual_page(const Program& program) {
  std::string text = std::string(".TH DBOSC 1 \"\" \"dbosc ") + dbosc_version() +
                     "\"\n.SH NAME\ndbosc \\- a client for DBOS applications\n.SH SYNOPSIS\n" +
                     ".B dbosc\n.I COMMAND\n[\\fIOPTIONS\\fR]\n.SH COMMANDS\n";
  for (const auto& command : program.commands()) {
    if (!command->is_alias) text += command_entry(*command);
  }
  text += ".SH OPTIONS\nThese stand before or behind any command.\n";
  for (const auto& option : global_options()) text += entry(option.flags, option.doc);
  for (const auto& parameter : program.config()) {
    text += entry(flags_text(parameter), doc_text(parameter));
  }
  return text + kNotes;
}

}  // namespace cli
