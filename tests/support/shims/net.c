/* Notes each connection that a process opens to another machine, and refuses it.
 *
 * Loaded before the C library. Connections to this machine (127.0.0.0/8, ::1) and within it (AF_UNIX) go on; anything
 * else gets a line in the file that NET_LOG names, and ENETUNREACH. So does a name that is asked for: getaddrinfo with
 * anything but numbers and this machine's own name.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void note(const char *what, const char *whom) {
    const char *path = getenv("NET_LOG");
    if (path == NULL) return;
    char line[300];
    int length = snprintf(line, sizeof line, "%s %.200s\n", what, whom);
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file >= 0) {
        ssize_t written = write(file, line, (size_t)length);
        (void)written;
        close(file);
    }
}

static int leaves(const struct sockaddr *address) {
    char text[INET6_ADDRSTRLEN] = "";
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *found = (const struct sockaddr_in *)address;
        if ((ntohl(found->sin_addr.s_addr) >> 24) == 127) return 0;
        inet_ntop(AF_INET, &found->sin_addr, text, sizeof text);
    } else if (address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *found = (const struct sockaddr_in6 *)address;
        if (IN6_IS_ADDR_LOOPBACK(&found->sin6_addr)) return 0;
        inet_ntop(AF_INET6, &found->sin6_addr, text, sizeof text);
    } else {
        return 0;
    }
    note("connect", text);
    return 1;
}

int connect(int descriptor, const struct sockaddr *address, socklen_t length) {
    static int (*real)(int, const struct sockaddr *, socklen_t);
    if (real == NULL) real = (int (*)(int, const struct sockaddr *, socklen_t))dlsym(RTLD_NEXT, "connect");
    if (leaves(address)) {
        errno = ENETUNREACH;
        return -1;
    }
    return real(descriptor, address, length);
}

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
    static int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    if (real == NULL)
        real = (int (*)(const char *, const char *, const struct addrinfo *, struct addrinfo **))dlsym(
            RTLD_NEXT, "getaddrinfo");
    if (node != NULL && strspn(node, "0123456789.") != strlen(node) && strchr(node, ':') == NULL &&
        strcmp(node, "localhost") != 0) {
        note("name", node);
        return EAI_NONAME;
    }
    return real(node, service, hints, found);
}
