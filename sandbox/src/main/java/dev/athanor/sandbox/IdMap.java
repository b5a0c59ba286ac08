package dev.athanor.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Which ids outside the ids in a user namespace stand for.
///
/// @param ranges no two of them overlap
record IdMap(List<Range> ranges) {
  IdMap {
    ranges = List.copyOf(ranges);
  }

  /// Ids from `inside` on are those from `outside` on, `count` of them.
  record Range(long inside, long outside, long count) {
    @Override
    public String toString() {
      return inside + " " + outside + " " + count;
    }
  }

  /// One id that is another outside.
  static IdMap single(int inside, int outside) {
    return new IdMap(List.of(new Range(inside, outside, 1)));
  }

  /// User 0 is `own`, and those above are the ids that the administrator lent to that user in a
  /// file such as `/etc/subuid`. Absent where there are none.
  static Optional<IdMap> lent(Path file, String user, int own) throws IOException {
    if (!Files.isReadable(file)) {
      return Optional.empty();
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .map(line -> line.split(":", -1))
          .filter(fields -> fields.length == 3)
          .filter(fields -> fields[0].equals(user) || fields[0].equals(Integer.toString(own)))
          .findFirst()
          .map(fields ->
              new IdMap(
                  List.of(
                      new Range(0, own, 1),
                      new Range(1, Long.parseLong(fields[1]), Long.parseLong(fields[2])))));
    }
  }

  /// Gives the map to a process that just entered a user namespace. The process that lends ids does
  /// this for us.
  ///
  /// @param tool `newuidmap` or `newgidmap`
  /// @return whether it could
  boolean lend(String tool, int pid) throws IOException {
    Optional<Path> program =
        Stream.of("/usr/bin", "/bin", "/usr/local/bin")
            .map(dir -> Path.of(dir, tool))
            .filter(Files::isExecutable)
            .findFirst();
    if (program.isEmpty()) {
      return false;
    }
    Stream<String> numbers =
        ranges.stream()
            .flatMap(it -> Stream.of(it.inside, it.outside, it.count))
            .map(number -> Long.toString(number));
    String[] argv =
        Stream.concat(Stream.of(program.get().toString(), Integer.toString(pid)), numbers)
            .toArray(String[]::new);
    return Child.of(Libc.spawn(argv[0], argv, new String[0], new int[0])).await().status() == 0;
  }

  /// As the kernel reads it.
  @Override
  public String toString() {
    return String.join("\n", ranges.stream().map(Range::toString).toList());
  }
}
