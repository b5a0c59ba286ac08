package dev.athanor.engine.starlark;

import static com.google.common.truth.Truth.assertThat;

import dev.athanor.engine.starlark.eval.Module;
import dev.athanor.engine.starlark.eval.Program;
import dev.athanor.engine.starlark.syntax.Dialect;
import dev.athanor.engine.starlark.syntax.Source;
import dev.athanor.engine.starlark.value.Starlark;
import dev.athanor.engine.starlark.value.StarlarkThread;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// Frozen modules serve many threads at once.
final class SharingTest {
  private static final String LIBRARY =
      """
      words = ["w%d" % (i % 50) for i in range(500)]
      weights = {w: len(w) for w in words}
      distinct = set(words)
      nested = ([1, [2, {"k": [3]}]], (4, 5))

      def counter():
          count = [0]
          def increment(by = 1):
              count[0] += by
              return count[0]
          return increment

      def work(seed):
          next = counter()
          out = {}
          for w in words:
              for v in words[:3]:
                  if v == w:
                      next(weights[v])
              if w in distinct:
                  out[w] = out.get(w, 0) + seed
          return [next(0), sorted(out.items(), key = lambda kv: (-kv[1], kv[0]))[:3], nested, {nested: seed}]
      """;

  @Test
  void frozenModules_giveEveryThreadTheSame() throws Exception {
    Module library = run("lib.bzl", LIBRARY);
    List<Callable<String>> calls = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      long seed = i % 4;
      calls.add(() -> call(library, seed));
    }

    List<String> expected =
        List.of(call(library, 0), call(library, 1), call(library, 2), call(library, 3));
    try (ExecutorService executor = Executors.newFixedThreadPool(8)) {
      List<Future<String>> results = executor.invokeAll(calls);
      for (int i = 0; i < results.size(); i++) {
        assertThat(results.get(i).get()).isEqualTo(expected.get(i % 4));
      }
    }
  }

  @Test
  void programs_runInManyThreads() throws Exception {
    Program program =
        Program.compile(
            Source.of("x", LIBRARY.replace(", {nested: seed}", "") + "r = work(2)\n"),
            Dialect.BZL,
            Set.of());
    List<Callable<String>> runs = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      runs.add(() -> {
        try (StarlarkThread thread = StarlarkThread.create()) {
          return String.valueOf(program.run(thread, Map.of()).get("r"));
        }
      });
    }

    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Set<String> distinct = new HashSet<>();
      for (Future<String> result : executor.invokeAll(runs)) {
        distinct.add(result.get());
      }
      assertThat(distinct).hasSize(1);
    }
  }

  private static String call(Module library, long seed) throws Exception {
    try (StarlarkThread thread = StarlarkThread.create()) {
      Object work = Objects.requireNonNull(library.get("work"));
      return Starlark.repr(thread.call(work, List.of(seed), Map.of()));
    }
  }

  private static Module run(String file, String text) throws Exception {
    Program program = Program.compile(Source.of(file, text), Dialect.BZL, Set.of());
    try (StarlarkThread thread = StarlarkThread.create()) {
      return program.run(thread, Map.of());
    }
  }
}
