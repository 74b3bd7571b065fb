# cmake -DOUTPUT=file.cc -DROLES=roles.sql -DMIGRATIONS=a.sql,b.sql -P embed.cmake
# Writes the schema's SQL files as C++ strings, each migration with its SHA-256.
set(text "#include \"storage/schema/embedded.h\"\n\n#include <array>\n\nnamespace yagura::storage::schema {\nnamespace {\n\n")
string(REPLACE "," ";" MIGRATIONS "${MIGRATIONS}")
list(LENGTH MIGRATIONS count)
string(APPEND text "constexpr std::array<Migration, ${count}> kMigrations{{\n")
foreach(path IN LISTS MIGRATIONS)
  get_filename_component(name "${path}" NAME_WE)
  string(REGEX MATCH "^[0-9]+" number "${name}")
  math(EXPR number "1${number} - 10000")  # "0007" is 7, not octal
  file(READ "${path}" sql)
  file(SHA256 "${path}" sha256)
  string(APPEND text "    {${number}, \"${name}\", \"${sha256}\", R\"yagura_sql(${sql})yagura_sql\"},\n")
endforeach()
file(READ "${ROLES}" roles)
string(APPEND text "}};\n\n}  // namespace\n\nstd::span<const Migration> Migrations() { return kMigrations; }\n\n"
  "std::string_view RolesSql() { return R\"yagura_sql(${roles})yagura_sql\"; }\n\n}  // namespace yagura::storage::schema\n")
file(WRITE "${OUTPUT}" "${text}")
