// A service that counts its visitors.
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void fail(const char *what) {
  perror(what);
  exit(1);
}

int main(int argc, char **argv) {
  int port = argc > 1 ? atoi(argv[1]) : 8080;
  int on = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  int server = socket(AF_INET, SOCK_STREAM, 0);
  if (server < 0) fail("socket");
  setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(server, (struct sockaddr *)&address, sizeof address) < 0) fail("bind");
  if (listen(server, 16) < 0) fail("listen");
  printf("listening on port %d\n", port);
  fflush(stdout);
  for (int visitors = 1;; visitors++) {
    char request[4096], body[64], answer[256];
    int client = accept(server, NULL, NULL);
    if (client < 0) continue;
    if (read(client, request, sizeof request) > 0) {
      snprintf(body, sizeof body, "You are visitor number %d.\n", visitors);
      int length = snprintf(answer, sizeof answer,
                            "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s", strlen(body), body);
      if (write(client, answer, length) < 0) perror("write");
    }
    close(client);
  }
}
