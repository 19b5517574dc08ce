# What the library needs; the installed package asks for the same (see package-config.cmake.in).

set(NELI_BOOST_VERSION 1.81)
set(NELI_RDKAFKA_VERSION 2.0.2)
set(NELI_SPDLOG_VERSION 1.10)

find_package(Threads REQUIRED)
find_package(Boost ${NELI_BOOST_VERSION} CONFIG REQUIRED COMPONENTS json)
find_package(RdKafka ${NELI_RDKAFKA_VERSION} REQUIRED)
find_package(spdlog ${NELI_SPDLOG_VERSION} REQUIRED)
if(NELI_ETCD OR NELI_CONSUL OR NELI_ZOOKEEPER)
  find_package(OpenSSL REQUIRED)
endif()
