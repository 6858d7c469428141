/* The least that answering over UDP can cost: every datagram goes back to where it came from, with the QR bit set.
 *
 *   cc -O2 -o echo echo.c && ./echo PORT
 *
 * Listens on 127.0.0.1, one thread, 32 datagrams a system call.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

enum { BATCH = 32, OCTETS = 4096 };

static char buffers[BATCH][OCTETS];
static struct sockaddr_in peers[BATCH];
static struct iovec parts[BATCH];
static struct mmsghdr messages[BATCH];

static int bound(int port) {
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  int octets = 4 << 20;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &octets, sizeof octets);
  setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &octets, sizeof octets);
  if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0) {
    perror("echo");
    exit(1);
  }
  return fd;
}

static void prepare(void) {
  for (int i = 0; i < BATCH; i++) {
    parts[i] = (struct iovec){buffers[i], OCTETS};
    messages[i].msg_hdr =
        (struct msghdr){.msg_name = &peers[i], .msg_namelen = sizeof peers[i], .msg_iov = &parts[i], .msg_iovlen = 1};
  }
}

int main(int count, char **arguments) {
  int fd = bound(count == 2 ? atoi(arguments[1]) : 5300);
  for (;;) {
    prepare();
    int received = recvmmsg(fd, messages, BATCH, MSG_WAITFORONE, NULL);
    for (int i = 0; i < received; i++) {
      parts[i].iov_len = messages[i].msg_len;
      buffers[i][2] |= 0x80;
    }
    for (int sent = 0; sent < received;) {
      int more = sendmmsg(fd, messages + sent, received - sent, 0);
      sent += more > 0 ? more : 1;
    }
  }
}
