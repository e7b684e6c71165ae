# The command as one file, static/dbosc: with the library, libpq, SQLite, time zones and the C++ run-time inside. Shared
# remain the C library and what Debian's libpq.a leaves to be: TLS, Kerberos and LDAP (docs/cli.md).
find_package(PkgConfig REQUIRED)
pkg_check_modules(DBOSC_LIBPQ REQUIRED libpq)

# Debian has the two archives that its libpq.a needs in postgresql-server-dev-15, which brings a compiler along.
set(DBOSC_ARCHIVES "" CACHE PATH "Where archives are, and headers beside them, that the system does not have")
find_program(PG_CONFIG pg_config)
if(PG_CONFIG)
  execute_process(COMMAND ${PG_CONFIG} --pkglibdir OUTPUT_VARIABLE pkglibdir OUTPUT_STRIP_TRAILING_WHITESPACE)
endif()
set(archives)
foreach(name pq pgcommon pgport sqlite3 z absl_time_zone)
  find_library(DBOSC_ARCHIVE_${name} lib${name}.a REQUIRED HINTS ${DBOSC_ARCHIVES} ${DBOSC_ARCHIVES}/lib ${pkglibdir})
  list(APPEND archives ${DBOSC_ARCHIVE_${name}})
endforeach()
set(shared ${DBOSC_LIBPQ_STATIC_LIBRARIES})
list(REMOVE_ITEM shared pq pgcommon pgport)

# Debian has cctz as a shared library only, but Abseil carries it, under a name of its own.
add_library(dbosc_static_timezone OBJECT ${PROJECT_SOURCE_DIR}/src/base/timezone.cc)
target_compile_features(dbosc_static_timezone PRIVATE cxx_std_20)
find_path(DBOSC_ABSL_INCLUDE_DIR absl/time/internal/cctz/include/cctz/time_zone.h REQUIRED HINTS ${DBOSC_ARCHIVES}/include)
target_include_directories(dbosc_static_timezone BEFORE PRIVATE
  ${CMAKE_CURRENT_SOURCE_DIR}/absl ${PROJECT_SOURCE_DIR}/src)
target_include_directories(dbosc_static_timezone SYSTEM PRIVATE ${DBOSC_ABSL_INCLUDE_DIR})
target_link_libraries(dbosc_static_timezone PRIVATE dbosc_flags)

add_executable(dbosc_cli_static $<TARGET_OBJECTS:dbosc_cli_objects> $<TARGET_OBJECTS:dbosc_static_timezone>
  $<FILTER:$<TARGET_OBJECTS:dbosc_objects>,EXCLUDE,/base/timezone\\.cc>)
set_target_properties(dbosc_cli_static PROPERTIES
  OUTPUT_NAME dbosc RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/static LINKER_LANGUAGE CXX)
target_link_options(dbosc_cli_static PRIVATE -static-libstdc++ -static-libgcc)
target_link_libraries(dbosc_cli_static PRIVATE ${archives} ${shared} Threads::Threads dbosc_flags)
