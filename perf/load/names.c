/* Asks a server on 127.0.0.1 over UDP for names that nobody has asked for before, as water torture does.
 *
 *     cc -O2 -o names names.c
 *     names PORT PARENT RATE SECONDS    RATE 0: as fast as it answers, 256 queries under way at most
 *
 * Prints how many were sent and how many answered. One socket, one thread.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { LABEL = 12, BURST = 64, WINDOW = 256, BUFFER = 4 << 20, HEADER = 12 };

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

/* xorshift64: names need not be secret, only new. */
static uint64_t state;

static uint64_t next(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

/* A query for a label of LABEL letters below the parent; returns its length. */
static size_t query(unsigned char *at, const char *parent) {
  memset(at, 0, HEADER);
  at[5] = 1;  /* a question */
  at[11] = 1; /* OPT */
  size_t end = HEADER;
  at[end] = LABEL;
  end += 1 + LABEL;
  while (*parent) {
    size_t length = strcspn(parent, ".");
    at[end++] = length;
    memcpy(at + end, parent, length);
    end += length;
    parent += length + (parent[length] == '.');
  }
  static const unsigned char tail[] = {0, 0, 1, 0, 1, 0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0};
  memcpy(at + end, tail, sizeof tail);
  return end + sizeof tail;
}

static long drain(int socket) {
  unsigned char response[4096];
  long count = 0;
  while (recv(socket, response, sizeof response, MSG_DONTWAIT) > 0)
    count++;
  return count;
}

int main(int argc, char **argv) {
  if (argc != 5 || strlen(argv[2]) > 200) {
    fprintf(stderr, "names PORT PARENT RATE SECONDS\n");
    return 2;
  }
  double rate = atof(argv[3]), seconds = atof(argv[4]), began = now(), heard = began;
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1]))};
  server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int s = socket(AF_INET, SOCK_DGRAM, 0), buffer = BUFFER;
  setsockopt(s, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  if (s < 0 || connect(s, (struct sockaddr *)&server, sizeof server) < 0) {
    perror("names");
    return 1;
  }
  unsigned char message[512];
  size_t length = query(message, argv[2]);
  state = (uint64_t)(began * 1e9) ^ ((uint64_t)getpid() << 32 | 1);
  long sent = 0, answered = 0, lost = 0;
  for (double past = 0; past < seconds; past = now() - began) {
    long due = rate > 0 ? (long)(past * rate) : answered + lost + WINDOW;
    for (int i = 0; i < BURST && sent < due; i++, sent++) {
      uint64_t random = next();
      memcpy(message, &random, 2);
      for (int j = 1; j <= LABEL; j++, random >>= 5)
        message[HEADER + j] = 'a' + random % 26;
      send(s, message, length, MSG_DONTWAIT);
    }
    long came = drain(s);
    answered += came;
    if (came > 0 || rate > 0)
      heard = now();
    else if (now() - heard > 0.1)
      lost = sent - answered; /* or the window would never open again */
    if (sent >= due)
      usleep(rate > 0 ? 200 : 20);
  }
  usleep(200000);
  printf("%ld %ld\n", sent, answered + drain(s));
  return 0;
}
