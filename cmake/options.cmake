# What to build and how. Everything but the library itself is off when neli is a subproject.

option(NELI_BUILD_TOOLS "Build the command-line program" ${PROJECT_IS_TOP_LEVEL})
option(NELI_BUILD_EXAMPLES "Build the examples" ${PROJECT_IS_TOP_LEVEL})
option(NELI_BUILD_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(NELI_BUILD_BENCHMARKS "Build the benchmarks" OFF)
# A store other than Kafka is a library of its own. Those that there are need OpenSSL.
find_package(OpenSSL QUIET)
set(has_openssl OFF)
if(PROJECT_IS_TOP_LEVEL AND OPENSSL_FOUND)
  set(has_openssl ON)
endif()
option(NELI_CONSUL "Build neli::consul, which needs OpenSSL" ${has_openssl})
option(NELI_ETCD "Build neli::etcd, which needs OpenSSL" ${has_openssl})
option(NELI_ZOOKEEPER "Build neli::zookeeper, which needs OpenSSL" ${has_openssl})
option(NELI_FUZZ "Build the fuzzers of test/fuzz for libFuzzer, with clang" OFF)
option(NELI_INSTALL "Install the library and its CMake package" ${PROJECT_IS_TOP_LEVEL})
option(NELI_WARNINGS_AS_ERRORS "Fail on a warning in our own sources" OFF)
option(NELI_PRECOMPILE_HEADERS "Precompile the headers of others, so that a full build takes less time" OFF)
set(NELI_SANITIZE "" CACHE STRING "Sanitizers to build with: 'address,undefined' or 'thread'")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
if(NOT CMAKE_BUILD_TYPE AND PROJECT_IS_TOP_LEVEL)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()

# For every target of our own; a target that links with neli gets nothing of it.
add_library(neli_development INTERFACE)
target_compile_options(neli_development INTERFACE -Wall -Wextra -Wconversion -Wshadow)
if(NELI_WARNINGS_AS_ERRORS)
  target_compile_options(neli_development INTERFACE -Werror)
endif()
if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # In a unity build GCC takes a source's own types for types of a header.
  target_compile_options(neli_development INTERFACE -Wno-subobject-linkage)
endif()
function(neli_precompile target)
  if(NELI_PRECOMPILE_HEADERS)
    target_precompile_headers(${target} PRIVATE ${ARGN})
  endif()
endfunction()

if(NELI_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(NELI_SANITIZE)
  target_compile_definitions(neli_development INTERFACE NELI_SANITIZED)
  # A report shows functions and lines only, so -g1 is enough.
  add_compile_options(-g1 -fsanitize=${NELI_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${NELI_SANITIZE})
  if(NELI_SANITIZE MATCHES "thread")
    # Without it Asio uses fences, for example when it counts references, and the sanitizer does not
    # model fences.
    add_compile_definitions(BOOST_ASIO_DISABLE_STD_ATOMIC)
  endif()
endif()
