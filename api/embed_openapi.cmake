# cmake -DINPUT=openapi.yaml -DOUTPUT=file.cc -P embed_openapi.cmake
# Writes the API's description as a C++ string, in parts, since compilers limit the length of one literal.
file(READ "${INPUT}" text)
string(LENGTH "${text}" length)
set(parts "")
set(at 0)
while(at LESS length)
  string(SUBSTRING "${text}" ${at} 8000 part)
  string(APPEND parts "    R\"yagura_yaml(${part})yagura_yaml\"\n")
  math(EXPR at "${at} + 8000")
endwhile()
file(WRITE "${OUTPUT}"
  "#include \"api/service.h\"\n\nnamespace yagura::api {\n\nstd::string_view OpenApiYaml() {\n  return\n"
  "${parts};\n}\n\n}  // namespace yagura::api\n")
