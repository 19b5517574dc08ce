include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/neli)
configure_package_config_file(cmake/package-config.cmake.in ${PROJECT_BINARY_DIR}/neli-config.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/neli-config-version.cmake
  COMPATIBILITY SameMinorVersion)

install(TARGETS neli neli_testing EXPORT neli)
install(DIRECTORY include/neli DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT neli NAMESPACE neli:: FILE neli-targets.cmake DESTINATION ${package_dir})
install(FILES ${PROJECT_BINARY_DIR}/neli-config.cmake ${PROJECT_BINARY_DIR}/neli-config-version.cmake
              cmake/FindRdKafka.cmake
        DESTINATION ${package_dir})
