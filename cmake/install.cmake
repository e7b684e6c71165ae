# What `cmake --install` puts where. Nothing that is installed knows its prefix: the tree may be moved afterwards.
include(CMakePackageConfigHelpers)

set(DBOSC_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/dbosc)
set(DBOSC_PKGCONFIG_DIR ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(FILES
  ${PROJECT_SOURCE_DIR}/include/dbosc/dbosc.h
  ${PROJECT_SOURCE_DIR}/include/dbosc/dbosc.hpp
  ${PROJECT_BINARY_DIR}/include/dbosc/dbosc_version.h
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/dbosc)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

# Two sets: a program that links the shared library needs no libpq, SQLite or cctz to build, so a package without them
# offers that target alone.
install(TARGETS dbosc EXPORT dboscSharedTargets)
install(TARGETS dbosc_static EXPORT dboscStaticTargets)
# C programs, which are linked by the C compiler, have to be told of the C++ run-time in the archive.
target_link_libraries(dbosc_static INTERFACE $<INSTALL_INTERFACE:$<$<LINK_LANGUAGE:C>:stdc++>>)
foreach(kind Shared Static)
  install(EXPORT dbosc${kind}Targets NAMESPACE dbosc:: DESTINATION ${DBOSC_CMAKE_DIR})
endforeach()

configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/dboscConfig.cmake.in
  ${PROJECT_BINARY_DIR}/dboscConfig.cmake INSTALL_DESTINATION ${DBOSC_CMAKE_DIR})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/dboscConfigVersion.cmake
  COMPATIBILITY SameMajorVersion)
install(FILES ${PROJECT_BINARY_DIR}/dboscConfig.cmake ${PROJECT_BINARY_DIR}/dboscConfigVersion.cmake
  ${PROJECT_SOURCE_DIR}/cmake/Findcctz.cmake
  DESTINATION ${DBOSC_CMAKE_DIR})

# Sets `variable` to how the .pc file names a folder: from its own place, or as it is where that is absolute.
function(dbosc_pkgconfig_path variable directory)
  if(IS_ABSOLUTE ${directory} OR IS_ABSOLUTE ${CMAKE_INSTALL_LIBDIR})
    cmake_path(ABSOLUTE_PATH directory BASE_DIRECTORY ${CMAKE_INSTALL_PREFIX} NORMALIZE)
    set(${variable} ${directory} PARENT_SCOPE)
  else()
    cmake_path(RELATIVE_PATH directory BASE_DIRECTORY ${DBOSC_PKGCONFIG_DIR})
    set(${variable} "\${pcfiledir}/${directory}" PARENT_SCOPE)
  endif()
endfunction()
dbosc_pkgconfig_path(DBOSC_PKGCONFIG_PREFIX .)
dbosc_pkgconfig_path(DBOSC_PKGCONFIG_LIBDIR ${CMAKE_INSTALL_LIBDIR})
dbosc_pkgconfig_path(DBOSC_PKGCONFIG_INCLUDEDIR ${CMAKE_INSTALL_INCLUDEDIR})
configure_file(${PROJECT_SOURCE_DIR}/pkgconfig/dbosc.pc.in ${PROJECT_BINARY_DIR}/dbosc.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/dbosc.pc DESTINATION ${DBOSC_PKGCONFIG_DIR})

if(TARGET dbosc_cli)
  # It finds the library beside itself, wherever the tree is moved.
  cmake_path(RELATIVE_PATH CMAKE_INSTALL_FULL_LIBDIR BASE_DIRECTORY ${CMAKE_INSTALL_FULL_BINDIR}
    OUTPUT_VARIABLE DBOSC_LIBDIR_FROM_BINDIR)
  set_target_properties(dbosc_cli PROPERTIES INSTALL_RPATH "$ORIGIN/${DBOSC_LIBDIR_FROM_BINDIR}")
  install(TARGETS dbosc_cli)
  set(DBOSC_CLI_PAGES ${PROJECT_BINARY_DIR}/tools/dbosc)
  install(FILES ${DBOSC_CLI_PAGES}/dbosc.manual DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 RENAME dbosc.1)
  install(FILES ${DBOSC_CLI_PAGES}/dbosc.completion.bash
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME dbosc)
  install(FILES ${DBOSC_CLI_PAGES}/dbosc.completion.zsh
    DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions RENAME _dbosc)
  install(FILES ${DBOSC_CLI_PAGES}/dbosc.completion.fish
    DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d RENAME dbosc.fish)
endif()
