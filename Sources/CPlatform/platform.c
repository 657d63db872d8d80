#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#ifdef __linux__
#include <malloc.h>
#include <sys/prctl.h>
#endif

int hebb_die_with_parent(void) {
#ifdef __linux__
  return prctl(PR_SET_PDEATHSIG, SIGTERM);
#else
  return -1;
#endif
}

void hebb_keep_big_buffers(void) {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_TOP_PAD, 16 << 20);
#endif
}

void hebb_sleep(int64_t nanoseconds) {
  struct timespec time = {nanoseconds / 1000000000, nanoseconds % 1000000000};
  nanosleep(&time, NULL);
}

struct hebb_thread {
  pthread_t id;
  void (*body)(void *);
  void *context;
};

static void *run_thread(void *argument) {
  struct hebb_thread *thread = argument;
  // Signals are for the process's first thread.
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, NULL);
  thread->body(thread->context);
  return NULL;
}

hebb_thread hebb_thread_start(void (*body)(void *), void *context) {
  struct hebb_thread *thread = malloc(sizeof *thread);
  if (thread == NULL) return NULL;
  thread->body = body;
  thread->context = context;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 512 << 10);
  int failure = pthread_create(&thread->id, &attributes, run_thread, thread);
  pthread_attr_destroy(&attributes);
  if (failure == 0) return thread;
  free(thread);
  return NULL;
}

void hebb_thread_join(hebb_thread thread) {
  pthread_join(thread->id, NULL);
  free(thread);
}

hebb_waker hebb_waker_make(void) {
  int ends[2];
  hebb_waker waker = {-1, -1};
  if (pipe(ends) != 0) return waker;
  for (int i = 0; i < 2; i++) {
    fcntl(ends[i], F_SETFL, O_NONBLOCK);
    fcntl(ends[i], F_SETFD, FD_CLOEXEC);
  }
  waker.read_end = ends[0];
  waker.write_end = ends[1];
  return waker;
}

void hebb_wake(hebb_waker waker) {
  char one = 1;
  // A full pipe already wakes; there is nothing to do about any other failure in a signal handler.
  if (write(waker.write_end, &one, 1) < 0) return;
}

void hebb_wake_drain(hebb_waker waker) {
  char scratch[64];
  while (read(waker.read_end, scratch, sizeof scratch) > 0) {}
}

void hebb_waker_close(hebb_waker waker) {
  close(waker.read_end);
  close(waker.write_end);
}

static hebb_waker signal_waker = {-1, -1};
static volatile sig_atomic_t caught = 0;

static void on_signal(int signal) {
  int interrupted_errno = errno;
  // Only an impatient person ends it at once: the kernel repeats the signal of a dead parent for each
  // of the parent's threads.
  if (caught && signal == SIGINT) _exit(128 + signal);
  caught = signal;
  hebb_wake(signal_waker);
  errno = interrupted_errno;
}

hebb_waker hebb_catch_signals(void) {
  if (signal_waker.read_end < 0) signal_waker = hebb_waker_make();
  struct sigaction action = {0};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, 0);
  sigaction(SIGTERM, &action, 0);
  // Whoever ignores it at the start (nohup) wants the run to outlive its terminal.
  struct sigaction hangup;
  if (sigaction(SIGHUP, 0, &hangup) == 0 && hangup.sa_handler != SIG_IGN) {
    sigaction(SIGHUP, &action, 0);
  }
  signal(SIGPIPE, SIG_IGN);
  // Whoever started this process may have left them blocked.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_UNBLOCK, &signals, 0);
  return signal_waker;
}

int hebb_seen_signal(void) { return caught; }

int hebb_caught_signal(void) {
  hebb_wake_drain(signal_waker);
  return caught;
}
