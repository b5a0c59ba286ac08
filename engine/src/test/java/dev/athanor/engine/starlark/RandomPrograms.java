package dev.athanor.engine.starlark;

import java.util.List;
import java.util.Random;

/// Makes up programs: noise, tokens in any order, and damaged programs of the scripts. The same
/// seed makes the same program.
final class RandomPrograms {
  private static final List<String> TOKENS =
      List.of(
          "def f(x, y = 1, *args, **kwargs):",
          "def ",
          "lambda x: ",
          "if x:",
          "elif y:",
          "else:",
          "for x in range(3):",
          "for ",
          " in ",
          "not ",
          " and ",
          " or ",
          "return ",
          "break",
          "continue",
          "pass",
          "load(\"lib.star\", \"add\")",
          "\n",
          "\n",
          "\n",
          "\n  ",
          "\n    ",
          "\n        ",
          "(",
          ")",
          "[",
          "]",
          "{",
          "}",
          ",",
          ":",
          ";",
          ".",
          "=",
          "+=",
          "|=",
          "==",
          "!=",
          "<",
          ">=",
          "+",
          "-",
          "*",
          "**",
          "/",
          "//",
          "%",
          "|",
          "&",
          "^",
          "<<",
          ">>",
          "~",
          "x",
          "y",
          "z",
          "f",
          "x",
          "y",
          "f(",
          "x[",
          "x.",
          "0",
          "1",
          "-1",
          "7",
          "1.5",
          "1e300",
          "1 << 60",
          "\"s\"",
          "'%s %d'",
          "\"\"\"t\n\"\"\"",
          "b\"b\"",
          "r'\\'",
          "\"",
          "\\\n",
          "# c\n",
          "None",
          "True",
          "len",
          "str",
          "list(",
          "dict(",
          "set(",
          "range(",
          "sorted(",
          "zip(",
          "min(",
          ".append(",
          ".format(",
          ".join(",
          ".split(",
          ".items()",
          "struct(",
          "while ",
          "\t",
          "é",
          "😀",
          "\u0000",
          "$",
          "!",
          " ");

  private final Random random;
  private final List<String> corpus;

  RandomPrograms(long seed, List<String> corpus) {
    this.random = new Random(seed);
    this.corpus = corpus;
  }

  String next() {
    return switch (random.nextInt(4)) {
      case 0 -> noise();
      case 1 -> soup();
      default -> mutation();
    };
  }

  private String noise() {
    StringBuilder out = new StringBuilder();
    int length = random.nextInt(200);
    boolean ascii = random.nextBoolean();
    for (int i = 0; i < length; i++) {
      out.append((char) (ascii ? random.nextInt(128) : random.nextInt(65536)));
    }
    return out.toString();
  }

  private String soup() {
    StringBuilder out = new StringBuilder();
    int length = random.nextInt(60);
    for (int i = 0; i < length; i++) {
      out.append(token());
    }
    return out.toString();
  }

  private String token() {
    return TOKENS.get(random.nextInt(TOKENS.size()));
  }

  private String mutation() {
    StringBuilder out = new StringBuilder(corpus.get(random.nextInt(corpus.size())));
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      mutate(out);
    }
    return out.toString();
  }

  private void mutate(StringBuilder out) {
    int at = random.nextInt(out.length() + 1);
    int end = Math.min(out.length(), at + random.nextInt(12));
    switch (random.nextInt(5)) {
      case 0 -> out.delete(at, end);
      case 1 -> out.insert(at, token());
      case 2 -> out.replace(at, end, token());
      case 3 -> out.insert(at, out.substring(at, end));
      default -> {
        int from = random.nextInt(out.length() + 1);
        out.insert(at, out.substring(from, Math.min(out.length(), from + random.nextInt(80))));
      }
    }
  }
}
