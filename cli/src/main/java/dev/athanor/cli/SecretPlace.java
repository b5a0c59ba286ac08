package dev.athanor.cli;

import dev.athanor.engine.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a secret is, as a flag says it: in a variable of the environment, or in a file. It is read
/// when it is needed.
///
/// @param flag that names it
/// @param variable of the environment, or nothing where it is in a file
record SecretPlace(String flag, Optional<String> variable, Path file, Terminal terminal) {
  private static final Pattern PLACE = Pattern.compile("env:([A-Za-z_][A-Za-z0-9_]*)|file:(.+)");

  /// Nothing where the text says neither.
  static Optional<SecretPlace> parse(String text, String flag, Terminal terminal) {
    Matcher matcher = PLACE.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String path = matcher.group(2) == null ? "" : matcher.group(2);
    return Optional.of(
        new SecretPlace(
            flag,
            Optional.ofNullable(matcher.group(1)),
            terminal.directory().resolve(path),
            terminal));
  }

  /// For a text that says no place. The text goes nowhere: it may be a secret.
  static UserException noPlace(String flag, String form) {
    return new UserException(
        flag + " wants " + form,
        "secrets do not belong on a command line, where every user of this machine can read them");
  }

  /// Where it is, for people.
  String where() {
    return variable.map(name -> "the environment variable " + name).orElse(file.toString());
  }

  /// @throws UserException when there is none
  String read() {
    String text =
        variable.map(name -> terminal.env().getOrDefault(name, "")).orElseGet(this::inFile);
    if (text.isBlank()) {
      throw new UserException(
          flag + " names " + where() + ", which holds nothing",
          variable.isPresent() ? "set it" : "write it there");
    }
    return text.strip();
  }

  private String inFile() {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UserException(
          "cannot read " + file + ", which " + flag + " names",
          "check its path and who may read it",
          e);
    }
  }
}
