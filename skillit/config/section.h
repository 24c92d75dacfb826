#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "skillit/config/fields.h"

namespace skillit::config {

/// A struct with a fields() table.
template <class T>
concept Options = requires {
  T::fields();
};

/// What stands between the templates and the code that reads and writes: an option struct as a list
/// of named pointers into one live object. Everything here dies with that object.
namespace detail {

struct Section;

/// An option struct inside another.
struct SectionRef {
  void* object = nullptr;
  Section (*bind_to)(void* object) = nullptr;

  [[nodiscard]] Section get() const;
};

/// A vector of option structs. Sections from at() die when the list is resized.
struct SectionList {
  void* list = nullptr;
  std::size_t (*size_of)(const void* list) = nullptr;
  void (*resize_to)(void* list, std::size_t size) = nullptr;
  Section (*section_at)(void* list, std::size_t index) = nullptr;

  [[nodiscard]] std::size_t size() const { return size_of(list); }
  void resize(std::size_t size) const { resize_to(list, size); }
  [[nodiscard]] Section at(std::size_t index) const;
};

using Strings = std::vector<std::string>;
template <class T>
using MapOf = std::map<std::string, T>;

using Value = std::variant<bool*, std::int64_t*, double*, std::string*,                 //
                           std::vector<std::int64_t>*, std::vector<double>*, Strings*,  //
                           MapOf<bool>*, MapOf<std::int64_t>*, MapOf<double>*, MapOf<std::string>*,
                           MapOf<Strings>*,  //
                           SectionRef, SectionList>;

struct Key {
  std::string_view name;
  std::string_view help;
  Limits limits;
  Value value;
};

struct Section {
  std::vector<Key> keys;
  std::string_view short_form;  ///< Name of the key that a single value stands for; empty if none.
  const void* object = nullptr;
  void (*validate)(const void* object, Problems& problems) = nullptr;

  [[nodiscard]] Key* find(std::string_view name);
  [[nodiscard]] Key* short_key() { return find(short_form); }
};

/// Every key reachable without going through a list or a map, as dotted paths: "optimizer",
/// "optimizer.lr", …
[[nodiscard]] std::vector<std::string> all_paths(const Section& section);

/// "optimizer" + "lr" = "optimizer.lr"; an empty side adds nothing.
[[nodiscard]] std::string join_path(std::string_view parent, std::string_view name);

/// The path's last name, and what stands before its dot.
struct SplitPath {
  std::string_view parent;
  std::string_view leaf;
};
[[nodiscard]] SplitPath split_last(std::string_view path);

/// A longer name is no slip of any key's name, and not worth looking for one.
inline constexpr std::size_t kMaxNameLength = 100;

template <class Fields>
constexpr int count_name(const Fields& fields, std::string_view name) {
  return std::apply([&](const auto&... f) { return (0 + ... + (f.name == name ? 1 : 0)); }, fields);
}
template <class Fields>
constexpr bool names_differ(const Fields& fields) {
  return std::apply([&](const auto&... f) { return ((count_name(fields, f.name) == 1) && ...); },
                    fields);
}

template <Options T>
Section bind(T& options);

template <class T>
struct OptionsVector : std::false_type {};
template <Options T>
struct OptionsVector<std::vector<T>> : std::true_type {};

template <Options T>
SectionList bind_list(std::vector<T>& list) {
  using List = std::vector<T>;
  return {.list = &list,
          .size_of = [](const void* l) { return static_cast<const List*>(l)->size(); },
          .resize_to = [](void* l, std::size_t size) { static_cast<List*>(l)->resize(size); },
          .section_at = [](void* l, std::size_t i) { return bind((*static_cast<List*>(l))[i]); }};
}

template <class T>
Value bind_member(T& member) {
  if constexpr (Options<T>) {
    return SectionRef{&member, [](void* m) { return bind(*static_cast<T*>(m)); }};
  } else if constexpr (OptionsVector<T>::value) {
    return bind_list(member);
  } else {
    static_assert(std::is_constructible_v<Value, T*>,
                  "a field is a type that field() in fields.h lists; an integer is std::int64_t");
    return Value(&member);
  }
}

template <Options T>
Section bind(T& options) {
  static_assert(std::tuple_size_v<decltype(T::fields())> > 0, "an option struct has a field");
  static_assert(names_differ(T::fields()), "no two fields of a struct have the same name");
  Section section;
  std::apply(
      [&](const auto&... f) {
        (section.keys.push_back({f.name, f.help, f.limits, bind_member(options.*(f.member))}), ...);
      },
      T::fields());
  section.object = &options;
  if constexpr (requires { T::kShortForm; }) {
    static_assert(count_name(T::fields(), T::kShortForm) == 1, "kShortForm names a field");
    section.short_form = T::kShortForm;
  }
  if constexpr (requires(const T& t, Problems& p) { t.validate(p); }) {
    section.validate = [](const void* t, Problems& p) { static_cast<const T*>(t)->validate(p); };
  }
  return section;
}

}  // namespace detail
}  // namespace skillit::config
