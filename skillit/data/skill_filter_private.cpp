#include "skillit/data/skill_filter_private.h"

#include <fmt/core.h>

#include <algorithm>

#include "skillit/base/error.h"

namespace skillit::detail {
namespace {

/// A name as SQL writes it.
std::string sql_name(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + "\"";
}

void bind(sqlite3_stmt* statement, int column, simdjson::dom::element value) {
  using Type = simdjson::dom::element_type;
  const auto text = [&](std::string_view bytes) {
    sqlite3_bind_text64(statement, column, bytes.data(), bytes.size(), SQLITE_TRANSIENT,
                        SQLITE_UTF8);
  };
  switch (value.type()) {
    case Type::STRING:
      return text(value.get_string().value());
    case Type::INT64:
      sqlite3_bind_int64(statement, column, value.get_int64().value());
      return;
    case Type::UINT64:  // Only those above the largest signed one.
    case Type::DOUBLE:
      sqlite3_bind_double(statement, column, value.get_double().value());
      return;
    case Type::BOOL:
      sqlite3_bind_int(statement, column, value.get_bool().value() ? 1 : 0);
      return;
    case Type::NULL_VALUE:
      sqlite3_bind_null(statement, column);
      return;
    default:
      return text(simdjson::minify(value));
  }
}

constexpr std::string_view kNoColumn = "no such column: ";

}  // namespace

SkillFilter::SkillFilter(std::vector<std::pair<std::string, std::string>> conditions)
    : conditions_(std::move(conditions)), database_(nullptr, &sqlite3_close) {
  sqlite3* database = nullptr;
  const int result = sqlite3_open(":memory:", &database);
  database_.reset(database);
  if (result != SQLITE_OK) fail(ErrorCode::kIo, "filter: cannot start SQLite: out of memory");
  // Otherwise a mistyped "name" would silently be a text.
  sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  (void)statement_for({});
  lacked_.clear();
}

SkillFilter::Statement SkillFilter::prepare(const std::vector<std::string>& columns,
                                            std::string& problem) {
  std::string sql = "SELECT CASE";
  for (std::size_t i = 0; i < conditions_.size(); ++i)  // The newline ends a comment.
    sql += fmt::format(" WHEN ({}\n) THEN {}", conditions_[i].second, i);
  sql += " END FROM (SELECT NULL";
  for (std::size_t i = 0; i < columns.size(); ++i)
    sql += fmt::format(", ?{} AS {}", i + 1, sql_name(columns[i]));
  for (const std::string& name : lacked_) {
    if (std::find(columns.begin(), columns.end(), name) == columns.end())
      sql += fmt::format(", NULL AS {}", sql_name(name));
  }
  sql += ")";
  sqlite3_stmt* statement = nullptr;
  const char* rest = nullptr;
  if (sqlite3_prepare_v2(database_.get(), sql.c_str(), -1, &statement, &rest) != SQLITE_OK)
    problem = sqlite3_errmsg(database_.get());
  else if (*rest != '\0')
    problem = "a ';' ends it early";
  return Statement(statement);
}

sqlite3_stmt* SkillFilter::statement_for(const std::vector<std::string>& columns) {
  auto& statement = statements_[columns];
  while (statement == nullptr) {
    std::string problem;
    statement = prepare(columns, problem);
    if (problem.empty()) break;
    statement.reset();
    const bool lacks = problem.starts_with(kNoColumn);
    const std::string name = lacks ? problem.substr(kNoColumn.size()) : "";
    if (!lacks || name.find('.') != std::string::npos || !lacked_.insert(name).second) {
      std::string given;
      for (const auto& [skill, condition] : conditions_)
        given += fmt::format("{}{}={}", given.empty() ? "" : "; ", skill, condition);
      fail(ErrorCode::kBadArgument,
           fmt::format("filter '{}': {}; each must be an SQL condition over the fields, such as "
                       "source = 'arxiv' or meta->>'source' = 'arxiv'",
                       given, problem));
    }
  }
  return statement.get();
}

std::optional<std::size_t> SkillFilter::first_met(simdjson::dom::object object,
                                                  const LinePlace& place) {
  std::vector<std::string> columns;
  for (const auto& field : object) columns.emplace_back(field.key);
  if (!statements_.contains(columns)) met_.insert(columns.begin(), columns.end());
  sqlite3_stmt* statement = statement_for(columns);
  int column = 0;
  for (const auto& field : object) {
    if (++column > sqlite3_bind_parameter_count(statement)) break;
    bind(statement, column, field.value);
  }
  const int result = sqlite3_step(statement);
  std::optional<std::size_t> met;
  if (result == SQLITE_ROW && sqlite3_column_type(statement, 0) == SQLITE_INTEGER)
    met = static_cast<std::size_t>(sqlite3_column_int64(statement, 0));
  const std::string problem = result == SQLITE_ROW ? "" : sqlite3_errmsg(database_.get());
  sqlite3_reset(statement);
  if (!problem.empty()) place.refuse(fmt::format("a filter cannot be computed: {}", problem));
  return met;
}

}  // namespace skillit::detail
