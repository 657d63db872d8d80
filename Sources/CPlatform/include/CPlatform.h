// Calls of the operating system that Swift's C library module does not show.
#ifndef HEBB_CPLATFORM_H
#define HEBB_CPLATFORM_H

#include <stdint.h>

// Asks the kernel to send this process SIGTERM when its parent dies. Returns 0, or -1 where the
// system has no such call (macOS): there the heartbeat finds out.
int hebb_die_with_parent(void);

// Keeps big buffers in the heap instead of mapping and page-faulting each one anew: a parameter
// server allocates vectors of the same few sizes over and over. No effect outside glibc.
void hebb_keep_big_buffers(void);

// Sleeps for so many nanoseconds, or until a signal comes.
void hebb_sleep(int64_t nanoseconds);

// A thread beside the process's own, with no more stack than a short function needs. Returns NULL
// where the system has no room for one. Each that was started is joined once.
typedef struct hebb_thread *hebb_thread;
hebb_thread hebb_thread_start(void (*body)(void *), void *context);
void hebb_thread_join(hebb_thread thread);

// A descriptor that becomes readable when `hebb_wake` is called from any thread or signal handler.
// Returns a descriptor, or -1. `hebb_wake_drain` makes it unreadable again.
typedef struct { int read_end; int write_end; } hebb_waker;
hebb_waker hebb_waker_make(void);
void hebb_wake(hebb_waker waker);
void hebb_wake_drain(hebb_waker waker);
void hebb_waker_close(hebb_waker waker);

// Catches SIGINT, SIGTERM and SIGHUP and ignores SIGPIPE: the first signal wakes the returned
// descriptor, a second Ctrl-C ends the process at once.
hebb_waker hebb_catch_signals(void);

// The signal that came, or 0.
int hebb_seen_signal(void);

// The same; makes the descriptor of `hebb_catch_signals` unreadable.
int hebb_caught_signal(void);

// Writes the address of a machine in numbers, of IPv4 where it has one of those: most listen there.
// Returns 0, or an error that `hebb_resolve_problem` puts into words.
int hebb_resolve(const char *name, char *address, int size);
const char *hebb_resolve_problem(int problem);

// Writes the address of one of this machine's network interfaces, such as `eth0`. Returns 0, or -1
// when there is none of that name with an address.
int hebb_interface_address(const char *name, char *address, int size);

// Writes the address of this machine from which packets to another one leave; both in numbers.
// Returns 0, or an error number where there is no way.
int hebb_route(const char *remote, char *local, int size);

// Sets which rights are kept from files that this process makes from now on, on any thread. Returns
// those that were kept before.
uint32_t hebb_set_file_mask(uint32_t mask);

// What is at a path where a socket is to be made.
typedef enum {
  // Nothing, or a socket that nobody listens at any more.
  HEBB_SOCKET_FILE_FREE,
  // A socket that somebody listens at.
  HEBB_SOCKET_FILE_IN_USE,
  // Something else, which is not to be lost.
  HEBB_SOCKET_FILE_OTHER
} hebb_socket_file;
hebb_socket_file hebb_look_at_socket_file(const char *path);

#endif
