// SPDX-License-Identifier: BSL-1.0
#include "support/scarcity.hpp"

#include <librdkafka/rdkafka.h>

#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <threads.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <mutex>

namespace neli::test {

namespace {

std::atomic<resource> scarce{};
std::atomic<int> left{0};  ///< calls until one fails; nothing fails at 0
std::atomic<bool> was_felt{false};

bool fails(resource r) {
  if (scarce != r || left == 0 || --left != 0) return false;
  was_felt = true;
  if (r == resource::socket) left = 1;
  return true;
}

std::atomic<std::ptrdiff_t> threads_at_most{0};  ///< any number at 0

[[maybe_unused]] std::ptrdiff_t threads() {
  return std::distance(std::filesystem::directory_iterator{"/proc/self/task"}, {});
}

[[maybe_unused]] bool too_many_threads() {
  if (threads_at_most == 0 || threads() < threads_at_most) return false;
  was_felt = true;
  return true;
}

template <class F>
F* next(const char* name) {
  return reinterpret_cast<F*>(::dlsym(RTLD_NEXT, name));
}

/// Longer than any test waits.
constexpr std::chrono::minutes a_while{5};

std::mutex mutex;
std::condition_variable changed;
bool names_are_slow = false;  ///< guarded by the mutex, like the next
int look_ups = 0;

void look_up_slowly() {
  std::unique_lock lock{mutex};
  ++look_ups;
  changed.wait_for(lock, a_while, [] { return !names_are_slow; });
  --look_ups;
}

}  // namespace

const char* to_string(resource r) noexcept {
  switch (r) {
    case resource::client: return "client";
    case resource::descriptor: return "descriptor";
    case resource::socket: return "socket";
    case resource::thread: return "thread";
  }
  return "?";
}

scarcity::scarcity(resource r, int which) {
  scarce = r;
  was_felt = false;
  if (r == resource::thread)
    threads_at_most = threads() + which - 1;
  else
    left = which;
}

scarcity::~scarcity() { left = 0, threads_at_most = 0; }
bool scarcity::felt() const { return was_felt; }

slow_names::slow_names() {
  const std::lock_guard lock{mutex};
  names_are_slow = true;
}

slow_names::~slow_names() {
  const std::lock_guard lock{mutex};
  names_are_slow = false;
  changed.notify_all();
}

int slow_names::under_way() {
  const std::lock_guard lock{mutex};
  return look_ups;
}

}  // namespace neli::test

// These replace the system's functions, also for librdkafka.
using neli::test::fails;
using neli::test::next;
using neli::test::resource;

extern "C" {

rd_kafka_t* rd_kafka_new(rd_kafka_type_t type, rd_kafka_conf_t* conf, char* text, size_t size) {
  if (fails(resource::client)) {
    std::strncpy(text, "Failed to create thread: none is left", size);
    return nullptr;
  }
  return next<decltype(rd_kafka_new)>("rd_kafka_new")(type, conf, text, size);
}

int eventfd(unsigned n, int flags) noexcept {
  if (!fails(resource::descriptor)) return next<decltype(eventfd)>("eventfd")(n, flags);
  errno = EMFILE;
  return -1;
}

int socket(int domain, int type, int protocol) noexcept {
  if (!fails(resource::socket)) return next<decltype(socket)>("socket")(domain, type, protocol);
  errno = EMFILE;
  return -1;
}

int getaddrinfo(const char* node, const char* service, const addrinfo* hints, addrinfo** found) {
  if (!node || std::strcmp(node, neli::test::slow_names::slow) != 0)
    return next<decltype(getaddrinfo)>("getaddrinfo")(node, service, hints, found);
  neli::test::look_up_slowly();
  return EAI_AGAIN;
}

#ifndef NELI_SANITIZED  // the sanitizers have their own

int thrd_create(thrd_t* made, thrd_start_t f, void* x) {
  if (neli::test::too_many_threads()) return thrd_nomem;
  return next<decltype(thrd_create)>("thrd_create")(made, f, x);
}

int pthread_create(pthread_t* made, const pthread_attr_t* how, void* (*f)(void*),
                   void* x) noexcept {
  if (neli::test::too_many_threads()) return EAGAIN;
  return next<decltype(pthread_create)>("pthread_create")(made, how, f, x);
}

#endif

}  // extern "C"
