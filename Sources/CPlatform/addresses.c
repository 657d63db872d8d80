#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

// Writes an address in numbers. Returns 0, or an error of `getnameinfo`.
static int write_address(const struct sockaddr *address, socklen_t length, char *text, int size) {
  return getnameinfo(address, length, text, (socklen_t)size, NULL, 0, NI_NUMERICHOST);
}

int hebb_resolve(const char *name, char *address, int size) {
  struct addrinfo hints = {0}, *found = NULL;
  hints.ai_socktype = SOCK_STREAM;
  int problem = getaddrinfo(name, NULL, &hints, &found);
  if (problem) return problem;
  const struct addrinfo *chosen = found;
  for (const struct addrinfo *each = found; each; each = each->ai_next) {
    if (each->ai_family == AF_INET) {
      chosen = each;
      break;
    }
  }
  problem = write_address(chosen->ai_addr, chosen->ai_addrlen, address, size);
  freeaddrinfo(found);
  return problem;
}

const char *hebb_resolve_problem(int problem) { return gai_strerror(problem); }

int hebb_interface_address(const char *name, char *address, int size) {
  struct ifaddrs *all = NULL;
  if (getifaddrs(&all) != 0) return -1;
  int result = -1;
  int families[] = {AF_INET, AF_INET6};
  for (int i = 0; i < 2 && result != 0; i++) {
    for (const struct ifaddrs *each = all; each && result != 0; each = each->ifa_next) {
      if (!each->ifa_addr || each->ifa_addr->sa_family != families[i]) continue;
      if (strcmp(each->ifa_name, name) != 0) continue;
      socklen_t length =
          families[i] == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
      if (write_address(each->ifa_addr, length, address, size) == 0) result = 0;
    }
  }
  freeifaddrs(all);
  return result;
}

int hebb_route(const char *remote, char *local, int size) {
  struct addrinfo hints = {0}, *found = NULL;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_DGRAM;
  // A connected datagram socket sends nothing, but has the address it would send from.
  if (getaddrinfo(remote, "9", &hints, &found) != 0) return EINVAL;
  int problem = 0;
  int descriptor = socket(found->ai_family, SOCK_DGRAM, 0);
  struct sockaddr_storage own;
  socklen_t length = sizeof own;
  if (descriptor < 0 || connect(descriptor, found->ai_addr, found->ai_addrlen) != 0 ||
      getsockname(descriptor, (struct sockaddr *)&own, &length) != 0) {
    problem = errno;
  } else if (write_address((struct sockaddr *)&own, length, local, size) != 0) {
    problem = EINVAL;
  }
  if (descriptor >= 0) close(descriptor);
  freeaddrinfo(found);
  return problem;
}

uint32_t hebb_set_file_mask(uint32_t mask) { return umask((mode_t)mask); }

hebb_socket_file hebb_look_at_socket_file(const char *path) {
  struct stat status;
  if (lstat(path, &status) != 0) return HEBB_SOCKET_FILE_FREE;
  if (!S_ISSOCK(status.st_mode)) return HEBB_SOCKET_FILE_OTHER;
  struct sockaddr_un address = {0};
  if (strlen(path) >= sizeof address.sun_path) return HEBB_SOCKET_FILE_OTHER;
  address.sun_family = AF_UNIX;
  strcpy(address.sun_path, path);
  int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
  if (descriptor < 0) return HEBB_SOCKET_FILE_FREE;
  fcntl(descriptor, F_SETFL, O_NONBLOCK);
  int refused = connect(descriptor, (struct sockaddr *)&address, sizeof address) != 0 &&
                (errno == ECONNREFUSED || errno == ENOENT);
  close(descriptor);
  return refused ? HEBB_SOCKET_FILE_FREE : HEBB_SOCKET_FILE_IN_USE;
}
