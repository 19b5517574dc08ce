// SPDX-License-Identifier: BSL-1.0
// C11 threads, which librdkafka uses, made of POSIX threads: the thread sanitizer knows only POSIX
// threads, and crashes in a thread whose beginning it has not seen. Part of sanitized builds only.
// This relies on glibc, where the C11 types are the POSIX types underneath.
#include <errno.h>
#include <pthread.h>
#include <threads.h>

#include <memory>

namespace {

static_assert(sizeof(thrd_t) == sizeof(pthread_t));
static_assert(sizeof(mtx_t) >= sizeof(pthread_mutex_t));
static_assert(sizeof(cnd_t) >= sizeof(pthread_cond_t));

struct start {
  thrd_start_t function;
  void* argument;
};

void* run(void* p) {
  const std::unique_ptr<start> s{static_cast<start*>(p)};
  s->function(s->argument);
  return nullptr;
}

pthread_mutex_t* posix(mtx_t* m) { return reinterpret_cast<pthread_mutex_t*>(m); }
pthread_cond_t* posix(cnd_t* c) { return reinterpret_cast<pthread_cond_t*>(c); }

int c11(int error) {
  switch (error) {
    case 0: return thrd_success;
    case EBUSY: return thrd_busy;
    case ETIMEDOUT: return thrd_timedout;
    case ENOMEM: return thrd_nomem;
    default: return thrd_error;
  }
}

}  // namespace

extern "C" {

int thrd_create(thrd_t* t, thrd_start_t function, void* argument) {
  auto s = std::make_unique<start>(start{function, argument});
  const int error = pthread_create(t, nullptr, run, s.get());
  if (error == 0) s.release();  // the thread owns it now
  return error == EAGAIN ? thrd_nomem : c11(error);
}

int thrd_join(thrd_t t, int* result) {
  if (result) *result = 0;
  return c11(pthread_join(t, nullptr));
}

int thrd_detach(thrd_t t) { return c11(pthread_detach(t)); }

int mtx_init(mtx_t* m, int type) {
  pthread_mutexattr_t a;
  pthread_mutexattr_init(&a);
  if (type & mtx_recursive) pthread_mutexattr_settype(&a, PTHREAD_MUTEX_RECURSIVE);
  const int error = pthread_mutex_init(posix(m), &a);
  pthread_mutexattr_destroy(&a);
  return c11(error);
}

void mtx_destroy(mtx_t* m) { pthread_mutex_destroy(posix(m)); }
int mtx_lock(mtx_t* m) { return c11(pthread_mutex_lock(posix(m))); }
int mtx_trylock(mtx_t* m) { return c11(pthread_mutex_trylock(posix(m))); }
int mtx_unlock(mtx_t* m) { return c11(pthread_mutex_unlock(posix(m))); }

int cnd_init(cnd_t* c) { return c11(pthread_cond_init(posix(c), nullptr)); }
void cnd_destroy(cnd_t* c) { pthread_cond_destroy(posix(c)); }
int cnd_signal(cnd_t* c) { return c11(pthread_cond_signal(posix(c))); }
int cnd_broadcast(cnd_t* c) { return c11(pthread_cond_broadcast(posix(c))); }
int cnd_wait(cnd_t* c, mtx_t* m) { return c11(pthread_cond_wait(posix(c), posix(m))); }
int cnd_timedwait(cnd_t* c, mtx_t* m, const timespec* until) {
  return c11(pthread_cond_timedwait(posix(c), posix(m), until));
}

}  // extern "C"
