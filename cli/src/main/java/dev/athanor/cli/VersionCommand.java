package dev.athanor.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/// `athanor version`
final class VersionCommand implements Command {
  @Override
  public String name() {
    return "version";
  }

  @Override
  public String usage() {
    return "";
  }

  @Override
  public String summary() {
    return "Prints the version.";
  }

  @Override
  public ExitCode run(Invocation invocation) throws IOException {
    Properties version = properties();
    invocation
        .terminal()
        .out()
        .println(
            "athanor "
                + version.getProperty("version")
                + " ("
                + version.getProperty("commit")
                + ")");
    return ExitCode.SUCCESS;
  }

  private static Properties properties() throws IOException {
    Properties version = new Properties();
    try (InputStream in = VersionCommand.class.getResourceAsStream("version.properties")) {
      if (in != null) {
        version.load(in);
      }
    }
    return version;
  }

  /// The version alone.
  static String version() {
    try {
      return properties().getProperty("version", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
