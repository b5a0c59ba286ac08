package dev.athanor.cli;

import dev.athanor.engine.UserException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The entry point. Every exit code and every message about an error is made here.
public final class Main {
  private final Terminal terminal;
  private final CommandLineParser parser;

  Main(Terminal terminal) {
    this.terminal = terminal;
    this.parser = new CommandLineParser(Commands.all());
  }

  /// Runs one command and ends the process with its exit code.
  public static void main(String[] args) {
    CompletableFuture<Integer> done = new CompletableFuture<>();
    Runtime.getRuntime().addShutdownHook(onSignal(Thread.currentThread(), done));
    Terminal terminal =
        new Terminal(
            System.out,
            System.err,
            Boolean.getBoolean("athanor.interactive"),
            Integer.getInteger("athanor.columns", 80),
            System.getenv(),
            Path.of("").toAbsolutePath());
    int code = new Main(terminal).run(List.of(args));
    System.out.flush();
    System.err.flush();
    done.complete(code);
    // Without it, the process ends in the same way, and spares the logger that notes each exit.
    if (code != 0) {
      System.exit(code);
    }
  }

  /// Ctrl-C and its kin begin the JVM's shutdown: the command is interrupted and ends in good
  /// order, then the process does, with our exit code or that of the container it ran. After a
  /// normal end there is nothing left to do.
  private static Thread onSignal(Thread main, CompletableFuture<Integer> done) {
    return new Thread(() -> {
      if (done.isDone()) {
        return;
      }
      main.interrupt();
      int code = ExitCode.INTERRUPTED.number();
      try {
        code = done.get(10, TimeUnit.SECONDS);
      } catch (InterruptedException | ExecutionException | TimeoutException e) {
        // The process ends anyway.
      }
      Runtime.getRuntime().halt(code);
    });
  }

  /// Runs one command.
  ///
  /// @return the exit code
  int run(List<String> words) {
    return reporting(() -> {
      Invocation invocation = parser.parse(words, terminal);
      return invocation.command().run(invocation);
    });
  }

  /// Runs one command.
  ///
  /// @return the exit code
  int run(Invocation invocation) {
    return reporting(() -> invocation.command().run(invocation));
  }

  private interface Step {
    ExitCode take() throws IOException, InterruptedException;
  }

  private int reporting(Step step) {
    try {
      return step.take().number();
    } catch (ExitWith e) {
      return e.code();
    } catch (UserException e) {
      report(String.valueOf(e.getMessage()), e.hint().orElse(null));
      return ExitCode.BAD_INPUT.number();
    } catch (InterruptedException e) {
      report("interrupted", null);
      return ExitCode.INTERRUPTED.number();
    } catch (UncheckedIOException e) {
      return machine(Objects.requireNonNull(e.getCause()));
    } catch (IOException e) {
      return machine(e);
    } catch (RuntimeException | Error e) {
      terminal.err().println("error: this is a bug in Athanor, please report it with what follows");
      e.printStackTrace(terminal.err());
      return ExitCode.BUG.number();
    }
  }

  private int machine(IOException e) {
    String what =
        e instanceof FileSystemException f
            ? f.getFile() + ": " + reason(f)
            : String.valueOf(e.getMessage());
    report(what, null);
    return ExitCode.MACHINE.number();
  }

  private static String reason(FileSystemException e) {
    return switch (e) {
      case AccessDeniedException _ -> "permission denied";
      case NoSuchFileException _ -> "no such file or directory";
      case FileAlreadyExistsException _ -> "there is a file in its place";
      default -> e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
    };
  }

  private void report(String message, @Nullable String hint) {
    report(terminal, message, hint);
  }

  /// Tells of an error that does not end the command.
  static void report(Terminal terminal, UserException e) {
    report(terminal, String.valueOf(e.getMessage()), e.hint().orElse(null));
  }

  private static void report(Terminal terminal, String message, @Nullable String hint) {
    terminal.err().println("error: " + message);
    if (hint != null && !hint.isEmpty()) {
      terminal.err().println("hint: " + hint);
    }
    terminal.err().flush();
  }
}
