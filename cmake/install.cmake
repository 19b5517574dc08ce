include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/neli)
configure_package_config_file(cmake/package-config.cmake.in ${PROJECT_BINARY_DIR}/neli-config.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/neli-config-version.cmake
  COMPATIBILITY SameMinorVersion)

install(TARGETS neli neli_testing EXPORT neli)
install(DIRECTORY include/neli DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT neli NAMESPACE neli:: FILE neli-targets.cmake DESTINATION ${package_dir})
# Each store that is a library of its own is a component of the package.
foreach(store ${NELI_STORES})
  install(TARGETS neli_${store} EXPORT neli-${store})
  install(EXPORT neli-${store} NAMESPACE neli:: FILE neli-${store}-targets.cmake DESTINATION ${package_dir})
endforeach()
install(FILES ${PROJECT_BINARY_DIR}/neli-config.cmake ${PROJECT_BINARY_DIR}/neli-config-version.cmake
              cmake/FindRdKafka.cmake
        DESTINATION ${package_dir})
