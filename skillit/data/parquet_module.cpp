#include "skillit/data/parquet_module.h"

#include <arrow/api.h>
#include <arrow/io/file.h>
#include <arrow/ipc/reader.h>
#include <parquet/arrow/reader.h>

#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace {

constexpr std::int64_t kRowsAtATime = 256;

/// The reason of a failure, on its way through the C interface.
struct Refused {
  std::string reason;
};

void check(const arrow::Status& status) {
  if (!status.ok()) throw Refused{status.message()};
}

template <class T>
T take(arrow::Result<T> result) {
  check(result.status());
  return std::move(result).ValueUnsafe();
}

void append_text(std::string_view text, std::string& json) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  json += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') json += '\\';
    if (static_cast<unsigned char>(c) >= 0x20) {
      json += c;
    } else {
      json += "\\u00";
      json += kDigits[static_cast<unsigned char>(c) >> 4];
      json += kDigits[c & 15];
    }
  }
  json += '"';
}

void append_value(const arrow::Array& array, std::int64_t row, std::string& json);

template <class List>
void append_list(const List& list, std::int64_t row, std::string& json) {
  json += '[';
  for (std::int64_t i = list.value_offset(row); i < list.value_offset(row) + list.value_length(row);
       ++i) {
    if (json.back() != '[') json += ',';
    append_value(*list.values(), i, json);
  }
  json += ']';
}

void append_struct(const arrow::StructArray& array, std::int64_t row, std::string& json) {
  json += '{';
  for (int i = 0; i < array.num_fields(); ++i) {
    if (i > 0) json += ',';
    append_text(array.type()->field(i)->name(), json);
    json += ':';
    append_value(*array.field(i), row, json);
  }
  json += '}';
}

/// Numbers, truth values, text, lists and structs as JSON has them; anything else (times, decimals,
/// bytes) as the text in which Arrow shows it.
void append_value(const arrow::Array& array, std::int64_t row, std::string& json) {
  if (array.IsNull(row)) {
    json += "null";
    return;
  }
  const auto as = [&]<class Array>(const Array*) -> const Array& {
    return static_cast<const Array&>(array);
  };
  using enum arrow::Type::type;
  switch (array.type_id()) {
    case STRING:
      return append_text(as(static_cast<const arrow::StringArray*>(nullptr)).GetView(row), json);
    case LARGE_STRING:
      return append_text(as(static_cast<const arrow::LargeStringArray*>(nullptr)).GetView(row),
                         json);
    case STRING_VIEW:
      return append_text(as(static_cast<const arrow::StringViewArray*>(nullptr)).GetView(row),
                         json);
    case LIST:
      return append_list(as(static_cast<const arrow::ListArray*>(nullptr)), row, json);
    case LARGE_LIST:
      return append_list(as(static_cast<const arrow::LargeListArray*>(nullptr)), row, json);
    case STRUCT:
      return append_struct(as(static_cast<const arrow::StructArray*>(nullptr)), row, json);
    case DICTIONARY: {
      const auto& coded = as(static_cast<const arrow::DictionaryArray*>(nullptr));
      return append_value(*coded.dictionary(), coded.GetValueIndex(row), json);
    }
    case BOOL:
    case INT8:
    case INT16:
    case INT32:
    case INT64:
    case UINT8:
    case UINT16:
    case UINT32:
    case UINT64:
      json += take(array.GetScalar(row))->ToString();
      return;
    case FLOAT:
    case DOUBLE: {
      const std::string number = take(array.GetScalar(row))->ToString();
      json += number.find_first_of("ni") == std::string::npos ? number : "null";  // nan, inf
      return;
    }
    default:
      return append_text(take(array.GetScalar(row))->ToString(), json);
  }
}

thread_local std::string last_error;

}  // namespace

struct SkillitRows {
  std::unique_ptr<parquet::arrow::FileReader> parquet;      ///< Owns what `batches` reads.
  std::shared_ptr<arrow::RecordBatchReader> batches;        ///< Of Parquet, or an Arrow stream.
  std::shared_ptr<arrow::ipc::RecordBatchFileReader> file;  ///< Of an Arrow file with a footer.
  int next_batch = 0;                                       ///< Of `file`.
  std::shared_ptr<arrow::RecordBatch> batch;
  std::int64_t next_row = 0;  ///< Of `batch`.
  std::string json;

  bool read_batch() {
    batch = nullptr;
    next_row = 0;
    if (file == nullptr)
      check(batches->ReadNext(&batch));
    else if (next_batch < file->num_record_batches())
      batch = take(file->ReadRecordBatch(next_batch++));
    // The bytes come from elsewhere: offsets and UTF-8 are checked before anything is followed.
    if (batch != nullptr) check(batch->ValidateFull());
    return batch != nullptr;
  }

  bool next() {
    while (batch == nullptr || next_row == batch->num_rows()) {
      if (!read_batch()) return false;
    }
    json = '{';
    for (int i = 0; i < batch->num_columns(); ++i) {
      if (i > 0) json += ',';
      append_text(batch->schema()->field(i)->name(), json);
      json += ':';
      append_value(*batch->column(i), next_row, json);
    }
    json += '}';
    ++next_row;
    return true;
  }
};

namespace {

std::unique_ptr<SkillitRows> open_rows(const std::string& path, bool is_parquet) {
  auto rows = std::make_unique<SkillitRows>();
  if (!is_parquet) {
    auto file = take(arrow::io::MemoryMappedFile::Open(path, arrow::io::FileMode::READ));
    const auto begin = take(file->ReadAt(0, 6));
    if (std::string_view(*begin) == "ARROW1") {
      rows->file = take(arrow::ipc::RecordBatchFileReader::Open(file));
    } else {
      rows->batches = take(arrow::ipc::RecordBatchStreamReader::Open(file));
    }
    return rows;
  }
  parquet::ArrowReaderProperties properties(/*use_threads=*/false);
  properties.set_pre_buffer(false);
  properties.set_batch_size(kRowsAtATime);
  parquet::ReaderProperties buffered;
  buffered.enable_buffered_stream();  // Pages as they are needed, not whole columns.
  parquet::arrow::FileReaderBuilder builder;
  check(builder.Open(take(arrow::io::ReadableFile::Open(path)), buffered));
  builder.properties(properties);
  check(builder.Build(&rows->parquet));
  rows->batches = take(rows->parquet->GetRecordBatchReader());
  return rows;
}

/// Runs `action`; what it throws becomes `*error` and `on_failure`.
template <class Action, class Result>
Result guarded(const char** error, Result on_failure, const Action& action) {
  try {
    return action();
  } catch (const Refused& refused) {
    last_error = refused.reason;
  } catch (const std::exception& problem) {
    last_error = problem.what();
  }
  *error = last_error.c_str();
  return on_failure;
}

}  // namespace

SkillitRows* skillit_rows_open(const char* path, int is_parquet, const char** error) {
  return guarded(error, static_cast<SkillitRows*>(nullptr),
                 [&] { return open_rows(path, is_parquet != 0).release(); });
}

int skillit_rows_next(SkillitRows* rows, const char** bytes, std::size_t* size,
                      const char** error) {
  return guarded(error, -1, [&] {
    if (!rows->next()) return 0;
    *bytes = rows->json.data();
    *size = rows->json.size();
    return 1;
  });
}

void skillit_rows_close(SkillitRows* rows) {
  delete rows;
}
