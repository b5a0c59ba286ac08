// Counts the words that it is given.
#include <stdio.h>

int main(int argc, char **argv) {
  printf("%d words\n", argc - 1);
  return 0;
}
